"""A method card on paper: everything whoever leads needs, on one sheet."""

import re

import pytest
from playwright.async_api import Page

from lessons.library import load_library
from lessons.method_page import METHOD_LABELS, method_page
from lessons.models import Language
from tests.browser import accessibility_faults
from tests.lessons.written import METHOD, ContentFolder, changed


def card(own: ContentFolder, text: str = METHOD, language: Language = Language.EN) -> str:
    own.method(text)
    return method_page(load_library(own.path).method("quiet-start"), language)


def seen(html: str) -> str:
    """What is read on it, on one line."""
    return " ".join(re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_a_card_says_who_does_what_when_and_for_how_long(own: ContentFolder) -> None:
    assert seen(card(own)) == (
        "Quiet start imagine · 10–15 minutes · 3–12 people Everyone writes before anyone talks. "
        "When When the same voices are usually heard. Have at hand Paper and pens. "
        "Who does what Facilitator Keeps the time. "
        "What you do 5 min Write on your own. 7 min Read aloud in turn. "
        "If it gets stuck Somebody talks. Point at the clock. "
        "Those it concerns Invite a user to write with you. Source: Diehl &amp; Stroebe 1987"
    )


def test_the_swedish_card_is_swedish_throughout(own: ContentFolder) -> None:
    html = card(own, language=Language.SV)

    assert 'lang="sv"' in html
    assert seen(html).startswith("Tyst start hitta på · 10–15 minuter · 3–12 personer Alla skriver innan någon talar.")
    for part in ("När", "Ha framme", "Vem gör vad", "Så gör ni", "Om det går trögt", "De det gäller", "Källa:"):
        assert part in seen(html)


def test_where_it_comes_from_is_said_in_the_language_of_the_card(own: ContentFolder) -> None:
    text = changed(METHOD, '"Diehl & Stroebe 1987"', "{sv: Vår egen form, en: A form of our own}")

    assert seen(card(own, text)).endswith("Source: A form of our own")
    assert seen(card(own, text, Language.SV)).endswith("Källa: Vår egen form")


def test_a_method_of_exactly_so_many_is_not_a_span(own: ContentFolder) -> None:
    assert "12 minutes · 4 people" in card(own, changed(changed(METHOD, "[10, 15]", "[12, 12]"), "[3, 12]", "[4, 4]"))


def test_a_text_is_shown_with_its_marks_and_otherwise_as_it_stands(own: ContentFolder) -> None:
    html = card(own, changed(METHOD, "en: Keeps the time.", "en: '**Keeps** <b>& _time_</b>'"))

    assert "<strong>Keeps</strong> &lt;b&gt;&amp; <em>time</em>&lt;/b&gt;" in html


def test_the_ten_parts_of_the_support_are_lines_to_cross_with_owner_and_date() -> None:
    method = load_library().method("ten-parts")
    html = seen(method_page(method, Language.SV))
    assert len(method.checklist) == 10
    assert "Att gå igenom Del Finns På väg Saknas Ansvarig Datum 1. En namngiven innovationsledare" in html
    assert html.count("☐ ☐ ☐") == 10
    assert "There On its way Missing Owner Date" in seen(method_page(method, Language.EN))


@pytest.mark.browser
async def test_the_longest_of_ours_take_one_sheet_beside_a_checklist_and_axe_finds_nothing_on_it(page: Page) -> None:
    methods = load_library().methods.values()
    for language in Language:
        longest = sorted(methods, key=lambda method: len(method_page(method, language)))[-3:]
        for method in [*longest[:2], load_library().method("ten-parts")]:
            await page.set_content(method_page(method, language))
            sheets = len(re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True)))
            assert sheets == (2 if method.checklist else 1), "what is filled in has a sheet of its own"
    assert await accessibility_faults(page) == []


@pytest.mark.browser
async def test_a_checklist_moves_within_the_card_on_a_telephone(page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 600})
    for language in Language:
        await page.set_content(method_page(load_library().method("ten-parts"), language))
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        assert await page.get_by_role("table", name=METHOD_LABELS[language].checklist).count() == 1
    assert await accessibility_faults(page) == []
