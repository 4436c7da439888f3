from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.composing import FROM_WELCOME, delivery_card
from bot.conversation.coordinating_sample_hands import as_opened
from bot.conversation.events import OpenedHome, Profile, Uninstalled
from bot.conversation.letters import Letter, Opening, Welcome
from bot.conversation.texts import Words
from lessons.plain_language import words as words_in
from storage.tables.deliveries import Delivery, Kind
from storage.tables.people import Cadence, Person, Workspace
from tests.conversation.builders import (
    MORNING,
    Town,
    a_delivery,
    a_house,
    a_nudge,
    a_person,
    a_town,
    buttons_of,
    look_home,
    press,
    press_in,
    replaced,
    said,
    send,
    slash,
    the_form,
    the_home,
    type_,
    written,
)

SAID_IN_IT = {
    "sv": [
        "Exempelkommunen",
        "lärande",
        "sparas",
        "ingenting om dig",
        "begäras ut",
        "Hur länge",
        "paus",
        "sluta",
        "radera",
    ],
    "en": ["Exempelkommunen", "learning", "saved", "nothing about you", "public record", "How long", "pause", "stop"],
}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_welcome_says_everything_in_120_words(language: str) -> None:
    welcome = Welcome(organisation="Exempelkommunen", contact="knuff@example.se", slot="08:15", zone="Europe/Stockholm")
    text = written(delivery_card(Letter(opening=Opening.WELCOME, welcome=welcome), Words(language)))
    body = [line for line in text.splitlines() if not line.startswith("[")]
    assert len(words_in("\n".join(body))) <= 120
    for said_in_it in [*SAID_IN_IT[language], "knuff@example.se", Words(language).slot("08:15")]:
        assert said_in_it in text


def test_saving_the_rhythm_from_the_welcome_is_a_beginning(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=town.person().id)
    form = the_form(press_in(town, welcome, "rhythm.open", FROM_WELCOME))
    shows = send(town, form, values=as_opened(form))
    assert "Övningen kommer klockan 08.15." in replaced(shows)
    assert "[Börja]" not in replaced(shows)
    assert "Din rytm är som förut" in said(shows)


@pytest.fixture
def exercise_with_welcome(empty_town: Town) -> int:
    """A first exercise that bears the welcome, since none of its own had come."""
    a_person(empty_town, welcomed_at=MORNING)
    return a_nudge(empty_town, lesson="L02", sent_at=MORNING)


def test_beginning_on_the_first_exercise_leaves_it_there(empty_town: Town, exercise_with_welcome: int) -> None:
    shown = replaced(press_in(empty_town, exercise_with_welcome, "welcome.start", ""))
    assert "Övningen kommer klockan 08.15." in shown
    assert "[Börja]" not in shown
    assert "[Jag gör det]" in shown


def test_the_first_exercise_is_read_in_the_other_language_with_its_welcome(
    empty_town: Town, exercise_with_welcome: int
) -> None:
    shown = replaced(press_in(empty_town, exercise_with_welcome, "welcome.language", "en"))
    assert "Welcome to Knuff" in shown
    assert "[Start]" in shown
    assert "[I’ll do it]" in shown


def test_saving_the_rhythm_from_the_first_exercise_leaves_it_there(
    empty_town: Town, exercise_with_welcome: int
) -> None:
    form = the_form(press_in(empty_town, exercise_with_welcome, "rhythm.open", FROM_WELCOME))
    shown = replaced(send(empty_town, form, values={**as_opened(form), "slot": "10:00", "language": "en"}))
    assert "The exercise comes at 10:00" in shown
    assert "[Start]" not in shown
    assert "[I’ll do it]" in shown


def test_start_works_with_no_choices_made(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=town.person().id)
    shows = press_in(town, welcome, "welcome.start", "")
    assert "Övningen kommer klockan 08.15." in replaced(shows)
    assert "[Börja]" not in replaced(shows)


