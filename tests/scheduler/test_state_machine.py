"""Whatever happens in whatever order, a promise goes out at most once and comes to an end."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from storage.tables.deliveries import State
from tests.scheduler.happenings import Answers, Request, Searching, Sees
from tests.scheduler.mutants import SEEN_ON_A_WALK, SOON_SEEN, Mutant, lease_ignored, planted
from tests.scheduler.one_day import OneDay
from tests.scheduler.promised_day import Step
from tests.scheduler.walks import WALKS

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
ARROW = re.compile(r"^ +(\S+) --> (\S+) : (take over|\w+)( \(Slack\))?$", re.M)
"""A line of the diagram: from, to, who."""


def allowed(*, teams: bool) -> set[Step]:
    """Read the diagram: every step there is, on one platform."""
    arrows = ARROW.findall(DECISIONS.read_text(encoding="utf-8"))
    return {
        Step(who, "" if before == "[*]" else before, after)
        for before, after, who, slack_only in arrows
        if not (teams and slack_only)
    }


ALLOWED = {teams: allowed(teams=teams) for teams in (False, True)}
WORKERS = st.sampled_from((0, 1))
PEOPLE = st.sampled_from((1, 2))


class Interleaved(RuleBasedStateMachine):
    """Two workers and three promises: everything that can happen, in any order. When a day is done, another begins."""

    day: OneDay
    something_happened = False

    @initialize(teams=st.booleans(), in_flight=st.sampled_from((1, 2)))
    def the_slot_has_come(self, teams: bool, in_flight: int) -> None:
        self.day = OneDay(teams=teams, in_flight=in_flight)

    @precondition(lambda self: self.day.is_over)
    @rule(teams=st.booleans(), in_flight=st.sampled_from((1, 2)))
    def another_day(self, teams: bool, in_flight: int) -> None:
        self.day.close()
        self.something_happened = False
        self.day = OneDay(teams=teams, in_flight=in_flight)

    @precondition(lambda self: not self.day.is_over)
    @rule(worker=WORKERS)
    def a_worker_works(self, worker: int) -> None:
        self.day.work(worker)

    @precondition(lambda self: not self.day.is_over)
    @rule(worker=WORKERS, commits=st.integers(1, 4), freezes=st.booleans())
    def a_worker_goes_on(self, worker: int, commits: int, freezes: bool) -> None:
        self.day.tick(worker)
        for number in range(commits):
            self.day.go_on(worker, freeze=freezes and number == commits - 1)

    @precondition(lambda self: self.day.open_requests)
    @rule(data=st.data(), how=st.sampled_from(Answers), late_by=st.sampled_from((5, 20, 45)))
    def the_platform_answers(self, data: st.DataObject, how: Answers, late_by: int) -> None:
        request: Request = data.draw(st.sampled_from(self.day.open_requests))
        self.day.answer(request, how, late_by=late_by)

    @precondition(lambda self: self.day.open_searches)
    @rule(data=st.data(), sees=st.sampled_from(Sees))
    def a_search_ends(self, data: st.DataObject, sees: Sees) -> None:
        searching: Searching = data.draw(st.sampled_from(self.day.open_searches))
        self.day.look(searching, sees)

    @precondition(lambda self: not self.day.is_over)
    @rule(seconds=st.sampled_from((1, 14, 31, 61, 61, 200)))
    def time_passes(self, seconds: int) -> None:
        self.day.time_passes(seconds)

    @precondition(lambda self: not self.day.is_over)
    @rule(worker=WORKERS, minutes=st.integers(1, 4))
    def one_works_while_the_other_stands_still(self, worker: int, minutes: int) -> None:
        self.day.stand_still(1 - worker, minutes)

    @precondition(lambda self: any(worker.is_busy for worker in self.day.workers))
    @rule(worker=WORKERS, how=st.sampled_from(("kill", "stop")))
    def a_worker_ends(self, worker: int, how: str) -> None:
        getattr(self.day, how)(worker)

    @precondition(lambda self: self.day.requests and not self.something_happened and not self.day.is_over)
    @rule(person=PEOPLE, what=st.sampled_from(("leave", "pause", "erase", "hours_pass", "end_cohort")))
    def something_happens_once(self, person: int, what: str) -> None:
        self.something_happened = True
        match what:
            case "hours_pass":
                self.day.time_passes(4 * 3600)
            case "end_cohort":
                self.day.end_cohort()
            case _:
                getattr(self.day, what)(person)

    @precondition(lambda self: self.day.requests and not self.day.is_over)
    @rule(what=st.sampled_from(("press", "connect_again", "plan_again", "sign_of_life")), person=PEOPLE)
    def something_happens(self, what: str, person: int) -> None:
        if what == "sign_of_life":
            self.day.sign_of_life(person)
        else:
            getattr(self.day, what)()

    def teardown(self) -> None:
        if hasattr(self, "day"):
            try:
                self.day.all_is_quiet()
                assert self.day.steps <= ALLOWED[self.day.teams]
            finally:
                self.day.close()


RUNS, STEPS = (int(number) for number in os.environ.get("INTERLEAVINGS", "100x50").split("x"))
"""INTERLEAVINGS=5000x80 looks further, for an hour."""


def interleave(runs: int = RUNS, *, shrinks: bool = True) -> None:
    """Go through so many runs. Raises AssertionError with the shortest way to a broken promise."""
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    with capture_logs():
        run_state_machine_as_test(
            Interleaved, settings=settings(max_examples=runs, stateful_step_count=STEPS, phases=phases)
        )


def test_every_interleaving_keeps_the_promises() -> None:
    interleave()


def test_a_lease_that_is_ignored_breaks_no_promise() -> None:
    """It is pacing only: that nothing goes out twice is in each message's own mark."""
    with planted(lease_ignored):
        interleave(20)


@pytest.mark.parametrize("mutant", SOON_SEEN, ids=lambda mutant: mutant.__name__)
def test_a_planted_fault_breaks_a_promise(mutant: Mutant) -> None:
    with planted(mutant), pytest.raises(AssertionError):
        interleave(shrinks=False)


@pytest.mark.parametrize(
    ("mutant", "walk"), SEEN_ON_A_WALK.items(), ids=lambda value: getattr(value, "__name__", value)
)
def test_a_planted_fault_that_shows_seldom_breaks_a_promise_on_the_way_to_it(mutant: Mutant, walk: str) -> None:
    with planted(mutant), pytest.raises(AssertionError):
        walked(walk)


def walked(name: str) -> set[Step]:
    """Go that way to its quiet end. Return the steps."""
    with capture_logs():
        day = OneDay(teams=name.startswith("in_teams"))
        try:
            WALKS[name](day)
            day.all_is_quiet()
        finally:
            day.close()
    return day.steps


@pytest.mark.parametrize("name", WALKS)
def test_each_walk_keeps_the_promises_and_follows_the_diagram(name: str) -> None:
    assert walked(name) <= ALLOWED[name.startswith("in_teams")]


def test_every_way_of_the_diagram_is_walked() -> None:
    taken = set[Step]().union(*map(walked, WALKS))
    assert taken == ALLOWED[False]


def test_every_state_is_in_the_diagram() -> None:
    assert {step.after for step in ALLOWED[False]} == set(State)
