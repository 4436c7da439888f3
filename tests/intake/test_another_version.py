"""Beside a newer Knuff that has upgraded the database, an older one keeps what comes in and leaves it to the newer."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.intake import Intake
from storage import inbox
from storage.database import Store
from tests.intake.test_intake import Desk, desk, intake, open_intake, paper, rows, store, wrote
from tests.intake.test_order import TRY_AGAIN, Process, an_event, form, rows_of, start, until

__all__ = ["desk", "intake", "open_intake", "paper", "start", "store"]


def set_schema(store: Store, name: str) -> Any:
    def go(session: Any) -> Any:
        connection = session.connection()
        before = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{name}'")  # noqa: S608 - ours
        return before

    return store.write_now(go)


async def test_what_comes_in_beside_a_newer_schema_is_kept_and_left_alone(
    intake: Intake, store: Store, desk: Desk
) -> None:
    set_schema(store, "9999")
    assert await intake.keep(wrote("Hej", key="1"))
    await asyncio.sleep(0.2)
    [row] = rows(store)
    assert (desk.seen, row.handled_at, row.tries) == ([], None, 0)
    assert row.body is not None


async def test_a_stop_does_not_wait_for_what_is_left_to_a_newer_knuff(intake: Intake, store: Store) -> None:
    set_schema(store, "9999")
    assert await intake.keep(wrote("Hej", key="1"))
    async with asyncio.timeout(2):  # it would be given up after five
        await intake.finish()
    assert rows(store)[0].handled_at is None


async def test_an_event_that_this_version_cannot_read_is_left_to_others_for_a_while(
    start: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Knuff may have kept it, and be about to handle it."""
    monkeypatch.setattr("bot.intake.SWEEP_SECONDS", 0.01)
    process = start()
    await process.store.write(partial(inbox.keep_all, events=[an_event("1", "U01")]))
    monkeypatch.setattr("bot.intake.MOST_TRIES", 1_000)
    running = asyncio.create_task(process.intake.run())
    await until(lambda: rows_of(process.store)[0].tries >= 2)
    assert rows_of(process.store)[0].set_aside_at is None
    monkeypatch.setattr("bot.intake.MOST_TRIES", 5)
    await until(lambda: rows_of(process.store)[0].set_aside_at is not None)
    running.cancel()


async def test_a_form_that_waits_makes_an_event_that_others_can_read_no_more_tried(
    start: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks several times a second what it is behind of."""
    monkeypatch.setattr("bot.intake.TURN_COMES_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr("bot.intake.LEFT_BEHIND_OF_A_FORM_SECONDS", 0.01)
    process = start()
    await process.store.write(partial(inbox.keep_all, events=[an_event("1", "U01")]))
    assert await process.intake.handle_at_once(form("2")) == TRY_AGAIN
    [row] = rows_of(process.store)
    assert (row.key, row.tries, row.set_aside_at) == ("1", 0, None)
    await process.intake.finish()
