"""The same leader's day without a mouse, without buttons, and without writing in the chat at all."""

import re
from asyncio import to_thread
from functools import partial

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.conversation.texts import Words
from lessons.library import load_library
from tests.browser import accessibility_faults
from tests.journeys.hands import Hands, wait_for
from tests.journeys.places import PLACES, InSlack, Place, monday
from tests.journeys.sitting import Sitting

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = Words("sv")
LESSONS = load_library().lessons
KARIN = "U01KARIN"


@PLACES
async def test_everything_goes_from_the_keyboard(page: Page, demo_address: str, place: type[Place]) -> None:
    """Tab, Enter, Space, arrows and Escape: choose a person, answer a quiz, leave a form, fill in the rhythm, wind the
    clock, read Home."""
    sitting = place(page, demo_address, story=f"{place.name}-keyboard")
    await to_thread(monday, sitting)
    page, keyboard = sitting.page, sitting.page.keyboard
    await page.goto(sitting.address)
    await sitting.tab_to(sitting.leaders["sv"], role="a")
    await keyboard.press("Enter")
    await sitting.sees(LESSONS["L01"].title.sv)
    right = next(choice for choice in LESSONS["L01"].choices if choice.right)
    await sitting.tab_to(sitting.shown(right.text.sv), role="button")
    await keyboard.press("Enter")
    await sitting.sees(WORDS("nudges.next_step"))
    await sitting.tab_to(WORDS("reflections.write"), role="button")
    await keyboard.press("Enter")
    await sitting.sees_form(WORDS("reflections.reply_title"))
    await sitting.picture("form-by-keyboard")
    await keyboard.press("Escape")
    await sitting.form_goes()
    assert WORDS("reflections.write") in await page.evaluate("document.activeElement.textContent"), "focus went astray"
    await keyboard.press("Enter")
    await sitting.sees_form(WORDS("reflections.reply_title"))
    await keyboard.type("Körlistan, och nästa steg är två turer på torsdag.")
    await sitting.whole_picture("dialog-alone", of=sitting.form)
    await sitting.tab_to(WORDS("reflections.submit"), role="button")
    await keyboard.press("Enter")
    await sitting.form_goes()
    await sitting.sees(re.compile(re.escape(WORDS("nudges.replied"))))
    await sitting.tab_to("Skriv till Knuff", role="textarea")
    await keyboard.type("inställningar")
    await keyboard.press("Enter")
    await sitting.sees(WORDS("rhythm.change"))
    await sitting.tab_to(WORDS("rhythm.change"), role="button")
    await keyboard.press("Enter")
    await sitting.sees_form(WORDS("rhythm.title"))
    await keyboard.press("ArrowUp")  # the time of day has the focus: a quarter earlier
    await sitting.tab_to(WORDS("rhythm.day_4"), role="input")
    await keyboard.press("Space")
    await sitting.tab_to(WORDS("rhythm.choice_daily"), role="input")
    await keyboard.press("ArrowDown")
    await sitting.picture("rhythm-by-keyboard")
    await sitting.tab_to(WORDS("rhythm.submit"), role="button")
    await keyboard.press("Enter")
    await sitting.form_goes()
    await sitting.sees(WORDS("rhythm.changed"))
    await sitting.sees(WORDS("rhythm.pace_three"))
    await sitting.tab_to("Nästa morgon", role="button")
    await keyboard.press("Enter")
    await sitting.sees(LESSONS["L02"].title.sv)
    await sitting.goes_home_by_keyboard()
    await sitting.sees(WORDS("home.weeks"))
    await sitting.picture("home-by-keyboard")


WAYS = (
    ("hjälp", "typed.help_title"),
    ("i dag", None),
    ("B", None),
    ("jag gör det", "nudges.doing_said"),
    ("Vi provar på torsdag.", "typed.undo"),
    ("ångra", None),
    ("hem", "home.weeks"),
    ("planer", None),
    ("bibliotek", "library.title"),
    ("bibliotek möten", None),
    ("ta L07", None),
    ("tid 9.00", None),
    ("takt tre", "rhythm.now_three"),
    ("varför", "reasons.title"),
    ("mina data", "my_data.title"),
    ("paus till 2026-03-20", None),
    ("börja igen", "pausing.started"),
    ("sluta", None),
    ("börja igen", "pausing.started"),
    ("english", None),
    ("help", None),
    ("svenska", "rhythm.language_changed"),
)
"""What somebody may type, and a text of ours that must stand in the answer."""


