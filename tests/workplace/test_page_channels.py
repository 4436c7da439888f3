"""Channels on the page, in a real browser: what the bot says to everybody there, its buttons and forms, and a channel
that has been closed."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import accessibility_faults
from tests.workplace.bolt_bot import Bot
from tests.workplace.card_bot import CardBot, message
from tests.workplace.cards_drawn import CHANNEL, EVERYTHING, SOFIA, actions, card, execute, heading, opens
from tests.workplace.conftest import Hands
from tests.workplace.drawn import EVERYTHING as FORM
from tests.workplace.drawn import KARIN, NUDGE, open_form

pytestmark = pytest.mark.browser

Json = dict[str, Any]
LEADERS = "C01LEDARE"
PROMPT = card(heading("Vilket behov?"), actions(execute("Jag är med", "round.join"), opens("Bidra", "round.hand_in")))


@pytest.fixture
async def in_channel(karin: Page, slack: AsyncWebClient) -> Page:
    """Karin in the leaders' channel, where the bot has said something with buttons to everybody."""
    await slack.chat_postMessage(channel=LEADERS, text="Vilket behov?", blocks=NUDGE)
    await karin.get_by_role("link", name="#ledare").click()
    await expect(karin.get_by_role("button", name="Jag gör det")).to_be_visible()
    return karin


async def test_a_button_is_pressed_and_a_form_opens_for_whoever_pressed(in_channel: Page, bot: Bot) -> None:
    assert await accessibility_faults(in_channel) == []
    await open_form(in_channel, bot, FORM)
    assert await accessibility_faults(in_channel) == []
    [pressed] = bot.actions
    assert (pressed["channel"]["id"], pressed["user"]["id"]) == (LEADERS, KARIN)


async def test_what_the_bot_says_to_one_person_there_says_that_only_they_see_it(
    in_channel: Page, slack: AsyncWebClient
) -> None:
    await slack.chat_postEphemeral(channel=LEADERS, user=KARIN, text="Du är med i laget.")
    await expect(in_channel.locator(".message").last).to_contain_text("Bara du ser det")


async def test_an_archived_channel_can_be_read_and_says_why_one_cannot_write(in_channel: Page, hands: Hands) -> None:
    await hands.post("/_control/settings", {"event_retry_seconds": []})
    await hands.post("/_control/channels/archive", {"channel": LEADERS})
    await expect(in_channel.get_by_text("Kanalen är arkiverad. Den går bara att läsa.")).to_be_visible()
    await expect(in_channel.get_by_label("Skriv i #ledare")).to_have_count(0)
    assert await accessibility_faults(in_channel) == []
    await in_channel.get_by_role("button", name="Jag gör det").click()
    await expect(in_channel.get_by_role("alert")).to_contain_text("archived")
    await hands.post("/_control/channels/unarchive", {"channel": LEADERS})
    await expect(in_channel.get_by_label("Skriv i #ledare")).to_be_visible()


async def test_a_deleted_channel_leaves_the_list_of_places(in_channel: Page, hands: Hands) -> None:
    await hands.post("/_control/settings", {"event_retry_seconds": []})
    await hands.post("/_control/channels/delete", {"channel": LEADERS})
    await expect(in_channel.get_by_role("link", name="#ledare")).to_have_count(0)
    await expect(in_channel.get_by_label("Skriv till Knuff")).to_be_visible()


async def test_in_teams_a_press_and_a_dialog_come_from_the_thread_of_the_message(
    sofia: Page, in_teams: CardBot, hands: Hands
) -> None:
    sent = await in_teams.begin_thread(CHANNEL, message(PROMPT, "", "Vilket behov?"))
    thread = f"{CHANNEL};messageid={sent}"
    await sofia.goto(f"{hands.address}/#{SOFIA}/{CHANNEL}")
    await sofia.get_by_role("button", name="Jag är med").click()
    await expect(sofia.locator("#flash")).to_contain_text("Mottaget.")
    in_teams.answers["task/fetch"] = in_teams.dialog("Bidra", EVERYTHING)
    await sofia.get_by_role("button", name="Bidra").click()
    await expect(sofia.get_by_role("dialog")).to_be_visible()
    assert await accessibility_faults(sofia) == []
    assert [one["conversation"]["id"] for one in in_teams.activities] == [thread, thread]
    assert [one["replyToId"] for one in in_teams.activities] == [sent, sent]


async def test_in_teams_a_deleted_channel_leaves_the_list_of_places(
    sofia: Page, in_teams: CardBot, hands: Hands
) -> None:
    await sofia.get_by_role("link", name="Ledning / Utveckling").click()
    await expect(sofia.get_by_label("Skriv i Ledning / Utveckling")).to_be_visible()
    await hands.post("/_control/teams/delete_channel", {"channel": "19:utveckling-alvsunda@thread.tacv2"})
    await expect(sofia.get_by_role("link", name="Ledning / Utveckling")).to_have_count(0)
    await expect(sofia.get_by_label("Skriv till Knuff")).to_be_visible()
    [told] = in_teams.activities
    assert told["channelData"]["eventType"] == "channelDeleted"
