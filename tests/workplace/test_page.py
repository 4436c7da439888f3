"""The page, in a real browser: a newcomer plays the people, with mouse or keyboard."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import accessibility_faults
from tests.workplace.blocks import actions, button, home, modal, option, plain, section, text_input
from tests.workplace.bolt_bot import Bot
from tests.workplace.conftest import Hands

pytestmark = pytest.mark.browser

KARIN = "U01KARIN"
Json = dict[str, Any]
PACES = [option("daily", "Varje dag"), option("three", "Tre i veckan")]
CONFIRM = {
    "title": plain("Ta bort allt?"),
    "text": plain("Det går inte att ångra."),
    "confirm": plain("Ta bort"),
    "deny": plain("Behåll"),
}


def field(block_id: str, label: str, **element: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element | {"action_id": "x"}}


EVERYTHING = modal(
    section("Så här ofta hör du av mig."),
    text_input("why", multiline=True),
    field("pace", "Takt", type="radio_buttons", options=PACES),
    field("days", "Dagar", type="checkboxes", options=[option("mon", "Måndag"), option("tue", "Tisdag")]),
    field("lang", "Samtalsspråk", type="static_select", options=[option("sv", "Svenska"), option("en", "Engelska")]),
    field("many", "Ämnen", type="multi_static_select", options=[option("a", "Mod"), option("b", "Mål")]),
    field("who", "Deltagare", type="multi_users_select"),
    field("lead", "Samordnare", type="users_select"),
    field("where", "Plats", type="conversations_select"),
    field("start", "Startdag", type="datepicker", initial_date="2026-03-02"),
    field("slot", "Klockslag", type="timepicker", initial_time="08:30"),
)
NUDGE = [
    {"type": "header", "text": plain("Värdet i en mening")},
    section("*Varför nu:* det hjälper <@U02ERIK> & andra.\n• Skriv _en mening_\n• Läs den högt"),
    {"type": "section", "fields": [plain("Tid"), plain("5 minuter")]},
    actions(button("go", "Jag gör det", style="primary"), button("no", "Inte i dag", style="danger", confirm=CONFIRM)),
    {"type": "divider"},
    {"type": "context", "elements": [plain("Bara du ser dina svar.")]},
]


@pytest.fixture
async def karin(page: Page, hands: Hands, bot: Bot, slack: AsyncWebClient) -> Page:
    """Karin's messages with a nudge from the bot in them."""
    await slack.chat_postMessage(channel=KARIN, text="Värdet i en mening", blocks=NUDGE)
    await page.goto(f"{hands.address}/#{KARIN}/messages")
    await expect(page.get_by_role("button", name="Jag gör det")).to_be_visible()
    return page


async def open_form(page: Page, bot: Bot, form: Json) -> None:
    bot.form = form
    await page.get_by_role("button", name="Jag gör det").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
async def test_axe_finds_nothing_in_messages_home_and_forms(
    karin: Page, bot: Bot, slack: AsyncWebClient, scheme: Any, width: int
) -> None:
    await karin.emulate_media(color_scheme=scheme)
    await karin.set_viewport_size({"width": width, "height": 800})
    assert await accessibility_faults(karin) == []
    await open_form(karin, bot, EVERYTHING)
    await karin.get_by_role("button", name="Spara").click()
    await expect(karin.locator(".error:visible").first).to_be_visible()
    assert await accessibility_faults(karin) == []
    await karin.keyboard.press("Escape")
    choice = {"type": "static_select", "action_id": "pace", "placeholder": plain("Ändra takt"), "options": PACES}
    blocks = [NUDGE[0], section("Takt") | {"accessory": choice}, NUDGE[3]]
    await slack.views_publish(user_id=KARIN, view=home(*blocks))
    await karin.get_by_role("link", name="Hem", exact=True).click()
    await expect(karin.get_by_role("button", name="Välj")).to_be_visible()
    assert await accessibility_faults(karin) == []


async def test_nothing_runs_off_a_narrow_screen(karin: Page) -> None:
    await karin.set_viewport_size({"width": 400, "height": 800})
    assert await karin.evaluate("document.documentElement.scrollWidth") <= 400


