"""Our plain text with its two marks, as pieces of an adaptive card that show it exactly.

A `TextRun` interprets nothing and can be bold, italic or a link, so sentences go out as runs. Headings, facts and
options must be text that Teams reads as markdown, each client with a reader of its own. Backslashes are not escapes
in all of them, so what could be read as a mark is broken up by a sign that nobody sees, or becomes a sign that looks
the same.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.plain_text import ADDRESS, unmarked
from lessons.marks import QUIET, STRONG

Json = dict[str, Any]

NOTHING_SEEN = "\u200b"
EMPTY = "–"

_MARKED = re.compile("|".join(pattern.pattern for pattern in (STRONG, QUIET, ADDRESS)), re.DOTALL)

# Teams turns {{DATE(…)}} and {{TIME(…)}} into a moment, in runs too.
_MOMENT = re.compile(r"\{(?=\{\s*(?:DATE|TIME))", re.IGNORECASE)
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})  # noqa: RUF001
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_BROKEN_UP = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # an escape
    r"|\](?=[(\[])"  # a link
    r"|<(?=[A-Za-z/!?])"  # a tag, or an address in brackets
    r"|&(?=\#?\w+;)"  # an entity
)
_LINE_BEGINS = re.compile(r"(?=[-+>#=|\[:]|\d+[.)](?:\s|$))")


def lines(text: str, *, small: bool = False) -> list[Json]:
    """Return a block for each line of the text, close together within a paragraph; an empty text is a dash."""
    blocks: list[Json] = []
    gap = True
    for line in _runs_by_line(unspoken_moments(text), small=small):
        if not any(piece["text"].strip() for piece in line):
            gap = True
            continue
        blocks.append({"type": "RichTextBlock", "inlines": line, **({} if gap else {"spacing": "Small"})})
        gap = False
    return blocks or [{"type": "RichTextBlock", "inlines": [run(EMPTY, small=small)]}]


def run(text: str, *, small: bool = False, bold: bool = False, italic: bool = False) -> Json:
    return {
        "type": "TextRun",
        "text": text,
        **({"size": "Small", "isSubtle": True} if small else {}),
        **({"weight": "Bolder"} if bold else {}),
        **({"italic": True} if italic else {}),
    }


def plain(text: str) -> str:
    """Return a text without our marks, on one line, for where Teams shows it as it stands; an empty one is a dash."""
    return unspoken_moments(" ".join(unmarked(text).split())) or EMPTY


def as_it_stands(text: str) -> str:
    """Return a text on one line that looks the same where markdown is interpreted and where it is not."""
    text = _BROKEN_UP.sub(lambda found: found.group() + NOTHING_SEEN, plain(text)).translate(_LOOKALIKES)
    text = _EDGE_UNDERSCORE.sub(lambda found: "＿" * len(found.group()), text)  # noqa: RUF001
    return _LINE_BEGINS.sub(NOTHING_SEEN, text, count=1) if _LINE_BEGINS.match(text) else text


def unspoken_moments(text: str) -> str:
    return _MOMENT.sub("{" + NOTHING_SEEN, text)


def _runs_by_line(text: str, *, small: bool) -> Iterator[list[Json]]:
    line: list[Json] = []
    for piece, style in _pieces(text):
        for number, part in enumerate(piece.split("\n")):
            if number:
                yield line
                line = []
            if part:
                line.append(_link(part, small=small) if style == "link" else run(part, small=small, **_STYLES[style]))
    yield line


_STYLES: dict[str, dict[str, bool]] = {"plain": {}, "strong": {"bold": True}, "quiet": {"italic": True}}


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    end = 0
    for found in _MARKED.finditer(text):
        yield text[end : found.start()], "plain"
        yield (found[1], "strong") if found[1] else (found[2], "quiet") if found[2] else (found[0], "link")
        end = found.end()
    yield text[end:], "plain"


def _link(address: str, *, small: bool) -> Json:
    return {**run(address, small=small), "selectAction": {"type": "Action.OpenUrl", "url": address}}
