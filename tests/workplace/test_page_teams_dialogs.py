"""Dialogs of Teams on the page: opened by a button, filled in, held back, sent, shown once more, closed."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.workplace.card_bot import CardBot
from tests.workplace.cards_drawn import EVERYTHING, MATS, REFLECTION, SOFIA, Json, card, line, submit

pytestmark = pytest.mark.browser

TUULA = "0a000005-0000-4000-8000-000000000005"


async def opened(page: Page, bot: CardBot, form: Json, title: str = "Ny omgång") -> Locator:
    bot.answers["task/fetch"] = bot.dialog(title, form)
    await page.get_by_role("button", name="Skriv vad som hände").click()
    dialog = page.get_by_role("dialog", name=title)
    await expect(dialog).to_be_visible()
    return dialog


async def test_a_dialog_is_filled_in_and_sent_from_the_keyboard_alone(sofia: Page, in_teams: CardBot) -> None:
    in_teams.answers["task/fetch"] = in_teams.dialog("Vad hände?", REFLECTION)
    await sofia.get_by_role("button", name="Skriv vad som hände").focus()
    await sofia.keyboard.press("Enter")
    await expect(sofia.get_by_label("Vad hände?").last).to_be_focused()
    await sofia.keyboard.type("Det gick bra")
    await sofia.keyboard.press("Tab")
    await sofia.keyboard.press("Enter")
    await expect(sofia.get_by_role("dialog")).to_be_hidden()
    await expect(sofia.get_by_role("button", name="Skriv vad som hände")).to_be_focused()
    (value,) = in_teams.invokes("task/submit")
    assert (value["data"]["why"], value["data"]["knuff"]["form"]) == ("Det gick bra", "reflection")


async def test_what_must_be_filled_in_is_said_where_it_is_missing(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, EVERYTHING)
    await dialog.get_by_role("button", name="Spara").click()
    why = dialog.get_by_label("Vad hände?")
    await expect(why).to_be_focused()
    await expect(why).to_have_attribute("aria-invalid", "true")
    await expect(why).to_have_accessible_description("Skriv minst ett ord.")
    await expect(dialog.get_by_role("radiogroup", name="Takt")).to_have_accessible_description("Välj en takt.")
    await why.fill("Ja")
    await expect(why).to_have_attribute("aria-invalid", "false")
    await expect(dialog.get_by_text("Skriv minst ett ord.")).to_have_count(0)
    assert in_teams.invokes("task/submit") == []


async def test_every_kind_of_input_can_be_filled_in(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, EVERYTHING)
    await dialog.get_by_label("Vad hände?").fill("Mycket")
    await dialog.get_by_role("radio", name="Tre i veckan", exact=True).check()
    await dialog.get_by_role("group", name="Dagar").get_by_role("checkbox", name="Tisdag", exact=True).check()
    await dialog.get_by_label("Språk").select_option(label="Engelska")
    await dialog.get_by_label("Startdag").fill("2026-03-09")
    await dialog.get_by_label("Veckor").fill("6")
    await dialog.get_by_role("checkbox", name="Spara inte").check()
    await dialog.get_by_role("button", name="Spara", exact=True).click()
    await expect(dialog).to_be_hidden()
    (value,) = in_teams.invokes("task/submit")
    entered = {name: text for name, text in value["data"].items() if name != "knuff"}
    assert entered == {
        "why": "Mycket",
        "pace": "three",
        "days": "tue",
        "lang": "en",
        "who": MATS,
        "start": "2026-03-09",
        "slot": "08:30",
        "weeks": "6",
        "keep": "no",
    }


async def test_people_are_searched_for_and_chosen(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, EVERYTHING)
    await expect(dialog.get_by_role("checkbox", name="Mats Eriksson")).to_be_checked()
    await dialog.get_by_role("searchbox").fill("tuula")
    await expect(dialog.get_by_role("checkbox", name="Mats Eriksson")).to_be_hidden()
    await dialog.get_by_role("checkbox", name="Tuula Virtanen").check()
    await expect(dialog.get_by_text("Valda: 2")).to_be_visible()
    await dialog.get_by_label("Vad hände?").fill("Mycket")
    await dialog.get_by_role("radio", name="Varje dag").check()
    await dialog.get_by_role("button", name="Spara", exact=True).click()
    await expect(dialog).to_be_hidden()
    assert in_teams.invokes("task/submit")[0]["data"]["who"] == f"{MATS},{TUULA}"


async def test_a_refused_form_is_shown_once_more_from_its_beginning(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, REFLECTION)
    fault = line({"type": "TextRun", "text": "Skriv minst två ord.", "color": "Attention"})
    again = card(fault, REFLECTION["body"][1] | {"value": "Ja"}, submit("Spara"))
    in_teams.answers["task/submit"] = in_teams.dialog("Ny omgång", again)
    await dialog.get_by_label("Vad hände?").fill("Ja")
    await dialog.get_by_role("button", name="Spara").click()
    await expect(dialog.get_by_text("Skriv minst två ord.")).to_be_visible()
    await expect(dialog.get_by_role("heading", name="Ny omgång")).to_be_focused()
    await expect(dialog.get_by_label("Vad hände?")).to_have_value("Ja")


async def test_a_button_in_a_dialog_may_show_another_one(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, EVERYTHING)
    await dialog.get_by_label("Vad hände?").fill("Mycket")
    await dialog.get_by_role("radio", name="Varje dag").check()
    in_teams.answers["task/submit"] = in_teams.dialog("Ett exempel", card(line("Så här ser det ut.")))
    await dialog.get_by_role("button", name="Visa ett exempel").click()
    example = sofia.get_by_role("dialog", name="Ett exempel")
    await expect(example).to_contain_text("Så här ser det ut.")
    await example.get_by_role("button", name="Stäng").click()
    await expect(example).to_be_hidden()
    assert in_teams.invokes("task/submit")[0]["data"]["knuff"] == {"action": "example", "value": ""}


async def test_a_sentence_instead_of_a_dialog_stays_until_it_is_closed(sofia: Page, in_teams: CardBot) -> None:
    in_teams.answers["task/fetch"] = {"task": {"type": "message", "value": "Den här veckan är slut."}}
    await sofia.get_by_role("button", name="Skriv vad som hände").click()
    notice = sofia.get_by_role("alert").filter(has_text="Den här veckan är slut.")
    await notice.get_by_role("button", name="Stäng").click()
    await expect(notice).to_have_count(0)


async def test_escape_closes_a_dialog_and_the_button_has_focus(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, REFLECTION)
    await sofia.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(sofia.get_by_role("button", name="Skriv vad som hände")).to_be_focused()


async def test_typing_in_a_dialog_survives_what_arrives_meanwhile(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, REFLECTION)
    await dialog.get_by_label("Vad hände?").fill("Halvvägs")
    await in_teams.send(SOFIA, text="Hur gick det?")
    await expect(sofia.locator(".message").last).to_contain_text("Hur gick det?")
    await expect(dialog.get_by_label("Vad hände?")).to_have_value("Halvvägs")
    await expect(dialog.get_by_label("Vad hände?")).to_be_focused()


async def test_a_bot_that_refuses_a_form_is_said_in_the_dialog(sofia: Page, in_teams: CardBot) -> None:
    dialog = await opened(sofia, in_teams, REFLECTION)
    await dialog.get_by_label("Vad hände?").fill("Ja")
    in_teams.status = 500
    await dialog.get_by_role("button", name="Spara").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Knuff kunde inte ta emot det.")
    await expect(dialog.get_by_label("Vad hände?")).to_have_value("Ja")
