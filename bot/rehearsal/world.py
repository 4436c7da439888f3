"""The world of a rehearsal: a virtual clock that jumps from one due moment to the next, the platforms on paper, the
real planner and lanes, and who is there. What they do together is for whoever rehearses it to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from sqlmodel import Session

from bot.conversation.desk import House
from bot.rehearsal import log as logs
from bot.rehearsal.changes import Outage
from bot.rehearsal.characters import life
from bot.rehearsal.coordinator import Coordinator
from bot.rehearsal.machine import Machine
from bot.rehearsal.paper import PLATFORMS, Received
from bot.rehearsal.place import EXAMPLE, Place
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.stage import OnShown, Stage, unseen
from bot.rehearsal.turns import Turn, Turns
from bot.rehearsal.virtual_clock import VirtualClock
from lessons.library import Library
from scheduler.calendar import slot_moment
from scheduler.metronome import AT_NIGHT
from scheduler.nights import look_after
from storage import account, all_promises, work
from storage.all_promises import Promise
from storage.database import Store
from storage.tables.deliveries import State

SET_UP_BEFORE = timedelta(days=4)
"""The coordinator sets up the Thursday before a Monday start, at ten in Stockholm."""
SET_UP_AT = time(9, 0, tzinfo=UTC)
OVER_EVERYWHERE = time(12, 0, tzinfo=UTC)
"""When it is noon in UTC, the day before is over in every zone."""
QUIET = timedelta(days=21)
"""Longer than any pause or follow-up can still bring something after it."""
LONGEST_AFTERWARDS = timedelta(weeks=26)
SENDING_FIRST = timedelta(minutes=1)
"""After so long the look at night is tried again, where something was being sent."""
HOME = "Europe/Stockholm"

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called once a virtual day with how many have passed and how many there will be, about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What became of everything that was promised."""

    promises: Sequence[Promise]
    promised: int
    delivered: int
    messages: int
    replies: int
    answered: int
    unsettled: int
    never_arrived: int
    zone_untold: int
    unbalanced_nights: int


