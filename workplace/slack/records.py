"""What a workspace remembers, as frozen records: people, channels, messages, views."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from workplace.seed import SeedPerson
from workplace.shapes import Json, JsonList


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    id: str
    name: str
    real_name: str
    title: str
    unit: str
    tz: str
    locale: str
    is_bot: bool
    deleted: bool
    updated: int

    @classmethod
    def from_seed(cls, seed: SeedPerson, *, updated: int) -> "Person":
        return cls(**seed.model_dump(), updated=updated)

    def offset_seconds(self, at: datetime) -> int:
        """Return how far this person's zone is from UTC at `at`."""
        offset = at.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A public channel, or (with `person_id`) the direct messages between one person and the bot."""

    id: str
    name: str
    topic: str = ""
    members: tuple[str, ...] = ()
    bot_is_member: bool = True
    is_archived: bool = False
    person_id: str | None = None

    @property
    def is_direct(self) -> bool:
        return self.person_id is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`only_for` names the one person who sees an ephemeral message."""

    channel_id: str
    ts: str
    user_id: str
    text: str
    by_bot: bool
    blocks: JsonList = field(default_factory=list)
    metadata: Json | None = None
    edited_ts: str | None = None
    thread_ts: str | None = None
    only_for: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A modal or a Home. `content` is what the bot sent; `state` what the person has entered so far."""

    id: str
    type: Literal["modal", "home"]
    person_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> JsonList:
        blocks: JsonList = self.content["blocks"]
        return blocks
