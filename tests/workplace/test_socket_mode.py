"""Socket Mode with bolt's own handler."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import actions, button, modal
from tests.workplace.bolt_bot import bolt_bot, connected
from tests.workplace.conftest import Hands
from workplace.settings import Secrets

KARIN = "U01KARIN"


async def sockets(hands: Hands, *, wanted: int) -> None:
    async with asyncio.timeout(5):
        while (await hands.get("/_control/state"))["sockets"] != wanted:  # noqa: ASYNC110 - another program's sockets
            await asyncio.sleep(0.02)


async def test_events_actions_forms_and_commands_travel_by_socket(
    hands: Hands, secrets: Secrets, slack: AsyncWebClient
) -> None:
    bot = bolt_bot(hands.address, secrets)
    bot.form = modal()
    bot.answer = {"response_action": "errors", "errors": {"why": "Mer"}}
    async with connected(bot, secrets):
        await sockets(hands, wanted=1)
        await hands.act(KARIN, "write", text="Hej")
        sent = await slack.chat_postMessage(channel=KARIN, text="Nytt", blocks=[actions(button("go"))])
        await hands.act(KARIN, "press", ts=sent["ts"], action_id="go")
        submitted = await hands.act(KARIN, "submit", values={"why": "Ja"})
        await hands.act(KARIN, "command", command="/knuff", text="hjälp")
    assert bot.texts() == ["Hej"]
    assert [a["actions"][0]["action_id"] for a in bot.actions] == ["go"]
    assert submitted["errors"] == {"why": "Mer"}
    assert [c["text"] for c in bot.commands] == ["hjälp"]


async def test_a_bot_asked_to_refresh_comes_back(hands: Hands, secrets: Secrets) -> None:
    bot = bolt_bot(hands.address, secrets)
    # The SDK may come back twice, and leave the first of them with what was sent there: that is sent again.
    await hands.post("/_control/settings", {"event_retry_seconds": [0.1, 1, 5]})
    async with connected(bot, secrets):
        await sockets(hands, wanted=1)
        await hands.post("/_control/socket", {"reason": "refresh_requested"})
        await sockets(hands, wanted=1)
        await hands.act(KARIN, "write", text="Hej igen")
        await bot.until(lambda: bool(bot.events))
    assert (set(bot.texts()), len(set(bot.event_ids))) == ({"Hej igen"}, 1)


async def test_an_event_that_is_not_acknowledged_comes_again(
    hands: Hands, secrets: Secrets, slack: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare socket that keeps silent once: the envelope comes back with another id and the same event."""
    monkeypatch.setattr("workplace.slack.socket_mode.PATIENCE_SECONDS", 0.1)
    await hands.post("/_control/settings", {"event_retry_seconds": [0, 0, 0]})
    opened = await slack.apps_connections_open(app_token=secrets.app_token)
    async with hands.session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        writing = asyncio.create_task(hands.act(KARIN, "write", text="Hej"))
        first = await socket.receive_json()
        again = await socket.receive_json()
        await socket.send_json({"envelope_id": again["envelope_id"]})
        await writing
    assert first["envelope_id"] != again["envelope_id"]
    assert first["payload"]["event_id"] == again["payload"]["event_id"]
    assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)


async def test_a_ticket_opens_one_socket(hands: Hands, secrets: Secrets, slack: AsyncWebClient) -> None:
    url = (await slack.apps_connections_open(app_token=secrets.app_token))["url"].replace("ws", "http", 1)
    statuses = []
    for address in (url, f"{hands.address}/link?ticket=guess"):
        async with hands.session.get(address) as response:
            statuses.append(response.status)
    assert statuses == [400, 401]


async def test_the_bot_token_opens_no_socket(slack: AsyncWebClient, secrets: Secrets) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await slack.apps_connections_open(app_token=secrets.bot_token)
