"""What only happens in Teams, in a browser with `knuff demo`.

Dialogs that answer, an app that comes and goes, channels.
"""

import re
import time
from asyncio import to_thread
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from playwright.async_api import Page, expect

from bot.conversation.texts import Words
from lessons.library import load_library
from tests.browser import accessibility_faults
from tests.journeys.hands import HandsInTeams, Json, meant_by, wait_for
from tests.journeys.places import InTeams, monday
from tests.journeys.sitting import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = Words("sv")
LESSONS = load_library().lessons
MATS = InTeams.leader_ids["sv"]
REPLY = "Vi provar körlistan på två turer på torsdag."
CHANGED = "Vi provar körlistan på en tur på fredag."
THE_PAGES = {"edit": "Ändra", "remove": "Ta bort", "save": "Spara", "install": "Installera Knuff", "profile": "Profil"}
"""What the page itself says."""


@pytest.fixture
def sitting(page: Page, demo_address: str, request: pytest.FixtureRequest) -> InTeams:
    return InTeams(page, demo_address, story=f"teams-{request.node.name.removeprefix('test_')}")


async def test_a_coordinator_corrects_sees_the_difference_and_reads_the_account(sitting: InTeams) -> None:
    await sitting.look_as(sitting.coordinator)
    await sitting.asks_for_cohorts()
    await sitting.press(WORDS("coordinating.new_button"))
    form = await sitting.sees_form(WORDS("coordinating.new_title"))
    await form.get_by_label(WORDS("coordinating.name_label")).fill("Chefer våren 2026")
    day = form.get_by_label(WORDS("coordinating.starts_on_label"))
    await day.fill("2026-02-20")
    await sitting.press(WORDS("coordinating.new_next"))
    await sitting.sees(re.compile(re.escape(WORDS("coordinating.start_past"))))
    await expect(form.get_by_label(WORDS("coordinating.name_label"))).to_have_value("Chefer våren 2026")
    await expect(day).to_have_value("2026-02-20")
    await day.fill("2026-03-02")
    await sitting.press(WORDS("coordinating.new_next"))
    form = await sitting.sees_form(WORDS("coordinating.plan_title"))
    for person in sitting.leaders.values():
        await form.get_by_role("checkbox", name=person).check()
    closed = form.get_by_label(WORDS("coordinating.closed_label"))
    await closed.fill("midsommar")
    await sitting.press(WORDS("coordinating.new_submit"))
    await sitting.sees(re.compile("Jag förstår inte ”midsommar”"))
    await sitting.is_well_drawn("refused")
    await expect(form.get_by_role("checkbox", name=sitting.leaders["sv"])).to_be_checked()
    await expect(closed).to_have_value("midsommar")
    await closed.fill("")
    await sitting.press(WORDS("coordinating.new_submit"))
    await sitting.sees_form(WORDS("coordinating.preview_title"))
    await sitting.press(WORDS("coordinating.preview_submit"))

    await sitting.press(WORDS("coordinating.manage_button_edit"))
    form = await sitting.sees_form(WORDS("coordinating.edit_title"))
    await form.get_by_label(WORDS("coordinating.slot_label")).fill("09:00")
    await sitting.press(WORDS("coordinating.edit_submit"))
    await sitting.sees_form(WORDS("coordinating.diff_title"))
    await sitting.sees(re.compile("08.15 → 09.00"))
    await sitting.is_well_drawn("difference")
    await sitting.press(WORDS("coordinating.diff_submit"))
    await sitting.press(WORDS("coordinating.manage_button_account"))
    await sitting.sees_form(WORDS("coordinating.account_title"))
    await sitting.is_well_drawn("account")
    await sitting.press(WORDS("coordinating.close"))
    await sitting.form_goes()


async def test_a_button_pressed_twice_an_old_card_and_words_changed_and_taken_back(sitting: InTeams) -> None:
    page = sitting.page
    await to_thread(monday, sitting)
    await to_thread(_presses_before_the_card_has_changed, sitting.hands)
    await sitting.look_as(sitting.leaders["sv"])
    await sitting.sees(WORDS("nudges.choice_kept"))
    await sitting.is_well_drawn("pressed-again")
    await sitting.write(REPLY)
    await sitting.sees(re.compile(re.escape(WORDS("typed.saved").partition(" _")[0])))
    own = page.locator("li.own").filter(has_text=REPLY)
    await own.get_by_role("button", name=THE_PAGES["edit"]).click()
    await page.get_by_role("textbox", name=THE_PAGES["edit"]).fill(CHANGED)
    await page.get_by_role("button", name=THE_PAGES["save"]).click()
    await _at_home(sitting, lambda said: CHANGED in said and REPLY not in said)
    await sitting.is_well_drawn("changed")
    changed = page.locator("li.own").filter(has_text=CHANGED)
    await changed.get_by_role("button", name=THE_PAGES["remove"]).click()
    await _at_home(sitting, lambda said: CHANGED not in said)
    await sitting.is_well_drawn("taken-back")


