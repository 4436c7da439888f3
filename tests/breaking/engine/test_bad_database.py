"""A database that is full, may only be read, or makes everybody wait: said, never a loop, and nothing lost or sent
twice when it is well again."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS
from scheduler.clock import SystemClock
from scheduler.dispatcher import Dispatcher
from scheduler.lanes import Lane, SendingRules
from scheduler.metronome import Metronome
from storage.database import Store
from storage.tables.deliveries import State
from tests.commands.typed import Knuff
from tests.scheduler.couriers import TrialClock
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World

PEOPLE = 150
RULES = SendingRules(limits=NO_LIMITS, in_flight=1)


def is_sqlite(store: Store) -> bool:
    return store.engine.dialect.name == "sqlite"


def writer_of(store: Store) -> sqlite3.Connection:
    """The connection that writes (SQLite). While nobody does, it may be told things."""
    driver: Any = store.write_now(lambda session: session.connection().connection.driver_connection)
    assert isinstance(driver, sqlite3.Connection)
    return driver


@contextmanager
def full(store: Store) -> Iterator[None]:
    """Not one page more (SQLite), and none that is free."""
    writer = writer_of(store)
    writer.execute("CREATE TABLE ballast (x)")
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count={pages}")
    with suppress(sqlite3.OperationalError):
        while True:
            writer.execute("INSERT INTO ballast VALUES (zeroblob(3000))")
    yield
    writer.execute("PRAGMA max_page_count=1073741823")


@contextmanager
def read_only(store: Store) -> Iterator[None]:
    if is_sqlite(store):
        writer = writer_of(store)
        writer.execute("PRAGMA query_only=ON")
        yield
        writer.execute("PRAGMA query_only=OFF")
        return
    with administrator(store.engine) as connection:
        set_read_only(connection, "on")
        store.engine.dispose()
        yield
        set_read_only(connection, "off")
        store.engine.dispose()


@contextmanager
def administrator(engine: Engine) -> Iterator[Connection]:
    own = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with own.connect() as connection:
        yield connection
    own.dispose()


def set_read_only(connection: Connection, value: str) -> None:
    name = connection.engine.url.database
    connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}'))


async def tick_and_send(world: World, office: Office) -> None:
    """What a process does each second."""
    await Metronome(store=world.store, clock=office.clock).tick()
    dispatcher = Dispatcher(store=world.store, courier=office.courier, clock=office.clock, rules=RULES)
    await dispatcher.look()
    await asyncio.gather(*dispatcher._lanes.values())
    await dispatcher.stop()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("when", ["before anything is promised", "before anything is sent"])
async def test_a_full_database_holds_everything_up_and_loses_nothing(store: Store, when: str) -> None:
    world = World(store)
    office = Office(world)
    cohort = world.cohort()
    for _ in range(PEOPLE):
        world.person(cohort)
    if when == "before anything is sent":
        await world.plan(SLOT)
    with full(store), capture_logs() as lines:
        await tick_and_send(world, office)
        arrived = len(office.courier.received)
    assert {line["event"] for line in lines} & {"planning_failed", "lane_failed", "settling_failed"}
    assert len(lines) < PEOPLE + 5 * arrived
    for _ in range(4):
        office.clock.wind_to(office.clock.now() + timedelta(seconds=61))
        await tick_and_send(world, office)
    rows = world.deliveries()
    assert len(rows) == PEOPLE
    assert {row.state for row in rows} == {State.SENT}
    assert sorted(office.courier.ids) == sorted(row.id for row in rows)


@pytest.mark.parametrize("when", ["before anything is promised", "before anything is sent"])
async def test_a_database_that_may_only_be_read_holds_everything_up_and_loses_nothing(store: Store, when: str) -> None:
    world = World(store)
    office = Office(world)
    world.person(world.cohort())
    if when == "before anything is sent":
        await world.plan(SLOT)
    with read_only(store), capture_logs() as lines:
        await tick_and_send(world, office)
        assert office.courier.received == []
    assert {line["event"] for line in lines} & {"planning_failed", "lane_failed"}
    await tick_and_send(world, office)
    (row,) = world.deliveries()
    assert (fate(world, row), office.courier.ids) == (State.SENT, [row.id])


def test_a_start_on_a_database_that_may_only_be_read_is_refused_with_what_to_do(
    database_url: str, knuff: Knuff
) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        database_url = f"sqlite:///file:{url.database}?mode=ro&uri=true"
    else:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            set_read_only(connection, "on")
        engine.dispose()
    ended = knuff("db", "upgrade", KNUFF_DATABASE_URL=database_url)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ("may only be read" if url.get_backend_name() == "postgresql" else "readonly database") in ended.stderr
    assert "passw" not in ended.stderr


async def test_a_database_slower_than_the_lease_sends_nothing_twice(store: Store) -> None:
    """Somebody holds it for three leases while two processes send: what was marked too long ago is not called."""
    world = World(store)
    office = Office(world)
    rows = await planned(world, people=6)
    rules = SendingRules(limits=NO_LIMITS, in_flight=2, lease_seconds=0.25, retry_after_seconds=0.1)
    clock = RunningFrom(office.clock)
    with held_up(store.engine, seconds=0.8):
        for _ in range(6):
            lanes = [
                Lane(
                    store=store, courier=office.courier, clock=clock, rules=rules,
                    workspace_id=world.workspace, holder=name,
                )
                for name in ("a", "b")
            ]  # fmt: skip
            await asyncio.gather(*(lane.run() for lane in lanes))
            await asyncio.sleep(0.3)
    assert sorted(office.courier.ids) == sorted(row.id for row in rows)
    assert {fate(world, row) for row in rows} == {State.SENT}


class RunningFrom:
    """A clock that runs at its usual pace from a moment of a trial."""

    def __init__(self, trial: TrialClock) -> None:
        self._shift = trial.now() - SystemClock().now()

    def now(self) -> datetime:
        return SystemClock().now() + self._shift

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@contextmanager
def held_up(engine: Engine, *, seconds: float) -> Iterator[None]:
    """Somebody else writes to everything for so long."""
    own = create_engine(engine.url)
    began = threading.Event()

    def hold() -> None:
        with own.connect() as connection:
            if own.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("LOCK TABLE delivery IN EXCLUSIVE MODE")
            began.set()
            time.sleep(seconds)
            connection.rollback()

    holding = threading.Thread(target=hold)
    holding.start()
    began.wait(10)
    yield
    holding.join()
    own.dispose()


def test_a_disk_without_room_is_named_at_the_start(knuff: Knuff) -> None:
    """As far as it can be made here: /dev/full takes nothing."""
    ended = knuff("db", "upgrade", KNUFF_DATABASE_URL="sqlite:////dev/full")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "/dev/full" in ended.stderr
