"""Two processes on PostgreSQL: one plans while the other sends."""

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from datetime import date

import pytest
from sqlmodel import Session

from scheduler import moving, planner
from storage import movers
from storage.database import Store
from storage.sending import Claimed, claim
from storage.tables.deliveries import Delivery, Kind
from storage.tables.people import Person
from storage.tables.programmes import Enrolment
from tests.scheduler.world import World, at

WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
def world(emptied_postgres: Store) -> World:
    return World(emptied_postgres)


@pytest.mark.postgres
async def test_a_message_is_not_sent_without_what_is_being_put_on_it(world: World) -> None:
    message, cadence_id = await _promised_ahead_with_a_question_to_come(world)
    with ThreadPoolExecutor(1) as another, Session(world.store.engine) as planning:
        planner.plan_cadence(planning, cadence_id, message.try_at)
        claimed = another.submit(world.store.write_now, lambda session: _claim(session, message))
        with pytest.raises(TimeoutError):  # it waits for the planner
            claimed.result(timeout=0.3)
        planning.commit()
        sent_together = claimed.result(timeout=10)
    assert [part.kind for part in sent_together.parts] == [Kind.NUDGE, Kind.FOLLOW_UP]


@pytest.mark.postgres
async def test_what_is_being_put_on_a_message_that_falls_away_is_sent_by_itself(world: World) -> None:
    message, cadence_id = await _promised_ahead_with_a_question_to_come(world)
    with ThreadPoolExecutor(1) as another, Session(world.store.engine) as planning:
        planner.plan_cadence(planning, cadence_id, message.try_at)
        world.change(Enrolment, message.enrolment_id, ends_on=message.day)
        claimed = another.submit(world.store.write_now, lambda session: _claim(session, message))
        with pytest.raises(TimeoutError):
            claimed.result(timeout=0.3)
        planning.commit()
        assert [part.kind for part in claimed.result(timeout=10).parts] == [Kind.FOLLOW_UP]


@pytest.mark.postgres
async def test_nothing_is_put_on_a_message_that_is_being_sent(world: World) -> None:
    message, cadence_id = await _promised_ahead_with_a_question_to_come(world)
    with ThreadPoolExecutor(1) as another, Session(world.store.engine) as sending:
        assert [part.kind for part in _claim(sending, message).parts] == [Kind.NUDGE]
        planned = another.submit(
            world.store.write_now, lambda session: planner.plan_cadence(session, cadence_id, message.try_at)
        )
        with pytest.raises(TimeoutError):  # it waits for the lane
            planned.result(timeout=0.3)
        sending.commit()
        planned.result(timeout=10)
    assert [row.rides_on for row in world.deliveries(message.person_id, Kind.FOLLOW_UP)] == []


@pytest.mark.postgres
async def test_whoever_changes_rhythm_holds_up_nobody_elses_message(world: World) -> None:
    cohort = world.cohort()
    other, mover = world.person(cohort), world.person(cohort, slot="08:00")
    await world.plan_until(at("2026-03-02 08:15"), at("2026-03-02 08:15"))
    now = at("2026-03-02 08:16")
    world.move(mover, now=now, slot="08:15")
    [theirs], [movers_own] = world.deliveries(other), world.deliveries(mover)
    [mark] = world.store.write_now(lambda session: movers.moved_enrolments(session, 2))
    with ThreadPoolExecutor(1) as another, Session(world.store.engine) as planning:
        moving.sort_out(planning, [mark.enrolment_id], now)
        claimed = another.submit(world.store.write_now, lambda session: claim(session, theirs.id, now))
        assert claimed.result(timeout=5) is not None
        claimed = another.submit(world.store.write_now, lambda session: claim(session, movers_own.id, now))
        with pytest.raises(TimeoutError):  # what is being planned for them may belong on it
            claimed.result(timeout=0.3)
        planning.commit()
        assert claimed.result(timeout=10) is not None


def _claim(session: Session, message: Delivery) -> Claimed:
    claimed = claim(session, message.id, message.try_at)
    assert claimed is not None
    return claimed


async def _promised_ahead_with_a_question_to_come(world: World) -> tuple[Delivery, int]:
    """Return Wednesday's message of somebody who has chosen other days on Tuesday, so that the rest of their week is
    promised already, and their cadence."""
    person = world.person(world.cohort())
    await world.plan_until(at("2026-03-02 09:00"), at("2026-03-03 09:00"))
    world.move(person, now=at("2026-03-03 10:00"), days=0b11110)
    await world.plan(at("2026-03-03 10:00"))
    world.follow_up(person, WEDNESDAY)
    (message,) = (row for row in world.deliveries(person) if row.day == WEDNESDAY)
    return message, world.look_up(Person, person).cadence_id
