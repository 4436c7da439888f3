"""A socket that Slack refuses, or takes back, is said by name and opened again without a restart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.slack.app import bolt_app
from bot.slack.calls import open_session, web_client
from bot.slack.socket import Socket
from tests.contracts.pretend import APP_TOKEN, BOT_TOKEN, Pretend, pretend_workplace
from tests.slack.between import PAGES, Stranger, answering


@asynccontextmanager
async def listening(at: Pretend | Stranger) -> AsyncIterator[Socket]:
    async with open_session() as session:
        socket = Socket(bolt_app(web_client(session, token=BOT_TOKEN, api_url=at.api_url)), app_token=APP_TOKEN)
        task = asyncio.create_task(socket.listen())
        try:
            yield socket
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(socket: Socket, *, connected: bool) -> None:
    async with asyncio.timeout(15):
        while await socket.is_connected() != connected:  # noqa: ASYNC110 - the SDK tells nobody
            await asyncio.sleep(0.02)


async def refuse(pretend: Pretend, *, times: int) -> None:
    rule = {"method": "apps.connections.open", "kind": "error", "error": "invalid_auth", "count": times}
    await pretend.misbehave(rule)


async def test_a_socket_that_is_refused_at_first_is_opened_as_soon_as_slack_lets_us() -> None:
    async with pretend_workplace() as pretend:
        await refuse(pretend, times=2)
        with capture_logs() as said:
            async with listening(pretend) as socket:
                assert not await socket.is_connected()
                await until(socket, connected=True)
            assert not await socket.is_connected()
        assert [(line["event"], line.get("error")) for line in said] == [
            ("socket_not_connected", "invalid_auth"),
            ("socket_not_connected", "invalid_auth"),
            ("socket_connected", None),
        ]


async def test_a_socket_that_slack_takes_back_and_will_not_renew_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.socket.LOOK_SECONDS", 0.05)
    async with pretend_workplace() as pretend:
        with capture_logs() as said:
            async with listening(pretend) as socket:
                await until(socket, connected=True)
                await refuse(pretend, times=3)
                await pretend.arrange("socket", reason="refresh_requested")
                await until(socket, connected=False)
                await until(socket, connected=True)
        errors = [line["error"] for line in said if line["event"] == "socket_not_connected"]
        assert errors[0] == "SocketLost"
        assert set(errors[1:]) == {"invalid_auth"}


@pytest.mark.parametrize("name", ["a proxy's page", "a page in latin-1", "something packed", "hangs up in the middle"])
async def test_whatever_answers_instead_of_slack_is_asked_again_for_a_socket(name: str) -> None:
    async with answering(PAGES[name]) as stranger:
        with capture_logs() as said:
            async with listening(stranger), asyncio.timeout(5):
                while stranger.asked < 2:  # noqa: ASYNC110 - nobody says that it was asked
                    await asyncio.sleep(0.02)
        assert {line["event"] for line in said} == {"socket_not_connected"}
