"""Cursors: an opaque word that says where the next page begins."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from workplace.slack.arguments import Arguments
from workplace.slack.refusals import Refused

Item = TypeVar("Item")


def page(items: Sequence[Item], arguments: Arguments, *, default: int, most: int = 1000) -> tuple[list[Item], str]:
    """Return one page and the cursor of the next ("" when this is the last)."""
    start = _start(arguments.text("cursor"))
    end = start + arguments.number("limit", default=default, most=most)
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor).decode().partition(":")
        start = int(number)
    except ValueError:
        raise Refused("invalid_cursor") from None
    if word != "from" or start < 0:
        raise Refused("invalid_cursor")
    return start
