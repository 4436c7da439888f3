"""Events as JSON, for the inbox: the kind of event beside its fields."""

from functools import cache

import orjson
from pydantic import TypeAdapter

from bot.conversation.events import (
    AnyEvent,
    ChannelJoined,
    ChannelLeft,
    Commanded,
    Deleted,
    Edited,
    Joined,
    Left,
    Mentioned,
    OpenedHome,
    Pressed,
    ProfileChanged,
    Submitted,
    Uninstalled,
    Wrote,
)

_KINDS: dict[str, type[AnyEvent]] = {
    kind.__name__: kind
    for kind in (
        Pressed, Submitted, Wrote, Edited, Deleted, OpenedHome, Commanded,
        ProfileChanged, Joined, Left, Mentioned, ChannelLeft, ChannelJoined, Uninstalled,
    )
}  # fmt: skip


def to_json(event: AnyEvent) -> str:
    return orjson.dumps({"kind": type(event).__name__, "event": event}).decode()


def from_json(body: str) -> AnyEvent:
    """Return the event as it was kept. Raises ValueError (pydantic's is one) for what is no event of ours."""
    kept = orjson.loads(body)
    kind = _KINDS.get(kept["kind"]) if isinstance(kept, dict) and "kind" in kept else None
    if kind is None:
        raise ValueError("no event of ours")
    return _adapter(kind.__name__).validate_json(orjson.dumps(kept["event"]))


@cache
def _adapter(kind: str) -> TypeAdapter[AnyEvent]:
    return TypeAdapter(_KINDS[kind])
