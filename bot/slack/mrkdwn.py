"""Our plain text with its two marks, as Slack's text objects that show it exactly.

Slack's mrkdwn has no escape for its own marks, so text without marks of ours goes out as `plain_text`, which Slack
does not interpret.
"""

import re
from typing import Any

from bot.plain_text import ADDRESS, cut, unmarked, without_controls
from lessons.marks import QUIET, STRONG

Json = dict[str, Any]

_MARKED = re.compile("|".join(pattern.pattern for pattern in (STRONG, QUIET, ADDRESS)), re.DOTALL)

# What Slack would read as a mark becomes a sign that looks the same. Used only beside marks of our own.
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})  # noqa: RUF001
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")
_QUOTE_AT_LINE_START = re.compile(r"^&gt;", re.MULTILINE)


def text_object(text: str, *, most: int) -> Json:
    """Return the text object that shows `text`, cut at `most` characters as Slack counts them."""
    text = cut(text, most=most)
    if not _MARKED.search(text):
        return plain(text, most=most)
    marked = mrkdwn(text)
    while len(marked) > most:
        text = cut(text, most=len(text) - max(1, len(marked) - most))
        marked = mrkdwn(text)
    return {"type": "mrkdwn", "text": marked}


def plain(text: str, *, most: int) -> Json:
    """Return a plain text object without our marks; Slack refuses an empty one, so that becomes a dash."""
    return {"type": "plain_text", "text": cut(unmarked(text), most=most) or "–", "emoji": False}


def mrkdwn(text: str) -> str:
    """Return Slack's mrkdwn for our text: **strong** as *bold*, _quiet_ as _italic_, addresses as links, the rest as
    it stands."""
    pieces, end = [], 0
    for match in _MARKED.finditer(text):
        pieces += [_neutral(text[end : match.start()]), _mark(match.group())]
        end = match.end()
    return _QUOTE_AT_LINE_START.sub("\u200b&gt;", "".join([*pieces, _neutral(text[end:])]))


def escape(text: str) -> str:
    """Escape the three signs that Slack treats as control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return what a person typed, from the text of a message event: links and names as they were shown, entities as
    signs."""
    shown = _REFERENCE.sub(lambda found: found["label"] or found["target"], text)
    return without_controls(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


_REFERENCE = re.compile(r"<(?:mailto:|tel:)?(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


def split(text: str, *, most: int) -> list[str]:
    """Split a long text at paragraph, line, sentence or word ends, each piece at most `most` characters when
    dressed."""
    pieces = []
    while len(escape(text)) + 4 > most:
        room = most // 2 if len(escape(text)) > len(text) * 1.05 else most - 40
        head = text[:room]
        at = next((i + len(end) for end in ("\n\n", "\n", ". ", " ") if (i := head.rfind(end)) > room // 2), room)
        pieces.append(text[:at].strip())
        text = text[at:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _mark(found: str) -> str:
    if strong := STRONG.fullmatch(found):
        return f"*{_neutral(strong[1])}*"
    if quiet := QUIET.fullmatch(found):
        return f"_{_neutral(quiet[1])}_"
    return f"<{escape(found)}>"


def _neutral(text: str) -> str:
    return _EDGE_UNDERSCORE.sub("＿", escape(text).translate(_LOOKALIKES))  # noqa: RUF001
