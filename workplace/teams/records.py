"""What a tenant remembers, as frozen records: people, teams, conversations, messages, dialogs."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime

from workplace.seed import SeedTeamsPerson
from workplace.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`id` is the Entra object id; `teams_id` the one this bot knows the person by in conversations.

    `installed`: the app is there for this person. `blocked`: the person has blocked the bot. `disabled`: an
    administrator has taken the app from this person.
    """

    id: str
    teams_id: str
    name: str
    title: str
    tz: str
    locale: str
    installed: bool
    blocked: bool
    disabled: bool

    @classmethod
    def from_seed(cls, seed: SeedTeamsPerson, *, app_id: str) -> "Person":
        return cls(**seed.model_dump(), teams_id=f"29:1{opaque(app_id, seed.id)}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """`id` is that of its General channel too, as in Teams."""

    id: str
    name: str
    group_id: str
    members: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]
    installed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The personal chat of one person with the bot, or a channel of a team."""

    id: str
    name: str
    person_id: str | None = None
    team_id: str | None = None

    @property
    def is_personal(self) -> bool:
        return self.person_id is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`author` is an Entra id, or the bot's; `heard` says whether the bot was told of it; `thread` names the message
    in a channel that this one answers."""

    conversation_id: str
    id: str
    author: str
    by_bot: bool
    text: str
    at: datetime
    card: Json | None = None
    summary: str = ""
    edited: bool = False
    heard: bool = True
    thread: str | None = None
    delivery_id: int | str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialog:
    """What is open before one person; `errors` stand beside the inputs Teams' own client held back."""

    person_id: str
    conversation_id: str
    title: str
    height: str | int
    width: str | int
    card: Json
    thread: str | None = None
    """The message in a channel under which it was opened."""
    errors: dict[str, str] = field(default_factory=dict)


def opaque(*parts: str) -> str:
    """Return an id that tells nothing of what it stands for, the same for the same parts."""
    return urlsafe_b64encode(hashlib.sha256("\n".join(parts).encode()).digest()).decode().rstrip("=")
