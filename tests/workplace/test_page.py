"""The page, in a real browser: a newcomer plays the people."""

import asyncio
import json
import re

import pytest
from playwright.async_api import Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import home, option, plain, section
from tests.workplace.bolt_bot import Bot
from tests.workplace.conftest import Hands
from tests.workplace.drawn import KARIN, PACES, Json

pytestmark = pytest.mark.browser


async def test_the_bots_words_are_drawn_as_headings_lists_and_names(karin: Page) -> None:
    message = karin.locator(".message").last
    await expect(message.get_by_role("heading", level=3)).to_have_text("Värdet i en mening")
    await expect(message.get_by_role("listitem")).to_have_text(["Skriv en mening", "Läs den högt"])
    await expect(message.locator("strong")).to_have_text("Varför nu:")
    await expect(message.locator(".mention")).to_have_text("@Erik Sandström")


async def test_text_from_the_bot_is_never_read_as_html(karin: Page, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=KARIN, text="<img src=x onerror=alert(1)> *fet* <javascript:alert(1)|klicka>")
    message = karin.locator(".message").last
    await expect(message).to_contain_text("fet")
    assert await message.locator("article img[src=x], .words a").count() == 0


async def test_own_messages_are_sent_edited_and_deleted(karin: Page, bot: Bot) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("3 < 4 & *fet*")
    await karin.keyboard.press("Enter")
    own = karin.locator(".message.own")
    await expect(own.locator(".words")).to_have_text("3 < 4 & fet")
    await own.get_by_role("button", name="Ändra").click()
    await karin.get_by_label("Ändra").fill("Ett annat svar")
    await karin.get_by_role("button", name="Spara").click()
    await expect(own).to_contain_text("Ett annat svar")
    await expect(own).to_contain_text("(ändrat)")
    await own.get_by_role("button", name="Ta bort").click()
    await expect(own).to_have_count(0)
    assert [event.get("subtype") for event in bot.events if event["type"] == "message"] == [
        None,
        "message_changed",
        "message_deleted",
    ]


async def test_a_slash_makes_a_command(karin: Page, bot: Bot) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("/knuff hjälp mig")
    await karin.get_by_role("button", name="Skicka").click()
    await expect(karin.locator(".message").last).to_contain_text("Du skrev hjälp mig")
    await expect(karin.locator(".message").last).to_contain_text("Bara du ser det här")


async def test_a_new_message_is_read_out_and_shows_in_the_list_of_people(karin: Page, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=KARIN, text="Hur gick det?")
    await expect(karin.get_by_role("status")).to_have_text("Knuff: Hur gick det?")
    await slack.chat_postMessage(channel="U02ERIK", text="Hej Erik")
    await expect(karin.get_by_role("link", name="Erik Sandström")).to_contain_text("nytt")
    await expect(karin.get_by_role("link", name="Karin Lindqvist")).not_to_contain_text("nytt")


async def test_typing_survives_what_arrives_meanwhile(karin: Page, slack: AsyncWebClient) -> None:
    field = karin.get_by_label("Skriv till Knuff")
    await field.fill("Halvvägs")
    await slack.chat_postMessage(channel=KARIN, text="Hur gick det?")
    await expect(karin.locator(".message").last).to_contain_text("Hur gick det?")
    await expect(field).to_have_value("Halvvägs")


async def test_the_clock_is_wound_on_to_the_next_morning(karin: Page, hands: Hands) -> None:
    await karin.get_by_role("button", name="Nästa morgon").click()
    await expect(karin.locator("#now")).to_contain_text("08.15")
    assert "T08:15:" in (await hands.get("/clock"))["now"]
    await karin.get_by_role("button", name="En timme fram").click()
    await expect(karin.locator("#now")).to_contain_text("09.15")
    await karin.get_by_text("Annan tid").click()
    await karin.get_by_label("Datum").fill("2030-05-06")
    await karin.get_by_role("button", name="Spola fram").click()
    await expect(karin.locator("#now")).to_contain_text("måndag 6 maj 2030 kl. 08.15")
    await karin.get_by_text("Annan tid").click()
    await karin.get_by_label("Datum").fill("2029-05-06")
    await karin.get_by_role("button", name="Spola fram").click()
    await expect(karin.get_by_role("alert")).to_contain_text("never back")


