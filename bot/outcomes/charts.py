"""Charts of what has been released, as SVG that stands in a page. Everything is drawn in the colour of the text around
it, so that shapes and words carry it, on paper and in the dark; the same figures give the same bytes.

matplotlib draws. It is loaded when a chart is: it takes half a second and memory that only a report needs.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from textwrap import wrap
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_KEPT = 256
"""Charts that are not drawn again when the page is opened again: 6 kB each."""
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_INCHES_WIDE, _ROW, _BELOW, _ABOVE, _LINE = 6.4, 0.42, 0.55, 0.05, 0.28
_ROW_OF_TWO = 0.54
_MOST_LETTERS = 26
"""That fit on a line beside the chart. A longer name takes two; the table has the whole of it."""
_DRAWING = Lock()
"""matplotlib's settings are one for all threads: while one draws, another's would be mixed with them."""
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "knuff", "font.size": 11}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What a chart says to whoever cannot see it."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareBar:
    """A share with its interval, in whole per cent."""

    label: str
    percent: int
    low: int
    high: int


@lru_cache(maxsize=MOST_KEPT)
def share_chart(
    bars: tuple[ShareBar, ...], *, axis: str, name: str, spoken: Spoken, line: tuple[int, str] | None = None
) -> str:
    """Draw each share as a dot on the line of its interval; `line` is a figure to compare with, and what it is."""

    names = [_in_lines(bar.label) for bar in bars]

    def draw(axes: "Axes") -> None:
        for row, bar in enumerate(reversed(bars)):
            axes.plot([bar.low, bar.high], [row, row], clip_on=False, color="black", linewidth=2, solid_capstyle="butt")
            for end in (bar.low, bar.high):
                axes.plot([end, end], [row - 0.13, row + 0.13], clip_on=False, color="black", linewidth=2)
            axes.plot([bar.percent], [row], "o", clip_on=False, color="black", markersize=9)
        axes.set_yticks(range(len(bars)), names[::-1], parse_math=False)
        axes.set_xlim(0, 100)
        axes.set_xticks(range(0, 101, 20))
        axes.set_ylim(-0.6, len(bars) - 0.4)
        axes.set_xlabel(axis)
        if line is not None:
            at, label = line
            axes.axvline(at, color="black", linewidth=1.5, linestyle=(0, (4, 3)))
            axes.text(at, len(bars) - 0.35, label, ha="center", va="bottom", parse_math=False)

    row = _ROW_OF_TWO if any("\n" in one for one in names) else _ROW
    return _drawn(draw, rows=len(bars), row=row, above=_LINE if line else 0, name=name, spoken=spoken)


@lru_cache(maxsize=MOST_KEPT)
def ways_chart(ways: tuple[tuple[str, int], ...], *, axis: str, name: str, spoken: Spoken) -> str:
    """Draw how many people went which way, as bars with their number."""

    def draw(axes: "Axes") -> None:
        for row, (_label, number) in enumerate(reversed(ways)):
            axes.barh(row, number, height=0.55, facecolor="black", edgecolor="black", alpha=0.25)
            axes.barh(row, number, height=0.55, facecolor="none", edgecolor="black", linewidth=1.5)
            axes.annotate(str(number), (number, row), (6, 0), textcoords="offset points", ha="left", va="center")
        axes.set_yticks(range(len(ways)), [label for label, _number in reversed(ways)], parse_math=False)
        axes.set_xlim(0, max(number for _label, number in ways) * 1.12)
        axes.set_ylim(-0.6, len(ways) - 0.4)
        axes.set_xlabel(axis)
        axes.locator_params(axis="x", integer=True, nbins=6)

    return _drawn(draw, rows=len(ways), name=name, spoken=spoken)


def _in_lines(name: str) -> str:
    return "\n".join(wrap(name, _MOST_LETTERS, max_lines=2, placeholder="…"))


def _drawn(draw: Any, *, rows: int, row: float = _ROW, above: float = 0, name: str, spoken: Spoken) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with _DRAWING, rc_context(_SETTINGS):
        height = _BELOW + row * rows + _ABOVE + above
        figure = Figure(figsize=(_INCHES_WIDE, height))
        axes = figure.add_axes((0.36, _BELOW / height, 0.6, row * rows / height))
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.tick_params(axis="y", length=0)
        draw(axes)
        written = StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_a_page(written.getvalue(), name, spoken)


def _for_a_page(svg: str, name: str, spoken: Spoken) -> str:
    """Make it stand in a page beside others: no styles of its own (a page of ours allows none), no colours, names that
    nobody else has, and words for whoever cannot see it."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by us a moment ago
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith(("metadata", "style")):
                parent.remove(child)
    linked = {part.get(_XLINK, "") for part in root.iter()} | set(re.findall(r"url\((#[^)]+)\)", svg))
    for part in root.iter():
        _as_attributes(part)
        if (own := part.attrib.pop("id", None)) and f"#{own}" in linked:
            part.set("id", f"{name}-{own}")
        if (to := part.attrib.pop(_XLINK, None)) is not None:
            part.set("href", f"#{name}-{to[1:]}")
    width, height = (round(float(root.get(side, "0pt")[:-2]) * 4 / 3) for side in ("width", "height"))
    for key, value in {
        "class": "chart",
        "role": "img",
        "width": str(width),
        "height": str(height),
        "aria-labelledby": f"{name}-title {name}-text",
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }.items():
        root.set(key, value)
    text = ElementTree.Element(f"{{{_SVG}}}desc", {"id": f"{name}-text"})
    title = ElementTree.Element(f"{{{_SVG}}}title", {"id": f"{name}-title"})
    title.text, text.text = spoken.title, spoken.text
    root.insert(0, text)
    root.insert(0, title)
    return ElementTree.tostring(root, encoding="unicode").replace("url(#", f"url(#{name}-")


def _as_attributes(part: ElementTree.Element) -> None:
    for pair in filter(None, (pair.strip() for pair in part.attrib.pop("style", "").split(";"))):
        key, value = (text.strip() for text in pair.split(":", 1))
        if key == "font-family":
            value = "system-ui, Arial, sans-serif"
        part.set(key, "currentColor" if value in ("#000000", "black") else value)
