"""What a handler is given and what a file of the conversation offers. Everybody imports it; it imports no handler."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlmodel import Session

from bot.conversation.events import Commanded, Wrote
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
    saves_text: bool = True
    """Whether what people we meet write is saved for them, until they choose for themselves."""
    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    """The installation's own, the same in all its processes and never in the database: what it seals nobody else can
    make up or look up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One person's event being handled, with everything a handler may use."""

    session: Session
    house: House
    workspace: Workspace
    person: Person
    words: Words
    now: datetime

    @property
    def is_by_coordinator(self) -> bool:
        """Named in the settings, or let in by another coordinator."""
        return self.person.is_coordinator or self.person.external_id in self.house.coordinators


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A command in words: what a handler in `Routes.commands` gets as its event. `rest` is what came after it."""

    rest: str
    event: Wrote | Commanded


Handler = Callable[[Visit, Any], list[Show]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Routes:
    """What one file of the conversation answers to. Keys: a button's action, a form's name, a command's name.

    A handler of a press or form gets the event, a handler of a command a `Typed`.
    """

    presses: Mapping[str, Handler]
    forms: Mapping[str, Handler]
    commands: Mapping[str, Handler]
    in_channels: frozenset[str] = frozenset()
    """The actions and forms that are also answered in a message that a whole channel reads. No others are."""


def collect(every: Iterable[Routes]) -> Routes:
    """Return the routes of all files as one. Raises ValueError when two files answer to the same name."""
    presses: dict[str, Handler] = {}
    forms: dict[str, Handler] = {}
    commands: dict[str, Handler] = {}
    in_channels: set[str] = set()
    for routes in every:
        in_channels |= routes.in_channels
        for whole, part in ((presses, routes.presses), (forms, routes.forms), (commands, routes.commands)):
            if twice := whole.keys() & part.keys():
                raise ValueError(f"two files answer to {sorted(twice)}")
            whole.update(part)
    return Routes(presses=presses, forms=forms, commands=commands, in_channels=frozenset(in_channels))


class CannotAnswer(Exception):
    """The event cannot be done; `key` is the text that says why and what to do instead."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields
