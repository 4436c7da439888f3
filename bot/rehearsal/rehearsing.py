"""A rehearsal from beginning to end: the virtual clock jumps from one due moment to the next."""

import asyncio
import gc
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

import structlog

from bot.conversation.desk import House
from bot.conversation.events import Profile
from bot.rehearsal import log as logs
from bot.rehearsal import tallying
from bot.rehearsal.characters import Character, draw, life
from bot.rehearsal.checking import check
from bot.rehearsal.machine import Machine
from bot.rehearsal.memory import MemoryStore
from bot.rehearsal.paper import PaperPlatform, Received
from bot.rehearsal.result import Result
from bot.rehearsal.setting_up import COORDINATOR, Coordinator, set_up
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.stage import Stage
from bot.rehearsal.virtual_clock import VirtualClock
from lessons.library import Library, load_library
from scheduler.buckets import Limits
from scheduler.calendar import Calendar
from storage.database import Store, open_store, upgrade_engine

SET_UP_BEFORE = timedelta(days=4)
"""The coordinator sets up the Thursday before a Monday start, at ten in Stockholm."""
SET_UP_AT = time(9, 0, tzinfo=UTC)
OVER_EVERYWHERE = time(12, 0, tzinfo=UTC)
"""When it is noon in UTC, the day before is over in every zone."""
QUIET = timedelta(days=21)
"""Longer than any pause or follow-up can still bring something after it."""
LONGEST_AFTERWARDS = timedelta(weeks=26)
POSTS_PER_MINUTE = 60
COLLECT_AFTER = 200_000

Progress = Callable[[int, int], None]
"""Called once a virtual day with how many have passed and how many there will be, about."""


def rehearse(
    programme_id: str,
    people: int,
    start: date,
    seed: int,
    log: Path | None = None,
    progress: Progress = lambda passed, expected: None,
    *,
    closed: Sequence[date] = (),
    library: Library | None = None,
    database_url: str | None = None,
    faults: float = 0.0,
) -> Result:
    """Go through a programme with simulated people. `log` must be a new file.

    The database must be migrated and empty; by default it is one in memory. Raises LogExists,
    ProgrammeNotFound, and CannotRehearse when a coordinator could not set this up.
    """
    library = library or load_library()
    library.programme(programme_id)
    if log is not None:
        logs.new_file(log)
    store: Store = MemoryStore() if database_url is None else open_store(database_url)
    if database_url is None:
        upgrade_engine(store.engine)
    try:
        rehearsal = Rehearsal(
            programme_id=programme_id,
            people=people,
            start=start,
            seed=seed,
            closed=closed,
            library=library,
            store=store,
            faults=faults,
        )
        began = perf_counter()
        with _only_errors_logged(), _seldom_collected():
            asyncio.run(rehearsal.run(progress))
            result, lines = rehearsal.result()
        result = replace(result, wall_seconds=perf_counter() - began)
    except BaseException:
        if log is not None:
            log.unlink()  # it holds nothing yet, and would be in the way of the next try
        raise
    finally:
        store.close()
    if log is not None:
        logs.write(lines, log)
    return result


