"""A tick of the planner, as often as we like, and the very rows it wrote with one bare statement."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import text

from bench.figures import Figure
from storage.database import Store
from storage.tables import metadata

COLUMNS = ", ".join(column.name for column in metadata.tables["delivery"].columns if column.name != "id")
# The baseline writes the very rows the planner wrote, from a table that holds them ready, into the same indexes.
BARE = f"INSERT INTO delivery ({COLUMNS}) SELECT {COLUMNS} FROM planned_rows WHERE true ON CONFLICT DO NOTHING"  # noqa: S608


class Tick(ABC):
    """A database where so many promises are due at one moment."""

    def __init__(self, store: Store, now: datetime, *, due: int) -> None:
        self.store, self.now = store, now
        self._due = due
        self._has_rows = False
        if store.engine.dialect.name == "postgresql":  # as autovacuum would have by the time anything is due
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))

    @abstractmethod
    def tick(self) -> Coroutine[Any, Any, object]:
        """Return what a process does at every tick."""

    @abstractmethod
    def make_due(self) -> None:
        """Undo what a tick has marked, but for the promises."""

    def plan(self) -> float:
        """Plan from before, and return the seconds."""
        self._begin_anew()
        seconds = self.plan_again()
        with self.store.engine.connect() as connection:
            planned = connection.execute(text("SELECT count(*) FROM delivery WHERE state = 'planned'")).scalar_one()
        assert planned == self._due, f"{planned} planned, not {self._due}"
        return seconds

    def plan_again(self) -> float:
        """Tick when all that is due has been planned already."""
        started = perf_counter()
        asyncio.run(self.tick())
        return perf_counter() - started

    def insert_bare(self) -> float:
        """Insert the rows that `plan` left with one bare statement, commit, and return the seconds."""
        if not self._has_rows:
            self.execute("CREATE TABLE planned_rows AS SELECT * FROM delivery ORDER BY id")
            self._has_rows = True
        self._begin_anew()
        started = perf_counter()
        self.execute(BARE)
        return perf_counter() - started

    def execute(self, statement: str) -> None:
        with self.store.engine.begin() as connection:
            connection.execute(text(statement))

    def _begin_anew(self) -> None:
        postgresql = self.store.engine.dialect.name == "postgresql"
        self.execute("TRUNCATE delivery CASCADE" if postgresql else "DELETE FROM delivery")
        self.make_due()


def milliseconds(name: str, seconds: float, baseline: float | None = None) -> Figure:
    return Figure(
        name=name, value=seconds * 1000, unit="ms a tick", baseline=None if baseline is None else baseline * 1000
    )
