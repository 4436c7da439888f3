"""The huddle card: everything the team needs on the wall, on one sheet, for every challenge of ours."""

import re

import pytest
from playwright.async_api import Page

from lessons.challenges import Challenge
from lessons.huddle import LARGEST, SMALLEST, huddle_card, points
from lessons.library import load_library
from lessons.models import Language
from tests.browser import accessibility_faults
from tests.lessons.written import CHALLENGE, ContentFolder, changed


def card(own: ContentFolder, text: str = CHALLENGE, language: Language = Language.EN) -> str:
    own.challenge(text)
    return huddle_card(load_library(own.path).challenge("our-week"), language)


def seen(html: str) -> str:
    """What is read on it, on one line."""
    return " ".join(re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_a_card_says_each_day_what_is_done_how_and_for_how_long(own: ContentFolder) -> None:
    assert seen(card(own)) == (
        "Our week 5 working days · 4–8 people Under each step: how the facilitator holds it. "
        "Read this aloud before you begin Write no names. "
        "Day 1 15 min Write needs Five minutes are silent. "
        "Day 2 10 min Choose a need Read aloud. "
        "Days 3–4 10 min Answer Ask for the reason. "
        "Day 5 10 min The first test One writes for all."
    )


def test_the_swedish_card_is_swedish_throughout(own: ContentFolder) -> None:
    html = card(own, language=Language.SV)
    assert 'lang="sv"' in html
    assert "<title>Vår vecka</title>" in html
    assert "5 arbetsdagar · 4–8 personer" in seen(html)
    assert "Dag 3–4 10 min Svara Fråga efter skälet." in seen(html)
    assert "Läs upp det här innan ni börjar Skriv inga namn. Dag 1" in seen(html), "it is read before the first step"


def test_pairs_from_a_whole_organisation_are_told_how_few_will_do(own: ContentFolder) -> None:
    assert "at least 4 people" in card(own, changed(CHALLENGE, "most: 8", "most: 5000"))


def test_a_text_is_shown_with_its_marks_and_otherwise_as_it_stands(own: ContentFolder) -> None:
    html = card(own, changed(CHALLENGE, "{sv: Läs högt., en: Read aloud.}", "{sv: x, en: '**1 min:** <b>& _you_</b>'}"))
    assert "<strong>1 min:</strong> &lt;b&gt;&amp; <em>you</em>&lt;/b&gt;" in html


def test_more_words_are_smaller_but_never_too_small_to_read(own: ContentFolder) -> None:
    own.challenge()
    ours = load_library(own.path).challenge("our-week")
    sizes = [points(_with_words(ours, times), Language.EN) for times in (1, 30, 80, 1000)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4
    assert (sizes[0], sizes[-1]) == (LARGEST, SMALLEST)


def _with_words(challenge: Challenge, times: int) -> Challenge:
    text = challenge.steps[0].facilitator.model_copy(update={"en": "More words. " * times})
    steps = tuple(step.model_copy(update={"facilitator": text}) for step in challenge.steps)
    return challenge.model_copy(update={"steps": steps})


@pytest.mark.browser
async def test_each_of_ours_takes_one_sheet_and_axe_finds_nothing_on_it(page: Page) -> None:
    for challenge in load_library().challenges.values():
        for language in Language:
            await page.set_content(huddle_card(challenge, language))
            if challenge.id == "relay":
                assert await accessibility_faults(page) == []
            sheets = re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))
            assert len(sheets) == 1, (challenge.id, language)
            assert points(challenge, language) >= 9, "shorten it: nobody reads less than nine points on a wall"
