"""What is to be done once a day is taken on by one."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial

from storage import chores
from storage.database import open_store

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


async def test_of_many_processes_that_ask_at_once_one_takes_it_on(database_url: str) -> None:
    stores = [open_store(database_url) for _ in range(4)]
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        ask = partial(chores.take_on, name="nightly", day=day, now=NOW)
        assert sorted(await asyncio.gather(*(store.write(ask) for store in stores))) == [False, False, False, True]
    for store in stores:
        store.close()
