"""The bot's forms on the page: what is typed is kept, what is wrong is said where it is wrong."""

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import modal, plain, section, text_input
from tests.workplace.bolt_bot import Bot
from tests.workplace.conftest import Hands
from tests.workplace.drawn import EVERYTHING, KARIN, open_form

pytestmark = pytest.mark.browser


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
