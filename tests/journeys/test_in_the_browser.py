"""A leader's first week, lived in a browser with `knuff demo`: what a newcomer without a Slack account meets."""

import re

import pytest

from bot.conversation.texts import Words
from lessons.library import load_library
from tests.browser import accessibility_faults
from tests.journeys.sitting import Sitting

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = Words("sv")
LESSONS = load_library().lessons


async def test_a_leader_lives_the_first_week(sitting: Sitting) -> None:
    await _amina_starts_a_cohort(sitting)
    await _karin_is_welcomed(sitting)
    await _karin_answers_mondays_nudge(sitting)
    await _karin_is_asked_and_reflects(sitting)
    await _karin_finds_it_at_home(sitting)
    await _karin_pauses_by_typed_words(sitting)


async def _amina_starts_a_cohort(sitting: Sitting) -> None:
    await sitting.look_as("Amina Hassan")
    await sitting.write("/knuff")
    await sitting.press(WORDS("coordinating.new_button"))
    form = await sitting.sees_form(WORDS("coordinating.new_title"))
    await sitting.picture("new-cohort")
    await form.get_by_label(WORDS("coordinating.name_label")).fill("Chefer våren 2026")
    for person in ("Karin Lindqvist", "Erik Sandström", "Helen Carter"):
        await form.get_by_role("checkbox", name=person).check()
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("new-cohort-filled")
    await sitting.press(WORDS("coordinating.new_submit"))
    await sitting.sees_form(WORDS("coordinating.preview_title"))
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("preview")
    await sitting.picture("preview-alone", of=sitting.form)
    await sitting.press(WORDS("coordinating.preview_submit"))
    await sitting.sees(re.compile("Chefer våren 2026"))
    await sitting.picture("started")
    await sitting.press(WORDS("coordinating.close"))
    await sitting.form_goes()


async def _karin_is_welcomed(sitting: Sitting) -> None:
    await sitting.look_as("Karin Lindqvist")
    await sitting.page.get_by_role("button", name="En timme fram").click()
    await sitting.sees(WORDS("welcome.title"))
    await sitting.settles()
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("welcome")
    await sitting.press(WORDS("welcome.settings"))
    await sitting.sees_form(WORDS("rhythm.title"))
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("rhythm")
    await sitting.press(WORDS("rhythm.submit"))
    await sitting.form_goes()
    await sitting.picture("rhythm-saved")


async def _karin_answers_mondays_nudge(sitting: Sitting) -> None:
    await sitting.wind_to("2026-03-02", "08:15")
    await sitting.sees(LESSONS["L01"].title.sv)
    await sitting.settles()
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("monday")
    letter, right = next(one for one in zip("ABC", LESSONS["L01"].choices, strict=False) if one[1].right)
    await sitting.press(f"{letter}. {right.text.sv}")
    await sitting.press(WORDS("nudges.next_step"))
    await sitting.settles()
    await sitting.picture("monday-doing")
    await sitting.write("Vi provar körlistan på två turer på torsdag.")
    await sitting.sees(re.compile("Sparat till"))
    await sitting.settles()
    await sitting.picture("monday-replied")
    await sitting.wind_to("2026-03-03", "08:15")
    await sitting.sees(LESSONS["L02"].title.sv)
    await sitting.settles()
    await sitting.picture("tuesday")
    await sitting.picture("nudge-alone", of=sitting.messages.last)
    await sitting.press(WORDS("nudges.doing"))
    await sitting.settles()
    await sitting.picture("tuesday-doing")


async def _karin_is_asked_and_reflects(sitting: Sitting) -> None:
    """Tuesday's exercise is asked about two working days later, in the same message as Thursday's."""
    await sitting.wind_to("2026-03-04", "08:15")
    await sitting.sees(LESSONS["L03"].title.sv)
    await sitting.wind_to("2026-03-05", "08:15")
    await sitting.sees(LESSONS["L02"].follow_up.sv)
    await sitting.settles()
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("thursday-asked")
    await sitting.press(WORDS("follow_ups.tried"))
    await sitting.press(WORDS("reflections.think"))
    form = await sitting.sees_form(WORDS("reflections.form_title"))
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("reflection")
    await form.get_by_label(WORDS("reflections.expected")).fill("Att alla skulle hålla med.")
    await form.get_by_label(WORDS("reflections.happened")).fill("Vi läste meningen på tre olika sätt.")
    await form.get_by_label(WORDS("reflections.change")).fill("Jag frågar en brukare först.")
    await sitting.press(WORDS("reflections.submit"))
    await sitting.form_goes()
    await sitting.settles()
    await sitting.picture("reflected")


async def _karin_finds_it_at_home(sitting: Sitting) -> None:
    await sitting.open_tab("Hem")
    await sitting.sees("Jag frågar en brukare först.")
    assert await accessibility_faults(sitting.page) == []
    await sitting.whole_picture("home")
    await sitting.open_tab("Meddelanden")


async def _karin_pauses_by_typed_words(sitting: Sitting) -> None:
    await sitting.write("pausa till måndag")
    await sitting.sees(re.compile("Jag är tyst till och med söndag 8 mars"))
    await sitting.settles()
    await sitting.picture("paused")
