"""What is promised when a slot has come."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.planner import plan
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace, Person, Workspace
from storage.tables.programmes import Cohort, CohortState, Enrolment
from tests.scheduler.world import MONDAY, World, at

FRIDAY = MONDAY + timedelta(days=4)


async def test_everybody_gets_the_steps_of_the_week_in_order_on_their_days(world: World) -> None:
    cohort = world.cohort()
    people = [world.person(cohort) for _ in range(3)]
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-06 18:00"))
    for person in people:
        days = ["mon", "tue", "wed", "thu", "fri"]
        assert world.steps(person) == [(step, day, State.PLANNED) for step, day in enumerate(days, start=1)]


async def test_nothing_is_promised_before_the_slot_has_come(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:14:59"))
    assert world.deliveries() == []
    await world.plan(at("2026-03-02 08:15"))
    assert [row.due_at for row in world.deliveries()] == [at("2026-03-02 08:15")]


async def test_each_person_has_their_own_slot_and_zone(world: World) -> None:
    cohort = world.cohort()
    early = world.person(cohort, slot="07:45")
    abroad = world.person(cohort, slot="07:45", zone="America/New_York")
    await world.plan(at("2026-03-02 08:00"))
    assert [row.person_id for row in world.deliveries()] == [early]
    await world.plan(at("2026-03-02 07:45", "America/New_York"))
    assert [row.person_id for row in world.deliveries()] == [early, abroad]


async def test_a_slot_follows_the_wall_clock_when_clocks_go_forward(world: World) -> None:
    world.person(world.cohort(starts_on=date(2026, 3, 23)))
    await world.plan_until(at("2026-03-23 06:00"), at("2026-03-31 18:00"))
    due = {row.day: row.due_at for row in world.deliveries()}
    assert due[date(2026, 3, 27)] == at("2026-03-27 08:15")
    assert due[date(2026, 3, 30)] - due[date(2026, 3, 27)] == timedelta(days=3, hours=-1)


async def test_planning_again_promises_nothing_more(world: World) -> None:
    world.person(world.cohort())
    assert (await world.plan(at("2026-03-02 08:15"))).promised == 1
    assert (await world.plan(at("2026-03-02 08:15"))).promised == 0
    assert (await world.plan(at("2026-03-02 23:00"))).promised == 0


async def test_two_processes_may_plan_at_once(world: World) -> None:
    cohort = world.cohort()
    for _ in range(20):
        world.person(cohort)
        world.person(cohort, slot="08:10")
    now = at("2026-03-02 08:15")
    planned = await asyncio.gather(*(plan(world.store, now) for _ in range(6)))
    assert sum(each.promised for each in planned) == 40
    assert not any(each.failed for each in planned)
    assert len(world.deliveries()) == 40


async def test_a_red_day_makes_the_last_step_of_the_week_wait_in_the_library(world: World) -> None:
    person = world.person(world.cohort(starts_on=date(2026, 4, 7)))
    await world.plan_until(at("2026-04-07 06:00"), at("2026-04-10 18:00"))
    assert world.steps(person) == [
        (1, "tue", State.PLANNED),
        (5, "tue", Reason.BEFORE_START),
        (2, "wed", State.PLANNED),
        (3, "thu", State.PLANNED),
        (4, "fri", State.PLANNED),
    ]


async def test_a_step_that_a_short_week_has_no_room_for_is_explained_on_the_day_that_fell_away(world: World) -> None:
    person = world.person(world.cohort(weeks=(5, 5), starts_on=date(2026, 4, 20)))
    await world.plan_until(at("2026-04-27 06:00"), at("2026-05-01 18:00"))
    first_of_may = [row for row in world.deliveries(person) if row.day == date(2026, 5, 1)]
    assert [(row.step, row.reason) for row in first_of_may] == [(10, Reason.RED_DAY)]


async def test_somebody_with_a_part_time_week_gets_the_first_steps_of_each_week(world: World) -> None:
    person = world.person(world.cohort(), days=0b00111)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-06 18:00"))
    assert world.steps(person) == [
        (1, "mon", State.PLANNED),
        (2, "tue", State.PLANNED),
        (3, "wed", State.PLANNED),
        (4, "thu", Reason.OWN_DAY_OFF),
        (5, "fri", Reason.OWN_DAY_OFF),
    ]


async def test_three_a_week_is_monday_tuesday_and_thursday(world: World) -> None:
    person = world.person(world.cohort(), pace=Pace.THREE)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-06 18:00"))
    assert world.steps(person) == [
        (1, "mon", State.PLANNED),
        (2, "tue", State.PLANNED),
        (3, "wed", Reason.PACE),
        (4, "thu", State.PLANNED),
        (5, "fri", Reason.PACE),
    ]


async def test_gathered_on_mondays_is_one_message_with_the_whole_week(world: World) -> None:
    person = world.person(world.cohort(), pace=Pace.MONDAYS)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-06 18:00"))
    carrier, *riders = world.deliveries(person)
    assert (carrier.step, carrier.day, carrier.rides_on) == (1, MONDAY, None)
    assert [(row.step, row.rides_on) for row in riders] == [(step, carrier.id) for step in (2, 3, 4, 5)]


async def test_gathered_on_mondays_moves_to_tuesday_after_easter_monday(world: World) -> None:
    person = world.person(world.cohort(starts_on=date(2026, 3, 30), weeks=(4, 5)), pace=Pace.MONDAYS)
    await world.plan_until(at("2026-04-06 06:00"), at("2026-04-10 18:00"))
    week_two = [row for row in world.deliveries(person) if row.day >= date(2026, 4, 6)]
    assert [(row.step, f"{row.day:%a}") for row in week_two] == [(step, "Tue") for step in (5, 6, 7, 8, 9)]


async def test_gathered_steps_are_explained_together(world: World) -> None:
    person = world.person(world.cohort(), pace=Pace.MONDAYS, stopped_at=at("2026-03-01 12:00"))
    await world.plan(at("2026-03-02 08:15"))
    assert [row.reason for row in world.deliveries(person)] == [Reason.STOPPED] * 5


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"left_at": at("2026-03-01 12:00")}, Reason.LEFT),
        ({"stopped_at": at("2026-03-01 12:00")}, Reason.STOPPED),
        ({"paused_from": MONDAY, "paused_until": MONDAY}, Reason.PAUSED),
        ({"paused_from": date(2026, 2, 1), "paused_until": FRIDAY}, Reason.PAUSED),
        ({"paused_from": date(2026, 2, 1), "paused_until": date(2026, 3, 1)}, State.PLANNED),
        ({"paused_from": date(2026, 3, 3), "paused_until": FRIDAY}, State.PLANNED),
        ({"unreachable_at": at("2026-03-01 12:00")}, Reason.NOT_REACHABLE),
        ({}, State.PLANNED),
    ],
)
async def test_what_falls_away_for_a_person_is_explained_at_once(
    world: World, fields: dict[str, Any], reason: Reason | State
) -> None:
    person = world.person(world.cohort(), **fields)
    await world.plan(at("2026-03-02 08:15"))
    assert world.steps(person) == [(1, "mon", reason)]


async def test_while_a_workspace_is_disconnected_its_steps_are_explained(world: World) -> None:
    person = world.person(world.cohort())
    world.change(Workspace, world.workspace, disconnected_at=at("2026-03-01 12:00"))
    await world.plan(at("2026-03-02 08:15"))
    assert world.steps(person) == [(1, "mon", Reason.WORKSPACE_DISCONNECTED)]


async def test_a_paused_cohort_explains_and_an_ended_one_promises_nothing(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.change(Cohort, cohort, state=CohortState.PAUSED, paused_from=date(2026, 3, 3))
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-03 18:00"))
    world.change(Cohort, cohort, state=CohortState.ENDED, ended_on=date(2026, 3, 4))
    await world.plan_until(at("2026-03-03 18:30"), at("2026-03-06 18:00"))
    assert world.steps(person) == [(1, "mon", State.PLANNED), (2, "tue", Reason.COHORT_PAUSED)]


async def test_whoever_was_removed_is_promised_nothing_more(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.change(Enrolment, 1, ends_on=date(2026, 3, 3))
    await world.plan_until(at("2026-03-02 18:30"), at("2026-03-06 18:00"))
    assert world.steps(person) == [(1, "mon", State.PLANNED)]


async def test_whoever_joins_late_begins_where_the_cohort_is(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort, first_day=date(2026, 3, 4), now=at("2026-03-03 12:00"))
    await world.plan_until(at("2026-03-03 12:00"), at("2026-03-06 18:00"))
    assert [step for step, _, _ in world.steps(person)] == [3, 4, 5]


async def test_whoever_has_day_one_on_joining_begins_with_step_one(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort, starts_on=date(2026, 3, 9), now=at("2026-03-04 12:00"))
    await world.plan_until(at("2026-03-04 12:00"), at("2026-03-13 18:00"))
    assert [step for step, _, _ in world.steps(person)] == [1, 2, 3, 4, 5]


async def test_nothing_comes_after_the_last_week(world: World) -> None:
    world.person(world.cohort(weeks=(5,)))
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-20 18:00"))
    assert len(world.deliveries()) == 5


async def test_somebody_in_two_cohorts_gets_one_message_a_day(world: World) -> None:
    first, second = world.cohort(), world.cohort()
    person = world.person(first, second)
    await world.plan(at("2026-03-02 08:15"))
    rows = sorted(world.deliveries(person), key=lambda row: row.cohort_id or 0)
    assert [(row.cohort_id, row.state, row.reason) for row in rows] == [
        (first, State.PLANNED, None),
        (second, State.EXPLAINED, Reason.ONE_MESSAGE),
    ]


async def test_a_message_is_never_kind_after_the_working_day(world: World) -> None:
    cohort = world.cohort(late_hours=4)
    morning, afternoon = world.person(cohort), world.person(cohort, slot="15:00")
    await world.plan(at("2026-03-02 15:00"))
    late_after = {row.person_id: row.late_after for row in world.deliveries()}
    assert late_after == {morning: at("2026-03-02 16:30"), afternoon: at("2026-03-02 16:30")}


async def test_on_a_half_eve_it_is_too_late_at_noon(world: World) -> None:
    world.person(world.cohort(starts_on=date(2026, 3, 30)), slot="09:00")
    await world.plan(at("2026-04-02 09:00"))
    eve = next(row for row in world.deliveries() if row.day == date(2026, 4, 2))
    assert (eve.state, eve.late_after) == (State.PLANNED, at("2026-04-02 12:00"))


async def test_a_cadence_that_cannot_be_planned_does_not_stop_the_others(world: World) -> None:
    broken, whole = world.cohort(), world.cohort(weeks=(4,))
    world.person(broken, slot="08:00")
    person = world.person(whole)
    from storage.tables.programmes import ProgrammeDocument

    world.change(ProgrammeDocument, 1, body="not JSON", digest="broken")
    planned = await plan(world.store, at("2026-03-02 08:15"))
    assert planned.failed == 1
    assert world.steps(person) == [(1, "mon", State.PLANNED)]


async def test_a_new_rhythm_begins_with_its_next_slot(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort, now=at("2026-03-04 12:00"))
    await world.plan(at("2026-03-04 12:00"))
    assert world.deliveries(person, Kind.NUDGE) == []
    await world.plan(at("2026-03-05 08:15"))
    assert world.steps(person) == [(4, "thu", State.PLANNED)]


def test_the_same_rhythm_is_the_same_cadence(world: World) -> None:
    one, other = world.person(), world.person()
    assert world.look_up(Person, one).cadence_id == world.look_up(Person, other).cadence_id
