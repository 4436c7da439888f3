"""Months in which a programme rests: its weeks wait, nothing is promised, and what comes back waits too."""

from datetime import date, timedelta
from functools import partial

import pytest

from scheduler.calendar import Calendar
from scheduler.nights import end_finished_cohorts
from scheduler.weeks import monday_of_week, week_number, weeks_over
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace
from storage.tables.programmes import Cohort, CohortState
from tests.scheduler.world import World, at

JULY = Calendar(resting=frozenset({7}))
CHOICES = {"resting": [7]}
START = date(2026, 6, 22)
"""The week after Midsummer. The next one has 1 July, a Wednesday; the next whole one is that of 3 August."""
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "number", "over"),
    [
        ("2026-06-15", 0, -1),
        ("2026-06-22", 1, 0),
        ("2026-06-28", 1, 0),
        ("2026-06-29", None, 1),
        ("2026-07-20", None, 1),
        ("2026-07-31", None, 1),
        ("2026-08-03", 2, 1),
        ("2026-08-10", 3, 2),
        ("2027-06-28", None, 48),
    ],
)
def test_a_week_with_a_working_day_in_a_month_of_rest_does_not_count(day: str, number: int | None, over: int) -> None:
    there = date.fromisoformat(day)
    assert week_number(there, starts_on=START, calendar=JULY) == number
    assert weeks_over(there, starts_on=START, calendar=JULY) == over


@pytest.mark.parametrize("month", range(1, 13))
def test_a_year_of_weeks_can_begin_in_any_month(month: int) -> None:
    start = date(2026, month, 9)
    mondays = [monday_of_week(number, starts_on=start, calendar=JULY) for number in range(1, 46)]
    assert not [monday for monday in mondays if 7 in (monday.month, (monday + timedelta(days=4)).month)]
    assert mondays == sorted(set(mondays))
    assert [week_number(monday, starts_on=start, calendar=JULY) for monday in mondays] == list(range(1, 46))


async def test_the_steps_go_on_after_the_rest_where_they_were(memory: World) -> None:
    person = memory.person(memory.cohort(weeks=(3, 3), starts_on=START, calendar=CHOICES))
    await memory.plan_until(at("2026-06-22 09:00"), at("2026-08-14 18:00"), A_DAY)
    days = [(row.step, row.day.isoformat(), row.state) for row in memory.deliveries(person)]
    assert days == [
        (1, "2026-06-22", State.PLANNED),
        (2, "2026-06-23", State.PLANNED),
        (3, "2026-06-25", State.PLANNED),
        (4, "2026-08-03", State.PLANNED),
        (5, "2026-08-04", State.PLANNED),
        (6, "2026-08-06", State.PLANNED),
    ]


async def test_a_follow_up_that_is_due_in_the_rest_comes_after_it(memory: World) -> None:
    cohort = memory.cohort(weeks=(1, 1), starts_on=START, calendar=CHOICES)
    person = memory.person(cohort)
    memory.follow_up(person, date(2026, 7, 6), cohort=cohort)
    await memory.plan_until(at("2026-06-29 09:00"), at("2026-08-07 18:00"), A_DAY)
    assert [row.day for row in memory.deliveries(person, Kind.FOLLOW_UP)] == [date(2026, 8, 3)]


async def test_whoever_changes_rhythm_in_the_rest_has_lost_nothing_and_gets_nothing(memory: World) -> None:
    person = memory.person(memory.cohort(weeks=(2, 2), starts_on=START, calendar=CHOICES))
    await memory.plan_until(at("2026-06-22 09:00"), at("2026-07-08 18:00"), A_DAY)
    memory.move(person, now=at("2026-07-08 18:00"), pace=Pace.THREE, slot="10:00")
    await memory.plan_until(at("2026-07-08 18:01"), at("2026-08-07 18:00"), timedelta(hours=3))
    days = [(row.step, row.day.isoformat(), row.state) for row in memory.deliveries(person)]
    assert days == [
        (1, "2026-06-22", State.PLANNED),
        (2, "2026-06-24", State.PLANNED),
        (3, "2026-08-03", State.PLANNED),
        (4, "2026-08-04", State.PLANNED),
    ]


async def test_what_nobody_planned_after_the_rest_is_explained_from_the_week_they_came_in(memory: World) -> None:
    """They come in with the second week, that of 3 August, and Knuff is down until they move in the third."""
    cohort = memory.cohort(weeks=(1, 1, 1), starts_on=START, calendar=CHOICES)
    person = memory.person(cohort, first_day=date(2026, 8, 3))
    memory.move(person, now=at("2026-08-10 07:00"), slot="10:00")
    await memory.plan(at("2026-08-10 10:00"))
    assert [(row.step, row.reason) for row in memory.deliveries(person)] == [(2, Reason.KNUFF_WAS_DOWN), (3, None)]


async def test_whoever_comes_in_during_a_long_rest_is_welcomed_after_it(memory: World) -> None:
    """June and July together are longer than anybody is otherwise kept waiting."""
    cohort = memory.cohort(weeks=(2, 2), starts_on=date(2026, 5, 18), calendar={"resting": [6, 7]})
    memory.person(cohort)
    newcomer = memory.person(cohort, now=at("2026-06-01 12:00"), first_day=date(2026, 8, 3), welcomed=False)
    await memory.plan(at("2026-06-01 12:01"))
    assert [row.day for row in memory.deliveries(newcomer, Kind.WELCOME)] == [date(2026, 8, 3)]


async def test_a_cohort_ends_when_its_last_week_is_over_after_the_rest(memory: World) -> None:
    cohort = memory.cohort(weeks=(1, 1), starts_on=START, calendar=CHOICES)
    memory.person(cohort)
    for day, ended in ((date(2026, 8, 7), []), (date(2026, 8, 8), [cohort])):
        assert ended_by(memory, day) == ended
    assert memory.look_up(Cohort, cohort).state is CohortState.ENDED


async def test_a_cohort_that_rests_after_its_last_week_still_asks_how_it_went(memory: World) -> None:
    """Four weeks are kept for last questions, and in July nobody can be asked."""
    cohort = memory.cohort(weeks=(1,), starts_on=START, calendar=CHOICES)
    person = memory.person(cohort)
    memory.follow_up(person, date(2026, 7, 1), cohort=cohort)
    ended = [ended_by(memory, day) for day in (date(2026, 7, 25), date(2026, 8, 24), date(2026, 8, 25))]
    assert ended == [[], [], [cohort]]


def ended_by(world: World, day: date) -> list[int]:
    return world.store.write_now(partial(end_finished_cohorts, organisation_id=world.organisation, today=day))
