"""Each misbehaviour: what the bot hears, and whether the message is there all the same."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.workplace.teams.conftest import Bot, Desk, Ear, card, execute, message
from workplace.municipality import MATS, SOFIA

Json = dict[str, Any]


async def arrived(desk: Desk) -> int:
    return len((await desk.sees(MATS))["personal"]["messages"])


@pytest.mark.parametrize(
    ("rule", "status", "code", "there"),
    [
        ({"kind": "ratelimit", "seconds": 7}, 429, "TooManyRequests", 0),
        ({"kind": "precondition"}, 412, "PreconditionFailed", 0),
        ({"kind": "error", "error": "ConversationBlockedByUser"}, 403, "ConversationBlockedByUser", 0),
        ({"kind": "error", "status": 404, "error": "ConversationNotFound"}, 404, "ConversationNotFound", 0),
        ({"kind": "error500"}, 500, "ServiceError", 0),
        ({"kind": "error500_after_accept"}, 500, "ServiceError", 1),
        ({"kind": "error502"}, 502, "BadGateway", 0),
        ({"kind": "error502_after_accept"}, 502, "BadGateway", 1),
        ({"kind": "error503"}, 503, "ServiceUnavailable", 0),
        ({"kind": "error503_after_accept"}, 503, "ServiceUnavailable", 1),
        ({"kind": "error504"}, 504, "GatewayTimeout", 0),
        ({"kind": "error504_after_accept"}, 504, "GatewayTimeout", 1),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
async def test_an_error_says_nothing_of_whether_the_message_is_there(
    bot: Bot, desk: Desk, rule: Json, status: int, code: str, there: int
) -> None:
    await desk.faults({"method": "POST conversations/activities", **rule})
    got, answer = await bot.call("POST", f"/{await desk.chat()}/activities", message())
    assert (got, answer["error"]["code"]) == (status, code)
    assert await arrived(desk) == there


@pytest.mark.parametrize(("kind", "there"), [("drop_before", 0), ("drop_after_accept", 1)])
async def test_a_dropped_connection_may_have_delivered(bot: Bot, desk: Desk, kind: str, there: int) -> None:
    await desk.faults({"method": "POST *", "kind": kind})
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.call("POST", f"/{await desk.chat()}/activities", message())
    assert await arrived(desk) == there


@pytest.mark.parametrize(("kind", "there"), [("non_json", 0), ("non_json_after_accept", 1)])
async def test_an_answer_that_is_no_json(bot: Bot, desk: Desk, kind: str, there: int) -> None:
    await desk.faults({"kind": kind})
    with pytest.raises(json.JSONDecodeError):
        await bot.call("POST", f"/{await desk.chat()}/activities", message())
    assert await arrived(desk) == there


@pytest.mark.parametrize("kind", ["slow", "slow_after_accept"])
async def test_slowness_outlasts_an_impatient_client_and_delivers_all_the_same(bot: Bot, desk: Desk, kind: str) -> None:
    chat = await desk.chat()
    await desk.faults({"kind": kind, "seconds": 0.2})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await bot.call("POST", f"/{chat}/activities", message())
    await asyncio.sleep(0.3)
    assert await arrived(desk) == 1


async def test_a_token_that_has_ended_is_ended_for_every_call(bot: Bot, desk: Desk) -> None:
    await desk.faults({"kind": "expired_token", "count": 1})
    for _ in range(2):
        assert (await bot.call("POST", f"/{await desk.chat()}/activities", message()))[0] == 401


async def test_a_rule_strikes_the_calls_it_names(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    await desk.faults({"method": "PUT *", "kind": "precondition", "count": 1})
    sent = await bot.say(chat)
    path = f"/{chat}/activities/{sent}"
    assert [(await bot.call("PUT", path, message()))[0] for _ in range(2)] == [412, 200]
    state = await desk.get("state")
    assert state["faults_fired"] == {"PUT conversations/activities precondition": 1}
    assert state["errors"] == {"PUT conversations/activities PreconditionFailed": 1}


async def test_the_log_tells_what_was_done_though_the_bot_heard_otherwise(bot: Bot, desk: Desk) -> None:
    await desk.faults({"kind": "error504_after_accept", "nth": 2})
    chat = await desk.chat()
    await bot.say(chat)
    await bot.call("POST", f"/{chat}/activities", message(channelData={"knuff": {"delivery_id": 8}}))
    async with bot.session.get(f"{bot.address}/_control/teams/log?after=1") as response:
        line = json.loads(await response.text())
    assert (line["ok"], line["fault"], line["delivery_id"]) == (True, "error504_after_accept", 8)


async def test_what_slack_is_told_to_do_wrong_teams_does_right(bot: Bot, desk: Desk) -> None:
    await desk.hands.faults({"kind": "error500"})
    await bot.say(await desk.chat())
    answer = await desk.post("faults", status=400, rules=[{"kind": "internal_error"}])
    assert "rules.0.kind" in answer["error"]


async def test_a_lost_message_never_reaches_the_bot(desk: Desk, ear: Ear) -> None:
    await desk.faults({"method": "message", "kind": "lose", "count": 1})
    done = await desk.act(MATS, "write", text="ett")
    assert (done["reason"], ear.heard) == ("connection_failed", [])
    await desk.act(MATS, "write", text="två")
    assert [a["text"] for a in ear.heard] == ["två"]
    noted = (await desk.get("deliveries"))["deliveries"]
    assert [(line["name"], line["acknowledged"], line["person"]) for line in noted] == [
        ("message", False, MATS),
        ("message", True, MATS),
    ]


async def test_a_doubled_press_is_the_same_activity_twice(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    await desk.faults({"method": "invoke *", "kind": "duplicate"})
    await desk.act(MATS, "press", id=sent, verb="answer")
    assert len(ear.heard) == 2
    assert ear.heard[0] == ear.heard[1]
    assert ear.headers[0]["Authorization"]


async def test_messages_arrive_late_and_in_the_wrong_order(desk: Desk, ear: Ear) -> None:
    await desk.faults(
        {"method": "message", "kind": "reorder", "nth": 1, "seconds": 5}, {"kind": "late", "seconds": 0.05}
    )
    held = asyncio.create_task(desk.act(MATS, "write", text="ett"))
    await asyncio.sleep(0.05)
    await desk.act(SOFIA, "write", text="två")
    await held
    assert [a["text"] for a in ear.heard] == ["två", "ett"]
    await asyncio.sleep(0.2)
    assert [a["text"] for a in ear.heard] == ["två", "ett", "två"]
