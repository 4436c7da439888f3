"""Batons as documents for the registrar: title, date, organisation, all four texts, and nothing else of anybody."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.async_api import Page

from bot.conversation.texts import Words
from bot.web.relay_documents import baton_html, baton_json, relay_html, relay_json
from storage.relay_reading import Commitment, Question
from storage.tables.relays import Afterwards
from tests.browser import accessibility_faults
from tests.relays_in_chat.chains import A_STALL_AND_A_SKIP, NORTH, at

TODAY = date(2026, 4, 1)
ALVSUNDA = "Alvsunda kommun"
FIRST = replace(
    A_STALL_AND_A_SKIP.legs[0],
    commitment=Commitment(
        words="Köplappen tas bort på alla enheter.",
        owner_role="Områdeschefen",
        due_on=date(2026, 5, 29),
        written_at=at(30),
    ),
    questions=(
        Question(
            weeks=4, due_at=at(31), asked_at=at(31), said=Afterwards.UNDER_WAY, words="Två är klara.", said_at=at(31)
        ),
    ),
)
WHOLE = replace(A_STALL_AND_A_SKIP, legs=(FIRST, *A_STALL_AND_A_SKIP.legs[1:]))


def seen(html: str) -> str:
    return " ".join(re.sub(r"<(style|title|svg)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_a_baton_says_whose_it_is_when_it_was_written_and_all_its_words() -> None:
    assert seen(baton_html(WHOLE, FIRST, Words("sv"))) == (
        "Stafettpinne från Lag 1 Datum torsdag 12 mars 2026 Organisation Alvsunda kommun Stafett Färre väntar "
        "Stafettens fråga Hur slipper människor vänta i onödan? Lag Lag 1 Sträcka 1 av 5 "
        "Laget provade det som var valt Ja Skriven av laget tillsammans. "
        f"Lärdom {NORTH.learning} Tecken på nytta {NORTH.sign_of_value} Fråga till nästa lag {NORTH.question} "
        f"Inbjudan {NORTH.invitation}"
    )


def test_the_json_of_a_baton_names_its_schema_and_says_the_same() -> None:
    assert baton_json(WHOLE, FIRST, Words("en")) == {
        "schema": "knuff.baton/1",
        "title": "Baton from Lag 1",
        "date": "2026-03-12",
        "organisation": ALVSUNDA,
        "team": "Lag 1",
        "relay": "Färre väntar",
        "relay_question": "Hur slipper människor vänta i onödan?",
        "leg": 1,
        "legs": 5,
        "learning": NORTH.learning,
        "sign_of_value": NORTH.sign_of_value,
        "question": NORTH.question,
        "invitation": NORTH.invitation,
        "tested": True,
    }


def test_the_whole_relay_tells_every_leg_and_what_was_promised() -> None:
    text = seen(relay_html(WHOLE, Words("sv"), organisation=ALVSUNDA, today=TODAY))
    told = (NORTH.invitation, "3. Lag 3 Alvsunda kommun: stod över.", "Köplappen tas bort", "Områdeschefen")
    assert [said in text for said in told] == [True] * 4
    assert "Efter fyra veckor: Det är på gång. Två är klara." in text
    data = json.loads(json.dumps(relay_json(WHOLE, organisation=ALVSUNDA, today=TODAY)))
    assert data["schema"] == "knuff.relay/1"
    assert [leg["standing"] for leg in data["legs"]] == ["handed_over", "passed_on", "skipped", "stalled", "waiting"]
    assert [leg["baton"] is not None for leg in data["legs"]] == [True, False, False, False, False]
    assert data["legs"][0]["commitment"]["owner_role"] == "Områdeschefen"
    assert data["legs"][0]["afterwards"] == [{"weeks": 4, "said": "under_way", "text": "Två är klara."}]


def test_a_leg_without_words_of_its_own_has_no_document() -> None:
    with pytest.raises(ValueError, match="no document"):
        baton_json(WHOLE, WHOLE.legs[1], Words("sv"))


def test_what_stands_in_a_baton_is_shown_as_it_stands() -> None:
    assert FIRST.baton is not None
    marked = replace(FIRST.baton, words=replace(NORTH, learning="<script>x</script> & mer"))
    html = baton_html(WHOLE, replace(FIRST, baton=marked), Words("sv"))
    assert "&lt;script&gt;x&lt;/script&gt; &amp; mer" in html


@pytest.mark.browser
async def test_documents_print_and_axe_finds_nothing_in_them(page: Page) -> None:
    whole = relay_html(WHOLE, Words("en"), organisation=ALVSUNDA, today=TODAY)
    for html in (baton_html(WHOLE, FIRST, Words("sv")), whole):
        await page.set_content(html)
        assert await accessibility_faults(page) == []
        assert len(re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))) in (1, 2)
