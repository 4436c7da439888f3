"""A chat platform on paper: it writes down what it receives and shows it to the simulated people."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from bot.conversation.cards import Card, Form
from bot.conversation.events import MessageRef, Profile
from bot.ports import Address, Search
from scheduler.clock import Clock
from scheduler.ports import Unknown, Unreachable


class Reader(Protocol):
    """Somebody on the platform."""

    profile: Profile

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None:
        """A message has come."""
        ...

    def sees_changed(self, message: MessageRef, card: Card) -> None:
        """A message shows something else now."""
        ...

    def sees_home(self, card: Card) -> None: ...
    def sees_form(self, form: Form) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One message, as the platform knows it."""

    person: str
    at: datetime
    message: MessageRef
    delivery_id: int | None
    """None: an answer to something the person did."""


class PaperPlatform:
    """`bot.ports.ChatPlatform` without a network. With `faults` above 0, that share of what we start ends in an error
    although it arrived, or in one although it did not, drawn from `seed`."""

    name = "paper"

    def __init__(
        self, *, clock: Clock, on_received: Callable[[Received], None], faults: float = 0.0, seed: int = 0
    ) -> None:
        self._clock = clock
        self._on_received = on_received
        self._faults = faults
        self._lots = Random(f"{seed} faults")
        self._readers: dict[str, Reader] = {}
        self._arrived: dict[int, MessageRef] = {}
        self._whose: dict[MessageRef, str] = {}
        self._numbers = 0

    def join(self, readers: Iterable[Reader]) -> None:
        self._readers.update((reader.profile.external_id, reader) for reader in readers)

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        reader = self._readers[to.person]
        if reader.profile.is_gone:
            raise Unreachable("account_inactive")
        fault = self._faults and delivery_id is not None and self._lots.random() < self._faults
        if fault and self._lots.random() < 0.5:
            raise Unknown("connection_lost")
        self._numbers += 1
        message = MessageRef(conversation=conversation_of(to.person), message=f"m{self._numbers}")
        self._whose[message] = to.person
        if delivery_id is not None:
            self._arrived[delivery_id] = message
        self._on_received(Received(person=to.person, at=self._clock.now(), message=message, delivery_id=delivery_id))
        reader.reads(message, card, from_knuff=delivery_id is not None)
        if fault:
            raise Unknown("connection_lost")
        return message

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        if whose := self._whose.get(message):
            self._readers[whose].sees_changed(message, card)

    async def find(self, to: Address, *, delivery_id: int, since: datetime) -> Search:
        return Search(found=self._arrived.get(delivery_id), complete=True)

    async def show_home(self, to: Address, card: Card) -> None:
        self._readers[to.person].sees_home(card)

    # Whoever's trigger or view it is: on paper both are the person's own id.
    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        self._readers[trigger].sees_form(form)

    async def replace_form(self, workspace: str, form: Form, *, view: str) -> None:
        self._readers[view].sees_form(form)

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        reader = self._readers.get(external_id)
        return reader.profile if reader else None

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        return [
            self._readers[one].profile
            if one in self._readers
            else Profile(external_id=one, zone=None, language=None, is_gone=True)
            for one in external_ids
        ]

    async def members(self, workspace: str, audience_id: str) -> list[str]:
        return list(self._readers)


def conversation_of(person: str) -> str:
    """Return the personal chat with somebody."""
    return f"D-{person}"
