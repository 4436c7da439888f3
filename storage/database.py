"""The door to the database: one unit of work is one plain function of a session, run in one transaction.

A unit of work is synchronous, so no network call can be awaited inside a transaction. On SQLite one thread writes and
commits everything that waits in one go (group commit: `synchronous=FULL` costs one flush a batch); on PostgreSQL units
run in a few threads.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol, TypeVar, cast

from alembic import command
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from storage.schema import migrations, refuse_half_moved, refuse_other_encoding, refuse_read_only

T = TypeVar("T")
Work = Callable[[Session], T]


class Store(Protocol):
    """One database. `write` returns after the commit that contains the work; an error rolls back that work alone."""

    engine: Engine

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        """As above. Patient work lets other work that waits go first, where only one can write at a time."""
        ...

    async def read(self, work: Work[T]) -> T: ...
    def write_now(self, work: Work[T]) -> T:
        """Run a unit of work and wait for it, for command lines and tests (never on the event loop of a server)."""
        ...

    def close(self) -> None: ...


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy address: `sqlite:///knuff.db`, `sqlite://` (memory, inline) or `postgresql://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return (
            InlineStore(sqlite_engine(url))
            if parsed.database in (None, "", ":memory:")
            else SqliteStore(sqlite_engine(url), reading=sqlite_engine(url, begin="BEGIN"))
        )
    return PostgresStore(postgres_engine(parsed))


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    store = open_store(url)
    try:
        upgrade_engine(store.engine)
    finally:
        store.close()


def upgrade_engine(engine: Engine, *, revision: str = "head") -> None:
    """As `upgrade`, on an open engine (needed for a database in memory). Raises HalfMoved, OtherEncoding and
    ReadOnly."""
    config = migrations()
    with engine.connect() as connection, _without_foreign_keys(connection), connection.begin():
        if connection.dialect.name == "postgresql":  # several processes may start at once; SQLite has one writer
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
        refuse_half_moved(connection)
        refuse_other_encoding(connection)
        refuse_read_only(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew, and would refuse to drop the old one while others point at it.

    It can only be told outside a transaction. What is copied is the same row by row, so that nothing is left to check.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def postgres_engine(url: URL) -> Engine:
    """PostgreSQL, with as many connections as threads. One that has lain idle is asked whether it is still there: at
    every unit of work that would be a tenth of what the unit costs. A unit of work whose process is gone is ended by
    the database, which lets go of what it held."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POSTGRES_THREADS + POSTGRES_PATIENT_THREADS,
        connect_args=UTF8,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def let_go_when_gone(connection: Any, _record: Any) -> None:
        # Said here and not as a parameter of the connection: poolers refuse those, and the address may have its own.
        connection.execute(f"SET idle_in_transaction_session_timeout = {LET_GO_SECONDS * 1000:.0f}")
        connection.commit()

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("idle_since", float("inf")) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool makes it anew, and the others with it

    return engine


UTF8 = {"client_encoding": "utf8"}
"""Said at once: a database of another encoding could not even be asked which."""
UPGRADING = 0x6B6E75666601
"""Our own number for the lock of whoever upgrades."""
POSTGRES_THREADS = 8
IDLE_SECONDS = 1.0
LET_GO_SECONDS = 30.0
"""A process that says nothing for so long in the middle of a unit of work is gone: its machine may be, while the
connection looks open for hours. Between two statements lie milliseconds, a second where something is worked out."""
POSTGRES_PATIENT_THREADS = 6
MOST_IN_ONE_COMMIT = 200
LONGEST_PATIENCE_SECONDS = 0.01
"""While other work waits without end, one patient unit is done this often."""