@contextmanager
def _only_errors_logged() -> Iterator[None]:
    """A rehearsal's result goes to standard output, and its tens of thousands of messages are no news to anybody."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Nothing of what a rehearsal throws away is large, and looking for it often costs a good part of its time."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happens by itself: when next, and how."""

    at: Callable[[], datetime | None]
    take: Callable[[], Awaitable[None]]


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
    ) -> None:
        self.programme_id, self.start, self.seed, self.closed = programme_id, start, seed, closed
        self.library, self.store = library, store
        programme = library.programme(programme_id)
        self.weeks, self.steps = len(programme.weeks), len(programme.steps())
        self.clock = VirtualClock(datetime.combine(start - SET_UP_BEFORE, SET_UP_AT))
        self.platform = PaperPlatform(clock=self.clock, on_received=self._note, faults=faults, seed=seed)
        house = House(
            library=library,
            organisation_name="Exempelkommunen",
            contact="Kim i Exempelkommunen",
            coordinators=frozenset({COORDINATOR}),
            page_address=None,
            posts_per_minute=POSTS_PER_MINUTE,
        )
        # One a second in the whole workspace: no chat can get more than its own one a second, so that need not be kept.
        limits = Limits(posts_per_minute=POSTS_PER_MINUTE, channel_posts_per_second=None)
        self.machine = Machine(store=store, house=house, clock=self.clock, platform=self.platform, limits=limits)
        self.stage = Stage(
            store=store,
            house=house,
            clock=self.clock,
            platform=self.platform,
            limits=limits,
            rhythm_changed=self.machine.tick_soon,
        )
        self.clock.meanwhile = self._meanwhile
        self.stage_turn = Turn(self.stage.next_at, self.stage.perform_next)
        self.plan_turn = Turn(lambda: self.machine.plans_at, self.machine.plan)
        self.send_turn = Turn(lambda: self.machine.sends_at, self.machine.send)
        lots = Random(f"{seed} people")
        self.people = {one.person: self._somebody(one) for one in draw(people, start=start, lots=lots)}
        self.platform.join([Coordinator(), *self.people.values()])
        self.received: list[tuple[Received, logs.Circumstances]] = []
        self.unsettled: set[int] = set()

    async def run(self, progress: Progress) -> None:
        await set_up(
            self.stage,
            programme_id=self.programme_id,
            start=self.start,
            profiles=[person.profile for person in self.people.values()],
            posts_per_minute=POSTS_PER_MINUTE,
            closed=self.closed,
        )
        self.machine.tick_soon()
        for person in self.people.values():
            lots = Random(f"{self.seed} {person.character.person} life")
            for moment, act in life(person.character, start=self.start, weeks=self.weeks, lots=lots):
                self.stage.later(moment, person, act)
        first = self.clock.now().date()
        expected = (self.start - first).days + self.weeks * 7 + QUIET.days
        day = first + timedelta(days=1)
        while not self._is_over(day):
            await self._live_until(datetime.combine(day, OVER_EVERYWHERE))
            self.unsettled |= await self.store.read(partial(tallying.unsettled_before, day=day))
            progress(min((day - first).days, expected), expected)
            day += timedelta(days=1)

    async def _live_until(self, until: datetime) -> None:
        """Let everything happen that happens until a moment, in the order it happens."""
        while await self._next_turn(until, self.stage_turn, self.plan_turn, self.send_turn):
            pass
        self.clock.go_to(until)

    async def _meanwhile(self, until: datetime) -> None:
        """Let people act and the planner plan while a lane waits."""
        while await self._next_turn(until, self.stage_turn, self.plan_turn):
            pass

    async def _next_turn(self, until: datetime, *turns: Turn) -> bool:
        """Do what comes first; at the same moment, in the order given. False when nothing more comes until then."""
        due = [(moment, number) for number, turn in enumerate(turns) if (moment := turn.at()) is not None]
        if not due or min(due)[0] > until:
            return False
        moment, number = min(due)
        self.clock.go_to(moment)
        await turns[number].take()
        return True

    def _is_over(self, day: date) -> bool:
        """Whether the programme and all its follow-ups have passed."""
        ended = self.start + timedelta(weeks=self.weeks)
        if day < ended + timedelta(days=1):
            return False
        last = self.store.write_now(tallying.last_promised_day)
        return last is None or day - last > QUIET or day - ended > LONGEST_AFTERWARDS

    def result(self) -> tuple[Result, list[logs.Line]]:
        """Return what it showed, and the log. How long it took is for the caller to say."""
        lines = self.store.write_now(lambda session: logs.lines_of(session, self.received, platform=self.platform.name))
        started = [one for one, _ in self.received if one.delivery_id is not None]
        arrived = sum(1 + len(line.get("riders", ())) for line in lines if line.get("started_by") == "knuff")
        delivered = self.store.write_now(tallying.delivered)
        calendar = Calendar(closed=frozenset(self.closed))
        result = Result(
            programme=self.programme_id,
            people=len(self.people),
            start=self.start,
            seed=self.seed,
            zones=dict(Counter(person.character.zone for person in self.people.values()).most_common()),
            calendar=tuple(self.store.write_now(lambda session: list(tallying.calendar(session, calendar)))),
            promised=self.store.write_now(tallying.promised),
            delivered=delivered,
            explained=self.store.write_now(tallying.explained),
            messages=len(started),
            replies=len(self.received) - len(started),
            answered=self.store.write_now(tallying.answered),
            unsettled=len(
                self.unsettled | self.store.write_now(lambda session: tallying.unsettled_before(session, date.max))
            ),
            never_arrived=max(0, delivered - arrived),
            findings=check(lines, people=self.people, steps=self.steps, closed=frozenset(self.closed)),
            refused_forms=self.stage.refused_forms,
            wall_seconds=0.0,
        )
        return result, lines

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
            return  # the coordinator, whose messages are no part of the programme
        how = logs.Circumstances(
            zone=person.profile.zone or "",
            days=person.days,
            paused_until=person.paused_until,
            stopped=person.stopped,
        )
        self.received.append((received, how))