def test_the_welcome_can_be_read_in_the_other_language_and_still_be_started(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=town.person().id)
    shows = press_in(town, welcome, "welcome.language", "en")
    assert "Welcome to Knuff" in replaced(shows)
    assert "[Start]" in replaced(shows)
    assert town.person().language == "en"


def test_whose_language_is_told_as_they_ask_for_it_gets_it(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=town.person().id)
    sat_in = next(row.message_id for row in town.rows(Delivery) if row.id == welcome)
    told = Profile(external_id="U1", zone=None, language="en")
    shows = town.happens(replace(press("welcome.language", "en", on=sat_in), profile=told))
    assert "Welcome to Knuff" in replaced(shows)
    assert town.person().language == "en"


def test_no_thanks_stops_at_once(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=town.person().id)
    assert "inga fler övningar" in said(press_in(town, welcome, "stop.now", ""))
    assert town.person().stopped_at is not None


def test_a_farewell_can_be_answered_by_starting_again(town: Town) -> None:
    farewell = a_delivery(town, kind=Kind.FAREWELL, subject_id=town.person().id)
    assert "aktuellt nu" in said(press_in(town, farewell, "start.again", ""))


def test_whoever_we_meet_gets_the_zone_and_language_of_their_profile(empty_town: Town) -> None:
    profile = Profile(external_id="U7", zone="Europe/Helsinki", language="en")
    event = OpenedHome(key="k", platform="slack", workspace="T1", person="U7", at=MORNING)
    home = the_home(empty_town.happens(event, profile=profile))
    assert "Helsinki" in written(home)
    assert empty_town.person("U7").language == "en"


def test_without_a_profile_it_is_stockholm_and_swedish(empty_town: Town) -> None:
    type_(empty_town, "hej", person="U8")
    person = empty_town.person("U8")
    cadence = next(row for row in empty_town.rows(Cadence) if row.id == person.cadence_id)
    assert (cadence.zone, person.language) == ("Europe/Stockholm", "sv")


def test_bots_are_not_answered_and_not_kept(empty_town: Town) -> None:
    profile = Profile(external_id="B1", zone=None, language=None, is_bot=True)
    event = OpenedHome(key="k", platform="slack", workspace="T1", person="B1", at=MORNING)
    assert empty_town.happens(event, profile=profile) == []
    assert empty_town.rows(Person) == []


def test_an_app_that_is_removed_disconnects_the_workspace(town: Town) -> None:
    event = Uninstalled(key="k", platform="slack", workspace="T1", person="", at=MORNING)
    assert town.happens(event, now=MORNING + timedelta(minutes=1)) == []
    [workspace] = town.rows(Workspace)
    assert workspace.disconnected_at == MORNING + timedelta(minutes=1)
    assert len(town.rows(Person)) == 1


def test_whoever_is_enrolled_and_comes_with_a_slash_is_welcomed(empty_town: Town) -> None:
    a_person(empty_town, "U9", welcomed_at=None)
    assert "Välkommen till Knuff" in said(slash(empty_town, "", person="U9"))
    assert empty_town.person("U9").welcomed_at == MORNING


def test_the_welcome_has_at_most_five_buttons_and_each_says_what_it_does(town: Town) -> None:
    card = delivery_card(
        Letter(
            opening=Opening.WELCOME,
            welcome=Welcome(organisation="X", contact="Y", slot="08:15", zone="Europe/Stockholm"),
        ),
        Words("sv"),
    )
    assert [button.text for button in buttons_of(card)] == [
        "Börja",
        "Ändra tid, pass eller takt",
        "In English",
        "Nej tack",
    ]
    assert town.happens(press("welcome.start"))


@pytest.mark.parametrize("saves", [True, False])
def test_the_organisation_decides_where_saving_begins_and_the_person_from_then_on(saves: bool) -> None:
    town = a_town(a_house(saves_text=saves))
    look_home(town, person="U9")
    assert town.person("U9").saves_text is saves
    town.store.close()