def sqlite_engine(url: str, *, begin: str = "BEGIN IMMEDIATE") -> Engine:
    """SQLite as we want it: WAL, FULL, foreign keys on, and transactions that begin when we say so."""
    memory = make_url(url).database in (None, "", ":memory:")
    engine = create_engine(
        url,
        hide_parameters=True,  # an error must not quote what people wrote
        connect_args={"check_same_thread": False, "timeout": 30},
        **({"poolclass": StaticPool} if memory else {}),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin and commit behind our back
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    # Not as an event of the engine: with one, SQLAlchemy asks for listeners at every statement, a quarter of its cost.
    dialect: Any = engine.dialect
    dialect.do_begin = lambda connection: connection.cursor().execute(begin)
    quick_savepoints(engine)
    return engine


def run(connection: Connection, work: Work[T]) -> T:
    """Run a unit of work on a connection whose transaction somebody else ends."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="conditional_savepoint") as session:
        result = work(session)
        session.commit()  # keeps the work in the surrounding transaction or savepoint; leaving without it would undo it
        return result


class InlineStore:
    """Runs every unit of work at once on the calling thread: for a database in memory (rehearsals, tests)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        return self.write_now(work)

    async def read(self, work: Work[T]) -> T:
        return self.write_now(work)

    def write_now(self, work: Work[T]) -> T:
        with self.engine.begin() as connection:
            return run(connection, work)

    def close(self) -> None:
        self.engine.dispose()


class PostgresStore:
    """Runs units of work in a few threads, each with its own connection. Patient work has threads of its own, so that
    other work finds one free however much of it waits."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(POSTGRES_THREADS, thread_name_prefix="postgres")
        self._patient = ThreadPoolExecutor(POSTGRES_PATIENT_THREADS, thread_name_prefix="postgres-patient")

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        threads = self._patient if patient else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, self.write_now, work)

    async def read(self, work: Work[T]) -> T:
        return await self.write(work)

    def write_now(self, work: Work[T]) -> T:
        with self.engine.begin() as connection:
            return run(connection, work)

    def close(self) -> None:
        for threads in (self._threads, self._patient):
            threads.shutdown(wait=True)
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A unit of work in the writer's queue. `loop` is None for a caller that waits in a thread of its own."""

    work: Work[Any]
    future: "asyncio.Future[Any] | Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    patient: bool = False


class SqliteStore:
    """One writer thread with group commit, and a few readers beside it (WAL lets them read meanwhile)."""

    def __init__(self, engine: Engine, *, reading: Engine) -> None:
        self.engine = engine
        self._reading = reading
        self._waiting: queue.SimpleQueue[list[Waiting] | None] = queue.SimpleQueue()
        self._gathered: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}
        # These three are the writer's own.
        self._first: deque[Waiting] = deque()
        self._patient: deque[Waiting] = deque()
        self._closing = False
        self._patient_at = float("-inf")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="sqlite-read")
        self._writer = threading.Thread(target=self._write_batches, name="sqlite-write", daemon=True)
        self._writer.start()

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        # Handed over together once the loop has done what is at hand: waking the writer for each ends group commit.
        if loop not in self._gathered:
            self._gathered[loop] = []
            loop.call_soon(self._hand_over, loop)
        self._gathered[loop].append(Waiting(work, future, loop, patient))
        return await future

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read_now, work)

    def write_now(self, work: Work[T]) -> T:
        future: Future[T] = Future()
        self._waiting.put([Waiting(work, future, None)])
        return future.result()

    def close(self) -> None:
        self._waiting.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        self._reading.dispose()
        self.engine.dispose()

    def _read_now(self, work: Work[T]) -> T:
        with self._reading.begin() as connection:
            return run(connection, work)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        self._waiting.put(self._gathered.pop(loop))

    def _write_batches(self) -> None:
        while not self._closing or self._first or self._patient:
            self._take_in(wait=not (self._first or self._patient))
            if self._first or self._patient:
                self._commit()

    def _take_in(self, *, wait: bool) -> None:
        """Sort what has been handed over; with `wait`, something at least."""
        while wait or not self._waiting.empty():
            handed, wait = self._waiting.get(), False
            if handed is None:
                self._closing = True
            for unit in handed or ():
                (self._patient if unit.patient else self._first).append(unit)

    def _batch(self) -> Iterator[Waiting]:
        """Take what is written in one transaction: patient work until other work comes, then that.

        So other work waits for one patient unit at most, and both share commits.
        """
        left = MOST_IN_ONE_COMMIT
        patience = bool(self._first) and monotonic() - self._patient_at < LONGEST_PATIENCE_SECONDS
        while self._patient and left and not patience:
            yield self._patient.popleft()
            left -= 1
            self._patient_at = monotonic()
            self._take_in(wait=False)
            if self._first:
                break
        while self._first and left:
            yield self._first.popleft()
            left -= 1

    def _commit(self) -> None:
        """Run a batch in one transaction, each unit in its own savepoint, and tell everybody after the commit."""
        batch: list[Waiting] = []
        outcomes: list[Outcome] = []
        try:
            with self.engine.begin() as connection:
                for unit in self._batch():
                    batch.append(unit)
                    if unit.future.cancelled():
                        continue
                    try:
                        outcomes.append((unit.future, in_savepoint(connection, unit.work), None))
                    except Exception as error:  # the boundary of one unit: its caller gets the error
                        if not _driver(connection).in_transaction:
                            raise  # a full disk: SQLite has undone it all, and whatever came before is not kept either
                        outcomes.append((unit.future, None, error))
        except Exception as error:  # the transaction itself failed: nothing was kept, and everybody is told so
            batch = batch or list(self._batch())
            outcomes = [(unit.future, None, error) for unit in batch]
        # One wake-up for each loop, not for each unit: waking costs more than a small unit does.
        for loop in {unit.loop for unit in batch}:
            futures = {id(unit.future) for unit in batch if unit.loop is loop}
            told = [outcome for outcome in outcomes if id(outcome[0]) in futures]
            if loop is None:
                tell(told)
            else:
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(tell, told)


Outcome = tuple["asyncio.Future[Any] | Future[Any]", Any, Exception | None]


def tell(outcomes: list[Outcome]) -> None:
    for future, result, failure in outcomes:
        if not future.done():
            future.set_exception(failure) if failure else future.set_result(result)


def in_savepoint(connection: Connection, work: Work[T]) -> T:
    """Run a unit of work that fails alone, in a transaction it shares with others."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        result = work(session)
        session.commit()  # releases the savepoint; the transaction goes on
        return result


def quick_savepoints(engine: Engine) -> None:
    """Say SAVEPOINT straight to the driver: SQLAlchemy compiles it anew each time, at a multiple of what it costs."""
    dialect: Any = engine.dialect
    dialect.do_savepoint = lambda connection, name: _say(connection, f"SAVEPOINT {name}")
    dialect.do_release_savepoint = lambda connection, name: _say(connection, f"RELEASE SAVEPOINT {name}")
    dialect.do_rollback_to_savepoint = lambda connection, name: _say(connection, f"ROLLBACK TO SAVEPOINT {name}")


def _say(connection: Connection, statement: str) -> None:
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)
