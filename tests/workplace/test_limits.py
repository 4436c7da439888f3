"""Rate limits as Slack documents them, by the workplace's own clock."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.conftest import Hands

KARIN = "U01KARIN"


async def limited(slack: AsyncWebClient, method: str, **arguments: str) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await slack.api_call(method, params=arguments)
    return caught.value


async def test_a_channel_takes_a_short_burst_and_then_one_a_second(slack: AsyncWebClient, hands: Hands) -> None:
    for _ in range(3):
        await slack.chat_postMessage(channel=KARIN, text="Hej")
    error = await limited(slack, "chat.postMessage", channel=KARIN, text="Hej")
    assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
    assert error.response.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel="U02ERIK", text="En annan kanal")
    await hands.post("/clock", {"advance_seconds": 1})
    await slack.chat_postMessage(channel="D01KARIN", text="En sekund senare")
    assert (await hands.get("/_control/state"))["ratelimited"] == {"total": 1, "by_method": {"chat.postMessage": 1}}


async def test_the_workspace_has_a_ceiling_of_its_own(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/limits", {"post_per_minute": 60, "post_burst": 2})
    await slack.chat_postMessage(channel=KARIN, text="Hej")
    await slack.chat_postMessage(channel="U02ERIK", text="Hej")
    await limited(slack, "chat.postMessage", channel="U03AMINA", text="Hej")
    await hands.post("/clock", {"advance_seconds": 1})
    await slack.chat_postMessage(channel="U03AMINA", text="Hej")


async def test_each_method_has_its_tier(slack: AsyncWebClient, hands: Hands) -> None:
    for _ in range(20):
        await slack.users_list(limit=1)
    error = await limited(slack, "users.list", limit="1")
    assert 1 <= int(error.response.headers["Retry-After"]) <= 3
    await slack.users_info(user=KARIN)


async def test_a_method_can_be_given_a_limit_of_its_own(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/limits", {"methods": {"users.info": 1}})
    await slack.users_info(user=KARIN)
    assert (await limited(slack, "users.info", user=KARIN)).response.headers["Retry-After"] == "60"


async def test_limits_can_be_switched_off(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/limits", {"enabled": False})
    for _ in range(10):
        await slack.chat_postMessage(channel=KARIN, text="Hej")
    assert (await hands.get("/_control/state"))["ratelimited"]["total"] == 0
