"""Whoever changes rhythm keeps their if-then plans: each is shown on its day, or explained."""

from datetime import date, timedelta

import pytest

from storage.tables.deliveries import Kind, Reason, State
from tests.scheduler.world import MONDAY, World, at

SATURDAY = MONDAY + timedelta(days=5)


def plans(world: World, person: int) -> list[tuple[date, State | Reason]]:
    return [(row.day, row.reason or row.state) for row in world.deliveries(person, Kind.PLAN)]


@pytest.mark.parametrize("is_of_library", [True, False])
async def test_a_slot_moved_back_past_now_shows_todays_plan_with_the_exercise_that_goes_at_once(
    world: World, is_of_library: bool
) -> None:
    world.person(slot="08:15")  # the other rhythm exists, and has been planned for today
    person = world.person(world.cohort(), slot="12:45")
    await world.plan(at("2026-03-02 12:45"))
    [monday] = world.deliveries(person)
    world.plan_of(person, date(2026, 3, 3), delivery_id=None if is_of_library else monday.id)
    await world.plan(at("2026-03-03 08:15"))
    world.move(person, now=at("2026-03-03 10:00"), slot="08:15")
    await world.plan_until(at("2026-03-03 10:00"), at("2026-03-05 18:00"))
    assert plans(world, person) == [(date(2026, 3, 3), State.PLANNED)]
    [plan] = world.deliveries(person, Kind.PLAN)
    [nudge] = [row for row in world.deliveries(person, Kind.NUDGE) if row.day == plan.day]
    assert (plan.rides_on, nudge.due_at) == (nudge.id, at("2026-03-03 10:00"))


async def test_without_an_exercise_todays_plan_is_the_message_itself(world: World) -> None:
    world.person(slot="08:15")
    person = world.person(world.cohort(weeks=(1, 1)), slot="12:45")
    await world.plan(at("2026-03-02 12:45"))
    world.plan_of(person, date(2026, 3, 3))
    await world.plan(at("2026-03-03 08:15"))
    world.move(person, now=at("2026-03-03 10:00"), slot="08:15")
    await world.plan_until(at("2026-03-03 10:00"), at("2026-03-05 18:00"))
    [plan] = world.deliveries(person, Kind.PLAN)
    assert (plan.rides_on, plan.due_at, plan.state) == (None, at("2026-03-03 10:00"), State.PLANNED)


async def test_a_plan_that_was_promised_before_the_move_is_not_promised_again(world: World) -> None:
    world.person(slot="12:45")
    person = world.person(world.cohort(), slot="08:15")
    world.plan_of(person, MONDAY)
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 13:00"), slot="12:45")
    await world.plan_until(at("2026-03-02 13:00"), at("2026-03-04 18:00"))
    assert plans(world, person) == [(MONDAY, State.PLANNED)]


async def test_a_day_that_neither_rhythm_has_had_is_explained_on_the_next(world: World) -> None:
    """Moved on the Sunday: the new rhythm begins there, and the old one comes to Saturday without them."""
    person = world.person(world.cohort(), slot="12:45")
    world.plan_of(person, SATURDAY)
    await world.plan(at("2026-03-06 12:45"))
    world.move(person, now=at("2026-03-08 12:00"), slot="09:30")
    await world.plan_until(at("2026-03-08 12:00"), at("2026-03-11 18:00"))
    assert plans(world, person) == [(date(2026, 3, 9), Reason.OWN_DAY_OFF)]


async def test_a_plan_for_which_the_day_is_over_when_the_slot_moves_is_explained_as_too_late(world: World) -> None:
    world.person(slot="08:15")
    person = world.person(world.cohort(), slot="16:00")
    world.plan_of(person, MONDAY)
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 15:59"), slot="08:15")
    await world.plan(at("2026-03-02 16:31"))
    await world.plan_until(at("2026-03-03 06:00"), at("2026-03-04 18:00"))
    assert plans(world, person) == [(date(2026, 3, 3), Reason.TOO_LATE)]


async def test_whoever_is_in_no_cohort_has_the_plan_explained_as_too_late(world: World) -> None:
    world.person(slot="08:15")
    person = world.person(slot="12:45")
    world.plan_of(person, MONDAY)
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 10:00"), slot="08:15")
    await world.plan_until(at("2026-03-02 10:00"), at("2026-03-04 18:00"))
    assert plans(world, person) == [(date(2026, 3, 3), Reason.TOO_LATE)]


async def test_no_more_than_two_plans_come_with_the_exercise_that_goes_at_once(world: World) -> None:
    world.person(slot="08:15")
    person = world.person(world.cohort(), slot="12:45")
    for _ in range(3):
        world.plan_of(person, MONDAY)
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 10:00"), slot="08:15")
    await world.plan_until(at("2026-03-02 10:00"), at("2026-03-04 18:00"))
    sent, explained = [MONDAY, State.PLANNED], [date(2026, 3, 3), Reason.TOO_LATE]
    assert sorted(map(list, plans(world, person))) == [sent, sent, explained]
