"""A slot is a window: a large group is spread over as long as its messages take, everybody at their own place."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import Any

import pytest
from sqlalchemy import literal_column, select, type_coerce
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from scheduler.buckets import Limits
from scheduler.lanes import SendingRules
from scheduler.planner import plan
from scheduler.window import SLOT_WINDOW, Paces, spread
from storage.database import Store
from storage.places import STEP_SECONDS, Moments, try_at_column
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person, Platform, Workspace
from storage.tables.programmes import CatchUp, Cohort
from tests.scheduler.offices import Office
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 08:15")
A_MINUTE_EACH: Paces = {"paper": 60}
"""So slow that twenty people are a large group."""


def people_of(world: World, number: int = 20, **fields: Any) -> list[int]:
    cohort = world.cohort(**fields)
    return [world.person(cohort) for _ in range(number)]


def waits(rows: list[Delivery]) -> dict[int, timedelta]:
    """How long after the slot each person's message is tried."""
    return {row.person_id: row.try_at - row.due_at for row in rows if row.person_id is not None}


async def test_a_large_group_is_spread_over_as_long_as_its_messages_take(world: World) -> None:
    people_of(world, 20)
    await plan(world.store, SLOT, paces=A_MINUTE_EACH)
    rows = world.deliveries()
    assert {row.due_at for row in rows} == {SLOT}
    places = sorted(waits(rows).values())
    assert places[0] < timedelta(minutes=2)
    assert timedelta(minutes=18) < places[-1] < timedelta(minutes=20)
    longest = max(later - earlier for earlier, later in pairwise(places))
    assert longest < timedelta(minutes=2)


async def test_a_small_group_has_its_messages_within_the_first_minute(memory: World) -> None:
    people_of(memory, 20)
    await plan(memory.store, SLOT, paces={"paper": 1})
    assert max(waits(memory.deliveries()).values()) < timedelta(seconds=60)


async def test_without_a_known_pace_everybody_is_due_at_the_slot(memory: World) -> None:
    people_of(memory, 5)
    await plan(memory.store, SLOT, paces={"slack": 1})
    assert set(waits(memory.deliveries()).values()) == {timedelta(0)}


async def test_each_person_has_the_same_place_every_day(memory: World) -> None:
    people_of(memory, 20)
    days = []
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        slot = at(f"{day} 08:15")
        await plan(memory.store, slot, paces=A_MINUTE_EACH)
        days.append(waits([row for row in memory.deliveries() if row.due_at == slot]))
    assert days[0] == days[1] == days[2]
    assert len(set(days[0].values())) > 10


async def test_the_statement_and_the_single_promise_give_the_same_place(world: World) -> None:
    people_of(world, 20)
    await plan(world.store, SLOT, paces=A_MINUTE_EACH)
    moments = Moments(due_at=SLOT, late_after=SLOT, try_at=SLOT, spread=timedelta(minutes=20))
    assert {row.person_id: row.try_at for row in world.deliveries()} == {
        row.person_id: moments.try_at_of(row.person_id) for row in world.deliveries() if row.person_id is not None
    }


async def test_each_workspace_is_spread_by_its_own_platforms_pace(memory: World) -> None:
    """The same rhythm in both: people of one organisation may be in Slack and in Teams."""
    slow = people_of(memory, 20)
    cohort = memory.cohort()
    fast = [memory.person(cohort) for _ in range(20)]
    teams = memory.store.write_now(lambda session: _teams_of(session, memory))
    memory.change(Cohort, cohort, workspace_id=teams)
    for person in fast:
        memory.change(Person, person, workspace_id=teams)
    await plan(memory.store, SLOT, paces={"paper": 60, "teams": 1})
    waited = waits(memory.deliveries())
    assert max(waited[person] for person in slow) > timedelta(minutes=17)
    assert max(waited[person] for person in fast) < timedelta(seconds=20)


def _teams_of(session: Session, world: World) -> int:
    teams = Workspace(
        organisation_id=world.organisation, platform=Platform.TEAMS, external_id="T2", created_at=world.founded_at
    )
    session.add(teams)
    session.flush()
    return teams.id


async def test_cohorts_with_the_same_rhythm_share_the_window(memory: World) -> None:
    """They wait in one queue, so that two groups of ten take as long as one of twenty."""
    people_of(memory, 10)
    people_of(memory, 10)
    await plan(memory.store, SLOT, paces=A_MINUTE_EACH)
    assert max(waits(memory.deliveries()).values()) > timedelta(minutes=17)


async def test_nobody_is_placed_later_than_half_an_hour_after_the_slot(memory: World) -> None:
    people_of(memory, 50)
    await plan(memory.store, SLOT, paces=A_MINUTE_EACH)
    assert timedelta(minutes=28) < max(waits(memory.deliveries()).values()) < SLOT_WINDOW


async def test_nobody_is_reached_later_than_if_all_had_been_due_at_once(memory: World) -> None:
    """The lane always has somebody to write to: it is a matter of who waits where."""
    office = Office(memory, SendingRules(limits=Limits(channel_posts_per_second=None), in_flight=1))
    people_of(memory, 120)
    await plan(memory.store, SLOT, paces={"paper": office.rules.limits.seconds_a_post})
    while len(office.courier.received) < 120:
        await office.go_on(seconds=1)
    last = max(moment for _, moment in office.courier.received)
    assert last - SLOT < timedelta(seconds=120 + STEP_SECONDS)


