"""`knuff worker` as an operator has it: it waits for a workspace, says so, and ends when a part of it fails."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import URL, text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.settings import Settings
from bot.worker import Worker
from scheduler.clock import SystemClock
from storage import workspaces
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


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not what():  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.02)


async def test_a_worker_that_comes_before_any_workspace_waits_and_says_so(url: str, store: Store) -> None:
    def connected(session: Session) -> None:
        workspaces.connected(
            session, platform="slack", external_id="T1", organisation_name="Kommunen", now=SystemClock().now()
        )

    with capture_logs() as said:
        worker = worker_on(url)
        worker.start()
        await until(lambda: bool(said))
        assert [line["event"] for line in said] == ["worker_waits_for_serve"]
        await store.write(connected)
        await until(lambda: said[-1]["event"] == "worker_ready")
        await worker.stop()
    assert len(said) == 2


async def test_a_worker_of_which_a_part_fails_ends_and_does_not_call_it_a_success(url: str, store: Store) -> None:
    worker = worker_on(url)
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE workspace RENAME TO away"))
    with capture_logs() as said:
        worker.start()
        async with asyncio.timeout(20):
            assert await worker.run() == 1
        await worker.stop()
    assert [line["event"] for line in said] == ["part_failed"]
