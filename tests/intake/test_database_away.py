"""A database that is away, full or read-only while events come in: the platform is told that nothing was kept, so that
it tries again; what had been kept waits; and nothing of it counts against an event. On both databases."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.keeping import Keeping
from storage.database import Store
from tests.intake.test_order import Desk, Process, form, rows_of, until, wrote


class Trouble:
    """Makes the database refuse to be written, as it says so itself."""

    def __init__(self, store: Store) -> None:
        self.is_on = False
        event.listen(store.engine, "begin", self._refuse)

    def _refuse(self, connection: Any) -> None:
        driver = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            driver.execute(f"PRAGMA query_only={'ON' if self.is_on else 'OFF'}")
        elif self.is_on:
            driver.execute("SET TRANSACTION READ ONLY")


@pytest.fixture
def trouble(store: Store) -> Trouble:
    return Trouble(store)


async def test_what_cannot_be_kept_is_not_acknowledged_and_can_come_again(store: Store, trouble: Trouble) -> None:
    keeping = Keeping(store)
    trouble.is_on = True
    came = [wrote(str(number)) for number in range(20)]
    refused = await asyncio.gather(*(keeping.keep(one) for one in came), return_exceptions=True)
    assert all(isinstance(one, DBAPIError) for one in refused)
    trouble.is_on = False
    again = await asyncio.gather(*(keeping.keep(one) for one in came))
    assert None not in again
    assert [row.key for row in rows_of(store)] == [one.key for one in came]


async def test_events_that_come_while_a_server_lets_nobody_in_are_kept_when_it_does_again(
    store: Store, postgres_server: URL
) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file is not a server")
    name, keeping = store.engine.url.database, Keeping(store)
    await keeping.keep(wrote("before"))
    administer(postgres_server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    administer(postgres_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own
    with pytest.raises(OperationalError):
        await keeping.keep(wrote("meanwhile"))
    administer(postgres_server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert await keeping.keep(wrote("meanwhile"))
    assert await keeping.keep(wrote("before")) is None


async def test_events_that_come_while_the_disk_is_full_are_kept_when_there_is_room_again(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("how much room a server has is not ours to say")
    room = 0

    def may_grow(connection: Any) -> None:
        connection.connection.driver_connection.execute(f"PRAGMA max_page_count={room or 1073741823}")

    event.listen(store.engine, "begin", may_grow)
    with store.engine.connect() as connection:
        room = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    keeping = Keeping(store)
    came = [wrote(str(number)) for number in range(300)]
    refused = await asyncio.gather(*(keeping.keep(one) for one in came), return_exceptions=True)
    assert any(isinstance(one, OperationalError) for one in refused)
    room = 0
    await asyncio.gather(*(keeping.keep(one) for one in came))
    assert sorted(row.key for row in rows_of(store)) == sorted(one.key for one in came)


def administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


async def test_a_crowd_that_cannot_be_kept_is_told_after_a_few_tries(
    store: Store, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away may take long to say so: not once more for each."""
    asked = 0
    write = store.write

    async def counted(work: Any, **how: Any) -> Any:
        nonlocal asked
        asked += 1
        return await write(work, **how)

    monkeypatch.setattr(store, "write", counted)
    trouble.is_on = True
    keeping = Keeping(store)
    refused = await asyncio.gather(*(keeping.keep(wrote(str(n))) for n in range(100)), return_exceptions=True)
    assert all(isinstance(one, DBAPIError) for one in refused)
    assert asked == 3


async def test_while_the_database_is_away_no_try_is_used_up_and_then_all_is_handled_in_order(
    store: Store, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.DATABASE_RESTS_SECONDS", 0.05)
    desk = Desk()
    process = Process(store, desk)
    people = ("U01", "U02")
    go_on = process.holds_back()
    for number in range(5):
        for person in people:
            await process.intake.keep(wrote(f"{person} {number}", person=person))
    trouble.is_on = True
    go_on()
    await asyncio.sleep(0.6)
    assert desk.seen == []
    trouble.is_on = False
    await process.intake.finish(10)
    for person in people:
        assert [key for key in desk.seen if key.startswith(person)] == [f"{person} {number}" for number in range(5)]
    assert {row.set_aside_at for row in rows_of(store)} == {None}
    # One of each may have failed just before it came back, and been counted just after.
    tries = [row.tries for row in rows_of(store)]
    assert max(tries) <= 1
    assert tries.count(1) <= len(people)


async def test_a_form_that_cannot_be_kept_is_an_error_and_not_an_answer(store: Store, trouble: Trouble) -> None:
    process = Process(store, Desk())
    trouble.is_on = True
    with pytest.raises(DBAPIError):
        await process.intake.handle_at_once(form("1"))


async def test_looking_for_what_was_left_survives_a_database_that_is_away(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.SWEEP_SECONDS", 0.05)
    desk = Desk()
    dead, living = Process(store, desk), Process(store, desk)
    dead.dies_before_it_handles()
    await dead.intake.keep(wrote("1"))
    read = store.read
    away = True

    async def refusing(work: Callable[..., Any]) -> Any:
        if away:
            raise DBAPIError("", None, OSError())
        return await read(work)

    monkeypatch.setattr(store, "read", refusing)
    running = asyncio.create_task(living.intake.run())
    await asyncio.sleep(0.2)
    assert not running.done()
    away = False
    await until(lambda: desk.seen == ["1"])
    running.cancel()
    await living.intake.finish()