@pytest.mark.parametrize(
    ("day", "slot", "within"),
    [(date(2026, 3, 2), "16:00", 15), (date(2026, 4, 2), "11:50", 5), (date(2026, 3, 2), "08:15", 30)],
    ids=["before the day ends", "before noon on a half eve", "in the morning"],
)
async def test_the_window_leaves_half_of_what_is_kind_for_the_queue(
    memory: World, day: date, slot: str, within: int
) -> None:
    cohort = memory.cohort(starts_on=day)
    for _ in range(50):
        memory.person(cohort, slot=slot)
    await plan(memory.store, at(f"{day} {slot}"), paces=A_MINUTE_EACH)
    today = [row for row in memory.deliveries() if row.day == day and row.state is State.PLANNED]
    assert len(today) == 50
    assert max(row.try_at - row.due_at for row in today) < timedelta(minutes=within)
    assert all(row.try_at + (row.try_at - row.due_at) < row.late_after for row in today)


async def test_planned_late_the_window_begins_now_and_still_leaves_time(world: World) -> None:
    people_of(world, 50, catch_up=CatchUp.LATEST_ONLY)
    now = at("2026-03-02 16:10")
    await plan(world.store, now, paces=A_MINUTE_EACH)
    rows = world.deliveries()
    assert {row.state for row in rows} == {State.PLANNED}
    assert all(now <= row.try_at < now + timedelta(minutes=10) for row in rows)
    assert {row.late_after for row in rows} == {at("2026-03-02 16:30")}


async def test_planned_a_little_late_nobody_is_due_in_the_past(memory: World) -> None:
    people_of(memory, 20)
    now = at("2026-03-02 08:45")
    await plan(memory.store, now, paces=A_MINUTE_EACH)
    tried = sorted(row.try_at for row in memory.deliveries())
    assert now <= tried[0] < now + timedelta(minutes=2)
    assert tried[-1] > now + timedelta(minutes=18)


async def test_a_welcome_comes_at_the_place_the_exercises_will_have(world: World) -> None:
    cohort = world.cohort()
    joined = at("2026-02-26 10:00")
    for _ in range(20):
        world.person(cohort, welcomed=False, now=joined)
    await plan(world.store, joined, paces=A_MINUTE_EACH)
    welcomes = world.deliveries(kind=Kind.WELCOME)
    assert {row.due_at for row in welcomes} == {at("2026-02-27 08:15")}
    for row in welcomes:
        world.settle(row)
        world.change(Person, row.person_id, welcomed_at=row.due_at)
    await plan(world.store, SLOT, paces=A_MINUTE_EACH)
    nudges = [row for row in world.deliveries(kind=Kind.NUDGE) if row.due_at == SLOT]
    assert waits(welcomes) == waits(nudges)
    assert len(set(waits(nudges).values())) > 10


async def test_who_joins_today_and_can_be_welcomed_now_need_not_wait_for_a_place(memory: World) -> None:
    cohort = memory.cohort()
    now = at("2026-03-02 10:00")
    for _ in range(5):
        memory.person(cohort, welcomed=False, now=now, first_day=date(2026, 3, 2))
    await plan(memory.store, now, paces=A_MINUTE_EACH)
    assert {row.try_at for row in memory.deliveries(kind=Kind.WELCOME)} == {now}


async def test_what_comes_back_alone_has_the_place_the_exercise_would_have(world: World) -> None:
    """A follow-up on a day without an exercise: the programme is over by then."""
    cohort = world.cohort(weeks=(1,))
    people = [world.person(cohort) for _ in range(20)]
    await plan(world.store, SLOT, paces=A_MINUTE_EACH)
    nudges = world.deliveries()
    for row in nudges:
        world.settle(row)
    for person in people:
        world.follow_up(person, date(2026, 3, 3), cohort=cohort)
    await plan(world.store, at("2026-03-03 08:15"), paces=A_MINUTE_EACH)
    assert waits(world.deliveries(kind=Kind.FOLLOW_UP)) == waits(nudges)


def test_people_who_joined_one_after_the_other_lie_evenly_in_the_window() -> None:
    moments = Moments(due_at=SLOT, late_after=SLOT, try_at=SLOT, spread=timedelta(minutes=30))
    seconds = [(moments.try_at_of(person) - SLOT).total_seconds() for person in range(70_000, 71_800)]
    quarters = quantiles(seconds, n=4)
    assert quarters == pytest.approx([450, 900, 1350], abs=STEP_SECONDS)


def test_the_window_is_never_negative() -> None:
    assert spread(timedelta(minutes=5), kind_for=timedelta(minutes=-1)) == timedelta(0)


def test_the_largest_id_has_a_place_too(store: Store) -> None:
    """Ids have 31 bits: multiplied, they must still fit what the database calculates with."""
    largest = 2**31 - 1
    moments = Moments(due_at=SLOT, late_after=SLOT, try_at=SLOT, spread=SLOT_WINDOW)
    with store.engine.connect() as connection:
        place = try_at_column(connection.dialect.name, literal_column(str(largest)))
        in_sql = connection.execute(select(type_coerce(place, UTCDateTime())), moments.values).scalar_one()
    assert SLOT < moments.try_at_of(largest) == in_sql < SLOT + SLOT_WINDOW
