"""Somebody to tell: a person's own choice. Knuff gives the way to the chat, and writes to nobody."""

from datetime import timedelta
from itertools import count

import pytest

from bot.conversation.events import Profile, Submitted
from bot.conversation.peers import peer_form
from bot.conversation.shows import Show
from bot.conversation.texts import Words
from storage.tables.deliveries import Delivery
from storage.tables.focus import Peer
from storage.tables.people import Person
from tests.conversation.builders import (
    MORNING,
    Town,
    a_follow_up,
    a_person,
    buttons_of,
    look_home,
    press,
    press_in,
    refused,
    replaced,
    said,
    the_form,
    type_,
    written,
)

KEYS = count(1)
LINK = "slack://user?team=T1&id=U7"


def sends(town: Town, *picked: str, who: str = "", person: str = "U1") -> list[Show]:
    form = the_form(town.happens(press("peer.open", person=person)))
    return town.happens(
        Submitted(
            key=f"peer-{next(KEYS)}",
            platform="slack",
            workspace="T1",
            person=person,
            at=MORNING + timedelta(minutes=2),
            form=form.name,
            about=form.about,
            values={"person": picked, "who": who},
            profiles={"person": tuple(Profile(external_id=one, zone=None, language=None) for one in picked)},
        )
    )


def links(shows: list[Show]) -> set[str]:
    cards = [show.card for show in shows if hasattr(show, "card")]
    return {button.url for card in cards for button in buttons_of(card) if button.url}


def test_an_answered_follow_up_offers_to_choose_somebody_to_tell(town: Town) -> None:
    shown = press_in(town, a_follow_up(town), "follow_up.done")
    assert "[Vem vill du berätta för?]" in replaced(shown)


@pytest.mark.parametrize("answer", ["follow_up.done", "follow_up.tried"])
def test_whoever_was_chosen_is_a_press_away_when_there_is_something_to_tell(town: Town, answer: str) -> None:
    sends(town, "U7")
    shown = press_in(town, a_follow_up(town), answer)
    assert "Berätta gärna för" in replaced(shown)
    assert links(shown) == {LINK}


@pytest.mark.parametrize("answer", ["follow_up.not_yet", "follow_up.let_go"])
def test_where_nothing_was_done_nobody_is_asked_to_tell(town: Town, answer: str) -> None:
    sends(town, "U7")
    assert "Berätta gärna" not in replaced(press_in(town, a_follow_up(town), answer))


def test_the_message_it_was_chosen_from_has_the_way_to_the_chat_at_once(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.done")
    form = the_form(press_in(town, asked, "peer.open", ""))
    sent = Submitted(
        key="peer-there", platform="slack", workspace="T1", person="U1", at=MORNING, form=form.name, about=form.about,
        values={"person": ("U7",)}, profiles={"person": (Profile(external_id="U7", zone=None, language=None),)},
    )  # fmt: skip
    shown = town.happens(sent)
    assert "Berätta gärna för" in replaced(shown)
    assert links(shown) == {LINK}


def test_the_form_says_where_an_address_leads_only_where_it_leads_anywhere(town: Town) -> None:
    hint = "En e-postadress leder rakt till chatten."
    assert hint not in str(the_form(town.happens(press("peer.open"))))
    for platform, says in (("slack", False), ("teams", True)):
        assert (hint in str(peer_form(None, Words("sv"), about="", platform=platform))) is says


def test_somebody_may_be_a_name_only(town: Town) -> None:
    assert "Du berättar för Kim Ek." in said(sends(town, who=" Kim   Ek "))
    shown = press_in(town, a_follow_up(town), "follow_up.done")
    assert "Berätta gärna för Kim Ek." in replaced(shown)
    assert links(shown) == set()


def test_one_person_is_chosen_and_not_oneself(town: Town) -> None:
    assert refused(sends(town, "U7", "U8")) == {"person": "Välj en enda person."}
    assert refused(sends(town, "U1")) == {"person": "Välj någon annan än dig själv."}
    assert list(refused(sends(town, "U7", who="Kim"))) == ["who"]
    assert town.rows(Peer) == []


def test_the_latest_choice_takes_the_place_of_the_one_before_and_nobody_is_a_choice_too(town: Town) -> None:
    sends(town, "U7")
    sends(town, who="Kim")
    assert [(row.external_id, row.name) for row in town.rows(Peer)] == [(None, "Kim")]
    assert "Du har inte valt någon" in said(sends(town))
    assert town.rows(Peer) == []


def test_it_can_be_chosen_in_words(town: Town) -> None:
    assert "Du har inte valt någon" in said(type_(town, "kollega"))
    assert "Du berättar för Kim af Ek." in said(type_(town, "Kollega: Kim af Ek"))
    assert "Du berättar för Kim af Ek." in said(type_(town, "min kollega"))
    assert "Du har inte valt någon" in said(type_(town, "kollega: ingen"))
    assert town.rows(Peer) == []


def test_it_is_taken_without_a_space_and_a_longer_text_is_an_answer(town: Town) -> None:
    assert "Du berättar för Kim Ek." in said(type_(town, "Kollega:Kim Ek"))
    answer = "Kollega: jag frågade henne om mötet och hon sa att det gick bra"
    assert "Du berättar för" not in said(type_(town, answer))
    assert [row.name for row in town.rows(Peer)] == ["Kim Ek"]


def test_home_says_whom_one_tells(town: Town) -> None:
    assert "[Vem vill du berätta för?]" in written(look_home(town))
    sends(town, "U7")
    assert "U7" in written(look_home(town))
    assert "[Byt person]" in written(look_home(town))


def test_whoever_was_chosen_is_met_by_nobody_and_gets_nothing(town: Town) -> None:
    before = len(town.rows(Person))
    sends(town, "U7")
    assert len(town.rows(Person)) == before
    assert town.rows(Delivery) == []


def test_nobody_sees_anothers_choice_not_even_the_one_who_was_chosen(town: Town) -> None:
    a_person(town, "U7")
    sends(town, "U7")
    shown = press_in(town, a_follow_up(town, "U7"), "follow_up.done", person="U7")
    assert links(shown) == set()
    assert "U1" not in written(look_home(town, person="U7"))


def test_the_choice_is_gone_when_they_say_so(town: Town) -> None:
    sends(town, "U7")
    type_(town, "radera allt")
    assert town.rows(Peer) == []
