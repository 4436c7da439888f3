"""The Teams half of the page for everybody: axe, small screens, large enough targets, everything from the keyboard."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import accessibility_faults
from tests.workplace.card_bot import CardBot
from tests.workplace.cards_drawn import CHANNEL, EVERYTHING, MATS, SOFIA
from tests.workplace.conftest import Hands
from tests.workplace.reaching import out_of_reach, too_small
from workplace.municipality import HASSAN

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_axe_finds_nothing_in_chats_channels_and_dialogs(
    sofia: Page, hands: Hands, in_teams: CardBot, scheme: Any, width: int
) -> None:
    await sofia.emulate_media(color_scheme=scheme)
    await sofia.set_viewport_size({"width": width, "height": 850})
    assert await accessibility_faults(sofia) == []
    await sofia.get_by_role("button", name="Ta bort mina svar").click()
    assert await accessibility_faults(sofia) == []
    await sofia.get_by_role("button", name="Nej, behåll").click()
    await _open_everything(sofia, in_teams)
    assert await accessibility_faults(sofia) == []
    await sofia.get_by_role("button", name="Spara", exact=True).click()
    await expect(sofia.get_by_text("Skriv minst ett ord.")).to_be_visible()
    assert await accessibility_faults(sofia) == []
    await sofia.keyboard.press("Escape")
    await in_teams.send_to_channel(CHANNEL, text="Hej alla")
    await sofia.goto(f"{hands.address}/#{SOFIA}/{CHANNEL}")
    await sofia.get_by_role("button", name="Svara").click()
    assert await accessibility_faults(sofia) == []


async def test_axe_finds_nothing_where_knuff_is_not_installed(sofia: Page, hands: Hands) -> None:
    await hands.post(f"/_control/teams/people/{SOFIA}/uninstall")
    await expect(sofia.get_by_role("button", name="Installera Knuff").last).to_be_visible()
    await sofia.get_by_text("Profil", exact=True).click()
    assert await accessibility_faults(sofia) == []


async def test_nothing_of_teams_runs_off_a_narrow_screen(sofia: Page, in_teams: CardBot) -> None:
    await sofia.set_viewport_size({"width": 390, "height": 850})
    assert await sofia.evaluate("document.documentElement.scrollWidth") <= 390
    await _open_everything(sofia, in_teams)
    assert await sofia.evaluate("document.querySelector('dialog .form-body').scrollWidth") <= 390 - 32


async def test_who_is_chosen_stays_in_sight_when_a_message_comes_to_a_narrow_screen(
    page: Page, hands: Hands, in_teams: CardBot
) -> None:
    await page.set_viewport_size({"width": 390, "height": 850})
    await page.goto(f"{hands.address}/#{HASSAN}/chat")
    chosen = page.get_by_role("link", name="Hassan Karimi")
    await expect(chosen).to_be_in_viewport()
    await in_teams.send(MATS, text="Hej Mats")
    await expect(page.get_by_role("link", name="Mats Eriksson")).to_contain_text("nytt")
    await expect(chosen).to_be_in_viewport()


async def test_looking_for_somebody_is_not_disturbed_by_what_arrives(sofia: Page, in_teams: CardBot) -> None:
    field = sofia.get_by_label("Sök bland människor")
    await field.press_sequentially("mats")
    await in_teams.send(MATS, text="Hej Mats")
    await expect(sofia.get_by_role("link", name="Mats Eriksson")).to_contain_text("nytt")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("mats")
    await expect(sofia.get_by_role("link", name="Karin Lindqvist")).to_be_hidden()
    await field.press_sequentially("x")
    await expect(field).to_have_value("matsx")


async def test_every_target_of_a_card_is_at_least_24_pixels(sofia: Page, in_teams: CardBot) -> None:
    assert await too_small(sofia) == []
    await _open_everything(sofia, in_teams)
    assert await too_small(sofia) == []


async def test_tab_comes_to_everything_on_a_card_and_in_a_dialog(sofia: Page, in_teams: CardBot) -> None:
    assert await out_of_reach(sofia) == []
    await sofia.get_by_role("button", name="Ta bort mina svar").click()
    assert await out_of_reach(sofia) == []
    await sofia.get_by_role("button", name="Nej, behåll").click()
    await _open_everything(sofia, in_teams)
    assert await out_of_reach(sofia) == []


async def _open_everything(page: Page, bot: CardBot) -> None:
    bot.answers["task/fetch"] = bot.dialog("Ny omgång", EVERYTHING)
    await page.get_by_role("button", name="Skriv vad som hände").click()
    await expect(page.get_by_role("dialog", name="Ny omgång")).to_be_visible()
