"""Whoever sends finds the lanes that have work by itself, shares them with others, and lets go of them at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS, POST, Limits
from scheduler.clock import ShiftedClock
from scheduler.dispatcher import A_FEW, POLL_SECONDS, Dispatcher
from scheduler.lanes import SendingRules
from scheduler.ports import NotNeeded, Sent
from storage import leases, pacing, waking
from storage.database import Store, open_store
from storage.tables.deliveries import State
from storage.tables.lanes import Lane
from storage.tables.people import Platform, Workspace
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 08:15")
RULES = SendingRules(limits=NO_LIMITS)
SLOWLY = SendingRules(limits=Limits(posts_per_minute=1))


@pytest.fixture
async def hall(world: World) -> AsyncIterator["Hall"]:
    built = Hall(world)
    yield built
    await built.close()


class Hall:
    """A world with any number of dispatchers, as if each were a process."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = ShiftedClock(SLOT)
        self.opened: list[Dispatcher] = []
        self._running: list[asyncio.Task[None]] = []

    def dispatcher(self, rules: SendingRules = RULES, **fields: Any) -> Dispatcher:
        values: dict[str, Any] = {"store": self.world.store, "courier": PaperCourier(), "clock": self.clock}
        built = Dispatcher(rules=rules, **values | fields)
        self.opened.append(built)
        return built

    def run(self, dispatcher: Dispatcher) -> None:
        self._running.append(asyncio.create_task(dispatcher.run()))

    async def planned(self, *people: int) -> None:
        """Promise a nudge to so many people, in a workspace for each number."""
        for number, how_many in enumerate(people):
            if number:
                self.world.workspace = self._another_workspace()
            cohort = self.world.cohort()
            for _ in range(how_many):
                self.world.person(cohort)
        await self.world.plan(SLOT)

    def _another_workspace(self) -> int:
        def add(session: Session) -> int:
            workspace = Workspace(
                organisation_id=self.world.organisation,
                platform=Platform.PAPER,
                external_id=f"T{self.world.workspace + 1}",
                created_at=SLOT,
            )
            session.add(workspace)
            session.flush()
            return workspace.id

        return self.world.store.write_now(add)

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not what():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        for dispatcher in self.opened:
            await dispatcher.stop()
        await asyncio.gather(*self._running)


def received(dispatcher: Dispatcher) -> list[tuple[int, datetime]]:
    assert isinstance(dispatcher.courier, PaperCourier)
    return dispatcher.courier.received


async def test_messages_go_out_when_they_are_due_without_anybody_saying_so(hall: Hall) -> None:
    hall.clock = ShiftedClock(SLOT - timedelta(seconds=0.5))
    await hall.planned(3)
    dispatcher = hall.dispatcher()
    began = monotonic()
    hall.run(dispatcher)
    await hall.until(lambda: len(received(dispatcher)) == 3)
    assert min(moment for _, moment in received(dispatcher)) >= SLOT
    assert monotonic() - began < POLL_SECONDS


async def test_whoever_is_woken_looks_at_once(hall: Hall) -> None:
    dispatcher = hall.dispatcher(poll_seconds=60)
    hall.run(dispatcher)
    await hall.until(lambda: dispatcher.seconds_since_tick() is not None)
    await hall.planned(1)
    dispatcher.wake()
    await hall.until(lambda: len(received(dispatcher)) == 1)


async def test_a_quiet_process_looks_again_when_there_is_something_to_look_at_and_seldom_otherwise(hall: Hall) -> None:
    clock = TrialClock(SLOT - timedelta(seconds=3))
    dispatcher = hall.dispatcher(clock=clock)
    assert await dispatcher.look() == POLL_SECONDS
    await hall.planned(1)
    assert await dispatcher.look() == 3
    clock.wind_to(SLOT)
    workspace, store = hall.world.workspace, hall.world.store
    store.write_now(lambda session: leases.acquire(session, workspace, "another", now=SLOT, seconds=30))
    assert await dispatcher.look() == POLL_SECONDS
    clock.wind_to(SLOT + timedelta(seconds=28))
    assert 2 < await dispatcher.look() < 2.1
    assert received(dispatcher) == []