async def test_uninstalled_nothing_comes_and_installed_again_it_goes_on(sitting: InTeams) -> None:
    hands, page = sitting.hands, sitting.page
    await to_thread(monday, sitting)
    await sitting.look_as(sitting.leaders["sv"])
    await to_thread(hands.act, MATS, "uninstall")
    install = page.get_by_role("main").locator(".composer").get_by_role("button", name=THE_PAGES["install"])
    await expect(install).to_be_visible(timeout=PATIENCE_MS)
    await sitting.is_well_drawn("uninstalled")
    await sitting.wind_to("2026-03-03", "08:15")
    emily = InTeams.leader_ids["en"]
    await to_thread(wait_for, "Tuesday's nudge for Emily", partial(_has, hands, emily, "L02"), seconds=30)
    await install.click()
    await expect(page.get_by_label(sitting.says("composer"))).to_be_visible(timeout=PATIENCE_MS)
    await sitting.wind_to("2026-03-04", "08:15")
    await sitting.sees(LESSONS["L03"].title.sv)
    assert not _has(hands, MATS, "L02"), "what could not come is explained, not sent later"
    await sitting.write("varför")
    await sitting.sees(WORDS("reasons.title"))
    await sitting.is_well_drawn("installed-again")


async def test_mentioned_in_a_channel_knuff_says_where_it_talks_and_keeps_nothing(sitting: InTeams) -> None:
    await sitting.look_as(sitting.leaders["sv"])
    await sitting.page.get_by_role("link", name="Ledning / Allmänt").click()
    # Not the chat's, which may stand there still.
    composer = sitting.page.get_by_role("main").get_by_role("textbox", name="Skriv i Ledning / Allmänt")
    await composer.fill("Vi borde prova Knuff.")
    await composer.press("Enter")
    await composer.fill("@Knuff hur gör man?")
    await composer.press("Enter")
    await sitting.sees(WORDS("typed.mentioned"))
    await sitting.is_well_drawn("mentioned")
    assert await accessibility_faults(sitting.page) == []
    assert sitting.hands.messages(MATS) == []


def _presses_before_the_card_has_changed(hands: HandsInTeams) -> None:
    """The first choice twice at once, and then another one, all before the card can show that one was made."""
    hands.post("/_control/teams/faults", {"rules": [{"method": "invoke *", "kind": "delay", "seconds": 0.8}]})
    message, action = hands.button(MATS, "nudge.choice")
    values = [meant["value"] for meant in meant_by(message["card"]) if meant["action"] == action]

    def press(value: str) -> Json:
        return hands.act(MATS, "press", id=message["id"], action=action, value=value)

    with ThreadPoolExecutor(3) as fingers:
        first = [fingers.submit(press, values[0]) for _ in range(2)]
        time.sleep(0.3)
        other = fingers.submit(press, values[1])
    assert [one.result()["shown"] for one in [*first, other]] == [WORDS("intake.received")] * 3
    hands.post("/_control/teams/faults", {"rules": []})
    kept = WORDS("nudges.choice_kept")
    wait_for("a word about it", lambda: _said(hands, kept), seconds=20)
    time.sleep(0.5)
    assert _said(hands, kept) == 1, "the same choice again is nothing to speak of"
    chosen = LESSONS["L01"].choices[int(values[0].rsplit(":", 1)[-1])].text.sv
    shown = next(one for one in hands.messages(MATS) if one["id"] == message["id"])
    assert f"Du valde ”{chosen}”" in str(shown["card"])


def _said(hands: HandsInTeams, text: str) -> int:
    return sum(text in str(message["card"]) for message in hands.messages(MATS))


async def _at_home(sitting: InTeams, is_so: Callable[[str], bool]) -> None:
    """Ask for Home until what it says is so."""

    def look() -> bool:
        sitting.hands.act(MATS, "write", text="hem")
        wait_for("Home", lambda: _home(sitting.hands), seconds=20)
        return is_so(_home(sitting.hands))

    await to_thread(wait_for, "Home that says so", look, seconds=30)


def _home(hands: HandsInTeams) -> str:
    last = hands.messages(MATS)[-1]
    said = str(last["card"])
    return said if WORDS("home.weeks") in said else ""


def _has(hands: HandsInTeams, person: str, lesson: str) -> bool:
    titles = (LESSONS[lesson].title.sv, LESSONS[lesson].title.en)
    return any(title in str(message["card"]) for message in hands.messages(person) for title in titles)
