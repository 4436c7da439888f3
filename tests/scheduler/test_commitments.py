"""Follow-ups and plans come back on their day, on the day's message where there is one."""

from datetime import date
from typing import Any

import pytest

from storage.tables.answers import FollowUp, FollowUpState
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace
from storage.tables.programmes import CatchUp, Cohort, CohortState, Enrolment
from tests.scheduler.world import MONDAY, World, at

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)


def riders_of(world: World, person: int, day: date) -> list[tuple[Kind, int | None]]:
    """What rides on the person's message of that day, in order."""
    rows = [row for row in world.deliveries(person) if row.day == day]
    (carrier,) = [row for row in rows if row.rides_on is None and row.state is not State.EXPLAINED]
    return [(row.kind, row.subject_id) for row in sorted(rows, key=lambda row: row.id) if row.rides_on == carrier.id]


async def test_a_follow_up_rides_on_the_days_nudge(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    follow_up = world.follow_up(person, TUESDAY, cohort=cohort)
    await world.plan(at("2026-03-02 08:15"))
    assert riders_of(world, person, MONDAY) == []
    await world.plan(at("2026-03-03 08:15"))
    assert riders_of(world, person, TUESDAY) == [(Kind.FOLLOW_UP, follow_up)]


async def test_without_a_nudge_the_oldest_is_the_message_and_the_next_rides_on_it(world: World) -> None:
    person = world.person()
    newer, older, newest = (world.follow_up(person, day) for day in (TUESDAY, MONDAY, WEDNESDAY))
    await world.plan(at("2026-03-04 08:15"))
    (carrier,) = [row for row in world.deliveries(person) if row.rides_on is None]
    assert (carrier.kind, carrier.subject_id) == (Kind.FOLLOW_UP, older)
    assert riders_of(world, person, WEDNESDAY) == [(Kind.FOLLOW_UP, newer)]
    assert world.deliveries(person, Kind.FOLLOW_UP)[-1].subject_id != newest


async def test_at_most_two_ride_oldest_commitment_first(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    third, first, second = (world.follow_up(person, day, cohort=cohort) for day in (TUESDAY, date(2026, 2, 27), MONDAY))
    await world.plan(at("2026-03-03 08:15"))
    riders = riders_of(world, person, TUESDAY)
    assert riders == [(Kind.FOLLOW_UP, first), (Kind.FOLLOW_UP, second)]
    for row in world.deliveries(person, Kind.FOLLOW_UP):
        world.settle(row)
        world.change(FollowUp, row.subject_id or 0, state=FollowUpState.ASKED)
    await world.plan(at("2026-03-04 08:15"))
    assert riders_of(world, person, WEDNESDAY) == [(Kind.FOLLOW_UP, third)]


async def test_a_follow_up_waits_for_a_day_on_which_the_person_can_be_reached(world: World) -> None:
    cohort = world.cohort(starts_on=date(2026, 3, 30))
    person = world.person(cohort)
    follow_up = world.follow_up(person, date(2026, 4, 3), cohort=cohort)  # Good Friday
    await world.plan_until(at("2026-03-30 06:00"), at("2026-04-07 18:00"))
    (row,) = world.deliveries(person, Kind.FOLLOW_UP)
    assert (row.day, row.subject_id) == (date(2026, 4, 7), follow_up)


@pytest.mark.parametrize(
    "fields",
    [
        {"paused_from": TUESDAY, "paused_until": TUESDAY},
        {"stopped_at": at("2026-03-01 12:00")},
        {"left_at": at("2026-03-01 12:00")},
        {"unanswered": 5, "last_sent_on": MONDAY, "pace": Pace.MONDAYS},
        {"unanswered": 20},
    ],
)
async def test_a_follow_up_is_not_promised_to_whoever_gets_nothing_that_day(
    world: World, fields: dict[str, Any]
) -> None:
    cohort = world.cohort()
    person = world.person(cohort, **fields)
    world.follow_up(person, TUESDAY, cohort=cohort)
    await world.plan(at("2026-03-03 08:15"))
    assert world.deliveries(person, Kind.FOLLOW_UP) == []


async def test_a_follow_up_of_a_cohort_that_is_paused_waits(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.change(Cohort, cohort, state=CohortState.PAUSED, paused_from=MONDAY)
    world.follow_up(person, TUESDAY, cohort=cohort)
    await world.plan(at("2026-03-03 08:15"))
    assert world.deliveries(person, Kind.FOLLOW_UP) == []


async def test_a_follow_up_that_could_not_be_sent_is_promised_again_the_next_day(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort)
    await world.plan(at("2026-03-02 08:15"))
    for row in world.deliveries(person):
        world.settle(row, State.EXPLAINED, Reason.TOO_LATE)
    await world.plan(at("2026-03-03 08:15"))
    rows = world.deliveries(person, Kind.FOLLOW_UP)
    assert [(row.occurrence, row.day, row.state) for row in rows] == [
        (1, MONDAY, State.EXPLAINED),
        (2, TUESDAY, State.PLANNED),
    ]


async def test_a_follow_up_whose_outcome_is_not_known_yet_is_not_asked_twice(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort)
    await world.plan(at("2026-03-02 08:15"))
    for row in world.deliveries(person):
        world.settle(row, State.UNKNOWN)
    await world.plan(at("2026-03-03 08:15"))
    assert len(world.deliveries(person, Kind.FOLLOW_UP)) == 1


async def test_a_plan_comes_back_on_the_morning_of_its_cue(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    plan = world.plan_of(person, TUESDAY)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-04 18:00"))
    (row,) = world.deliveries(person, Kind.PLAN)
    assert (row.subject_id, row.day, row.state) == (plan, TUESDAY, State.PLANNED)


async def test_a_plan_comes_back_on_its_own_morning_whatever_the_pace(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort, pace=Pace.MONDAYS)
    world.plan_of(person, WEDNESDAY)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-04 18:00"))
    (row,) = world.deliveries(person, Kind.PLAN)
    assert (row.day, row.rides_on, row.state) == (WEDNESDAY, None, State.PLANNED)


@pytest.mark.parametrize(
    ("cue_on", "fields", "reason"),
    [
        (TUESDAY, {"paused_from": TUESDAY, "paused_until": TUESDAY}, Reason.PAUSED),
        (TUESDAY, {"days": 0b11101}, Reason.OWN_DAY_OFF),
        (date(2026, 4, 3), {}, Reason.RED_DAY),
        (date(2026, 3, 7), {}, Reason.OWN_DAY_OFF),
    ],
)
async def test_a_plan_whose_morning_falls_away_is_explained(
    world: World, cue_on: date, fields: dict[str, Any], reason: Reason
) -> None:
    person = world.person(world.cohort(), **fields)
    world.plan_of(person, cue_on)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-04-04 18:00"))
    (row,) = world.deliveries(person, Kind.PLAN)
    assert (row.day, row.reason) == (cue_on, reason)


async def test_a_plan_that_was_put_aside_does_not_come_back(world: World) -> None:
    person = world.person(world.cohort())
    world.plan_of(person, TUESDAY, closed_at=at("2026-03-02 12:00"))
    await world.plan(at("2026-03-03 08:15"))
    assert world.deliveries(person, Kind.PLAN) == []


async def test_a_plan_that_finds_the_message_full_is_explained(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    for _ in range(2):
        world.follow_up(person, MONDAY, cohort=cohort)
    world.plan_of(person, TUESDAY)
    await world.plan(at("2026-03-03 08:15"))
    (row,) = world.deliveries(person, Kind.PLAN)
    assert row.reason is Reason.ONE_MESSAGE


CLOSED_TUESDAY = {"closed": ["2026-03-03"]}


async def test_a_follow_up_from_the_library_keeps_the_calendar_of_the_newest_cohort(world: World) -> None:
    older = world.cohort(starts_on=date(2026, 2, 23))
    person = world.person(older, world.cohort(calendar=CLOSED_TUESDAY))
    follow_up = world.follow_up(person, TUESDAY)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-04 18:00"))
    (row,) = world.deliveries(person, Kind.FOLLOW_UP)
    assert (row.day, row.subject_id, row.state) == (WEDNESDAY, follow_up, State.PLANNED)


async def test_a_plan_from_the_library_falls_away_on_a_closed_day_of_the_newest_cohort(world: World) -> None:
    person = world.person(world.cohort(calendar=CLOSED_TUESDAY))
    world.plan_of(person, TUESDAY)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-04 18:00"))
    (row,) = world.deliveries(person, Kind.PLAN)
    assert (row.day, row.reason) == (TUESDAY, Reason.CLOSED_DAY)


async def test_a_follow_up_of_somebody_who_was_removed_is_never_promised_again(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort, enrolment_id=1)
    world.change(Enrolment, 1, ends_on=MONDAY)
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-06 18:00"))
    assert world.deliveries(person, Kind.FOLLOW_UP) == []


async def test_a_follow_up_falls_away_with_the_patience_of_its_own_cohort(world: World) -> None:
    cohort = world.cohort(late_hours=1, catch_up=CatchUp.SKIP)
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort)
    world.plan_of(person, MONDAY)
    await world.plan(at("2026-03-02 10:00"))
    assert world.deliveries(person, Kind.FOLLOW_UP) == []
    assert world.deliveries(person, Kind.PLAN)[0].reason is Reason.KNUFF_WAS_DOWN


async def test_a_plan_of_a_paused_cohort_says_that_it_is_paused(world: World) -> None:
    cohort = world.cohort()
    person = world.person(cohort)
    world.change(Cohort, cohort, state=CohortState.PAUSED, paused_from=MONDAY)
    world.plan_of(person, TUESDAY)
    await world.plan(at("2026-03-03 08:15"))
    assert world.deliveries(person, Kind.PLAN)[0].reason is Reason.COHORT_PAUSED