async def test_everything_goes_by_typed_words(page: Page, demo_address: str) -> None:
    sitting = InSlack(page, demo_address, story="typed")
    hands = sitting.hands
    await to_thread(monday, sitting)
    await sitting.look_as("Karin Lindqvist")
    for typed, key in WAYS:
        before = len(hands.messages(KARIN))
        await sitting.write(typed)
        # In a thread: what the browser tells comes through this loop.
        await to_thread(wait_for, f"an answer to {typed!r}", partial(_has_come, hands, before + 2), seconds=30)
        if key is not None:
            await sitting.sees(re.compile(re.escape(WORDS(key).split("{")[0].strip("*"))))
        await sitting.settles()
        await sitting.picture(typed.replace(" ", "-"))
    assert await accessibility_faults(sitting.page) == []
    nothing_found = WORDS("library.none").partition("{")[0]
    said = [str(one["text"]) for one in hands.messages(KARIN)]
    assert not [text for text in said if text.startswith(nothing_found)], "the example we give ourselves finds nothing"


@PLACES
async def test_an_answer_can_be_given_on_our_own_page(
    page: Page, demo_address: str, context: BrowserContext, place: type[Place]
) -> None:
    """A single-use link from the chat, then our own forms: the platform sees neither the answer nor who reads what."""
    sitting = place(page, demo_address, story=f"{place.name}-own-page")
    await to_thread(monday, sitting)
    await sitting.look_as(sitting.leaders["sv"])
    await sitting.write("egen sida")
    await sitting.sees(WORDS("own_page.button"))
    await sitting.picture("link")
    link = sitting.page.get_by_role("link", name=re.compile(re.escape(WORDS("own_page.button")))).last
    async with context.expect_page() as opened:
        await link.click()
    page = await opened.value
    address = page.url
    await expect(page.get_by_role("heading", level=1)).to_have_text(WORDS("pages.open_title"))
    assert await accessibility_faults(page) == []
    await page.get_by_role("button", name=WORDS("pages.open_button")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(WORDS("pages.home_title"))
    assert await accessibility_faults(page) == []
    await _picture(sitting, page, "own-home")
    await page.get_by_role("link", name=LESSONS["L01"].title.sv).click()
    assert await accessibility_faults(page) == []
    await _picture(sitting, page, "own-answer")
    await page.get_by_role("radio").first.check()
    await page.get_by_role("button", name=WORDS("pages.choice_button")).click()
    reason = LESSONS["L01"].reason
    assert reason is not None
    await expect(page.get_by_text(reason.sv)).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.get_by_role("textbox").first.fill("Körlistan är närmast.")
    await page.get_by_role("button", name=WORDS("reflections.submit")).first.click()
    await expect(page.get_by_text(WORDS("pages.answer_saved"))).to_be_visible()
    await _picture(sitting, page, "own-answered")
    await page.get_by_role("link", name=WORDS("pages.data_link")).click()
    await expect(page.get_by_text("Körlistan är närmast.")).to_be_visible()
    assert await accessibility_faults(page) == []
    await _picture(sitting, page, "own-data")
    await _is_used_up(context, address)
    said = " ".join(str(message) for message in sitting.hands.messages(sitting.leader_ids["sv"]))
    assert "Körlistan är närmast." not in said, "what is written on our own page must not go through the chat"


def _has_come(hands: Hands, number: int) -> bool:
    return len(hands.messages(KARIN)) >= number


async def _is_used_up(context: BrowserContext, address: str) -> None:
    again = await context.new_page()
    answer = await again.goto(address)
    assert answer is not None
    assert answer.status == 410
    assert await accessibility_faults(again) == []


async def _picture(sitting: Sitting, page: Page, name: str) -> None:
    await sitting.picture(name, of=page.locator("body"))