async def test_every_target_is_at_least_24_pixels(karin: Page) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("Mitt svar")
    await karin.keyboard.press("Enter")
    await expect(karin.get_by_role("button", name="Ändra")).to_be_visible()
    too_small = await karin.evaluate(
        """[...document.querySelectorAll('button, a[href], summary, select, input, textarea')]
             .map(node => [node, node.getBoundingClientRect()])
             .filter(([node, box]) => box.width && !node.classList.contains('skip'))
             .filter(([node, box]) => Math.min(box.width, box.height) < 24)
             .map(([node]) => node.outerHTML)"""
    )
    assert too_small == []


async def test_a_form_is_filled_in_and_sent_from_the_keyboard_alone(karin: Page, bot: Bot) -> None:
    bot.form = modal(text_input("why"), field("pace", "Takt", type="radio_buttons", options=PACES))
    await karin.get_by_label("Skriv till Knuff").focus()
    for _ in range(10):
        await karin.keyboard.press("Shift+Tab")
        if await karin.evaluate("document.activeElement.textContent") == "Jag gör det":
            break
    await karin.keyboard.press("Enter")
    await expect(karin.get_by_label("Vad hände?")).to_be_focused()
    await karin.keyboard.type("Det gick bra")
    await karin.keyboard.press("Tab")
    await karin.keyboard.press("Space")
    await karin.keyboard.press("Enter")
    await expect(karin.get_by_role("dialog")).to_be_hidden()
    await expect(karin.get_by_role("button", name="Jag gör det")).to_be_focused()
    values = bot.submissions[0]["view"]["state"]["values"]
    assert values["why"]["text"]["value"] == "Det gick bra"
    assert values["pace"]["x"]["selected_option"]["value"] == "daily"


async def test_escape_closes_a_form_and_the_message_has_focus_though_it_was_redrawn(
    karin: Page, bot: Bot, slack: AsyncWebClient
) -> None:
    async def replace_the_buttons(client: AsyncWebClient, body: Json) -> None:
        place = body["container"]
        await client.chat_update(
            channel=place["channel_id"], ts=place["message_ts"], text="Bra", blocks=[section("Bra")]
        )

    bot.on_action = replace_the_buttons
    await open_form(karin, bot, modal())
    await karin.keyboard.press("Escape")
    await expect(karin.locator("[data-ts]").last).to_be_focused()


async def test_errors_stand_by_their_fields_and_the_first_has_focus(karin: Page, bot: Bot) -> None:
    await open_form(karin, bot, modal(text_input("why"), text_input("more") | {"label": plain("Mer?")}))
    await karin.get_by_role("button", name="Spara").click()
    why = karin.get_by_label("Vad hände?")
    await expect(why).to_be_focused()
    await expect(why).to_have_attribute("aria-invalid", "true")
    await expect(why).to_have_accessible_description("Fyll i det här fältet.")
    await why.fill("Ja")
    await karin.get_by_label("Mer?").fill("Nej")
    bot.answer = {"response_action": "errors", "errors": {"more": "Skriv minst två ord."}}
    await karin.get_by_role("button", name="Spara").click()
    await expect(karin.get_by_label("Mer?")).to_have_accessible_description("Skriv minst två ord.")
    await expect(karin.get_by_label("Mer?")).to_be_focused()
    await expect(why).to_have_value("Ja")


async def test_typing_survives_a_form_that_the_bot_changes_meanwhile(
    karin: Page, hands: Hands, bot: Bot, slack: AsyncWebClient
) -> None:
    await open_form(karin, bot, modal())
    await karin.get_by_label("Vad hände?").fill("Halvvägs")
    (view,) = (await hands.sees(KARIN))["stack"]
    await slack.views_update(view_id=view["id"], view=modal(section("Nytt överst"), text_input()))
    await expect(karin.get_by_text("Nytt överst")).to_be_visible()
    await expect(karin.get_by_label("Vad hände?")).to_have_value("Halvvägs")