class World:
    def __init__(
        self,
        *,
        start: date,
        seed: int,
        library: Library,
        store: Store,
        faults: float,
        platforms: Sequence[str],
        outages: Sequence[Outage],
        on_shown: OnShown = unseen,
        plans_after_all: bool = False,
        on_received: Callable[[Received], None] = lambda received: None,
        place: Place = EXAMPLE,
    ) -> None:
        """`on_shown` and `on_received` are told of everything that anybody is shown. `plans_after_all`: see `Stage`."""
        self.start, self.seed, self.store, self.outages = start, seed, store, tuple(outages)
        self.place = place
        self.clock = VirtualClock(datetime.combine(start - SET_UP_BEFORE, SET_UP_AT))
        self.platforms = {
            name: PLATFORMS[name](clock=self.clock, on_received=self._note, faults=faults, seed=seed)
            for name in platforms
        }
        house = House(
            library=library,
            organisation_name=place.organisation,
            contact=place.contact,
            coordinators=frozenset({place.coordinator}),
            page_address=None,
            secret=place.secret,
        )
        self.machine = Machine(store=store, house=house, clock=self.clock, platforms=self.platforms)
        self.stage = Stage(
            place=place,
            store=store,
            houses={
                name: replace(house, posts_per_minute=platform.posts_per_minute)
                for name, platform in self.platforms.items()
            },
            clock=self.clock,
            platforms=self.platforms,
            rhythm_changed=self.machine.tick_soon,
            about_to_delete=self._remember,
            on_shown=on_shown,
            plans_after_all=plans_after_all,
        )
        self.turns = Turns(
            clock=self.clock,
            outages=self.outages,
            acting=Turn(self.stage.next_at, self.stage.perform_next),
            planning=Turn(lambda: self.machine.plans_at, self.machine.plan),
            sending=Turn(lambda: self.machine.sends_at, self.machine.send),
        )
        self.people: Mapping[str, SimulatedPerson] = {}
        self.coordinators: Mapping[str, Coordinator] = {}
        self._coordinator_of: Mapping[str, Coordinator] = {}
        self.received: list[tuple[Received, logs.Circumstances]] = []
        """What people got; what coordinators got is no part of it."""
        self.before_deletion: dict[int, Promise] = {}
        self.organisation = 0
        self._on_received = on_received
        self._unsettled: set[int] = set()
        self._unbalanced_nights = 0
        self._zone_untold = 0
        self._arrived: set[int] = set()
        """Every delivery that somebody got, a coordinator too."""

    def inhabit(
        self,
        people: Mapping[str, SimulatedPerson],
        coordinators: Mapping[str, Coordinator],
        coordinator_of: Mapping[str, Coordinator] | None = None,
    ) -> None:
        """Let people come to their platforms, and to each its coordinator. `coordinator_of`: who coordinates somebody's
        cohort, where a platform has several."""
        self.people, self.coordinators = people, coordinators
        self._coordinator_of = coordinator_of or {}
        for name, platform in self.platforms.items():
            platform.join([coordinators[name], *self.on(name)])

    def on(self, platform: str) -> list[SimulatedPerson]:
        return [one for one in self.people.values() if one.character.platform == platform]

    async def install(self) -> None:
        """Put the app in each personal chat, where that is how it comes to people."""
        for name, platform in self.platforms.items():
            if platform.is_installed_for_each:
                for one in (self.place.coordinator, *(one.character.person for one in self.on(name))):
                    await self.stage.install(self.stage.who(one, on=name))

    def lead_lives(self, weeks: int) -> None:
        """Let happen to everybody what happens to them in so many weeks."""
        for person in self.people.values():
            lots = Random(f"{self.seed} {person.character.person} life")
            own = self.platforms[person.character.platform].is_installed_for_each
            for moment, act in life(person.character, start=self.start, weeks=weeks, lots=lots, has_app_of_own=own):
                self.stage.later(moment, person, act)

    async def live_on(
        self, *, until: date, expected: int, progress: Progress, also: Callable[[], bool] = lambda: False
    ) -> None:
        """Live through day after day: to `until`, and as long as `also` says or something may still come."""
        await self._begin()
        first = self.clock.now().date()
        day = first + timedelta(days=1)
        while not self._is_over(day, until, also):
            await self._live_night_and_day(day, datetime.combine(day, OVER_EVERYWHERE))
            self._unsettled |= await self.store.read(
                partial(all_promises.unsettled_before, organisation_id=self.organisation, day=day)
            )
            progress(min((day - first).days, expected), expected)
            day += timedelta(days=1)

    async def live_through(self, until: datetime) -> None:
        """Live to a moment and stop there, whatever is still to come."""
        await self._begin()
        day = self.clock.now().date() + timedelta(days=1)
        while day <= until.date():
            await self._live_night_and_day(day, min(until, datetime.combine(day, OVER_EVERYWHERE)))
            day += timedelta(days=1)
        await self.turns.live_until(until)

    def tally(self) -> Tally:
        promises = self.read(all_promises.all_promises)
        started = [one for one, _ in self.received if one.delivery_id is not None]
        delivered = [promise for promise in promises if promise.state is State.SENT]
        left = {promise.id for promise in promises if promise.state in all_promises.OPEN}
        return Tally(
            promises=promises,
            promised=len(promises),
            delivered=len(delivered),
            messages=len(started),
            replies=len(self.received) - len(started),
            answered=self.read(all_promises.answered),
            unsettled=len(self._unsettled | left),
            never_arrived=sum((one.rides_on or one.id) not in self._arrived for one in delivered),
            zone_untold=self._zone_untold,
            unbalanced_nights=self._unbalanced_nights,
        )

    def read(self, query: Callable[[Session, int], T]) -> T:
        """Read something of the organisation."""
        return self.store.write_now(lambda session: query(session, self.organisation))

    async def _begin(self) -> None:
        (self.organisation,) = await self.store.read(account.organisations)
        self.machine.tick_soon()

    async def _live_night_and_day(self, day: date, until: datetime) -> None:
        self.stage.at(slot_moment(day, AT_NIGHT, HOME), self._look_at_night)
        await self.turns.live_until(until)

    def _is_over(self, day: date, until: date, also: Callable[[], bool]) -> bool:
        if day < until + timedelta(days=1):
            return False
        if day - until > LONGEST_AFTERWARDS:
            return True
        last = self.read(all_promises.last_promised_day)
        return not also() and (last is None or day - last > QUIET)

    async def _look_at_night(self) -> None:
        """As the metronome does: whatever is being sent goes first, so that yesterday's account balances."""
        now = self.clock.now()
        if await self.store.read(partial(work.due, now=now)):
            self.stage.at(now + SENDING_FIRST, self._look_at_night)
            return
        if not await look_after(self.store, now, HOME):
            self._unbalanced_nights += 1

    def _remember(self, person: str) -> None:
        promises = self.store.write_now(
            lambda session: all_promises.all_promises(session, self.organisation, person=person)
        )
        self.before_deletion |= {promise.id: promise for promise in promises}

    def _note(self, received: Received) -> None:
        self._on_received(received)
        if received.delivery_id is not None:
            self._arrived.add(received.delivery_id)
        if received.person == self.place.coordinator:
            return
        person = self.people.get(received.person or "")
        if person is None:  # a channel
            self.received.append((received, logs.NOBODY))
            return
        if received.delivery_id is not None and received.zone != person.profile.zone:
            self._zone_untold += 1
        coordinator = self._coordinator_of.get(person.character.person) or self.coordinators[received.platform]
        how = logs.Circumstances(
            days=person.days,
            shift=person.shift,
            paused_until=person.paused_until,
            stopped=person.stopped,
            removed=received.person in coordinator.removed,
            cohort_paused=coordinator.has_paused,
        )
        self.received.append((received, how))
