"""What every platform does with a text of ours before dressing it."""

import re

from lessons.marks import QUIET, STRONG

ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)]")
"""An address on the web within a text, without the stop behind it."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What no text needs, and PostgreSQL cannot keep (NUL)."""


def unmarked(text: str) -> str:
    """Return our text without its two marks, for where plain text is shown."""
    return QUIET.sub(r"\1", STRONG.sub(r"\1", text))


def without_controls(text: str) -> str:
    """Return the text without control characters but line ends and tabs."""
    return _CONTROL.sub("", text)


def cut(text: str, *, most: int) -> str:
    """Shorten to `most` characters, at a word's end where one is near, and say so with an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at_word = kept.rsplit(None, 1)[0] if len(kept.rsplit(None, 1)) == 2 else kept
    return (at_word if len(at_word) > most * 0.7 else kept).rstrip() + "…"
