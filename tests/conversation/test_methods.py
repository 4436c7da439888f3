"""Group methods in the chat: found by what they are for, by time, people and words, and from what they suit."""

from dataclasses import replace

import pytest

from bot.conversation.cards import Card, Form
from bot.conversation.shows import OpenForm, Say
from lessons.models import Language
from storage.tables.feedback import Facilitation
from tests.conversation.builders import (
    Town,
    a_house,
    a_nudge,
    a_person,
    a_town,
    buttons_of,
    press,
    press_in,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)


def listed(shown: Card | Form) -> set[str]:
    return {button.value for button in buttons_of(shown) if button.action in ("method.read", "method.say")}


def test_every_method_is_found_by_what_it_is_for(town: Town) -> None:
    entry = the_form(town.happens(press("method.open")))
    found: set[str] = set()
    for purpose in buttons_of(entry):
        if purpose.action == "method.purpose":
            found |= listed(the_form(town.happens(press(purpose.action, purpose.value))))
    assert found == set(town.house.library.methods)


def test_the_library_leads_to_them(town: Town) -> None:
    library = the_form(town.happens(press("library.open")))
    assert "method.open" in {button.action for button in buttons_of(library)}


@pytest.mark.parametrize(
    ("wanted", "suits"),
    [
        ({"minutes": "15"}, lambda one: one.minutes[0] <= 15),
        ({"people": "16"}, lambda one: one.people[1] >= 16),
        ({"people": "2", "purpose": "test"}, lambda one: one.people[0] <= 4 and one.purpose == "test"),
        ({"words": "tyst", "minutes": "30"}, lambda one: one.minutes[0] <= 30),
    ],
)
def test_searching_shows_only_what_suits_every_condition(town: Town, wanted: dict[str, str], suits: object) -> None:
    assert callable(suits)
    form = the_form(town.happens(press("method.search")))
    shown = listed(the_form(send(town, form, values=dict(wanted))))
    assert "silent-start" in shown or "words" not in wanted
    assert shown
    assert all(suits(town.house.library.method(one)) for one in shown)
    every = [one.id for one in town.house.library.methods.values() if suits(one)]
    assert "words" in wanted or len(shown) == min(len(every), 12)


def test_searching_for_what_is_not_there_is_a_sentence_and_for_nothing_shows_some(town: Town) -> None:
    form = the_form(town.happens(press("method.search")))
    assert "ingen sådan metod" in written(the_form(send(town, form, words="xyzzy")))
    assert "Här är 12 av 32." in written(the_form(send(town, form)))


@pytest.mark.parametrize("method", ["silent-start", "workshop-with-family"])
def test_a_card_has_everything_that_whoever_leads_must_know(town: Town, method: str) -> None:
    shown = written(the_form(town.happens(press("method.read", method))))
    card = town.house.library.method(method)
    spoken = Language.SV
    texts = [card.about, card.when, card.needs, card.users, *card.traps]
    texts += [text for part in card.roles for text in (part.role, part.does)] + [step.text for step in card.steps]
    assert all(text.in_(spoken) in shown for text in texts)
    assert all(f"_{step.minutes} min_" in shown for step in card.steps)


@pytest.mark.parametrize(
    ("language", "source"), [("sv", "Källa: Vår egen checklista"), ("en", "Source: Our own checklist")]
)
def test_a_card_says_where_it_comes_from_in_the_readers_language(language: str, source: str) -> None:
    town = a_town(a_house())
    a_person(town, language=language)
    assert source in written(the_form(town.happens(press("method.read", "ten-parts"))))
    town.store.close()


def test_each_of_a_list_begins_with_its_name(town: Town) -> None:
    about = town.house.library.method("silent-start").about.sv
    assert f"**Tyst start**\n{about}" in said(type_(town, "metod tyst"))


def test_a_card_from_a_page_is_put_in_the_chat_where_it_stays(town: Town) -> None:
    page, message = town.happens(replace(press("method.say", "silent-start"), view="V1"))
    assert isinstance(page, OpenForm)
    assert isinstance(message, Say)
    assert "Kortet ligger i chatten." in written(page.form)
    assert "Tyst start" in written(message.card)


@pytest.mark.parametrize(
    ("words", "shown"),
    [("metod tyst start", "Ha framme"), ("method smallest-test", "Ha framme"), ("metod", "Välj vad ni vill göra")],
)
def test_they_are_found_by_typing(town: Town, words: str, shown: str) -> None:
    assert shown in said(type_(town, words))


def test_a_longer_sentence_that_begins_with_the_word_is_an_answer(town: Town) -> None:
    a_nudge(town, lesson="L02")
    assert "Sparat till" in said(type_(town, "Metod saknades när vi började, så vi fick hitta på en egen."))


def test_an_exercise_leads_to_the_methods_that_suit_it(town: Town) -> None:
    one = a_nudge(town, lesson="L02", message_id="m1")
    assert "[Metod: Nyttan på väggen]" in replaced(press_in(town, one, "nudge.not_today"))
    several = "lib:L46:2026-03-02"
    assert "[Fem metoder]" in replaced(town.happens(press("nudge.not_today", several, on="m2")))
    page = the_form(town.happens(press("method.of", "lesson:L46", on="m2")))
    assert listed(page) == {method.id for method in town.house.library.methods_about(lesson="L46")}
    none = "lib:L01:2026-03-02"
    assert "etod" not in replaced(town.happens(press("nudge.not_today", none, on="m3")))


def test_a_method_that_is_not_there_is_a_sentence(town: Town) -> None:
    for action in ("method.read", "method.say", "method.print"):
        assert "Den metoden finns inte." in said(town.happens(press(action, "football", on="m1")))
    for action, value in (("method.of", "lesson:L999"), ("method.of", "x"), ("method.purpose", "football")):
        assert "fungerar inte längre" in said(town.happens(press(action, value, on="m1")))


def test_a_card_can_be_printed_only_where_there_is_a_page_of_our_own(town: Town) -> None:
    without = the_form(town.happens(press("method.read", "silent-start")))
    assert "method.print" not in {button.action for button in buttons_of(without)}
    paged = a_town(a_house(page_address="https://knuff.example.se"))
    form = the_form(paged.happens(press("method.print", "silent-start")))
    [link] = buttons_of(form)
    assert (link.url or "").startswith("https://knuff.example.se/open/")
    assert paged.rows(Facilitation) == []


def test_every_button_of_a_card_opened_in_a_channel_does_what_it_says() -> None:
    town = a_town(a_house(page_address="https://knuff.example.se"))
    a_person(town)
    card = the_form(town.happens(replace(press("method.read", "silent-start"), in_channel=True)))
    found = buttons_of(card)
    assert [button.action for button in found] == ["method.say", "method.print"]
    for button in found:
        shows = town.happens(replace(press(button.action, button.value), in_channel=True))
        assert "Jag pratar med var och en för sig" not in repr(shows)
        assert any(isinstance(show, OpenForm) or "Tyst start" in repr(show) for show in shows)
