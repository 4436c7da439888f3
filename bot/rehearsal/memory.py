"""A database in memory for one rehearsal: every unit of work at once, on one connection that stays open."""

from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from storage.database import T, Work, open_store


class MemoryStore:
    """A `storage.database.Store` for one task. A unit that fails is undone alone; nothing outlives `close`.

    Thousands of units run each second, and nobody else looks: so one session serves them all, emptied after each.
    """

    def __init__(self) -> None:
        inline = open_store("sqlite://")
        self.engine = inline.engine
        self._connection: Connection | None = None
        self._session: Session

    async def write(self, work: Work[T]) -> T:
        return self.write_now(work)

    async def read(self, work: Work[T]) -> T:
        return self.write_now(work)

    def write_now(self, work: Work[T]) -> T:
        if self._connection is None:
            self._open()
        driver = self._driver
        driver.execute("SAVEPOINT unit")
        try:
            result = work(self._session)
            self._session.flush()
        except BaseException:
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            self._session = self._new_session()  # a session that met an error takes no more work
            raise
        driver.execute("RELEASE unit")
        self._session.expunge_all()
        return result

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self.engine.dispose()

    def _open(self) -> None:
        self._connection = self.engine.connect()
        self._connection.begin()
        self._driver: Any = self._connection.connection.driver_connection
        self._session = self._new_session()

    def _new_session(self) -> Session:
        return Session(self._connection, expire_on_commit=False, join_transaction_mode="rollback_only")
