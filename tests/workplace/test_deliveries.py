"""What people do reaches a real bolt bot over signed HTTP, and comes again when it was not acknowledged."""

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.bolt_bot import Bot, bolt_bot, listening
from tests.workplace.conftest import Hands
from workplace.settings import Secrets

KARIN = "U01KARIN"


async def test_a_message_reaches_the_bot_as_slack_writes_it(hands: Hands, bot: Bot) -> None:
    done = await hands.act(KARIN, "write", text="3 < 4 & 5 > 4")
    (event,) = bot.events
    assert (event["text"], event["user"], event["channel_type"]) == ("3 &lt; 4 &amp; 5 &gt; 4", KARIN, "im")
    assert (event["ts"], event["channel"]) == (done["ts"], done["channel"])


async def test_edits_and_deletions_reach_the_bot_with_what_was_there(hands: Hands, bot: Bot) -> None:
    ts = (await hands.act(KARIN, "write", text="Före"))["ts"]
    await hands.act(KARIN, "edit", ts=ts, text="Efter")
    await hands.act(KARIN, "delete", ts=ts)
    _, changed, deleted = bot.events
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("Efter", "Före")
    assert changed["message"]["ts"] == ts
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "Efter")


async def test_opening_home_and_changing_zone_reach_the_bot(hands: Hands, bot: Bot) -> None:
    await hands.act(KARIN, "home")
    await hands.act(KARIN, "profile", tz="Europe/Helsinki")
    opened, changed = bot.events
    assert (opened["type"], opened["tab"], opened["user"]) == ("app_home_opened", "home", KARIN)
    assert (changed["type"], changed["user"]["tz"]) == ("user_change", "Europe/Helsinki")


async def test_a_newcomer_and_a_farewell_reach_the_bot(hands: Hands, bot: Bot) -> None:
    await hands.post("/_control/people", {"id": "U20NEW", "name": "ny", "real_name": "Ny Ledare"})
    await hands.post("/_control/uninstall")
    assert [event["type"] for event in bot.events] == ["team_join", "tokens_revoked", "app_uninstalled"]


async def test_the_bot_is_told_of_its_own_posts_and_edits_and_bolt_drops_them(
    hands: Hands, bot: Bot, slack: AsyncWebClient
) -> None:
    sent = await slack.chat_postMessage(channel=KARIN, text="Hej")
    await slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="Hej igen")
    await bot.until(lambda: len(bot.retries) == 2)
    await hands.act(KARIN, "write", text="Hej")
    assert bot.texts() == ["Hej"]
    lines = (await hands.get("/_control/deliveries"))["deliveries"]
    assert [(line["name"], line["acknowledged"]) for line in lines] == [("event.message", True)] * 3


async def test_a_command_is_answered_to_the_person_alone(hands: Hands, bot: Bot) -> None:
    await hands.act(KARIN, "command", command="/knuff", text="hjälp")
    (command,) = bot.commands
    assert (command["text"], command["user_id"], command["channel_name"]) == ("hjälp", KARIN, "directmessage")
    (reply,) = (await hands.sees(KARIN))["direct"]["messages"]
    assert (reply["text"], reply["only_for_you"]) == ("Du skrev hjälp", True)


async def test_a_wrong_secret_is_noticed_by_the_bot(hands: Hands) -> None:
    stranger = bolt_bot(hands.address, Secrets(signing_secret="another"))
    async with listening(stranger) as request_url:
        await hands.post("/_control/settings", {"request_url": request_url, "event_retry_seconds": []})
        done = await hands.act(KARIN, "write", text="Hej")
    assert (done["acknowledged"], done["status"]) == (False, 401)
    assert stranger.events == []


async def test_an_event_comes_again_until_it_is_acknowledged(hands: Hands, bot: Bot) -> None:
    bot.refuse_requests = 2
    done = await hands.act(KARIN, "write", text="Hej")
    await bot.until(lambda: bool(bot.events))
    assert done["reason"] == "http_error"
    assert bot.retries == [None, "1", "2"]


async def test_an_event_is_given_up_after_three_retries(hands: Hands, bot: Bot) -> None:
    bot.refuse_requests = 10
    await hands.act(KARIN, "write", text="Hej")
    await bot.until(lambda: len(bot.retries) == 4)
    await asyncio.sleep(0.05)
    assert bot.retries == [None, "1", "2", "3"]


async def test_a_bot_that_is_not_there_is_said_so(hands: Hands) -> None:
    await hands.post("/_control/settings", {"request_url": "http://127.0.0.1:9/", "event_retry_seconds": []})
    done = await hands.act(KARIN, "write", text="Hej")
    assert (done["acknowledged"], done["reason"]) == (False, "connection_failed")


async def test_a_duplicate_is_the_same_event_twice(hands: Hands, bot: Bot) -> None:
    await hands.faults({"method": "event.message", "kind": "duplicate"})
    await hands.act(KARIN, "write", text="Hej")
    await bot.until(lambda: len(bot.events) == 2)
    assert len(set(bot.event_ids)) == 1


async def test_a_reordered_event_comes_after_the_next(hands: Hands, bot: Bot) -> None:
    await hands.faults({"method": "event.message", "kind": "reorder", "nth": 1, "seconds": 30})
    first = asyncio.create_task(hands.act(KARIN, "write", text="Ett"))
    await asyncio.sleep(0.05)
    await hands.act(KARIN, "write", text="Två")
    await asyncio.wait_for(first, 2)
    assert bot.texts() == ["Två", "Ett"]


async def test_a_late_event_comes_once_more_as_a_retry(hands: Hands, bot: Bot) -> None:
    await hands.faults({"method": "event.*", "kind": "late", "seconds": 0.05})
    await hands.act(KARIN, "write", text="Hej")
    await bot.until(lambda: len(bot.events) == 2)
    assert bot.retries == [None, "1"]


async def test_a_lost_event_never_comes(hands: Hands, bot: Bot) -> None:
    await hands.faults({"method": "event.message", "kind": "lose", "count": 1})
    assert not (await hands.act(KARIN, "write", text="Ett"))["acknowledged"]
    await hands.act(KARIN, "write", text="Två")
    assert bot.texts() == ["Två"]


@pytest.mark.parametrize("wound_seconds", [0, 86_400])
async def test_signatures_follow_the_clock(hands: Hands, bot: Bot, wound_seconds: int) -> None:
    """bolt reads the real clock here, so it takes what is signed now and refuses what is signed tomorrow."""
    await hands.post("/clock", {"advance_seconds": wound_seconds})
    done = await hands.act(KARIN, "write", text="Hej")
    assert done["status"] == (401 if wound_seconds else 200)
