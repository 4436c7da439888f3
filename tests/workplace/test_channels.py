"""What becomes of Slack's channels: archived, brought back, deleted, and the bot taken in and out."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.conftest import Hands
from tests.workplace.drawn import KARIN

LEADERS = "C01LEDARE"


async def become(hands: Hands, way: str, *, channel: str = LEADERS, status: int = 200) -> None:
    await hands.post("/_control/settings", {"event_retry_seconds": []})
    await hands.post(f"/_control/channels/{way}", {"channel": channel}, status=status)


async def refusal(slack: AsyncWebClient, method: str, **arguments: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        await slack.api_call(method, params=arguments)
    return str(refused.value.response["error"])


async def test_in_an_archived_channel_nobody_says_anything_and_everybody_reads(
    hands: Hands, slack: AsyncWebClient
) -> None:
    sent = await slack.chat_postMessage(channel=LEADERS, text="Hej alla ledare")
    await become(hands, "archive")
    assert await refusal(slack, "chat.postMessage", channel=LEADERS, text="Hej igen") == "is_archived"
    assert await refusal(slack, "chat.update", channel=LEADERS, ts=sent["ts"], text="Hej") == "is_archived"
    await hands.post(f"/_control/people/{KARIN}/write", {"text": "Hej", "channel": LEADERS}, status=409)
    (seen,) = [one for one in (await hands.sees(KARIN))["channels"] if one["id"] == LEADERS]
    assert (seen["is_archived"], [message["text"] for message in seen["messages"]]) == (True, ["Hej alla ledare"])
    assert (await slack.conversations_info(channel=LEADERS))["channel"]["is_archived"]
    assert len((await slack.conversations_history(channel=LEADERS))["messages"]) == 1
    await become(hands, "unarchive")
    await slack.chat_postMessage(channel=LEADERS, text="Hej igen")


async def test_out_of_a_channel_the_bot_says_nothing_until_it_is_taken_in_again(
    hands: Hands, slack: AsyncWebClient
) -> None:
    await become(hands, "remove")
    assert await refusal(slack, "chat.postMessage", channel=LEADERS, text="Hej") == "not_in_channel"
    assert await refusal(slack, "conversations.history", channel=LEADERS) == "not_in_channel"
    await become(hands, "invite")
    await slack.chat_postMessage(channel=LEADERS, text="Hej")


async def test_a_deleted_channel_is_nowhere(hands: Hands, slack: AsyncWebClient) -> None:
    await become(hands, "delete")
    assert await refusal(slack, "chat.postMessage", channel=LEADERS, text="Hej") == "channel_not_found"
    assert LEADERS not in [one["id"] for one in (await hands.sees(KARIN))["channels"]]
    await become(hands, "archive", status=409)
    await become(hands, "archive", channel="D01KARIN", status=409)
