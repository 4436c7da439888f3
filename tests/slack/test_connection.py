"""A workspace that was lost is found again without a restart."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.slack.calls import open_session, web_client
from bot.slack.connection import Connection
from bot.slack.manifest import SCOPES
from scheduler.clock import Clock
from storage import inbox, workspaces
from storage.database import Store, open_store
from storage.inbox import NewEvent
from tests.contracts.pretend import BOT_TOKEN, START, Pretend, pretend_workplace
from tests.scheduler.couriers import TrialClock

WORKSPACE = "T0ALVSUNDA"
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


@pytest.fixture
async def connection(store: Store, pretend: Pretend, clock: Clock) -> AsyncIterator[Connection]:
    async with open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        connection = Connection(client=client, store=store, clock=clock, organisation_name="Älvsunda")
        await connection.connect()
        yield connection


def lose(store: Store, reason: str, *, at: datetime = START) -> None:
    store.write_now(partial(workspaces.disconnected, platform="slack", external_id=WORKSPACE, reason=reason, now=at))


def hear(store: Store, *, at: datetime, key: str = "event:Ev1") -> None:
    event = NewEvent(platform="slack", workspace=WORKSPACE, key=key, person="U01KARIN", body="{}", received_at=at)
    store.write_now(partial(inbox.keep_all, events=[event]))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", id="hangs up in the middle"),
        pytest.param(b"", id="hangs up at once"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nproxy", id="a proxy's page"
        ),
    ],
)
async def test_whatever_answers_at_start_is_asked_until_it_is_slack(store: Store, clock: Clock, answer: bytes) -> None:
    asked = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server, open_session() as session:
        port = server.sockets[0].getsockname()[1]
        client = web_client(session, token=BOT_TOKEN, api_url=f"http://127.0.0.1:{port}/api/")
        connection = Connection(client=client, store=store, clock=clock, organisation_name="Älvsunda")
        with capture_logs() as lines, pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.connect(), 1.0)
    assert asked >= 2
    assert {line["event"] for line in lines} == {"slack_does_not_answer"}


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
