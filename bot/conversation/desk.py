"""The one door of the conversation: an event comes in, what to record is recorded, what to show goes out.

`handle` runs inside one unit of work and touches nothing but the session it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.conversation.events import AnyEvent, Profile
from bot.conversation.shows import Show
from bot.conversation.texts import Words
from lessons.library import Library
from storage.tables.people import Person, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What every conversation needs to know about this installation."""

    library: Library
    organisation_name: str
    contact: str
    """Whom to ask, as shown in the welcome."""
    coordinators: frozenset[str]
    """External ids of the coordinators named in the settings."""
    page_address: str | None
    """Where our own page can be reached ("https://knuff.example.se"), or None: then no links are offered."""
    extra_audiences: bool = False
    """Picking people by user group or channel is allowed."""
    posts_per_minute: int = 60
    """How many messages a minute the platform takes from us in one workspace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One person's event being handled, with everything a handler may use."""

    session: Session
    house: House
    workspace: Workspace
    person: Person
    words: Words
    now: datetime


Handler = Callable[[Visit, Any], list[Show]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Routes:
    """What one file of the conversation answers to. Keys: a button's action, a form's name, a typed or slash command's name."""

    presses: Mapping[str, Handler]
    forms: Mapping[str, Handler]
    commands: Mapping[str, Handler]


def handle(session: Session, house: House, event: AnyEvent, profile: Profile | None, now: datetime) -> list[Show]:
    """Record what the event means and return what to show. `profile` is given for somebody we have not met."""
    raise NotImplementedError  # written by the helper who owns the leader's conversation
