"""Each misbehaviour: what the bot's client sees, and whether the message is there all the same."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.conftest import Hands

KARIN = "U01KARIN"
Json = dict[str, Any]


async def post(slack: AsyncWebClient) -> object:
    return await slack.chat_postMessage(channel=KARIN, text="Hej")


async def arrived(hands: Hands) -> int:
    return len((await hands.sees(KARIN))["direct"]["messages"])


@pytest.mark.parametrize(
    ("kind", "status", "code", "there"),
    [
        ("ratelimit", 429, "ratelimited", 0),
        ("error", 200, "account_inactive", 0),
        ("error500", 500, "error500", 0),
        ("error500_after_accept", 500, "fatal_error", 1),
        ("internal_error", 200, "internal_error", 0),
        ("internal_error_after_accept", 200, "internal_error", 1),
    ],
)
async def test_an_error_says_nothing_of_whether_the_message_is_there(
    slack: AsyncWebClient, hands: Hands, kind: str, status: int, code: str, there: int
) -> None:
    await hands.faults({"method": "chat.postMessage", "kind": kind, "seconds": 7, "error": "account_inactive"})
    with pytest.raises(SlackApiError) as caught:
        await post(slack)
    assert (caught.value.response.status_code, caught.value.response["error"]) == (status, code)
    if kind == "ratelimit":
        assert caught.value.response.headers["Retry-After"] == "7"
    assert await arrived(hands) == there


@pytest.mark.parametrize(("kind", "there"), [("drop_before", 0), ("drop_after_accept", 1)])
async def test_a_dropped_connection_may_have_delivered(
    slack: AsyncWebClient, hands: Hands, kind: str, there: int
) -> None:
    await hands.faults({"method": "chat.*", "kind": kind})
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(slack)
    assert await arrived(hands) == there


@pytest.mark.parametrize(("kind", "there"), [("non_json", 0), ("non_json_after_accept", 1)])
async def test_an_answer_that_is_no_json(slack: AsyncWebClient, hands: Hands, kind: str, there: int) -> None:
    await hands.faults({"method": "chat.postMessage", "kind": kind})
    with pytest.raises(SlackApiError) as caught:
        await post(slack)
    assert caught.value.response.status_code == 502
    assert await arrived(hands) == there


@pytest.mark.parametrize("kind", ["slow", "slow_after_accept"])
async def test_slowness_outlasts_an_impatient_client_and_delivers_all_the_same(hands: Hands, kind: str) -> None:
    await hands.faults({"method": "chat.postMessage", "kind": kind, "seconds": 0.2})
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as impatient:
        url, headers = f"{hands.address}/api/chat.postMessage", {"Authorization": "Bearer xoxb-alvsunda-knuff"}
        with pytest.raises(TimeoutError):
            await impatient.post(url, json={"channel": KARIN, "text": "Hej"}, headers=headers)
    await hands.act("U02ERIK", "profile", locale="en-GB")
    await asyncio.sleep(0.3)
    assert await arrived(hands) == 1


async def test_a_rule_strikes_the_nth_call_only(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.faults({"method": "chat.postMessage", "kind": "internal_error", "nth": 2})
    await post(slack)
    with pytest.raises(SlackApiError):
        await post(slack)
    await post(slack)
    fired = (await hands.get("/_control/state"))["faults_fired"]
    assert fired == {"chat.postMessage internal_error": 1}


async def test_the_same_seed_strikes_the_same_calls(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/limits", {"enabled": False})

    async def struck(seed: int) -> list[bool]:
        rule = {"method": "chat.postMessage", "kind": "internal_error", "probability": 0.5}
        await hands.post("/_control/faults", {"rules": [rule], "seed": seed})
        results = []
        for _ in range(20):
            try:
                await post(slack)
            except SlackApiError:
                results.append(True)
            else:
                results.append(False)
        return results

    first = await struck(7)
    assert 0 < sum(first) < 20
    assert await struck(7) == first
    assert await struck(8) != first


async def test_a_rule_that_makes_no_sense_is_named(hands: Hands) -> None:
    answer = await hands.post("/_control/faults", {"rules": [{"kind": "explode"}]}, status=400)
    assert "rules.0.kind" in answer["error"]


async def test_the_log_tells_what_was_stored_though_the_bot_heard_otherwise(
    slack: AsyncWebClient, hands: Hands
) -> None:
    await hands.faults({"method": "chat.postMessage", "kind": "error500_after_accept"})
    with pytest.raises(SlackApiError):
        await post(slack)
    async with hands.session.get(f"{hands.address}/_control/log") as response:
        line = (await response.text()).splitlines()[-1]
    assert '"ok": true' in line
    assert '"fault": "error500_after_accept"' in line
