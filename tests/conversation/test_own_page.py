from collections.abc import Iterator

import pytest

from bot.conversation.shows import Say
from storage.tables.web import WebLink
from tests.conversation.builders import (
    Town,
    a_house,
    a_nudge,
    a_person,
    a_town,
    buttons_of,
    press_in,
    replaced,
    said,
    type_,
)


@pytest.fixture
def town_with_page() -> Iterator[Town]:
    town = a_town(a_house(page_address="https://knuff.example.se"))
    a_person(town)
    yield town
    town.store.close()


def test_answering_on_our_own_page_is_offered_where_there_is_one(town_with_page: Town) -> None:
    nudge = a_nudge(town_with_page)
    assert "[Skriv svar] [Svara på vår egen sida]" in replaced(press_in(town_with_page, nudge, "nudge.doing"))
    [show] = press_in(town_with_page, nudge, "own_page.answer")
    assert isinstance(show, Say)
    assert buttons_of(show.card)[0].url
    assert [link.leads_to for link in town_with_page.rows(WebLink)] == [f"/my/answer/{nudge}"]


def test_nobody_gets_a_link_to_somebody_elses_exercise(town_with_page: Town) -> None:
    a_person(town_with_page, "U2")
    nudge = a_nudge(town_with_page)
    assert "finns inte längre" in said(press_in(town_with_page, nudge, "own_page.answer", person="U2"))
    assert town_with_page.rows(WebLink) == []


def test_the_page_can_be_asked_for_in_words(town_with_page: Town) -> None:
    assert "Den fungerar en gång och i 15 minuter." in said(type_(town_with_page, "egen sida"))


def test_without_a_page_nothing_is_offered_and_asking_gets_a_sentence(town: Town) -> None:
    nudge = a_nudge(town)
    assert "egen sida" not in replaced(press_in(town, nudge, "nudge.doing"))
    assert "ingen egen sida" in said(type_(town, "egen sida"))
