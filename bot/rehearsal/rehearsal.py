"""A programme rehearsed: who goes through it, what happens to them and to their cohort, and what it showed."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

from bot.conversation.events import Profile
from bot.rehearsal import log as logs
from bot.rehearsal.changes import Add, Change, Remove, changes, outages
from bot.rehearsal.characters import Character, Kind, draw
from bot.rehearsal.checking import check
from bot.rehearsal.cohorts import CAME, RehearsedCohort, cohorts_of, counted_at
from bot.rehearsal.coordinator import CannotRehearse, Coordinator
from bot.rehearsal.course import Course
from bot.rehearsal.meetings import held
from bot.rehearsal.organisations import Organisations
from bot.rehearsal.outcomes import released, skl_figures
from bot.rehearsal.recalling import recalled, right_answers
from bot.rehearsal.result import Result
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.surveying import surveyed
from bot.rehearsal.tallying import by_reason, calendar_of, roles_in
from bot.rehearsal.world import QUIET, Progress, World
from lessons.library import Library
from lessons.models import EVERYBODY
from scheduler.calendar import Calendar
from storage import all_promises, sessions
from storage.database import Store

LAST = "9"
"""Sorts after every moment: what was explained has only a day."""
COUNTED = ("opinions", "suggestions", "led")
WHEN_A_DAY_IS_OVER = time(20, tzinfo=UTC)
"""Late enough: nothing more is sent that day, but for the last few where it is not evening yet."""


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
        organisations: int | None = None,
        to_the_last_survey: bool = False,
    ) -> None:
        self.to_the_last_survey = to_the_last_survey
        self.programme_id, self.start, self.seed, self.closed = programme_id, start, seed, closed
        self.library = library
        programme = library.programme(programme_id)
        self.course = Course(programme=programme, start=start)
        self.weeks = self.course.weeks
        self.characters = draw(
            people,
            start=start,
            lots=Random(f"{seed} people"),
            platforms=platforms,
            comings_and_goings=comings_and_goings,
        )
        persons = [one.person for one in self.characters]
        self.role_of = self.course.roles_of(persons, Random(f"{seed} roles"))
        calendar = Calendar(closed=frozenset(closed), resting=self.course.resting)
        lots = Random(f"{seed} changes")
        self.changes = list(changes(self.characters, start=start, weeks=self.weeks, calendar=calendar, lots=lots))
        self.world = World(
            start=start,
            seed=seed,
            library=library,
            store=store,
            faults=faults,
            platforms=platforms,
            outages=outages(start=start, weeks=self.weeks, calendar=calendar, lots=lots),
            plans_after_all=organisations is not None,
        )
        self.stage = self.world.stage
        self.right_answers = right_answers(library)
        self.waiting: list[tuple[int, int]] = []
        self.organisations = None
        if organisations is not None:
            [platform] = platforms
            self.organisations = Organisations(
                persons, organisations=organisations, platform=platform, seed=seed, closed=closed
            )
        self.people = {one.person: self._somebody(one) for one in self.characters}
        self.cohorts = self._cohorts()
        self.coordinator_of = {one: cohort.coordinator for cohort in self.cohorts for one in cohort.people}
        if programme.differs_by_role or programme.roles != EVERYBODY:
            for cohort in self.cohorts:
                cohort.coordinator.role_of = self.role_of
        self.coordinators = {cohort.platform: cohort.coordinator for cohort in reversed(self.cohorts)}
        self.world.inhabit(self.people, self.coordinators, self.coordinator_of)
        self.comings_and_goings: list[logs.Line] = []
        self.never_in: set[str] = set()
        """Whom the coordinator wanted to add and could not."""

    async def run(self, progress: Progress) -> None:
        await self.world.install()
        late = {one.person for one in self.characters if one.kind is Kind.JOINS_LATE}
        for cohort in self.cohorts:
            await cohort.coordinator.start(
                programme_id=self.programme_id,
                start=self.start,
                people=[one for one in cohort.people if one not in late],
                closed=self.closed,
                name=cohort.name,
            )
        if self.organisations is not None:
            await self.organisations.begin(self.cohorts[0].coordinator, self.world)
        for moment in counted_at(self.course.programme, self.start):
            self.stage.at(moment, self._count_who_came)
        for moment, change in self.changes:
            self.stage.at(moment, partial(self._change, change))
        self.world.lead_lives(self.weeks)
        for day in (self.start + timedelta(days=days) for days in range(7 * self.weeks)):
            if day.isoweekday() <= 5:
                self.stage.at(datetime.combine(day, WHEN_A_DAY_IS_OVER), partial(self._count_waiting, day))
        until = self.course.until
        expected = (until - self.world.clock.now().date()).days + QUIET.days
        await self.world.live_on(until=until, expected=expected, progress=progress, also=self._is_asking)

    def result(self) -> tuple[Result, list[logs.Line]]:
        """Return what it showed, and the log. How long it took is for the caller to say."""
        tally = self.world.tally()
        lines = logs.lines_of(tally.promises, self.world.received, before_deletion=self.world.before_deletion)
        lines = sorted([*lines, *self.comings_and_goings], key=lambda line: line.get("at", LAST))
        steps = self.course.steps_of()
        closed = frozenset(self.closed).union(*(one.coordinator.closed for one in self.cohorts))
        result = Result(
            programme=self.programme_id,
            platforms=tuple(self.world.platforms),
            people=len(self.people),
            start=self.start,
            seed=self.seed,
            zones=dict(Counter(character.zone for character in self.characters).most_common()),
            closed=tuple(sorted(closed)),
            outages=tuple((outage.since, outage.until) for outage in self.world.outages),
            calendar=tuple(calendar_of(tally.promises, Calendar(closed=closed, resting=self.course.resting))),
            promised=tally.promised,
            delivered=tally.delivered,
            explained=by_reason(tally.promises),
            messages=tally.messages,
            replies=tally.replies,
            answered=tally.answered,
            asides={what: sum(one.asides[what] for one in self.people.values()) for what in COUNTED},
            unsettled=tally.unsettled,
            never_arrived=tally.never_arrived,
            zone_untold=tally.zone_untold,
            unbalanced_nights=tally.unbalanced_nights,
            findings=check(
                [line for line in lines if line["person"] is not None],
                people=self.people.keys() - self.never_in,
                weeks=[],
                own={person: steps[role] for person, role in self.role_of.items()},
                closed=closed,
                resting=self.course.resting,
            ),
            by_role=roles_in(lines, self.role_of, steps),
            recall=recalled(
                (one.card for one, _ in self.world.received if one.delivery_id is not None),
                (was_right for one in self.people.values() for was_right in one.recalled),
                self.waiting,
            ),
            outcomes=skl_figures(self.world.read(partial(released, library=self.library))),
            surveys=surveyed(self.world.read(all_promises.waves_answered)),
            sessions=held(self.world.read(sessions.of_organisation), self.course.programme, closed=closed),
            refused_forms=self.stage.refused_forms,
            wall_seconds=0.0,
        )
        return result, lines

    async def _change(self, change: Change) -> None:
        """Let the coordinator of whom it is about do it; what is about everybody is done by each."""
        match change:
            case Add(person=person) | Remove(person=person):
                await self._change_by(self.coordinator_of[person], change)
            case _:
                for cohort in self.cohorts:
                    await self._change_by(cohort.coordinator, change)

    async def _change_by(self, coordinator: Coordinator, change: Change) -> None:
        try:
            await coordinator.change(change)
        except CannotRehearse:  # as in life: the coordinator reads why not, and leaves it at that
            self.stage.refused_forms[f"coordinator: {type(change).__name__}"] += 1
            if isinstance(change, Add):
                self.never_in.add(change.person)
            return
        self.world.machine.tick_soon()
        match change:
            case Add(person=person):
                self.comings_and_goings.append(self._line(person, "added"))
            case Remove(person=person):
                self.comings_and_goings.append(self._line(person, "removed"))
            case _:
                pass

    def _cohorts(self) -> list[RehearsedCohort]:
        """Return one for each organisation, or else for each platform."""
        if self.organisations is not None:
            [platform] = self.world.platforms
            return cohorts_of(self.world, ((name, platform, some) for name, some in self.organisations.people.items()))
        there: dict[str, list[str]] = {platform: [] for platform in self.world.platforms}
        for one in self.characters:
            there[one.platform].append(one.person)
        return cohorts_of(
            self.world, ((f"Rehearsal in {platform}", platform, some) for platform, some in there.items())
        )

    async def _count_who_came(self) -> None:
        for cohort in self.cohorts:
            await cohort.coordinator.count(CAME)

    async def _count_waiting(self, day: date) -> None:
        self.waiting.append(self.world.read(partial(all_promises.cases_waiting, day=day)))

    def _is_asking(self) -> bool:
        """Whether something is to be asked yet, where that is waited for."""
        return self.to_the_last_survey and self.world.read(all_promises.waves_left) > 0

    def _line(self, person: str, kind: str) -> logs.Line:
        platform = self.world.platforms[self.people[person].character.platform]
        zone = platform.zone_told(person)
        return logs.line_of_change(person, kind, platform=platform.name, zone=zone, at=self.world.clock.now())

    def _somebody(self, character: Character) -> SimulatedPerson:
        if self.organisations is not None:
            return self.organisations.member(character, self.world, seed=self.seed, remembers=self.right_answers)
        return SimulatedPerson(
            character=character,
            profile=Profile(external_id=character.person, zone=character.zone, language=character.language),
            clock=self.world.clock,
            later=self.stage.later,
            lots=Random(f"{self.seed} {character.person}"),
            remembers=self.right_answers,
        )
