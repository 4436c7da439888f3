"""`knuff worker` as an operator has it: it waits for a workspace, says so, and ends when a part of it fails."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import URL, text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.settings import Settings
from bot.worker import Worker
from scheduler.clock import SystemClock
from storage import waking, workspaces
from storage.database import Store, open_store
from tests import postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_server: URL, migrated_postgres: str) -> Iterator[str]:
    with postgres.new_database(postgres_server, template=migrated_postgres) as made:
        yield postgres.as_text(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


def worker_on(url: str) -> Worker:
    settings = Settings(
        database_url=url,
        slack_bot_token=SecretStr("xoxb-1"),
        slack_signing_secret=SecretStr("s"),
        slack_api_url="http://127.0.0.1:9/",
    )
    return Worker(settings, clock=SystemClock())


def connected(session: Session) -> None:
    workspaces.connected(
        session, platform="slack", external_id="T1", organisation_name="Kommunen", now=SystemClock().now()
    )


def rename(store: Store, table: str, to: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not what():  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.02)


async def test_a_worker_that_comes_before_any_workspace_waits_and_says_so(url: str, store: Store) -> None:
    with capture_logs() as said:
        worker = worker_on(url)
        worker.start()
        await until(lambda: bool(said))
        assert [line["event"] for line in said] == ["worker_waits_for_serve"]
        await store.write(connected)
        await until(lambda: said[-1]["event"] == "worker_ready")
        await worker.stop()
    assert len(said) == 2


async def test_a_worker_whose_database_is_away_for_a_moment_while_it_waits_goes_on(url: str, store: Store) -> None:
    with capture_logs() as said:
        worker = worker_on(url)
        rename(store, "workspace", "away")
        worker.start()
        await until(lambda: bool(said))
        rename(store, "away", "workspace")
        await store.write(connected)
        await until(lambda: said[-1]["event"] == "worker_ready")
        await worker.stop()
    assert [line["event"] for line in said] == ["worker_waits_for_database", "worker_ready"]


async def test_a_worker_of_which_a_part_fails_ends_and_does_not_call_it_a_success(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(waking, "listen", fail)
    worker = worker_on(url)
    await store.write(connected)
    with capture_logs() as said:
        worker.start()
        async with asyncio.timeout(20):
            assert await worker.run() == 1
        await worker.stop()
    assert "part_failed" in [line["event"] for line in said]
