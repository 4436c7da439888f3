"""Planning: one tick with 100,000 people due, with 1,000 due among ten thousand and among a million, and with 20,000
due among a million in 200 workspaces.

python -m bench.planning [--small]
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import text

from bench import databases, machine
from bench.alternating import medians
from bench.figures import Figure, report, say
from bench.population import WEEKDAYS_WITH_TUESDAY, Population, fill, slot_moment
from scheduler.planner import plan
from scheduler.window import Paces
from storage.database import Store
from storage.tables import metadata
from storage.tables.people import Platform

TIMES = 5
PACES: Paces = {Platform.SLACK: 1.0}
"""Seconds a message: everybody is spread over the window of the slot, as in life."""
COLUMNS = ", ".join(column.name for column in metadata.tables["delivery"].columns if column.name != "id")

# The baseline writes the very rows the planner wrote, from a table that holds them ready, into the same indexes.
BARE = f"INSERT INTO delivery ({COLUMNS}) SELECT {COLUMNS} FROM planned_rows WHERE true ON CONFLICT DO NOTHING"  # noqa: S608


def main(*, small: bool) -> None:
    size = 50 if small else 1
    everybody = Population(enrolled=100_000 // size, due=100_000 // size)
    few = Population(enrolled=10_000 // size, due=1000 // size)
    many = Population(enrolled=1_000_000 // size, due=1000 // size)
    nation = Population(enrolled=1_000_000 // size, due=20_000 // size, workspaces=200, cohorts=200)
    for database, suffix in ((databases.sqlite_url, ""), (databases.postgres_url, "_postgresql")):
        with ticking(database, everybody) as tick:
            say(f"planning: {everybody.due:,} due{suffix}, and the same rows with one bare statement, in turn")
            planned, bare = medians(tick.plan, tick.insert_bare, times=TIMES)
            report(_milliseconds(f"planning.hundred_thousand_due{suffix}", planned, bare))
        with ticking(database, nation) as tick:
            say(f"planning: {nation.due:,} due among {nation.enrolled:,} in {nation.workspaces} workspaces{suffix}")
            before = tick.memory_mb()
            planned, bare = medians(tick.plan, tick.insert_bare, times=TIMES)
            report(_milliseconds(f"planning.two_hundred_workspaces{suffix}", planned, bare))
            grown = Figure(name=f"planning.memory{suffix}", value=tick.memory_mb(), unit="MB", baseline=before)
            report(grown)
        with ticking(database, few) as among_few, ticking(database, many) as among_many:
            say(f"planning: {many.due:,} due among {many.enrolled:,} and among {few.enrolled:,}{suffix}, in turn")
            seconds, baseline = medians(among_many.plan, among_few.plan, times=4 * TIMES)
            report(_milliseconds(f"planning.thousand_due_of_a_million{suffix}", seconds, baseline))
            idle = median(among_many.plan_again() for _ in range(4 * TIMES))
            report(_milliseconds(f"planning.nobody_due_of_a_million{suffix}", idle))


def _milliseconds(name: str, seconds: float, baseline: float | None = None) -> Figure:
    return Figure(
        name=name, value=seconds * 1000, unit="ms a tick", baseline=None if baseline is None else baseline * 1000
    )


@contextmanager
def ticking(database: Callable[[], AbstractContextManager[str]], population: Population) -> Iterator["Tick"]:
    """A database with these people in it."""
    with database() as url, databases.opened(url) as store:
        with store.engine.begin() as connection:
            fill(connection, population)
        if store.engine.dialect.name == "postgresql":  # as autovacuum would have by the time anybody is due
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        yield Tick(store, population)


class Tick:
    """A database where everybody who is due is due at one moment, planned as often as we like."""

    def __init__(self, store: Store, population: Population) -> None:
        self._store = store
        self._population = population
        self._now = slot_moment(population.day)
        self._has_rows = False

    def plan(self) -> float:
        """Plan from before, and return the seconds."""
        self._begin_anew()
        seconds = self.plan_again()
        with self._store.engine.connect() as connection:
            planned = connection.execute(text("SELECT count(*) FROM delivery WHERE state = 'planned'")).scalar_one()
        assert planned == self._population.due, f"{planned} planned, not {self._population.due}"
        return seconds

    def plan_again(self) -> float:
        """Tick when all that is due has been planned already."""
        started = perf_counter()
        asyncio.run(plan(self._store, self._now, paces=PACES))
        return perf_counter() - started

    def insert_bare(self) -> float:
        """Insert the rows that `plan` left with one bare statement, commit, and return the seconds."""
        if not self._has_rows:
            self._execute("CREATE TABLE planned_rows AS SELECT * FROM delivery ORDER BY id")
            self._has_rows = True
        self._begin_anew()
        started = perf_counter()
        self._execute(BARE)
        return perf_counter() - started

    @staticmethod
    def memory_mb() -> float:
        """Our own memory: what SQLite has mapped of the file is the system's to take back."""
        return machine.memory_mb(os.getpid(), kind="RssAnon")

    def _begin_anew(self) -> None:
        yesterday = self._population.day - timedelta(days=1)
        rhythms = len(WEEKDAYS_WITH_TUESDAY)
        postgresql = self._store.engine.dialect.name == "postgresql"
        self._execute("TRUNCATE delivery CASCADE" if postgresql else "DELETE FROM delivery")
        self._execute(
            f"UPDATE cadence SET planned_through = '{yesterday}', next_at = '{self._now:%Y-%m-%d %H:%M:%S.%f}'"  # noqa: S608
            f" WHERE id <= {rhythms}"
        )

    def _execute(self, statement: str) -> None:
        with self._store.engine.begin() as connection:
            connection.execute(text(statement))


if __name__ == "__main__":
    main(small="--small" in sys.argv)
