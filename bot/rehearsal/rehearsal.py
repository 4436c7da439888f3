"""A rehearsal from beginning to end: the virtual clock jumps from one due moment to the next."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from sqlmodel import Session

from bot.conversation.desk import House
from bot.conversation.events import Profile
from bot.rehearsal import log as logs
from bot.rehearsal.changes import Add, Change, Remove, changes, outages
from bot.rehearsal.characters import Character, Kind, draw, life
from bot.rehearsal.checking import check
from bot.rehearsal.coordinator import COORDINATOR, CannotRehearse, Coordinator
from bot.rehearsal.machine import Machine
from bot.rehearsal.paper import PLATFORMS, Received
from bot.rehearsal.result import Result
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.stage import Stage
from bot.rehearsal.tallying import by_reason, calendar_of
from bot.rehearsal.turns import Turn, Turns
from bot.rehearsal.virtual_clock import VirtualClock
from lessons.library import Library
from scheduler.calendar import Calendar, slot_moment
from scheduler.metronome import AT_NIGHT
from scheduler.nights import look_after
from storage import account, all_promises
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
HOME = "Europe/Stockholm"

LAST = "9"
"""Sorts after every moment: what was explained has only a day."""

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called once a virtual day with how many have passed and how many there will be, about."""


class Rehearsal:
    def __init__(
        self,
        *,
        programme_id: str,
        people: int,
        start: date,
        seed: int,
        closed: Sequence[date],
        library: Library,
        store: Store,
        faults: float,
        comings_and_goings: bool,
        platforms: Sequence[str],
    ) -> None:
        self.programme_id, self.start, self.seed, self.closed = programme_id, start, seed, closed
        self.library, self.store = library, store
        programme = library.programme(programme_id)
        self.weeks, self.steps = len(programme.weeks), [len(week.lessons) for week in programme.weeks]
        self.clock = VirtualClock(datetime.combine(start - SET_UP_BEFORE, SET_UP_AT))
        self.platforms = {
            name: PLATFORMS[name](clock=self.clock, on_received=self._note, faults=faults, seed=seed)
            for name in platforms
        }
        house = House(
            library=library,
            organisation_name="Exempelkommunen",
            contact="Kim i Exempelkommunen",
            coordinators=frozenset({COORDINATOR}),
            page_address=None,
        )
        self.machine = Machine(store=store, house=house, clock=self.clock, platforms=self.platforms)
        self.stage = Stage(
            store=store,
            houses={
                name: replace(house, posts_per_minute=platform.posts_per_minute)
                for name, platform in self.platforms.items()
            },
            clock=self.clock,
            platforms=self.platforms,
            rhythm_changed=self.machine.tick_soon,
            about_to_delete=self._remember,
        )
        lots = Random(f"{seed} people")
        self.characters = draw(
            people, start=start, lots=lots, platforms=platforms, comings_and_goings=comings_and_goings
        )
        self.people = {one.person: self._somebody(one) for one in self.characters}
        days = frozenset(closed)
        lots = Random(f"{seed} changes")
        self.changes = list(changes(self.characters, start=start, weeks=self.weeks, closed=days, lots=lots))
        self.outages = outages(start=start, weeks=self.weeks, closed=days, lots=lots)
        self.turns = Turns(
            clock=self.clock,
            outages=self.outages,
            acting=Turn(self.stage.next_at, self.stage.perform_next),
            planning=Turn(lambda: self.machine.plans_at, self.machine.plan),
            sending=Turn(lambda: self.machine.sends_at, self.machine.send),
        )
        self.coordinators = {name: Coordinator(self.stage, platform) for name, platform in self.platforms.items()}
        for name, platform in self.platforms.items():
            there = (person for person in self.people.values() if person.character.platform == name)
            platform.join([self.coordinators[name], *there])
        self.received: list[tuple[Received, logs.Circumstances]] = []
        self.comings_and_goings: list[logs.Line] = []
        self.before_deletion: dict[int, Promise] = {}
        self.unsettled: set[int] = set()
        self.unbalanced_nights = 0
        self.zone_untold = 0
        self.never_in: set[str] = set()
        """Whom the coordinator wanted to add and could not."""
        self.organisation = 0

    async def run(self, progress: Progress) -> None:
        for name, platform in self.platforms.items():
            there = [one for one in self.characters if one.platform == name]
            if platform.is_installed_for_each:
                for one_id in (COORDINATOR, *(one.person for one in there)):
                    await self.stage.install(self.stage.who(one_id, on=name))
            await self.coordinators[name].start(
                programme_id=self.programme_id,
                start=self.start,
                people=[one.person for one in there if one.kind is not Kind.JOINS_LATE],
                closed=self.closed,
            )
        (self.organisation,) = await self.store.read(account.organisations)
        self.machine.tick_soon()
        for moment, change in self.changes:
            self.stage.at(moment, partial(self._change, change))
        for person in self.people.values():
            lots = Random(f"{self.seed} {person.character.person} life")
            own = self.platforms[person.character.platform].is_installed_for_each
            for moment, act in life(
                person.character, start=self.start, weeks=self.weeks, lots=lots, has_app_of_own=own
            ):
                self.stage.later(moment, person, act)
        first = self.clock.now().date()
        expected = (self.start - first).days + self.weeks * 7 + QUIET.days
        day = first + timedelta(days=1)
        while not self._is_over(day):
            self.stage.at(slot_moment(day, AT_NIGHT, HOME), self._look_at_night)
            await self.turns.live_until(datetime.combine(day, OVER_EVERYWHERE))
            self.unsettled |= await self.store.read(
                partial(all_promises.unsettled_before, organisation_id=self.organisation, day=day)
            )
            progress(min((day - first).days, expected), expected)
            day += timedelta(days=1)

    async def _look_at_night(self) -> None:
        if not await look_after(self.store, self.clock.now(), HOME):
            self.unbalanced_nights += 1

    def _is_over(self, day: date) -> bool:
        """Whether the programme and all its follow-ups have passed."""
        ended = self.start + timedelta(weeks=self.weeks)
        if day < ended + timedelta(days=1):
            return False
        last = self.store.write_now(partial(all_promises.last_promised_day, organisation_id=self.organisation))
        return last is None or day - last > QUIET or day - ended > LONGEST_AFTERWARDS

    def result(self) -> tuple[Result, list[logs.Line]]:
        """Return what it showed, and the log. How long it took is for the caller to say."""
        promises = self._read(all_promises.all_promises)
        lines = logs.lines_of(promises, self.received, before_deletion=self.before_deletion)
        lines = sorted([*lines, *self.comings_and_goings], key=lambda line: line.get("at", LAST))
        started = [one for one, _ in self.received if one.delivery_id is not None]
        arrived = {one.delivery_id for one in started}
        delivered = [promise for promise in promises if promise.state is State.SENT]
        closed = frozenset(self.closed).union(*(one.closed for one in self.coordinators.values()))
        result = Result(
            programme=self.programme_id,
            platforms=tuple(self.platforms),
            people=len(self.people),
            start=self.start,
            seed=self.seed,
            zones=dict(Counter(character.zone for character in self.characters).most_common()),
            closed=tuple(sorted(closed)),
            outages=tuple((outage.since, outage.until) for outage in self.outages),
            calendar=tuple(calendar_of(promises, Calendar(closed=closed))),
            promised=len(promises),
            delivered=len(delivered),
            explained=by_reason(promises),
            messages=len(started),
            replies=len(self.received) - len(started),
            answered=self._read(all_promises.answered),
            unsettled=len(self.unsettled | {promise.id for promise in promises if promise.state in all_promises.OPEN}),
            never_arrived=sum((one.rides_on or one.id) not in arrived for one in delivered),
            zone_untold=self.zone_untold,
            unbalanced_nights=self.unbalanced_nights,
            findings=check(lines, people=self.people.keys() - self.never_in, weeks=self.steps, closed=closed),
            refused_forms=self.stage.refused_forms,
            wall_seconds=0.0,
        )
        return result, lines

    def _read(self, query: Callable[[Session, int], T]) -> T:
        return self.store.write_now(lambda session: query(session, self.organisation))

    async def _change(self, change: Change) -> None:
        """Let the coordinator of whom it is about do it; what is about everybody is done by each."""
        match change:
            case Add(person=person) | Remove(person=person):
                await self._change_by(self.coordinators[self.people[person].character.platform], change)
            case _:
                for coordinator in self.coordinators.values():
                    await self._change_by(coordinator, change)

    async def _change_by(self, coordinator: Coordinator, change: Change) -> None:
        try:
            await coordinator.change(change)
        except CannotRehearse:  # as in life: the coordinator reads why not, and leaves it at that
            self.stage.refused_forms[f"coordinator: {type(change).__name__}"] += 1
            if isinstance(change, Add):
                self.never_in.add(change.person)
            return
        self.machine.tick_soon()
        match change:
            case Add(person=person):
                self.comings_and_goings.append(self._line(person, "added"))
            case Remove(person=person):
                self.comings_and_goings.append(self._line(person, "removed"))
            case _:
                pass

    def _line(self, person: str, kind: str) -> logs.Line:
        platform = self.platforms[self.people[person].character.platform]
        zone = platform.zone_told(person)
        return logs.line_of_change(person, kind, platform=platform.name, zone=zone, at=self.clock.now())

    def _remember(self, person: str) -> None:
        promises = self.store.write_now(
            lambda session: all_promises.all_promises(session, self.organisation, person=person)
        )
        self.before_deletion |= {promise.id: promise for promise in promises}

    def _somebody(self, character: Character) -> SimulatedPerson:
        return SimulatedPerson(
            character=character,
            profile=Profile(external_id=character.person, zone=character.zone, language=character.language),
            clock=self.clock,
            later=self.stage.later,
            lots=Random(f"{self.seed} {character.person}"),
        )

    def _note(self, received: Received) -> None:
        person = self.people.get(received.person)
        if person is None:
            return  # a coordinator, whose messages are no part of the programme
        coordinator = self.coordinators[received.platform]
        if received.delivery_id is not None and received.zone != person.profile.zone:
            self.zone_untold += 1
        how = logs.Circumstances(
            days=person.days,
            paused_until=person.paused_until,
            stopped=person.stopped,
            removed=received.person in coordinator.removed,
            cohort_paused=coordinator.has_paused,
        )
        self.received.append((received, how))
