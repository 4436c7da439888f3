"""The Teams half of the page, in a real browser: cards, channels, and Knuff coming and going."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.workplace.card_bot import CardBot
from tests.workplace.cards_drawn import CHANNEL, MATS, NUDGE, SOFIA, actions, card, execute, heading, line
from tests.workplace.conftest import Hands

pytestmark = pytest.mark.browser

Json = dict[str, Any]
DONE = card(heading("Värdet i en mening"), line("Du gjorde det."))


async def test_everybody_stands_under_the_platform_they_are_in(sofia: Page) -> None:
    teams = sofia.get_by_role("region", name="I Teams")
    await expect(teams.get_by_role("link", name="Mats Eriksson")).to_be_visible()
    await expect(teams.get_by_role("link", name="Karin Lindqvist")).to_have_count(0)
    slack = sofia.get_by_role("region", name="I Slack")
    await slack.get_by_role("link", name="Karin Lindqvist").click()
    await expect(sofia.get_by_role("main")).to_contain_text("I Slack · Rektor, Åbacka skola")
    await teams.get_by_role("link", name="Mats Eriksson").click()
    await expect(sofia.get_by_role("main")).to_contain_text("I Teams · Förvaltningschef")


async def test_a_card_is_drawn_with_its_headings_facts_and_links(sofia: Page) -> None:
    message = sofia.locator(".message").last
    await expect(message.get_by_role("heading", level=3)).to_have_text("Värdet i en mening")
    await expect(message.get_by_role("link", name="handboken")).to_have_attribute("href", "http://127.0.0.1:9/handbok")
    await expect(message.get_by_role("link", name="Visa mina data")).to_be_visible()
    await expect(message).to_contain_text("5 minuter")


async def test_nothing_in_rich_text_is_interpreted(sofia: Page) -> None:
    await expect(sofia.locator(".message").last).to_contain_text("*Inte fet.* <b>Inte heller.</b>")


async def test_text_blocks_are_markdown_and_never_html(sofia: Page, in_teams: CardBot) -> None:
    text = "**Fet** <img src=x onerror=alert(1)> [klicka](javascript:alert(1))"
    await in_teams.send(SOFIA, card({"type": "TextBlock", "text": text, "wrap": True}))
    words = sofia.locator(".message").last.locator(".words")
    await expect(words.locator("strong")).to_have_text("Fet")
    await expect(words).to_contain_text("<img src=x onerror=alert(1)>")
    assert await words.locator("img, a").count() == 0


async def test_a_press_reaches_the_bot_and_its_answer_is_read_out(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_role("button", name="Jag gör det").click()
    await expect(sofia.get_by_role("status")).to_have_text("Mottaget.")
    (value,) = in_teams.invokes("adaptiveCard/action")
    assert (value["action"]["verb"], value["action"]["data"]) == ("go", {"knuff": {"action": "go", "value": "L001"}})


async def test_a_card_the_bot_changes_is_drawn_anew_and_keeps_the_focus(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_role("button", name="Jag gör det").click()
    message = sofia.locator(".message").last
    await expect(sofia.get_by_role("status")).to_have_text("Mottaget.")
    message_id = str(await message.get_attribute("data-message"))
    await in_teams.update(SOFIA, message_id, DONE, summary="Du gjorde det.")
    await expect(message).to_contain_text("Du gjorde det.")
    await expect(message).to_be_focused()
    await expect(sofia.get_by_role("status")).to_have_text("Knuff ändrade ett meddelande: Du gjorde det.")


async def test_a_card_in_the_answer_takes_the_cards_place(sofia: Page, in_teams: CardBot) -> None:
    answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": DONE}
    in_teams.answers["adaptiveCard/action"] = answer
    await sofia.get_by_role("button", name="Jag gör det").click()
    await expect(sofia.locator(".message").last).to_contain_text("Du gjorde det.")


async def test_a_question_is_asked_before_what_cannot_be_undone(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_role("button", name="Ta bort mina svar").click()
    await expect(sofia.get_by_text("Ta bort allt?", exact=True)).to_be_visible()
    await expect(sofia.get_by_role("status")).to_contain_text("Ta bort allt? Det går inte att ångra.")
    await sofia.get_by_role("button", name="Nej, behåll").click()
    await expect(sofia.get_by_text("Ta bort allt?", exact=True)).to_be_hidden()
    await expect(sofia.get_by_role("button", name="Ta bort mina svar")).to_be_focused()
    assert in_teams.invokes("adaptiveCard/action") == []
    await sofia.get_by_role("button", name="Ta bort mina svar").click()
    await sofia.get_by_role("button", name="Ja, ta bort").click()
    await in_teams.until(lambda: len(in_teams.invokes("adaptiveCard/action")) == 1)
    assert in_teams.invokes("adaptiveCard/action")[0]["action"]["verb"] == "delete"


async def test_the_same_card_twice_is_two_cards(sofia: Page, in_teams: CardBot) -> None:
    await in_teams.send(SOFIA, NUDGE)
    await expect(sofia.get_by_role("button", name="Ta bort mina svar")).to_have_count(2)
    await sofia.get_by_role("button", name="Ta bort mina svar").first.click()
    await expect(sofia.get_by_text("Ta bort allt?", exact=True)).to_have_count(2)
    await expect(sofia.get_by_text("Ta bort allt?", exact=True).first).to_be_visible()
    await expect(sofia.get_by_text("Ta bort allt?", exact=True).last).to_be_hidden()
    ids = await sofia.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


async def test_a_new_message_in_teams_is_read_out_and_marked_in_the_list(sofia: Page, in_teams: CardBot) -> None:
    await in_teams.send(SOFIA, card(line("Hej")), summary="Hur gick det?")
    await expect(sofia.get_by_role("status")).to_have_text("Knuff: Hur gick det?")
    await in_teams.send(MATS, text="Hej Mats")
    await expect(sofia.get_by_role("link", name="Mats Eriksson")).to_contain_text("nytt")
    await expect(sofia.get_by_role("link", name="Sofia Lindgren")).not_to_contain_text("nytt")


async def test_own_messages_in_teams_are_sent_edited_and_deleted(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_label("Skriv till Knuff").fill("3 < 4 & *fet*")
    await sofia.keyboard.press("Enter")
    own = sofia.locator(".message.own")
    await expect(own.locator(".words")).to_have_text("3 < 4 & *fet*")
    await own.get_by_role("button", name="Ändra").click()
    await sofia.get_by_label("Ändra").fill("Ett annat svar")
    await sofia.get_by_role("button", name="Spara").click()
    await expect(own).to_contain_text("Ett annat svar")
    await expect(own).to_contain_text("(ändrat)")
    await own.get_by_role("button", name="Ta bort").click()
    await expect(own).to_have_count(0)
    assert in_teams.types() == ["message", "messageUpdate", "messageDelete"]


async def test_in_a_channel_the_bot_hears_of_what_begins_with_its_name(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_role("link", name="Ledning / Allmänt").click()
    field = sofia.get_by_label("Skriv i Ledning / Allmänt")
    await field.fill("Hej alla")
    await sofia.keyboard.press("Enter")
    await expect(sofia.locator(".message")).to_contain_text("Hej alla")
    await field.fill("@knuff vi börjar")
    await sofia.keyboard.press("Enter")
    await expect(sofia.locator(".message").last).to_contain_text("@Knuff vi börjar")
    await in_teams.until(lambda: len(in_teams.activities) == 1)
    assert in_teams.activities[0]["text"] == "<at>Knuff</at> vi börjar"


async def test_a_reply_stands_under_what_it_answers(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_role("link", name="Ledning / Allmänt").click()
    for text in ("Första frågan", "Andra frågan"):
        await in_teams.send_to_channel(CHANNEL, text=text)
    await expect(sofia.locator(".message")).to_have_count(2)
    await sofia.get_by_role("button", name="Svara").first.click()
    await sofia.get_by_label("Svara Knuff").fill("@Knuff ja")
    await sofia.locator(".editing").get_by_role("button", name="Skicka").click()
    await expect(sofia.locator(".message .words")).to_have_text(["Första frågan", "@Knuff ja", "Andra frågan"])
    await expect(sofia.locator(".message.reply")).to_contain_text("svar i tråden")
    (mention,) = in_teams.activities
    first = await sofia.locator(".message").first.get_attribute("data-message")
    assert mention["conversation"]["id"] == f"{CHANNEL};messageid={first}"


async def test_knuff_is_uninstalled_and_installed_again(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_text("Profil", exact=True).click()
    await sofia.get_by_role("button", name="Avinstallera Knuff").click()
    await expect(sofia.get_by_label("Skriv till Knuff")).to_have_count(0)
    await expect(sofia.get_by_role("main")).to_contain_text("Sofia Lindgren har inte installerat Knuff.")
    await sofia.get_by_role("button", name="Installera Knuff").last.click()
    await expect(sofia.get_by_label("Skriv till Knuff")).to_be_visible()
    updates = [a["action"] for a in in_teams.activities if a["type"] == "installationUpdate"]
    assert updates == ["remove", "add"]


async def test_a_profile_in_teams_goes_with_the_next_message(sofia: Page, in_teams: CardBot) -> None:
    await sofia.get_by_text("Profil", exact=True).click()
    await sofia.get_by_label("Tidszon").select_option("America/New_York")
    await sofia.get_by_label("Språk i Teams").select_option("en-GB")
    await sofia.get_by_role("button", name="Spara").click()
    await expect(sofia.locator("#local-time")).to_contain_text("New York")
    await sofia.get_by_label("Skriv till Knuff").fill("Hej")
    await sofia.keyboard.press("Enter")
    await in_teams.until(lambda: len(in_teams.activities) == 1)
    (activity,) = in_teams.activities
    assert (activity["localTimezone"], activity["locale"]) == ("America/New_York", "en-GB")


async def test_whoever_has_blocked_knuff_is_said_to_have_done_so(sofia: Page) -> None:
    await sofia.get_by_text("Profil", exact=True).click()
    await sofia.get_by_label("Blockera Knuff").check()
    await sofia.get_by_role("button", name="Spara").click()
    await expect(sofia.get_by_role("main")).to_contain_text("Sofia Lindgren har blockerat Knuff.")
    await expect(sofia.get_by_role("link", name="Sofia Lindgren")).to_contain_text("har blockerat Knuff")
    await expect(sofia.get_by_label("Skriv till Knuff")).to_have_count(0)


async def test_nobody_is_asked_to_write_where_one_cannot(page: Page, hands: Hands, in_teams: CardBot) -> None:
    await page.goto(f"{hands.address}/#{SOFIA}/chat")
    await expect(page.get_by_text("Här är tomt än. Skriv något till Knuff")).to_be_visible()
    await hands.post(f"/_control/teams/people/{SOFIA}/uninstall")
    await expect(page.get_by_role("main")).to_contain_text("Sofia Lindgren har inte installerat Knuff.")
    await expect(page.get_by_text("Skriv något till Knuff")).to_have_count(0)


async def test_a_button_that_is_no_submit_opens_no_dialog(sofia: Page, in_teams: CardBot) -> None:
    button = execute("Fråga", "ask")
    button["data"] |= {"msteams": {"type": "task/fetch"}}
    await in_teams.send(SOFIA, card(actions(button)))
    await sofia.get_by_role("button", name="Fråga").click()
    await in_teams.until(lambda: len(in_teams.activities) == 1)
    assert [activity["name"] for activity in in_teams.activities] == ["adaptiveCard/action"]


async def test_the_teams_half_speaks_english_too(sofia: Page) -> None:
    await sofia.get_by_role("button", name="English").click()
    await expect(sofia.get_by_role("region", name="In Teams")).to_be_visible()
    await expect(sofia.get_by_label("Write to Knuff")).to_be_visible()
    await expect(sofia.get_by_role("link", name="Chat", exact=True)).to_be_visible()


async def test_a_bot_that_refuses_is_said_in_words_in_teams_too(sofia: Page, in_teams: CardBot) -> None:
    in_teams.status = 500
    await sofia.get_by_role("button", name="Jag gör det").click()
    await expect(sofia.get_by_role("alert").first).to_contain_text("Knuff kunde inte ta emot det.")


async def test_without_its_bundles_the_page_says_what_to_type(page: Page, hands: Hands, in_teams: CardBot) -> None:
    await in_teams.send(SOFIA, card(actions(execute("Jag gör det", "go"))))
    await page.route("**/page/vendor/*", lambda route: route.fulfill(status=404))
    await page.goto(f"{hands.address}/#{SOFIA}/chat")
    await expect(page.locator(".message")).to_contain_text("Det som ritar korten i Teams saknas. Skriv: make setup")
