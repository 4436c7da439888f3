"""A day on which everything is promised and nothing sent yet, and its rows as they lie in the table."""

import asyncio
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from storage.database import InlineStore, Store, sqlite_engine, upgrade_engine
from tests.scheduler.offices import SLOT
from tests.scheduler.world import MONDAY, World

ENDS = ("sent", "explained")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A delivery as it lies in the table."""

    id: int
    state: str
    reason: str | None
    rides_on: int | None
    day: str
    due_at: str
    try_at: str
    started_at: str | None
    searches: int


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody moved a row from one state to another, or kept it there on purpose."""

    who: str
    before: str
    after: str


@lru_cache(maxsize=1)
def _promised() -> tuple[InlineStore, sqlite3.Connection]:
    """A store in memory, and what it is to hold when a day begins: everything is promised and nothing sent yet."""
    store = InlineStore(sqlite_engine("sqlite://"))
    upgrade_engine(store.engine)
    world = World(store)
    cohort = world.cohort(weeks=(5,))
    first, _ = world.person(cohort), world.person(cohort)
    world.follow_up(first, MONDAY, cohort=cohort)
    asyncio.run(world.plan(SLOT))
    kept = sqlite3.connect(":memory:")
    driver_of(store).backup(kept)
    return store, kept


def a_promised_day() -> InlineStore:
    store, promised = _promised()
    promised.backup(driver_of(store))
    return store


def driver_of(store: Store) -> sqlite3.Connection:
    driver: Any = store.engine.raw_connection().driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def rows_of(driver: sqlite3.Connection) -> dict[int, Row]:
    found = driver.execute(
        "SELECT id, state, reason, rides_on, day, due_at, try_at, started_at, searches FROM delivery ORDER BY id"
    )
    names = ("id", "state", "reason", "rides_on", "day", "due_at", "try_at", "started_at", "searches")
    return {row[0]: Row(**dict(zip(names, row, strict=True))) for row in found}


def role_of(who: str, before: Row, after: Row) -> str:
    """What a lane does by itself has three names: it claims what is planned, takes over what was left behind, and
    settles what it was held up with."""
    if who != "lane":
        return who
    if before.state == "planned":
        return "claim"
    return "take over" if after.state == "unknown" else "settle"
