"""A process that waits for work hears of it from another, through PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from storage import waking
from storage.database import Store

CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%' AND datname = current_database()
"""


@pytest.fixture
async def woken(emptied_postgres: Store) -> AsyncIterator[asyncio.Event]:
    """Set whenever somebody was woken, for the first time as soon as it listens."""
    event = asyncio.Event()
    listening = asyncio.create_task(waking.listen(emptied_postgres.engine, event.set))
    await heard(event)
    yield event
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def heard(event: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await event.wait()
    event.clear()


@pytest.mark.postgres
async def test_whoever_listens_is_woken_once_it_is_committed_and_not_before(
    woken: asyncio.Event, emptied_postgres: Store
) -> None:
    with emptied_postgres.engine.begin() as connection:
        connection.execute(text(f"NOTIFY {waking.CHANNEL}"))
        await asyncio.sleep(0.2)
        assert not woken.is_set()
    await heard(woken)
    await emptied_postgres.write(waking.wake_lanes)
    await heard(woken)


@pytest.mark.postgres
async def test_a_connection_that_was_lost_is_made_anew_and_what_was_missed_is_looked_for(
    woken: asyncio.Event, emptied_postgres: Store
) -> None:
    with emptied_postgres.engine.begin() as connection:
        assert connection.execute(text(CUT_OFF)).all() == [(True,)]
    await heard(woken)
    await emptied_postgres.write(waking.wake_lanes)
    await heard(woken)


async def test_on_sqlite_there_is_nobody_to_wake() -> None:
    from storage.database import open_store

    store = open_store("sqlite://")
    await waking.listen(store.engine, pytest.fail)
    await store.write(waking.wake_lanes)
    store.close()
