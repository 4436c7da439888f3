"""Planning: one tick with 100,000 people due, with 1,000 due among ten thousand and among a million, and with 20,000
due among a million in 200 workspaces.

python -m bench.planning [--small]
"""

import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from statistics import median
from typing import Any

from bench import databases, machine
from bench.alternating import medians
from bench.figures import Figure, report, say
from bench.population import WEEKDAYS_WITH_TUESDAY, Population, fill, slot_moment
from bench.ticks import Tick, milliseconds
from scheduler.planner import plan
from scheduler.window import Paces
from storage.tables.people import Platform

TIMES = 5
PACES: Paces = {Platform.SLACK: 1.0}
"""Seconds a message: everybody is spread over the window of the slot, as in life."""


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
            report(milliseconds(f"planning.hundred_thousand_due{suffix}", planned, bare))
        with ticking(database, nation) as tick:
            say(f"planning: {nation.due:,} due among {nation.enrolled:,} in {nation.workspaces} workspaces{suffix}")
            before = tick.memory_mb()
            planned, bare = medians(tick.plan, tick.insert_bare, times=TIMES)
            report(milliseconds(f"planning.two_hundred_workspaces{suffix}", planned, bare))
            grown = Figure(name=f"planning.memory{suffix}", value=tick.memory_mb(), unit="MB", baseline=before)
            report(grown)
        with ticking(database, few) as among_few, ticking(database, many) as among_many:
            say(f"planning: {many.due:,} due among {many.enrolled:,} and among {few.enrolled:,}{suffix}, in turn")
            seconds, baseline = medians(among_many.plan, among_few.plan, times=4 * TIMES)
            report(milliseconds(f"planning.thousand_due_of_a_million{suffix}", seconds, baseline))
            idle = median(among_many.plan_again() for _ in range(4 * TIMES))
            report(milliseconds(f"planning.nobody_due_of_a_million{suffix}", idle))


@contextmanager
def ticking(database: Callable[[], AbstractContextManager[str]], population: Population) -> Iterator["Morning"]:
    """A database with these people in it."""
    with database() as url, databases.opened(url) as store:
        with store.engine.begin() as connection:
            fill(connection, population)
        yield Morning(store, slot_moment(population.day), due=population.due)


class Morning(Tick):
    """Everybody who is due is due at one moment."""

    def tick(self) -> Coroutine[Any, Any, object]:
        return plan(self.store, self.now, paces=PACES)

    def make_due(self) -> None:
        yesterday = self.now.date() - timedelta(days=1)
        self.execute(
            f"UPDATE cadence SET planned_through = '{yesterday}', next_at = '{self.now:%Y-%m-%d %H:%M:%S.%f}'"  # noqa: S608
            f" WHERE id <= {len(WEEKDAYS_WITH_TUESDAY)}"
        )

    @staticmethod
    def memory_mb() -> float:
        """Our own memory: what SQLite has mapped of the file is the system's to take back."""
        return machine.memory_mb(os.getpid(), kind="RssAnon")


if __name__ == "__main__":
    main(small="--small" in sys.argv)
