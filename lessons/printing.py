"""What pages to print have in common: templates beside the code, and a text with its two marks as HTML."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from lessons.marks import QUIET, STRONG


def marked(text: str) -> Markup:
    """Return a text with its two marks as HTML, everything else as it stands."""
    html = QUIET.sub(r"<em>\1</em>", STRONG.sub(r"<strong>\1</strong>", str(escape(text))))
    return Markup(html)  # noqa: S704 - escaped above


@cache
def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
