"""What has become unnecessary or too late is decided at the moment of sending."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.tables.answers import FollowUp, FollowUpState, Plan
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person
from storage.tables.programmes import Cohort, CohortState, Enrolment
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import MONDAY, at


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"left_at": SLOT}, Reason.LEFT),
        ({"stopped_at": SLOT}, Reason.STOPPED),
        ({"paused_from": MONDAY, "paused_until": MONDAY}, Reason.PAUSED),
        ({"unreachable_at": SLOT}, Reason.NOT_REACHABLE),
    ],
)
async def test_what_happened_to_the_person_meanwhile_counts(
    office: Office, change: dict[str, Any], reason: Reason
) -> None:
    (row,) = await planned(office.world)
    office.world.change(Person, row.person_id, **change)
    await office.send()
    assert office.courier.received == []
    assert fate(office.world, row) is reason


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (Cohort, {"state": CohortState.PAUSED, "paused_from": MONDAY}, Reason.COHORT_PAUSED),
        (Cohort, {"state": CohortState.ENDED, "ended_on": MONDAY}, Reason.COHORT_ENDED),
        (Enrolment, {"ends_on": MONDAY}, Reason.REMOVED),
    ],
)
async def test_what_happened_to_the_cohort_meanwhile_counts(
    office: Office, table: type[Any], change: dict[str, Any], reason: Reason
) -> None:
    (row,) = await planned(office.world)
    office.world.change(table, 1, **change)
    await office.send()
    assert (office.courier.received, fate(office.world, row)) == ([], reason)


async def test_too_late_is_too_late(office: Office) -> None:
    on_time, late = await planned(office.world, people=2)
    office.world.change(Delivery, late.id, late_after=SLOT - timedelta(seconds=1))
    await office.send()
    assert (fate(office.world, on_time), fate(office.world, late)) == (State.SENT, Reason.TOO_LATE)


async def test_a_welcome_that_came_too_late_is_promised_again(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort(), welcomed=False, now=at("2026-02-26 07:00"))
    await world.plan(at("2026-02-26 07:00"))
    office.clock.wind_to(at("2026-02-26 16:31"))
    await office.send()
    await world.plan(at("2026-02-26 16:32"))
    first, second = world.deliveries(person, Kind.WELCOME)
    assert (first.reason, second.due_at) == (Reason.TOO_LATE, at("2026-02-27 08:15"))


async def test_what_was_answered_or_moved_meanwhile_is_not_asked(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    answered, moved = (world.follow_up(person, MONDAY, cohort=cohort) for _ in range(2))
    await world.plan(SLOT)
    world.change(FollowUp, answered, state=FollowUpState.ANSWERED)
    world.change(FollowUp, moved, due_on=date(2026, 3, 6))
    await office.send()
    (nudge,) = world.deliveries(person, Kind.NUDGE)
    assert nudge.state is State.SENT
    assert {row.subject_id: row.reason for row in world.deliveries(person, Kind.FOLLOW_UP)} == {
        answered: Reason.ALREADY_ANSWERED,
        moved: Reason.MOVED,
    }


async def test_when_the_carrier_falls_away_what_rode_on_it_becomes_the_message(office: Office) -> None:
    world = office.world
    person = world.person()
    first, second = world.follow_up(person, date(2026, 2, 27)), world.follow_up(person, MONDAY)
    await world.plan(SLOT)
    world.change(FollowUp, first, state=FollowUpState.LET_GO)
    await office.send()
    rows = {row.subject_id: row for row in world.deliveries(person)}
    assert rows[first].reason is Reason.ALREADY_ANSWERED
    assert (rows[second].state, rows[second].rides_on) == (State.SENT, None)
    assert office.courier.ids == [rows[second].id]


async def test_of_several_that_rode_along_one_becomes_the_message_and_the_others_ride_on_it(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    first, second = (world.follow_up(person, MONDAY, cohort=cohort) for _ in range(2))
    await world.plan(SLOT)
    world.change(Enrolment, 1, ends_on=MONDAY)
    await office.send()
    rows = {row.subject_id: row for row in world.deliveries(person, Kind.FOLLOW_UP)}
    assert world.deliveries(person, Kind.NUDGE)[0].reason is Reason.REMOVED
    assert (rows[first].state, rows[first].rides_on) == (State.SENT, None)
    assert (rows[second].state, rows[second].rides_on) == (State.SENT, rows[first].id)
    assert office.courier.ids == [rows[first].id]


async def test_a_plan_that_was_put_aside_falls_out_of_the_message(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort())
    plan = world.plan_of(person, MONDAY)
    await world.plan(SLOT)
    world.change(Plan, plan, closed_at=SLOT)
    await office.send()
    assert {row.kind: row.reason or row.state for row in world.deliveries(person)} == {
        Kind.NUDGE: State.SENT,
        Kind.PLAN: Reason.ALREADY_ANSWERED,
    }


async def test_whoever_came_back_gets_no_farewell(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort(), unanswered=20)
    await world.plan(SLOT)
    world.change(Person, person, unanswered=0)
    await office.send()
    (farewell,) = world.deliveries(person, Kind.FAREWELL)
    assert farewell.reason is Reason.ALREADY_ANSWERED
    assert world.look_up(Person, person).stopped_at is None