async def test_the_clock_stops_at_every_working_morning_on_its_way(karin: Page, hands: Hands) -> None:
    await hands.post("/clock", {"to_local": "2031-03-06T12:00"})  # a Thursday
    await karin.reload()
    wound: list[str] = []
    karin.on("request", lambda request: wound.append(request.post_data or "") if request.method == "POST" else None)
    await karin.get_by_text("Annan tid").click()
    await karin.get_by_label("Datum").fill("2031-03-11")
    await karin.get_by_role("button", name="Spola fram").click()
    await expect(karin.locator("#now")).to_contain_text("tisdag 11 mars 2031 kl. 08.15", timeout=15_000)
    stops = [body["to_local"] for body in map(json.loads, wound) if "to_local" in body]
    assert stops == ["2031-03-07T08:15:05", "2031-03-10T08:15:05", "2031-03-11T08:15"]


async def test_a_button_goes_to_the_hours_at_which_a_team_hears_something(karin: Page, hands: Hands) -> None:
    """The next morning would pass over the afternoon, in which what was hidden is opened."""
    await hands.post("/clock", {"to_local": "2032-03-04T08:15"})  # a Thursday
    await karin.reload()
    for name, reached in (
        ("torsdag 10.05", "torsdag 4 mars 2032 kl. 10.05"),
        ("torsdag 15.05", "torsdag 4 mars 2032 kl. 15.05"),
        ("fredag 10.05", "fredag 5 mars 2032 kl. 10.05"),
    ):
        await karin.get_by_role("button", name=re.compile(f"^Till {name}")).click()
        await expect(karin.locator("#now")).to_contain_text(reached, timeout=15_000)


async def test_the_clock_is_never_asked_to_go_to_a_stop_it_passes_meanwhile(karin: Page, hands: Hands) -> None:
    async def slowly(route: Route) -> None:
        if route.request.method == "POST":
            await asyncio.sleep(3.5)
        await route.continue_()

    await hands.post("/clock", {"to_local": "2031-03-06T08:15:02"})
    await karin.reload()
    await karin.context.route("**/clock", slowly)
    await karin.get_by_text("Annan tid").click()
    await karin.get_by_label("Datum").fill("2031-03-07")
    await karin.get_by_role("button", name="Spola fram").click()
    await expect(karin.locator("#now")).to_contain_text("7 mars 2031", timeout=15_000)
    await expect(karin.get_by_role("alert").filter(has_text="never back")).to_have_count(0)


async def test_another_language_can_be_chosen_before_anybody_has_been_read(page: Page, hands: Hands) -> None:
    read = asyncio.Event()

    async def later(route: Route) -> None:
        await read.wait()
        await route.fallback()

    await page.route("**/_control/people/*", later)
    await page.goto(hands.address)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    read.set()
    await expect(page.get_by_label("Write to Knuff")).to_be_visible()


async def test_it_speaks_both_languages(karin: Page) -> None:
    await karin.get_by_role("button", name="English").click()
    await expect(karin.get_by_role("button", name="Next morning")).to_be_visible()
    await expect(karin.get_by_label("Write to Knuff")).to_be_visible()
    await expect(karin.locator("html")).to_have_attribute("lang", "en")
    await expect(karin.get_by_role("button", name="English")).to_be_focused()
    await karin.reload()
    await expect(karin.get_by_role("button", name="Next morning")).to_be_visible()


async def test_a_changed_profile_reaches_the_bot(karin: Page, bot: Bot) -> None:
    await karin.get_by_text("Profil", exact=True).click()
    await karin.get_by_label("Tidszon").select_option("America/New_York")
    await karin.get_by_role("button", name="Spara").click()
    await expect(karin.locator("#local-time")).to_contain_text("New York")
    assert [e["user"]["tz"] for e in bot.events if e["type"] == "user_change"] == ["America/New_York"]