async def test_every_kind_of_field_can_be_filled_in(karin: Page, bot: Bot) -> None:
    await open_form(karin, bot, EVERYTHING)
    await karin.get_by_label("Vad hände?").fill("Mycket")
    await karin.get_by_role("radio", name="Tre i veckan").check()
    await karin.get_by_role("checkbox", name="Tisdag").check()
    await karin.get_by_label("Samtalsspråk").select_option(label="Engelska")
    await karin.get_by_role("checkbox", name="Mål").check()
    people = karin.get_by_role("group", name="Deltagare")
    await people.get_by_role("searchbox").fill("amina")
    await people.get_by_role("checkbox", name="Amina Hassan").check()
    await karin.get_by_label("Samordnare").select_option(label="Amina Hassan")
    await karin.get_by_label("Plats").select_option(label="#ledare")
    await karin.get_by_label("Startdag").fill("2026-03-09")
    await karin.get_by_role("button", name="Spara").click()
    await expect(karin.get_by_role("dialog")).to_be_hidden()
    values = {
        name: entry for name, block in bot.submissions[0]["view"]["state"]["values"].items() for entry in block.values()
    }
    assert values["why"]["value"] == "Mycket"
    assert values["pace"]["selected_option"]["value"] == "three"
    assert [o["value"] for o in values["days"]["selected_options"]] == ["tue"]
    assert values["lang"]["selected_option"]["value"] == "en"
    assert [o["value"] for o in values["many"]["selected_options"]] == ["b"]
    assert values["who"]["selected_users"] == ["U03AMINA"]
    assert values["lead"]["selected_user"] == "U03AMINA"
    assert values["where"]["selected_conversation"] == "C01LEDARE"
    assert (values["start"]["selected_date"], values["slot"]["selected_time"]) == ("2026-03-09", "08:30")


async def test_someone_who_has_left_cannot_be_picked(karin: Page, bot: Bot) -> None:
    await open_form(karin, bot, EVERYTHING)
    people = karin.get_by_role("group", name="Deltagare")
    await expect(people.get_by_role("checkbox", name="Rumsbokaren (bot)")).to_have_count(1)
    await expect(people.get_by_role("checkbox", name="Gunnar Palm")).to_have_count(0)


async def test_a_confirmation_is_asked_for_before_the_press_counts(karin: Page, bot: Bot) -> None:
    for answer, presses in (("Behåll", 0), ("Ta bort", 1)):
        await karin.get_by_role("button", name="Inte i dag").click()
        dialog = karin.get_by_role("dialog", name="Ta bort allt?")
        await dialog.get_by_role("button", name=answer).click()
        await expect(dialog).to_be_hidden()
        if presses:
            await bot.until(lambda: len(bot.actions) == 1)
        assert len(bot.actions) == presses


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
    await expect(karin.locator("#now")).to_contain_text("08:15")
    assert "T08:15:" in (await hands.get("/clock"))["now"]
    await karin.get_by_role("button", name="En timme fram").click()
    await expect(karin.locator("#now")).to_contain_text("09:15")
    await karin.get_by_text("Annan tid").click()
    await karin.get_by_label("Datum").fill("2030-05-06")
    await karin.get_by_role("button", name="Spola fram").click()
    await expect(karin.locator("#now")).to_contain_text("måndag 6 maj 2030 kl. 08:15")
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
    await expect(karin.locator("#now")).to_contain_text("tisdag 11 mars 2031 kl. 08:15", timeout=15_000)
    stops = [body["to_local"] for body in map(json.loads, wound) if "to_local" in body]
    assert stops == ["2031-03-07T08:15:05", "2031-03-10T08:15:05", "2031-03-11T08:15"]


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


async def test_a_bot_that_sleeps_is_said_in_words(karin: Page, hands: Hands) -> None:
    await hands.post("/_control/settings", {"request_url": "http://127.0.0.1:9/", "event_retry_seconds": []})
    await karin.get_by_role("button", name="Jag gör det").click()
    await expect(karin.get_by_role("alert")).to_contain_text("Knuff svarar inte. Är den igång?")
