"""The relay as a picture: every state has its own shape, and all of it is said in words too."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from bot.conversation.relay_chain import Standing, standing_of
from bot.conversation.texts import Words
from bot.web.relay_picture import in_words, picture
from storage.relay_reading import Leg
from storage.tables.relays import LegState
from tests.relays_in_chat.chains import A_STALL_AND_A_SKIP, EVERY_STANDING, NORTH, a_chain, leg, named

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*legs: Leg) -> ElementTree.Element:
    return ElementTree.fromstring(picture(a_chain(*legs), Words("sv")))  # noqa: S314 - our own


def shape(one: Leg) -> str:
    """What is drawn for a team, without its words."""
    return "".join(ElementTree.tostring(part, encoding="unicode") for part in drawn(one).findall(f"{SVG}g")[0])


def test_every_state_has_a_shape_of_its_own_in_one_colour() -> None:
    assert [standing_of(a_chain(one), one) for one in EVERY_STANDING] == list(Standing)
    assert len({shape(one) for one in EVERY_STANDING}) == len(Standing)
    whole = picture(A_STALL_AND_A_SKIP, Words("sv"))
    assert set(re.findall(r'(?:stroke|fill)="([^"]+)"', whole)) == {"currentColor", "none"}


@pytest.mark.parametrize(("language", "went_on"), [("sv", "gick vidare"), ("en", "moved on")])
def test_from_the_last_team_the_baton_goes_nowhere(language: str, went_on: str) -> None:
    first, passed_on = leg(1, LegState.HANDED_OVER, words=NORTH), leg(2, LegState.HANDED_OVER, day=27)
    words, skipped, follows = Words(language), leg(3, LegState.SKIPPED), leg(3, LegState.RUNNING, day=30)
    onward = "l5 6 l5 -6"  # the point of its arrow
    assert went_on in in_words(a_chain(first, passed_on, follows), words)
    assert onward in picture(a_chain(first, passed_on, follows), words)
    for chain in (a_chain(first, passed_on), a_chain(first, passed_on, skipped)):
        assert went_on not in in_words(chain, words)
        assert onward not in picture(chain, words)
        assert words("relays.stands_passed_on_last", day=words.day(date(2026, 3, 27))) in picture(chain, words)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_has_a_title_and_says_in_words_where_every_team_is(language: str) -> None:
    svg = ElementTree.fromstring(picture(A_STALL_AND_A_SKIP, Words(language)))  # noqa: S314 - our own
    title, text = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert text is not None
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], text.attrib["id"]]
    assert "Färre väntar" in str(title.text)
    assert [f"Lag {number}" in str(text.text) for number in range(1, 6)] == [True] * 5


def test_the_way_goes_past_a_team_that_stands_aside_and_is_solid_where_the_baton_has_gone() -> None:
    svg = ElementTree.fromstring(picture(A_STALL_AND_A_SKIP, Words("sv")))  # noqa: S314 - our own
    ways = [one for one in svg.findall(f"{SVG}g")[0] if " C" in one.attrib.get("d", "")]
    assert len(ways) == 3, "one, two, past three to four, five"
    assert ["stroke-dasharray" in way.attrib for way in ways] == [False, False, True]
    assert [" C32 " in way.attrib["d"] for way in ways] == [True, False, True]


def test_a_long_name_stays_within_the_picture_and_nothing_in_a_name_is_markup() -> None:
    svg = drawn(named(leg(1, LegState.RUNNING), "<b>&" * 30))
    texts = [str(one.text) for one in svg.iter(f"{SVG}text")]
    assert texts[0].startswith("1. <b>&")
    assert max(map(len, texts)) <= 42