async def test_what_somebody_is_writing_stays_when_the_page_is_drawn_anew(karin: Page) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("Halvvägs")
    await karin.get_by_role("button", name="English").click()
    await expect(karin.get_by_label("Write to Knuff")).to_have_value("Halvvägs")


async def test_a_channel_can_be_read_and_written_in(karin: Page, bot: Bot, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel="C01LEDARE", text="Hej alla ledare")
    await karin.get_by_role("link", name="#ledare").click()
    await expect(karin.locator(".message")).to_contain_text("Hej alla ledare")
    await karin.get_by_label("Skriv i #ledare").fill("Hej du")
    await karin.keyboard.press("Enter")
    await bot.until(lambda: bot.texts() == ["Hej du"])


async def test_what_stands_in_the_home_acts_by_itself(
    karin: Page, hands: Hands, bot: Bot, slack: AsyncWebClient
) -> None:
    controls: list[Json] = [
        {"type": "static_select", "action_id": "pace", "placeholder": plain("Ändra takt"), "options": PACES},
        {"type": "datepicker", "action_id": "until", "placeholder": plain("Paus till")},
        {"type": "checkboxes", "action_id": "days", "options": [option("mon", "Måndag")]},
        {"type": "overflow", "action_id": "more", "options": [option("stop", "Sluta helt")]},
        {"type": "conversations_select", "action_id": "place", "filter": {"include": ["public"]}},
    ]
    blocks = [section(f"Val {n}") | {"accessory": one} for n, one in enumerate(controls)]
    image = {"type": "image", "image_url": f"{hands.address}/page/knuff.svg", "alt_text": "Knuffs märke"}
    await slack.views_publish(user_id=KARIN, view=home(*blocks, image))
    await karin.get_by_role("link", name="Hem", exact=True).click()
    await expect(karin.get_by_role("img", name="Knuffs märke")).to_be_visible()
    choose = karin.get_by_role("button", name="Välj")
    await karin.get_by_label("Ändra takt").select_option("three")
    await choose.first.click()
    await karin.get_by_label("Paus till").fill("2026-03-09")
    await karin.keyboard.press("Tab")
    await karin.get_by_role("checkbox", name="Måndag").check()
    await karin.get_by_text("Fler val").click()
    await karin.get_by_role("button", name="Sluta helt").click()
    await expect(karin.get_by_label("Val 4").get_by_role("option")).to_have_text(["Välj …", "#ledare", "#alla"])
    await bot.until(lambda: len(bot.actions) == 4)
    assert [body["actions"][0]["action_id"] for body in bot.actions] == ["pace", "until", "days", "more"]
    assert bot.actions[1]["actions"][0]["selected_date"] == "2026-03-09"


async def test_opening_home_asks_the_bot_to_show_it(karin: Page, bot: Bot) -> None:
    await karin.get_by_role("link", name="Hem", exact=True).click()
    await expect(karin.get_by_text("Knuff har inte visat något här än.")).to_be_visible()
    await bot.until(lambda: any(e["type"] == "app_home_opened" and e["tab"] == "home" for e in bot.events))


async def test_nobody_is_asked_to_write_who_cannot(page: Page, hands: Hands) -> None:
    await page.goto(f"{hands.address}/#{KARIN}/messages")
    await expect(page.get_by_text("Skriv något till Knuff")).to_be_visible()
    await hands.act(KARIN, "profile", deleted=True)
    await expect(page.get_by_label("Skriv till Knuff")).to_have_count(0)
    await expect(page.get_by_text("Skriv något till Knuff")).to_have_count(0)


async def test_a_bot_that_sleeps_is_said_in_words(karin: Page, hands: Hands) -> None:
    await hands.post("/_control/settings", {"request_url": "http://127.0.0.1:9/", "event_retry_seconds": []})
    await karin.get_by_role("button", name="Jag gör det").click()
    await expect(karin.get_by_role("alert")).to_contain_text("Knuff svarar inte. Är den igång?")
