"""Whether what a platform sent is text where text belongs: what is not would fail far from here, and be tried again in
vain."""

from datetime import datetime
from typing import TypeVar

from bot.conversation.events import AnyEvent, MessageRef, Profile

E = TypeVar("E", bound=AnyEvent)
_MANY = frozenset({"values", "profiles"})
_MAY_BE_NONE = frozenset({"message", "trigger", "view", "profile", "zone", "language", "done_at", "written_at"})
_FLAGS = frozenset({"on_page", "in_channel", "is_bot", "is_gone"})


def well_formed(event: E) -> E:
    """Return the event as it is. Raises TypeError when something in it is not what it should be."""
    for name in event.__dataclass_fields__:
        if not _is_right(name, getattr(event, name)):
            raise TypeError(name)
    return event


def _is_right(name: str, value: object) -> bool:
    match value:
        case str() | datetime():
            return True
        case None:
            return name in _MAY_BE_NONE
        case bool():
            return name in _FLAGS
        case dict():
            return name in _MANY and all(_is_text(key) and _is_given(one) for key, one in value.items())
        case MessageRef():
            return _is_text(value.conversation) and _is_text(value.message)
        case Profile():
            return all(_is_right(field, getattr(value, field)) for field in value.__dataclass_fields__)
        case _:
            return False


def _is_given(value: object) -> bool:
    """Whether it is what somebody can fill in: text, or several texts or people."""
    if isinstance(value, tuple):
        return all(_is_text(one) or (isinstance(one, Profile) and _is_right("profile", one)) for one in value)
    return _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