async def test_a_look_takes_a_few_lanes_and_leaves_the_rest_for_a_moment(hall: Hall) -> None:
    await hall.planned(*[1] * (2 * A_FEW + 1))
    dispatcher = hall.dispatcher()
    assert await dispatcher.look() == 0
    await hall.until(lambda: len(received(dispatcher)) == A_FEW)
    assert await dispatcher.look() == 0
    assert await dispatcher.look() > 0


async def test_of_many_lanes_a_look_takes_a_twentieth(hall: Hall) -> None:
    await hall.planned(*[1] * 100)
    dispatcher = hall.dispatcher(courier=PaperCourier(slowness_seconds=0.2))
    assert await dispatcher.look() == 0
    assert len(dispatcher._lanes) == 100 // 20


async def test_processes_share_the_lanes_and_send_each_message_once(hall: Hall) -> None:
    await hall.planned(*[1] * 30)
    processes = [hall.dispatcher(courier=PaperCourier(slowness_seconds=0.2)) for _ in range(3)]
    for one in processes:
        hall.run(one)
    await hall.until(lambda: sum(len(received(one)) for one in processes) == 30)
    assert all(received(one) for one in processes)
    ids = [delivery_id for one in processes for delivery_id, _ in received(one)]
    assert sorted(ids) == [row.id for row in hall.world.deliveries()] == sorted(set(ids))


async def test_a_large_workspace_without_limits_starves_no_small_one(hall: Hall) -> None:
    await hall.planned(200, 3)
    theirs = {row.id for row in hall.world.deliveries() if row.workspace_id == hall.world.workspace}
    dispatcher = hall.dispatcher()
    hall.run(dispatcher)
    await hall.until(lambda: theirs <= {delivery_id for delivery_id, _ in received(dispatcher)})
    assert len(theirs) == 3
    assert len(received(dispatcher)) < 100


@pytest.mark.parametrize(("platform", "one_by_one"), [("paper", True), ("another", False)])
async def test_each_platform_is_sent_to_by_its_own_rules(hall: Hall, platform: str, one_by_one: bool) -> None:
    await hall.planned(4)
    courier = Crowd(slowness_seconds=0.1)
    rules_on = {platform: SendingRules(limits=NO_LIMITS, in_flight=1)}
    hall.run(hall.dispatcher(courier=courier, rules_on=rules_on))
    await hall.until(lambda: len(courier.received) == 4)
    assert (courier.most_at_once == 1) is one_by_one  # how many the others become is the machine's to say


async def test_a_lane_whose_holder_was_killed_is_taken_over_when_its_lease_has_ended(hall: Hall) -> None:
    await hall.planned(1)
    workspace, seconds = hall.world.workspace, 2.0
    died_at = hall.clock.now()
    hall.world.store.write_now(
        lambda session: leases.acquire(session, workspace, "killed", now=died_at, seconds=seconds)
    )
    dispatcher = hall.dispatcher(SendingRules(limits=NO_LIMITS, lease_seconds=seconds), poll_seconds=60)
    hall.run(dispatcher)
    await hall.until(lambda: len(received(dispatcher)) == 1)
    ((_, sent_at),) = received(dispatcher)
    assert seconds <= (sent_at - died_at).total_seconds() < 1.5 * seconds


async def test_a_lane_row_that_a_hand_has_made_nonsense_of_is_taken(hall: Hall) -> None:
    await hall.planned(1)
    row = Lane(workspace_id=hall.world.workspace, holder="nobody we know", leased_until=None)
    hall.world.store.write_now(lambda session: session.add(row))
    dispatcher = hall.dispatcher()
    hall.run(dispatcher)
    await hall.until(lambda: len(received(dispatcher)) == 1)


