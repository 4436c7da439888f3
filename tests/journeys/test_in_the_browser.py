"""A leader's first week, lived in a browser with `knuff demo`: what a newcomer without an account anywhere meets.

In Slack and in Teams, in Swedish and in English, the coordinator's part too. Axe looks at every step.
"""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.async_api import Page

from bot.conversation.texts import Words
from lessons.library import load_library
from lessons.models import Lesson
from tests.journeys.places import PLACES, Place

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LESSONS = load_library().lessons


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What they write in their language."""

    cohort: str
    reply: str
    expected: str
    happened: str
    change: str
    pause: str


STORIES = {
    "sv": Story(
        cohort="Chefer våren 2026",
        reply="Vi provar körlistan på två turer på torsdag.",
        expected="Att alla skulle hålla med.",
        happened="Vi läste meningen på tre olika sätt.",
        change="Jag frågar en brukare först.",
        pause="pausa till måndag",
    ),
    "en": Story(
        cohort="Managers, spring 2026",
        reply="We try the driving list on two rounds on Thursday.",
        expected="That everyone would agree.",
        happened="We read the sentence in three different ways.",
        change="I ask a user first.",
        pause="pause until Monday",
    ),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A journey in one language: who sits where, what is said, and in which words."""

    sitting: Place
    story: Story
    words: Words

    def title(self, lesson: Lesson) -> str:
        return self.words.of(lesson.title)


@pytest.mark.parametrize("language", ["sv", "en"])
@PLACES
async def test_a_leader_lives_the_first_week(page: Page, demo_address: str, place: type[Place], language: str) -> None:
    sitting = place(page, demo_address, story=f"{place.name}-week-{language}", language=language)
    if language == "en":
        sitting.hands.act(sitting.coordinator_id, "profile", locale="en-GB")
    day = Day(sitting, STORIES[language], Words(language))
    await _the_coordinator_starts_a_cohort(day)
    await _the_leader_is_welcomed(day)
    await _answers_mondays_nudge(day)
    await _is_asked_and_reflects(day)
    await _finds_it_at_home(day)
    await _pauses_by_typed_words(day)


async def _the_coordinator_starts_a_cohort(day: Day) -> None:
    sitting, words = day.sitting, day.words
    await sitting.look_as(sitting.coordinator)
    await sitting.asks_for_cohorts()
    await sitting.press(words("coordinating.new_button"))
    form = await sitting.sees_form(words("coordinating.new_title"))
    await sitting.picture("new-cohort")
    await form.get_by_label(words("coordinating.name_label")).fill(day.story.cohort)
    await sitting.is_well_drawn("new-cohort-named")
    await sitting.press(words("coordinating.new_next"))
    form = await sitting.sees_form(words("coordinating.plan_title"))
    for person in sitting.leaders.values():
        await form.get_by_role("checkbox", name=person).check()
    await sitting.is_well_drawn("new-cohort-filled")
    await sitting.press(words("coordinating.new_submit"))
    await sitting.sees_form(words("coordinating.preview_title"))
    await sitting.is_well_drawn("preview")
    await sitting.picture("preview-alone", of=sitting.form)
    await sitting.press(words("coordinating.preview_submit"))
    await sitting.sees(re.compile(day.story.cohort))
    await sitting.is_well_drawn("started")
    await sitting.press(words("coordinating.close"))
    await sitting.form_goes()


async def _the_leader_is_welcomed(day: Day) -> None:
    sitting, words = day.sitting, day.words
    await sitting.look_as(sitting.leaders[words.language])
    await sitting.page.get_by_role("button", name=sitting.says("one_hour")).click()
    await sitting.finds_a_welcome(words)
    await sitting.is_well_drawn("welcome")
    await sitting.press(words("welcome.settings"))
    await sitting.sees_form(words("rhythm.title"))
    await sitting.is_well_drawn("rhythm")
    await sitting.press(words("rhythm.submit"))
    await sitting.form_goes()
    await sitting.picture("rhythm-saved")


async def _answers_mondays_nudge(day: Day) -> None:
    sitting, words, monday = day.sitting, day.words, LESSONS["L01"]
    await sitting.wind_to("2026-03-02", "08:15")
    await sitting.sees(day.title(monday))
    await sitting.is_well_drawn("monday")
    letter, right = next(one for one in zip("ABC", monday.choices, strict=False) if one[1].right)
    await sitting.press(f"{letter}. {words.of(right.text)}")
    await sitting.press(words("nudges.next_step"))
    await sitting.is_well_drawn("monday-doing")
    await sitting.write(day.story.reply)
    await sitting.sees(re.compile(re.escape(words("typed.saved").partition(" _")[0])))
    await sitting.is_well_drawn("monday-replied")
    await sitting.wind_to("2026-03-03", "08:15")
    await sitting.sees(day.title(LESSONS["L02"]))
    await sitting.settles()
    await sitting.picture("tuesday")
    await sitting.picture("nudge-alone", of=sitting.messages.last)
    await sitting.press(words("nudges.doing"))
    await sitting.is_well_drawn("tuesday-doing")


async def _is_asked_and_reflects(day: Day) -> None:
    """Tuesday's exercise is asked about two working days later, in the same message as Thursday's."""
    sitting, words, tuesday = day.sitting, day.words, LESSONS["L02"]
    await sitting.wind_to("2026-03-04", "08:15")
    await sitting.sees(day.title(LESSONS["L03"]))
    await sitting.wind_to("2026-03-05", "08:15")
    await sitting.sees(words.of(tuesday.follow_up))
    await sitting.is_well_drawn("thursday-asked")
    await sitting.press(words("follow_ups.tried"))
    await sitting.press(words("reflections.think"))
    form = await sitting.sees_form(words("reflections.form_title"))
    await sitting.is_well_drawn("reflection")
    await form.get_by_label(words("reflections.expected")).fill(day.story.expected)
    await form.get_by_label(words("reflections.happened")).fill(day.story.happened)
    await form.get_by_label(words("reflections.change")).fill(day.story.change)
    await sitting.press(words("reflections.submit"))
    await sitting.form_goes()
    await sitting.is_well_drawn("reflected")


async def _finds_it_at_home(day: Day) -> None:
    sitting = day.sitting
    await sitting.goes_home()
    await sitting.sees(day.story.change)
    await sitting.is_well_drawn("home")
    await sitting.whole_picture("home-whole")
    await sitting.leaves_home()


async def _pauses_by_typed_words(day: Day) -> None:
    sitting, words = day.sitting, day.words
    await sitting.write(day.story.pause)
    quiet = words("pausing.paused").partition("{last}")[0]
    await sitting.sees(re.compile(re.escape(quiet + words.day(date(2026, 3, 8)))))
    await sitting.is_well_drawn("paused")
