"""What we need of a chat platform, in our words. `bot/slack` and `bot/teams` provide it; rehearsals provide it on
paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation.cards import Card, Form
from bot.conversation.events import MessageRef, Profile


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Somebody to write to: `conversation` is their personal chat with us when it is known."""

    workspace: str
    person: str
    conversation: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A channel to write in, where everybody in it reads along."""

    workspace: str
    conversation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One look for a message we may have sent. `complete` says that every message since then was read."""

    found: MessageRef | None
    complete: bool
    can_be_asked: bool = True
    """False: this platform lets nobody search."""


class ChatPlatform(Protocol):
    """Raises the errors of `scheduler.ports`: RateLimited, Unreachable, Disconnected, Refused, Unknown. What is sent to
    a channel raises ChannelGone and never Unreachable."""

    name: str
    has_roster: bool
    """Whether it can be asked who is still there and in what zone. False: what people do tells it, and nothing else."""

    async def send(self, to: Address | Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        """Post a message of its own: in a channel it answers nobody's."""
        ...

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None: ...
    async def find(self, to: Address | Channel, *, delivery_id: int, since: datetime) -> Search: ...
    async def show_home(self, to: Address, card: Card) -> None: ...
    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        """Open a form. Raises TriggerExpired when the few seconds for it have passed."""
        ...

    async def replace_form(self, workspace: str, form: Form, *, view: str) -> None: ...
    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        """Return who that is, or None when the platform knows nobody by that id."""
        ...

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """Return whom it can; ids the platform does not know come back with `is_gone`."""
        ...

    async def members(self, workspace: str, audience_id: str) -> list[str]:
        """Return the ids of a channel's or user group's members."""
        ...


class TriggerExpired(Exception):
    """The platform no longer lets us open a form for that press."""