@pytest.mark.parametrize("why", ["its pace", "a pause"])
async def test_a_stop_lets_go_of_a_lane_at_once_also_while_it_waits_for(hall: Hall, why: str) -> None:
    await hall.planned(3)
    workspace, store = hall.world.workspace, hall.world.store
    if why == "a pause":
        until = hall.clock.now() + timedelta(minutes=5)
        store.write_now(lambda session: pacing.pause(session, workspace, POST, until=until))
    dispatcher = hall.dispatcher(SLOWLY if why == "its pace" else RULES)
    hall.run(dispatcher)
    await hall.until(lambda: bool(leased(hall)) and len(received(dispatcher)) == (1 if why == "its pace" else 0))
    await asyncio.sleep(0.1)
    began = monotonic()
    await dispatcher.stop()
    assert monotonic() - began < 1
    assert leased(hall) == []


async def test_a_stop_lets_what_is_on_its_way_arrive(hall: Hall) -> None:
    await hall.planned(1)
    courier = PaperCourier(slowness_seconds=0.3)
    dispatcher = hall.dispatcher(courier=courier)
    hall.run(dispatcher)
    await hall.until(lambda: [row.state for row in hall.world.deliveries()] == [State.SENDING])
    await dispatcher.stop()
    assert [row.state for row in hall.world.deliveries()] == [State.SENT]


async def test_a_database_that_is_away_for_a_moment_ends_nothing(hall: Hall) -> None:
    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise OSError("away")

    await hall.planned(1)
    dispatcher = hall.dispatcher(store=Gone())
    with capture_logs() as said:
        hall.run(dispatcher)
        await hall.until(lambda: bool(said))
        dispatcher.store = hall.world.store
        await hall.until(lambda: len(received(dispatcher)) == 1)
    assert said[0]["event"] == "lanes_not_looked_at"


@pytest.fixture
async def elsewhere(emptied_postgres: Store) -> AsyncIterator[tuple[Hall, Dispatcher]]:
    """A hall, and a dispatcher that looks once a minute, on a connection of its own: only PostgreSQL can wake it."""
    hall = Hall(World(emptied_postgres))
    store = open_store(emptied_postgres.engine.url.render_as_string(hide_password=False))
    dispatcher = hall.dispatcher(SLOWLY, store=store, poll_seconds=60)
    listening = asyncio.create_task(waking.listen(store.engine, dispatcher.wake))
    hall.run(dispatcher)
    yield hall, dispatcher
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await hall.close()
    store.close()


@pytest.mark.postgres
async def test_what_one_process_plans_another_sends_at_once(elsewhere: tuple[Hall, Dispatcher]) -> None:
    hall, dispatcher = elsewhere
    await asyncio.sleep(0.3)  # it has looked, and found nothing
    await hall.planned(1)
    began = monotonic()
    await hall.until(lambda: len(received(dispatcher)) == 1)
    assert monotonic() - began < POLL_SECONDS


@pytest.mark.postgres
async def test_a_lane_that_is_let_go_of_is_taken_by_another_at_once(elsewhere: tuple[Hall, Dispatcher]) -> None:
    hall, dispatcher = elsewhere
    await asyncio.sleep(0.3)
    stops = hall.dispatcher(SLOWLY)
    workspace = hall.world.workspace
    hall.world.store.write_now(
        lambda session: leases.acquire(session, workspace, stops.holder, now=hall.clock.now(), seconds=30)
    )
    await hall.planned(3)
    hall.run(stops)
    await hall.until(lambda: len(received(stops)) == 1)
    began = monotonic()
    await stops.stop()
    await hall.until(lambda: leased(hall) == [dispatcher.holder])
    assert monotonic() - began < 1


def leased(hall: Hall) -> list[str]:
    """Return who holds a lane."""
    statement = "SELECT holder FROM lane WHERE holder IS NOT NULL"
    read = hall.world.store.write_now(lambda session: session.connection().exec_driver_sql(statement).all())
    return [row[0] for row in read]


@dataclass
class Crowd(PaperCourier):
    """Counts how many messages are on their way at once."""

    at_once: int = 0
    most_at_once: int = 0

    async def _deliver(self, delivery_id: int, now: datetime) -> Sent | NotNeeded:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await super()._deliver(delivery_id, now)
        finally:
            self.at_once -= 1
