"""A database in memory for one rehearsal: every unit of work at once, on one connection that stays open."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from storage.database import T, Work, upgrade_engine

MOST_PREPARED = 1000
"""More than there are different statements, so that each is prepared once."""


class MemoryStore:
    """A `storage.database.Store` for one task, of the newest schema and with nothing in it. A unit that fails is undone
    alone; nothing outlives `close`.

    Thousands of units run each second, and nobody else looks: so one session serves them all, emptied after each.
    """

    def __init__(self) -> None:
        self._driver = _connected()
        with closing(_connected()) as migrated:
            migrated.deserialize(_as_new())
            migrated.backup(self._driver)
        self._driver.execute("PRAGMA foreign_keys = ON")
        self.engine = _engine(self._driver)
        self._connection: Connection | None = None
        self._session: Session

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        return self.write_now(work)

    async def read(self, work: Work[T]) -> T:
        return self.write_now(work)

    def write_now(self, work: Work[T]) -> T:
        if self._connection is None:
            self._connection = self.engine.connect()
            self._session = self._new_session(self._connection)
        driver = self._driver
        driver.execute("SAVEPOINT unit")
        try:
            result = work(self._session)
            self._session.flush()
        except BaseException:
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            self._session = self._new_session(self._connection)  # one that met an error takes no more work
            raise
        driver.execute("RELEASE unit")
        if self._session.identity_map:
            self._session.expunge_all()
        return result

    def save(self, file: Path) -> None:
        """Write all that is in it to a new file."""
        with closing(sqlite3.connect(file)) as saved:
            self._driver.backup(saved)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self.engine.dispose()
        self._driver.close()

    def _new_session(self, connection: Connection) -> Session:
        return Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")


@cache
def _as_new() -> bytes:
    """Return a migrated database with nothing in it. Once in a process: it takes longer than a small rehearsal."""
    driver = _connected()
    engine = _engine(driver)
    upgrade_engine(engine)
    migrated = driver.serialize()
    engine.dispose()
    driver.close()
    return migrated


def _connected() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, cached_statements=MOST_PREPARED, check_same_thread=False)


def _engine(driver: sqlite3.Connection) -> Engine:
    # No event listens on this engine: SQLAlchemy then leaves out a good part of its own work.
    return create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool, query_cache_size=MOST_PREPARED)
