"""The page for everybody: axe, small screens, large enough targets, and everything from the keyboard."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import accessibility_faults
from tests.workplace.blocks import home, modal, option, plain, section, text_input
from tests.workplace.bolt_bot import Bot
from tests.workplace.drawn import EVERYTHING, KARIN, NUDGE, PACES, Json, field, open_form
from tests.workplace.reaching import out_of_reach, too_small

pytestmark = pytest.mark.browser


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


async def test_what_is_chosen_is_seen_where_its_reader_has_chosen_the_colours(karin: Page) -> None:
    await karin.emulate_media(color_scheme="dark", forced_colors="active")
    for chosen, other, side in (
        (".people a[aria-current]", ".people a:not([aria-current])", "Left"),
        (".places a[aria-current]", ".places a:not([aria-current])", "Bottom"),
        (".language [aria-pressed=true]", ".language [aria-pressed=false]", "Bottom"),
    ):
        line = f"(one) => (({{border{side}Color: colour, border{side}Width: width}}) => [colour, width])"
        lines = [await karin.locator(one).first.evaluate(f"{line}(getComputedStyle(one))") for one in (chosen, other)]
        assert lines[0] != lines[1], chosen
        assert lines[0][1] != "0px"


async def test_every_target_is_at_least_24_pixels(karin: Page) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("Mitt svar")
    await karin.keyboard.press("Enter")
    await expect(karin.get_by_role("button", name="Ändra")).to_be_visible()
    assert await too_small(karin) == []


async def test_tab_comes_to_everything_that_can_be_pressed_or_filled_in(
    karin: Page, bot: Bot, slack: AsyncWebClient
) -> None:
    await karin.get_by_label("Skriv till Knuff").fill("Mitt svar")
    await karin.keyboard.press("Enter")
    await expect(karin.get_by_role("button", name="Ändra")).to_be_visible()
    assert await out_of_reach(karin) == []
    await open_form(karin, bot, EVERYTHING)
    assert await out_of_reach(karin) == []
    await karin.keyboard.press("Escape")
    await karin.get_by_role("button", name="Inte i dag").click()
    assert await out_of_reach(karin) == []
    await karin.keyboard.press("Escape")
    choice = {"type": "static_select", "action_id": "pace", "placeholder": plain("Ändra takt"), "options": PACES}
    more = {"type": "overflow", "action_id": "more", "options": [option("stop", "Sluta helt")]}
    blocks = [section("Takt") | {"accessory": choice}, section("Mer") | {"accessory": more}, NUDGE[3]]
    await slack.views_publish(user_id=KARIN, view=home(*blocks))
    await karin.get_by_role("link", name="Hem", exact=True).click()
    await expect(karin.get_by_role("button", name="Välj")).to_be_visible()
    assert await out_of_reach(karin) == []


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
