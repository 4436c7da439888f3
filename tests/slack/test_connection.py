"""A workspace that was lost is found again without a restart."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from aiohttp import ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.connection import Connection
from bot.slack.calls import open_session, web_client
from bot.slack.connection import identify
from bot.slack.manifest import SCOPES
from scheduler.clock import Clock
from storage import inbox, workspaces
from storage.database import Store
from storage.inbox import NewEvent
from tests.contracts.pretend import BOT_TOKEN, START, Pretend, pretend_workplace
from tests.scheduler.couriers import TrialClock
from tests.slack.between import PAGES, answering

WORKSPACE = "T0ALVSUNDA"
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


def a_connection(client: AsyncWebClient, store: Store, clock: Clock) -> Connection:
    return Connection(
        platform="slack", identify=identify(client), store=store, clock=clock, organisation_name="Älvsunda"
    )


@pytest.fixture
async def connection(store: Store, pretend: Pretend, clock: Clock) -> AsyncIterator[Connection]:
    async with open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        connection = a_connection(client, store, clock)
        await connection.connect()
        yield connection


def lose(store: Store, reason: str, *, at: datetime = START) -> None:
    store.write_now(partial(workspaces.disconnected, platform="slack", external_id=WORKSPACE, reason=reason, now=at))


def hear(store: Store, *, at: datetime, key: str = "event:Ev1") -> None:
    event = NewEvent(platform="slack", workspace=WORKSPACE, key=key, person="U01KARIN", body="{}", received_at=at)
    store.write_now(partial(inbox.keep_all, events=[event]))


@pytest.mark.parametrize("answer", [*PAGES.values(), None], ids=[*PAGES, "never answers"])
async def test_whatever_answers_at_start_is_asked_until_it_is_slack(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    monkeypatch.setattr("bot.slack.calls.TIMEOUT", ClientTimeout(total=0.2))
    async with answering(answer) as stranger, open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=stranger.api_url)
        with capture_logs() as lines:
            connecting = asyncio.create_task(a_connection(client, store, clock).connect())
            async with asyncio.timeout(5):
                while stranger.asked < 3 and not connecting.done():  # noqa: ASYNC110 - nobody says that it was asked
                    await asyncio.sleep(0.02)
            assert not connecting.done()
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
    assert {line["event"] for line in lines} == {"platform_does_not_answer"}


async def test_slack_is_asked_every_five_minutes_until_it_lets_us_in_again(
    connection: Connection, store: Store, pretend: Pretend, clock: TrialClock
) -> None:
    lose(store, "token_revoked")
    await pretend.misbehave({"method": "auth.test", "kind": "error", "error": "token_revoked", "count": 1})
    asked, connected = [], []
    with capture_logs() as lines:
        for minute in (1, 4, 5, 6, 9, 10, 11):
            clock.wind_to(START + timedelta(minutes=minute))
            await connection.look()
            asked.append(await pretend.calls("auth.test") - 1)  # one was for the first connection
            connected.append(await connection.is_connected())
    assert asked == [0, 0, 1, 1, 1, 2, 2]
    assert connected == [False, False, False, False, False, True, True]
    assert [line["event"] for line in lines] == [
        "workspace_lost", "workspace_still_disconnected", "workspace_connected_again",
    ]  # fmt: skip
    assert lines[0]["reason"] == "token_revoked"


async def test_what_comes_from_the_workspace_has_slack_asked_at_once(
    connection: Connection, store: Store, clock: TrialClock
) -> None:
    hear(store, at=START - timedelta(minutes=1))
    lose(store, "uninstalled")
    clock.wind_to(START + timedelta(seconds=10))
    await connection.look()
    assert not await connection.is_connected()
    hear(store, at=START + timedelta(seconds=15), key="event:Ev2")
    clock.wind_to(START + timedelta(seconds=20))
    await connection.look()
    assert await connection.is_connected()


async def test_an_event_that_slack_follows_by_a_refusal_is_asked_about_once(
    connection: Connection, store: Store, pretend: Pretend, clock: TrialClock
) -> None:
    lose(store, "uninstalled")
    hear(store, at=START + timedelta(seconds=5))
    await pretend.misbehave({"method": "auth.test", "kind": "error", "error": "account_inactive"})
    for seconds in range(10, 100, 10):
        clock.wind_to(START + timedelta(seconds=seconds))
        await connection.look()
    assert await pretend.calls("auth.test") == 2
    assert not await connection.is_connected()


async def test_a_scope_that_was_taken_away_is_waited_for(
    connection: Connection, store: Store, pretend: Pretend, clock: TrialClock
) -> None:
    lose(store, "missing_scope")
    await pretend.arrange("reset", seed={"app": {"scopes": ["chat:write"]}})
    clock.wind_to(START + FIVE_MINUTES)
    with capture_logs() as lines:
        await connection.look()
    assert not await connection.is_connected()
    assert lines[-1]["missing_scopes"] == sorted(SCOPES.keys() - {"chat:write"})
    await pretend.arrange("reset", seed={"app": {"scopes": list(SCOPES)}})
    clock.wind_to(START + 2 * FIVE_MINUTES)
    await connection.look()
    assert await connection.is_connected()


async def test_a_database_that_is_away_for_a_moment_does_not_end_the_watch(
    connection: Connection, store: Store
) -> None:
    watching = asyncio.create_task(connection.watch())
    store.close()
    with capture_logs() as lines:
        await asyncio.sleep(0.1)
    assert not watching.done()
    watching.cancel()
    assert {line["event"] for line in lines} == {"connection_not_looked_at"}
