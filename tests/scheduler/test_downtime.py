"""After downtime nobody is flooded: skip, latest only, or paced."""

from datetime import date, timedelta

import pytest

from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace
from storage.tables.programmes import CatchUp
from tests.scheduler.world import World, at

MISSED_TWO_DAYS = at("2026-03-04 08:15")
"""Knuff slept through Monday and Tuesday."""


async def test_within_the_hours_that_count_as_kind_it_is_as_if_nothing_had_happened(world: World) -> None:
    for policy in CatchUp:
        world.person(world.cohort(catch_up=policy))
    await world.plan(at("2026-03-02 12:15"))
    assert [row.state for row in world.deliveries()] == [State.PLANNED] * 3


async def test_skip_explains_what_was_missed(world: World) -> None:
    person = world.person(world.cohort(catch_up=CatchUp.SKIP))
    await world.plan(MISSED_TWO_DAYS)
    assert world.steps(person) == [
        (1, "mon", Reason.KNUFF_WAS_DOWN),
        (2, "tue", Reason.KNUFF_WAS_DOWN),
        (3, "wed", State.PLANNED),
    ]


async def test_skip_leaves_out_today_when_it_is_too_late(world: World) -> None:
    person = world.person(world.cohort(catch_up=CatchUp.SKIP))
    await world.plan(at("2026-03-02 12:16"))
    assert world.steps(person) == [(1, "mon", Reason.KNUFF_WAS_DOWN)]


async def test_latest_only_sends_todays_as_soon_as_knuff_is_up(world: World) -> None:
    person = world.person(world.cohort(catch_up=CatchUp.LATEST_ONLY))
    await world.plan(at("2026-03-03 14:00"))
    monday, tuesday = world.deliveries(person)
    assert monday.reason is Reason.KNUFF_WAS_DOWN
    assert (tuesday.state, tuesday.due_at) == (State.PLANNED, at("2026-03-03 08:15"))
    assert (tuesday.try_at, tuesday.late_after) == (at("2026-03-03 14:00"), at("2026-03-03 16:30"))


async def test_latest_only_never_sends_after_the_working_day(world: World) -> None:
    person = world.person(world.cohort(catch_up=CatchUp.LATEST_ONLY))
    await world.plan(at("2026-03-02 16:31"))
    assert world.steps(person) == [(1, "mon", Reason.KNUFF_WAS_DOWN)]


async def test_latest_only_sends_nothing_after_noon_on_a_half_eve(world: World) -> None:
    person = world.person(world.cohort(starts_on=date(2026, 4, 2), catch_up=CatchUp.LATEST_ONLY))
    await world.plan(at("2026-04-02 12:01"))
    assert (1, "thu", Reason.KNUFF_WAS_DOWN) in world.steps(person)


async def test_paced_brings_what_was_missed_one_a_day_oldest_first(world: World) -> None:
    person = world.person(world.cohort(catch_up=CatchUp.PACED))
    await world.plan(MISSED_TWO_DAYS)
    await world.plan_until(at("2026-03-04 12:00"), at("2026-03-13 18:00"))
    again = [row for row in world.deliveries(person, Kind.NUDGE) if row.occurrence == 2]
    assert [(row.step, f"{row.day:%a}") for row in again] == [(1, "Wed"), (2, "Thu")]
    carriers = {row.id: row for row in world.deliveries(person) if row.rides_on is None}
    assert [carriers[row.rides_on or 0].step for row in again] == [3, 4]
    first = [row for row in world.deliveries(person, Kind.NUDGE) if row.step in (1, 2) and row.occurrence == 1]
    assert [row.reason for row in first] == [Reason.MOVED, Reason.MOVED]


@pytest.mark.parametrize("pace", [Pace.DAILY, Pace.MONDAYS])
async def test_paced_brings_no_exercise_twice_to_somebody_in_two_cohorts(memory: World, pace: Pace) -> None:
    person = memory.person(memory.cohort(catch_up=CatchUp.PACED), memory.cohort(catch_up=CatchUp.PACED), pace=pace)
    await memory.plan_until(at("2026-03-06 18:00"), at("2026-04-21 18:00"))
    carried = [row.step for row in memory.deliveries(person, Kind.NUDGE) if row.reason is None]
    assert sorted(step or 0 for step in carried) == list(range(1, 16))
    first_week = [row for row in memory.deliveries(person, Kind.NUDGE) if row.occurrence == 1 and row.day.day < 9]
    reasons = [row.reason for row in first_week]
    assert [reasons.count(Reason.MOVED), reasons.count(Reason.ONE_MESSAGE)] == [5, 5]


async def test_paced_brings_the_last_steps_after_the_programme_by_themselves(world: World) -> None:
    person = world.person(world.cohort(weeks=(5,), catch_up=CatchUp.PACED))
    await world.plan(at("2026-03-02 08:15"))
    await world.plan_until(at("2026-03-07 06:00"), at("2026-03-14 18:00"))
    again = [row for row in world.deliveries(person, Kind.NUDGE) if row.occurrence == 2]
    assert [(row.step, row.day, row.rides_on) for row in again] == [
        (step, date(2026, 3, 9) + timedelta(days=step - 2), None) for step in (2, 3, 4, 5)
    ]


async def test_a_pause_goes_before_downtime(world: World) -> None:
    person = world.person(world.cohort(), paused_from=date(2026, 3, 2), paused_until=date(2026, 3, 2))
    await world.plan(MISSED_TWO_DAYS)
    assert world.steps(person)[:2] == [(1, "mon", Reason.PAUSED), (2, "tue", Reason.KNUFF_WAS_DOWN)]


async def test_a_long_downtime_leaves_no_step_without_an_explanation(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan(at("2026-03-25 10:00"))
    assert [step for step, _, _ in world.steps(person)] == list(range(1, 16))
    assert {reason for _, _, reason in world.steps(person)} == {Reason.KNUFF_WAS_DOWN}


async def test_follow_ups_wait_for_the_first_day_knuff_is_up(world: World) -> None:
    cohort = world.cohort(catch_up=CatchUp.SKIP)
    person = world.person(cohort)
    world.follow_up(person, date(2026, 3, 2), cohort=cohort)
    await world.plan(MISSED_TWO_DAYS)
    (row,) = world.deliveries(person, Kind.FOLLOW_UP)
    assert (row.day, row.state) == (date(2026, 3, 4), State.PLANNED)
