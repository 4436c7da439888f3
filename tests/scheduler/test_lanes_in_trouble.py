"""What a lane does when the database, or a message in it, is in trouble: nobody is held up, nothing known is lost."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from errno import EMFILE
from typing import TypeVar

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS, Limits
from scheduler.lanes import SETTLE_AGAIN_SECONDS, SendingRules
from scheduler.ports import Call, NotNeeded, Sent
from storage.database import Store
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.people import Cadence, Person
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import MONDAY, World

T = TypeVar("T")


async def test_a_message_the_database_cannot_read_is_tried_later_and_holds_nobody_up(office: Office) -> None:
    rows = await planned(office.world, people=3)
    office.courier.unreadable = {rows[0].id}
    assert await office.send() == 3
    assert office.courier.ids == [row.id for row in rows[1:]]
    put_back = office.world.look_up(Delivery, rows[0].id)
    assert (put_back.state, put_back.error, put_back.attempts) == (State.PLANNED, "database", 1)
    assert put_back.try_at > SLOT
    office.courier.unreadable = set()
    await office.go_on(seconds=10)
    assert fate(office.world, rows[0]) is State.SENT


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=600)])
async def test_a_message_we_can_make_no_sense_of_holds_nobody_up_and_is_refused_when_it_is_too_late(
    world: World, limits: Limits, in_flight: int
) -> None:
    """A zone that this machine has not heard of, and first in the queue."""
    person = world.person(world.cohort(), zone="Europe/Oslo")
    rows = await planned(world, people=5)
    (lost,) = world.deliveries(person)
    world.change(Cadence, world.look_up(Person, person).cadence_id, zone="Nowhere/City")
    world.change(Delivery, lost.id, try_at=SLOT - timedelta(minutes=1))
    office = Office(world, SendingRules(limits=limits, in_flight=in_flight))
    with capture_logs() as said:
        assert await office.send() == 5
    assert sorted(office.courier.ids) == [row.id for row in rows if row.id != lost.id]
    error = "ZoneInfoNotFoundError"
    put_off = world.look_up(Delivery, lost.id)
    assert (put_off.state, put_off.error, put_off.attempts) == (State.PLANNED, error, 0)
    assert put_off.try_at - SLOT >= timedelta(minutes=5)
    assert put_off.late_after - SLOT == timedelta(hours=4)
    (told,) = [line for line in said if line["event"] == "message_not_claimed"]
    assert (told["delivery_id"], told["error"]) == (lost.id, error)
    assert "Nowhere" not in repr(told)
    with capture_logs() as said:
        for _ in range(50):
            await office.go_on(minutes=5)
    refused = world.look_up(Delivery, lost.id)
    assert (refused.state, refused.reason, refused.error) == (State.EXPLAINED, Reason.REFUSED, error)
    assert 45 <= len(said) <= 48


@pytest.mark.parametrize("in_flight", [1, 4])
async def test_a_fault_of_the_process_costs_nobody_their_exercise(world: World, in_flight: int) -> None:
    """Out of file descriptors, say: once the machine is mended, everybody gets their message."""
    rows = await planned(world, people=5)
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=in_flight))
    compose = office.courier.compose

    def no_more_files(session: Session, delivery_id: int, now: datetime) -> Call:
        raise OSError(EMFILE, "Too many open files")

    office.courier.compose = no_more_files  # type: ignore[method-assign]
    assert await office.send() == 0
    office.courier.compose = compose  # type: ignore[method-assign]
    assert await office.go_on(minutes=6) == len(rows)
    assert {(row.state, row.error) for row in world.deliveries()} == {(State.SENT, None)}


async def test_what_rides_on_a_message_we_can_make_no_sense_of_is_refused_with_it(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort)
    await world.plan(SLOT)
    world.change(Cadence, world.look_up(Person, person).cadence_id, zone="Nowhere/City")
    await office.send()
    assert [row.state for row in world.deliveries(person)] == [State.PLANNED] * 2
    office.clock.wind_to(SLOT + timedelta(hours=4))
    await office.send()
    assert [(row.reason, row.rides_on) for row in world.deliveries(person)] == [(Reason.REFUSED, None)] * 2


async def test_a_known_outcome_is_not_thrown_away_when_the_database_refuses_it_for_a_moment(world: World) -> None:
    """Teams, where nobody can be asked: what arrived and was not written down would be explained as unknown."""
    rows = await planned(world, people=40)
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=4))
    office.courier.can_be_asked = False
    hiccup = Hiccup(world.store)
    arrived_at_first = 0

    async def begin_after_ten(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        nonlocal arrived_at_first
        sent = await deliver(delivery_id, now)
        if len(office.courier.received) == 10:
            hiccup.refusals = 20
        arrived_at_first += bool(hiccup.refusals)
        return sent

    deliver, office.courier._deliver = office.courier._deliver, begin_after_ten  # type: ignore[method-assign]
    for _ in range(10):
        lane = office.lane(store=hiccup)
        with suppress(SQLAlchemyError):
            await lane.run()
        office.clock.wind_to(office.clock.now() + timedelta(seconds=61))
    assert hiccup.refusals == 0
    assert {fate(world, row) for row in rows} == {State.SENT}
    assert sorted(office.courier.ids) == [row.id for row in rows]
    assert 1 <= arrived_at_first <= 4  # with the first refusal, nothing new was claimed


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=60_000)])
async def test_a_lane_goes_on_once_the_database_has_taken_what_it_refused_at_first(
    world: World, limits: Limits, in_flight: int
) -> None:
    """Quietly: nothing is wrong any more, and nobody needs to look for an error."""
    rows = await planned(world, people=20)
    office = Office(world, SendingRules(limits=limits, in_flight=in_flight))
    hiccup = Hiccup(world.store)
    deliver = office.courier._deliver
    all_on_their_way = asyncio.Barrier(in_flight)

    async def begin_after_ten(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        await all_on_their_way.wait()  # nothing is being claimed when it begins
        if len(office.courier.received) == 10:
            hiccup.refusals = 20
        return await deliver(delivery_id, now)

    office.courier._deliver = begin_after_ten  # type: ignore[method-assign]
    lane = office.lane(store=hiccup)
    with capture_logs() as said:
        assert await lane.run() == len(rows)
    assert {fate(world, row) for row in rows} == {State.SENT}
    assert sorted(office.courier.ids) == [row.id for row in rows]
    assert {line["event"]: line["log_level"] for line in said} == {
        "settling_refused": "warning",
        "message_sent": "info",
    }


async def test_with_the_first_refusal_not_even_what_was_about_to_be_claimed_is(world: World) -> None:
    """The second message has been looked up, and its claim is about to begin."""
    first, second = await planned(world, people=2)
    world.change(Delivery, first.id, try_at=SLOT)
    world.change(Delivery, second.id, try_at=SLOT + timedelta(seconds=1))
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=4))
    hiccup = Hiccup(world.store)
    called, may_arrive = asyncio.Event(), asyncio.Event()
    deliver = office.courier._deliver

    async def wait(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        called.set()
        await may_arrive.wait()
        return await deliver(delivery_id, now)

    async def look(work: Callable[[Session], T]) -> T:
        found = await world.store.read(work)
        if office.clock.now() > SLOT and not may_arrive.is_set():
            await called.wait()
            hiccup.refusals = 5
            may_arrive.set()
        return found

    office.courier._deliver = wait  # type: ignore[method-assign]
    hiccup.read = look
    assert await office.lane(store=hiccup).run() == 2
    assert office.courier.ids == [first.id, second.id]


async def test_what_has_its_place_is_not_claimed_when_a_settlement_was_given_up_meanwhile(world: World) -> None:
    rows = await planned(world, people=2)
    limits = Limits(posts_per_minute=2)
    office = Office(world, SendingRules(limits=limits, in_flight=4, lease_seconds=3))
    world.store.write_now(lambda session: session.connection().exec_driver_sql("ALTER TABLE attempt RENAME TO away"))
    sleep = office.clock.sleep

    async def not_past_the_settlement(seconds: float) -> None:
        """The next place comes when the first message has been given up, however slow the database is."""
        if seconds != SETTLE_AGAIN_SECONDS:
            while "settling_failed" not in [line["event"] for line in said]:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.005)
        await sleep(seconds)

    office.clock.sleep = not_past_the_settlement  # type: ignore[method-assign]
    with capture_logs() as said, pytest.raises(SQLAlchemyError, match="attempt"):
        await office.send()
    assert office.clock.now() - SLOT >= timedelta(seconds=30)
    assert [fate(world, row) for row in rows] == [State.SENDING, State.PLANNED]


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_is_said_of_a_message_is_what_was_written_down(office: Office, arrived: bool) -> None:
    """Somebody else settled it meanwhile: then our word for it is no news."""
    world = office.world
    (row,) = await planned(world)
    deliver = office.courier._deliver

    async def settle_meanwhile(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        if not arrived:
            world.change(Delivery, row.id, state=State.EXPLAINED, reason=Reason.OUTCOME_UNKNOWN)
        return await deliver(delivery_id, now)

    office.courier._deliver = settle_meanwhile  # type: ignore[method-assign]
    with capture_logs() as said:
        await office.send()
    assert ("message_sent" in [line["event"] for line in said]) is arrived


async def test_a_message_whose_settlement_is_refused_for_good_is_never_said_to_be_sent(world: World) -> None:
    office = Office(world)
    await planned(world)
    hiccup = Hiccup(world.store)
    deliver = office.courier._deliver

    async def begin(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        hiccup.refusals = 10_000
        return await deliver(delivery_id, now)

    office.courier._deliver = begin  # type: ignore[method-assign]
    lane = office.lane(store=hiccup)
    with capture_logs() as said, pytest.raises(OperationalError):
        await lane.run()
    assert [line["event"] for line in said] == ["settling_refused", "settling_failed"]
    assert office.clock.now() - SLOT == timedelta(seconds=30)  # for a lease long it was tried


async def test_a_stop_ends_the_wait_for_a_database_that_refuses(world: World) -> None:
    office = Office(world)
    await planned(world)
    hiccup = Hiccup(world.store)
    deliver = office.courier._deliver
    lane = office.lane(store=hiccup)

    async def begin(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        hiccup.refusals = 10_000
        lane.stopping.set()
        return await deliver(delivery_id, now)

    office.courier._deliver = begin  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        await lane.run()
    assert office.clock.now() == SLOT


class Hiccup:
    """A store that refuses so many writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.engine = store.engine
        self.read, self.write_now, self.close = store.read, store.write_now, store.close
        self.refusals = 0

    async def write(self, work: Callable[[Session], T], *, patient: bool = False) -> T:
        if self.refusals:
            self.refusals -= 1
            raise OperationalError("COMMIT", None, OSError("away"))
        return await self._store.write(work, patient=patient)


async def test_a_database_that_cannot_claim_stops_the_lane_instead_of_spinning(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=4))
    await planned(world, people=6)
    world.store.write_now(lambda session: session.connection().exec_driver_sql("ALTER TABLE plan RENAME TO away"))
    with pytest.raises(SQLAlchemyError):
        await office.send()
    assert office.courier.ids == []
    world.store.write_now(lambda session: session.connection().exec_driver_sql("ALTER TABLE away RENAME TO plan"))
    assert await office.send() == 6
