"""What the bot says arrives, as the real client says it."""

import json
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import actions, button, home, section
from tests.workplace.conftest import Hands
from workplace.slack.conversations import Conversations

KARIN = "U01KARIN"


async def test_a_message_to_a_person_opens_their_direct_messages(slack: AsyncWebClient, hands: Hands) -> None:
    answer = await slack.chat_postMessage(channel=KARIN, text="God morgon")
    assert answer["channel"] == "D01KARIN"
    seen = await hands.sees(KARIN)
    assert [(m["text"], m["ts"]) for m in seen["direct"]["messages"]] == [("God morgon", answer["ts"])]


def test_every_ts_is_greater_than_the_last_even_within_one_moment() -> None:
    conversations, moment = Conversations(()), datetime(2026, 3, 2, 7, 14, tzinfo=UTC)
    stamps = [conversations.new_ts(moment) for _ in range(3)]
    assert stamps == ["1772435640.000000", "1772435640.000001", "1772435640.000002"]


async def test_nobody_sees_what_another_was_sent(slack: AsyncWebClient, hands: Hands) -> None:
    await slack.chat_postMessage(channel=KARIN, text="Bara för Karin")
    assert (await hands.sees("U02ERIK"))["direct"]["messages"] == []


async def test_an_update_with_text_alone_takes_the_blocks_away_and_keeps_the_metadata(
    slack: AsyncWebClient, hands: Hands
) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery_id": "7"}}
    sent = await slack.chat_postMessage(channel=KARIN, text="Nytt", blocks=[section("Nytt")], metadata=metadata)
    await slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="Ändrat")
    (message,) = (await hands.sees(KARIN))["direct"]["messages"]
    assert message["text"] == "Ändrat"
    assert "blocks" not in message
    assert message["metadata"] == metadata
    assert message["edited"]["user"] == "U0KNUFFBOT"


async def test_a_deleted_message_is_gone(slack: AsyncWebClient, hands: Hands) -> None:
    sent = await slack.chat_postMessage(channel=KARIN, text="Fel")
    await slack.chat_delete(channel=sent["channel"], ts=sent["ts"])
    assert (await hands.sees(KARIN))["direct"]["messages"] == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="Nytt")


async def test_an_ephemeral_message_is_seen_by_one_and_stands_in_no_history(
    slack: AsyncWebClient, hands: Hands
) -> None:
    await slack.chat_postEphemeral(channel="C01LEDARE", user=KARIN, text="Viskning")
    in_channel = {who: (await hands.sees(who))["channels"][0]["messages"] for who in (KARIN, "U02ERIK")}
    assert [m["only_for_you"] for m in in_channel[KARIN]] == [True]
    assert in_channel["U02ERIK"] == []
    assert (await slack.conversations_history(channel="C01LEDARE"))["messages"] == []


async def test_the_home_is_published_for_one_person(slack: AsyncWebClient, hands: Hands) -> None:
    await slack.views_publish(user_id=KARIN, view=home(section("Hej Karin"), actions(button("go"))))
    assert (await hands.sees(KARIN))["home"]["blocks"][0]["text"]["text"] == "Hej Karin"
    assert (await hands.sees("U02ERIK"))["home"] is None


async def test_a_home_that_changed_meanwhile_is_a_hash_conflict(slack: AsyncWebClient) -> None:
    first = await slack.views_publish(user_id=KARIN, view=home())
    await slack.views_publish(user_id=KARIN, view=home(), hash=first["view"]["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await slack.views_publish(user_id=KARIN, view=home(), hash=first["view"]["hash"])


async def test_the_log_says_who_was_reached_and_with_what(slack: AsyncWebClient, hands: Hands) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery_id": "7"}}
    await slack.chat_postMessage(channel="U07PIRJO", text="Hyvää huomenta", metadata=metadata)
    async with hands.session.get(f"{hands.address}/_control/log?method=chat.postMessage") as response:
        (line,) = [json.loads(text) for text in (await response.text()).splitlines()]
    assert (line["person"], line["platform"], line["tz"]) == ("U07PIRJO", "slack", "Europe/Helsinki")
    assert (line["text"], line["metadata"], line["ok"]) == ("Hyvää huomenta", metadata, True)


async def test_state_counts_what_each_person_received(slack: AsyncWebClient, hands: Hands) -> None:
    await slack.chat_postMessage(channel=KARIN, text="Ett")
    await slack.chat_postMessage(channel=KARIN, text="Två")
    received = (await hands.get("/_control/state"))["received"]
    assert {who: [m["text"] for m in messages] for who, messages in received.items()} == {KARIN: ["Ett", "Två"]}
