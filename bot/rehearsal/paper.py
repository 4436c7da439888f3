"""Chat platforms on paper: they write down what they receive and show it to the simulated people.

They have the real ones' names, and each the nature of its own: what it knows, what it tells, and how much it takes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Protocol

from bot.conversation.cards import Card, Form
from bot.conversation.events import AnyEvent, Joined, Left, MessageRef, Profile, ProfileChanged
from bot.conversation.nameless import is_nameless
from bot.ports import Address, Channel, Search
from scheduler.buckets import Limits
from scheduler.clock import Clock
from scheduler.ports import ChannelGone, Unknown, Unreachable
from storage.people import DEFAULT_ZONE


class Reader(Protocol):
    """Somebody on the platform."""

    profile: Profile
    has_app: bool

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None:
        """A message has come."""
        ...

    def reads_in_channel(self, message: MessageRef, card: Card) -> None:
        """One has come that everybody in the channel reads."""
        ...

    def sees_changed(self, message: MessageRef, card: Card) -> None:
        """A message shows something else now."""
        ...

    def sees_home(self, card: Card) -> None: ...
    def sees_form(self, form: Form) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One message, as the platform knows it: to a person, or in a channel."""

    platform: str
    person: str | None
    channel: str | None = None
    at: datetime
    zone: str
    """Where the platform has told us they are; where we are, in a channel."""
    message: MessageRef
    delivery_id: int | None
    """None: an answer to something the person did."""
    card: Card


class PaperPlatform:
    """`bot.ports.ChatPlatform` without a network, of Slack's nature: it can be searched, and knows everybody's zone and
    language at any time. With `faults` above 0, that share of what we start ends in an error although it arrived, or in
    one although it did not, drawn from `seed`."""

    name = "slack"
    posts_per_minute = 60
    # One a second in the whole workspace: no chat can get more than its own one a second, so that need not be kept.
    limits = Limits(posts_per_minute=posts_per_minute, channel_posts_per_second=None)
    has_home = True
    has_roster = True
    is_installed_for_each = False
    """Each person's chat has the app, or has it not; otherwise a workspace has it for all."""
    picks_channels = True
    """A channel is picked in a form; otherwise what is about one begins in it."""
    windows_stay_in_channels = False
    """What is done in a window that was opened in a channel is known to be done there."""

    def __init__(
        self, *, clock: Clock, on_received: Callable[[Received], None], faults: float = 0.0, seed: int = 0
    ) -> None:
        self._clock = clock
        self._on_received = on_received
        self._faults = faults
        self._lots = Random(f"{seed} faults {self.name}")
        self._readers: dict[str, Reader] = {}
        self._channels: dict[str, list[str]] = {}
        self._arrived: dict[int, MessageRef] = {}
        self._whose: dict[MessageRef, list[str]] = {}
        self._numbers = 0

    def join(self, readers: Iterable[Reader]) -> None:
        self._readers.update((reader.profile.external_id, reader) for reader in readers)

    def open_channel(self, channel: str, people: Iterable[str]) -> None:
        """Let these people have a channel, and us in it."""
        self._channels[channel] = [*people]

    def close_channel(self, channel: str) -> None:
        """Delete it."""
        self._channels.pop(channel, None)

    def has_channel(self, channel: str) -> bool:
        return channel in self._channels

    def still_has(self, message: MessageRef) -> bool:
        """Whether the message can be read and pressed: not in a channel that is gone."""
        return message.conversation in self._channels or message.conversation.startswith(PERSONAL)

    def passes_on(self, event: AnyEvent) -> AnyEvent | None:
        """Return what Knuff gets to know of what somebody did; None: nothing."""
        return event

    def zone_told(self, person: str) -> str:
        """Return where somebody is, as far as Knuff can know it."""
        return self._readers[person].profile.zone or DEFAULT_ZONE

    async def send(self, to: Address | Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        readers = self._readers_of(to)
        fault = self._faults and delivery_id is not None and self._lots.random() < self._faults
        if fault and self._lots.random() < 0.5:
            raise Unknown("connection_lost")
        self._numbers += 1
        alone = to.person if isinstance(to, Address) else None
        conversation = conversation_of(alone) if alone is not None else to.conversation or ""
        message = MessageRef(conversation=conversation, message=f"m{self._numbers}")
        self._whose[message] = readers
        if delivery_id is not None:
            self._arrived[delivery_id] = message
        received = Received(
            platform=self.name,
            person=alone,
            channel=None if alone is not None else conversation,
            at=self._clock.now(),
            zone=DEFAULT_ZONE if alone is None else self.zone_told(alone),
            message=message,
            delivery_id=delivery_id,
            card=card,
        )
        self._on_received(received)
        for one in readers:
            if alone is None:
                self._readers[one].reads_in_channel(message, card)
            else:
                self._readers[one].reads(message, card, from_knuff=delivery_id is not None)
        if fault:
            raise Unknown("connection_lost")
        return message

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        for one in self._whose.get(message, ()):
            self._readers[one].sees_changed(message, card)

    async def find(self, to: Address | Channel, *, delivery_id: int, since: datetime) -> Search:
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
        return list(self._channels.get(audience_id, self._readers))

    def _readers_of(self, to: Address | Channel) -> list[str]:
        """Return who reads it. Raises what a platform raises where nobody can."""
        if isinstance(to, Channel):
            if to.conversation not in self._channels:
                raise ChannelGone("channel_not_found")
            return self._channels[to.conversation]
        reader = self._readers[to.person]
        if reader.profile.is_gone:
            raise Unreachable("account_inactive")
        if not reader.has_app:
            raise Unreachable("not_installed")
        return [to.person]


class PaperTeams(PaperPlatform):
    """Of Teams' nature: what may have arrived cannot be searched for, and a profile says neither zone nor language.
    Those come with what somebody does. The app is put into each personal chat, and can be taken out of it."""

    name = "teams"
    posts_per_minute = 50 * 60
    limits = Limits(posts_per_minute=posts_per_minute, channel_posts_per_second=1, searches_per_minute=None)
    has_home = False
    has_roster = False
    is_installed_for_each = True
    picks_channels = False
    windows_stay_in_channels = True

    def __init__(
        self, *, clock: Clock, on_received: Callable[[Received], None], faults: float = 0.0, seed: int = 0
    ) -> None:
        super().__init__(clock=clock, on_received=on_received, faults=faults, seed=seed)
        self._told: dict[str, str] = {}

    def passes_on(self, event: AnyEvent) -> AnyEvent | None:
        profile = self._readers[event.person].profile
        if is_nameless(event):
            return event  # nobody is to know who did it, nor where they are
        match event:
            case ProfileChanged():
                return None
            case Left():
                return event
            case Joined():
                return replace(event, profile=replace(profile, zone=None))
            case _:
                self._told[event.person] = profile.zone or DEFAULT_ZONE
                return replace(event, profile=profile)

    def zone_told(self, person: str) -> str:
        return self._told.get(person, DEFAULT_ZONE)

    async def find(self, to: Address | Channel, *, delivery_id: int, since: datetime) -> Search:
        return Search(found=None, complete=False, can_be_asked=False)

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        return (await self.profiles(workspace, [external_id]))[0]

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        return [Profile(external_id=one, zone=None, language=None) for one in external_ids]


PLATFORMS: Mapping[str, type[PaperPlatform]] = {one.name: one for one in (PaperPlatform, PaperTeams)}


PERSONAL = "D-"


def conversation_of(person: str) -> str:
    """Return the personal chat with somebody."""
    return f"{PERSONAL}{person}"
