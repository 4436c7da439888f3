"""The exercises somebody has led for a group: noted by themselves, for themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.events import Submitted
from scheduler.telling_led import tell_led
from storage import facilitation, my_data
from storage.tables.feedback import Facilitation
from storage.tables.people import Person
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Town,
    a_person,
    buttons_of,
    look_home,
    press,
    refused,
    said,
    send,
    the_form,
    type_,
    written,
)

DAY = MONDAY.isoformat()


def form_of(town: Town, method: str = "", person: str = "U1") -> Form:
    return the_form(town.happens(press("led.new", method, person=person)))


def note(town: Town, *, person: str = "U1", **values: Any) -> list[Any]:
    return send(town, form_of(town, person=person), person=person, values={"day": DAY, "save": "yes"} | values)


def test_a_note_is_kept_for_whoever_led_and_read_again(town: Town) -> None:
    note(town, method="silent-start", people="8", learned="Tystnad först gav fler förslag.")
    [row] = town.rows(Facilitation)
    assert (row.method_id, row.people, row.led_on, row.cohort_id) == ("silent-start", 8, MONDAY, town.cohort_id)
    shown = written(the_form(town.happens(press("led.open"))))
    assert "**Tyst start**, måndag 2 mars, 8 personer\nTystnad först gav fler förslag." in shown
    a_person(town, "U2")
    assert "Tyst start" not in written(the_form(town.happens(press("led.open", person="U2"))))


def test_opened_from_a_method_card_the_method_is_chosen_already(town: Town) -> None:
    card = the_form(town.happens(press("method.read", "silent-start")))
    button = next(button for button in buttons_of(card) if button.action == "led.new")
    chosen = [one.initial for one in form_of(town, button.value).body if isinstance(one, ChoiceInput)]
    assert chosen[0] == ("silent-start",)


def test_home_and_typed_words_lead_there(town: Town) -> None:
    assert "led.open" in {button.action for button in buttons_of(look_home(town))}
    assert "Inget är uppskrivet än." in said(type_(town, "jag har lett en övning"))
    assert "Inget är uppskrivet än." in (listed := said(type_(town, "övningar jag har lett")))
    assert "kan det stå att minst fem, minst tio eller ännu fler har lett" in listed


def test_the_same_note_sent_twice_is_one(town: Town) -> None:
    for _ in range(2):
        note(town, method="-", what="Stående möte")
    assert [row.name for row in town.rows(Facilitation)] == ["Stående möte"]


def test_without_saving_only_that_it_was_done_is_kept(town: Town) -> None:
    note(town, method="-", what="Stående möte", learned="Mycket", people="4", save="no")
    [row] = town.rows(Facilitation)
    assert (row.name, row.learned, row.people) == (None, None, 4)


@pytest.mark.parametrize(
    ("values", "where", "told"),
    [
        ({"day": ""}, "day", "Välj vilken dag"),
        ({"day": (MONDAY + timedelta(days=1)).isoformat()}, "day", "har inte varit än"),
        ({"day": "2019-01-01"}, "day", "senaste året"),
        ({"method": "-", "what": " "}, "what", "Skriv vad ni gjorde"),
        ({"method": "football"}, "what", "Skriv vad ni gjorde"),
        ({"people": "många"}, "people", "med siffror"),
        ({"people": "0"}, "people", "med siffror"),
        ({"people": "٣"}, "people", "med siffror"),
        ({"people": "9" * 5_000}, "people", "med siffror"),
        ({"what": "Stående möte"}, "what", "Du har valt en metod"),
        ({"method": "-", "what": "a" * 121}, "what", "Högst 120 tecken"),
        ({"learned": "19900101-1234"}, "learned", "personnummer"),
        ({"learned": "a" * 3001}, "learned", "Korta den"),
    ],
)
def test_what_cannot_be_noted_is_said_where_it_stands(
    town: Town, values: dict[str, str], where: str, told: str
) -> None:
    errors = refused(note(town, **{"method": "silent-start"} | values))
    assert list(errors) == [where]
    assert told in errors[where]
    assert town.rows(Facilitation) == []


def test_words_about_somebodys_health_are_asked_about_once(town: Town) -> None:
    values = {"method": "silent-start", "learned": "En kollega med cancer var med."}
    asked = the_form(note(town, **values))
    assert "någons hälsa" in written(asked)
    assert town.rows(Facilitation) == []
    send(town, asked, values={"day": DAY, "save": "yes"} | values)
    assert len(town.rows(Facilitation)) == 1


def test_words_written_on_our_own_page_are_shown_there_and_nowhere_else(town: Town) -> None:
    form = form_of(town)
    values: dict[str, Any] = {"day": DAY, "method": "-", "what": "Hemlig lek", "learned": "Hemligt", "save": "yes"}
    sent = Submitted(
        key="page:1", platform="slack", workspace="T1", person="U1", at=MORNING, on_page=True,
        form=form.name, about=form.about, values=values,
    )  # fmt: skip
    assert "Hemlig" not in said(town.happens(sent))
    for shown in (
        written(the_form(town.happens(press("led.open")))),
        said(type_(town, "ledda övningar")),
        said(type_(town, "mina uppgifter")),
        said(type_(town, "mina uppgifter json")),
    ):
        assert "Det du skrev finns kvar åt dig." in shown
        assert "Hemlig" not in shown
    assert "Hemlig lek" in written(the_form(town.happens(replace(press("led.open"), on_page=True))))


def test_a_note_can_be_taken_away_by_its_author_only(town: Town) -> None:
    a_person(town, "U2")
    note(town, method="silent-start")
    [row] = town.rows(Facilitation)
    assert "fungerar inte längre" in said(town.happens(press("led.remove", row.id, person="U2", on="m1")))
    assert len(town.rows(Facilitation)) == 1
    assert "Borttaget." in said(town.happens(press("led.remove", row.id, on="m1")))
    assert town.rows(Facilitation) == []


def test_it_is_in_my_data_and_goes_with_everything_else(town: Town) -> None:
    note(town, method="silent-start", learned="Tystnad först.")
    assert "Tyst start" in said(type_(town, "mina uppgifter"))
    me = town.person().id
    data = town.write(lambda session: my_data.collect(session, session.get_one(Person, me)))
    assert [row["learned"] for row in data["exercises_led"]] == ["Tystnad först."]
    type_(town, "radera allt")
    assert town.rows(Facilitation) == []


def led_told(town: Town) -> int | None:
    return town.write(lambda session: facilitation.count(session, organisation_id=1, cohort_id=town.cohort_id))


async def test_others_hear_the_month_after_how_many_led_in_steps_of_five_and_never_that_everybody_did(
    town: Town,
) -> None:
    for number in range(2, 12):
        a_person(town, f"U{number}")
    heard: list[int | None] = []
    for number in range(1, 12):
        for _ in range(2):
            note(town, person=f"U{number}", method="silent-start", learned=f"{number}{_}")
        await tell_led(town.store, MORNING + timedelta(days=28), "Europe/Stockholm")
        assert led_told(town) == (heard[-1] if heard else None), "March is not over"
        await tell_led(town.store, MORNING + timedelta(days=30), "Europe/Stockholm")
        heard.append(led_told(town))
    assert heard == [None] * 4 + [5] * 5 + [10] * 2
    assert town.write(lambda session: facilitation.count(session, organisation_id=2, cohort_id=town.cohort_id)) is None


async def test_of_ten_who_all_led_others_do_not_hear_that_everybody_did(town: Town) -> None:
    for number in range(1, 11):
        if number > 1:
            a_person(town, f"U{number}")
        note(town, person=f"U{number}", method="silent-start")
    await tell_led(town.store, MORNING + timedelta(days=30), "Europe/Stockholm")
    assert led_told(town) == 5


async def test_a_month_begins_at_midnight_where_we_are(town: Town) -> None:
    for number in range(1, 7):
        if number > 1:
            a_person(town, f"U{number}")
        note(town, person=f"U{number}", method="silent-start")
    just_in_april = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)

    def made_in_april(session: Session) -> None:
        for row in session.exec(select(Facilitation)):
            row.made_at = just_in_april

    town.write(made_in_april)
    await tell_led(town.store, MORNING + timedelta(days=31), "Europe/Stockholm")
    assert led_told(town) is None
    await tell_led(town.store, MORNING + timedelta(days=61), "Europe/Stockholm")
    assert led_told(town) == 5


async def test_at_least_ten_never_becomes_at_least_five(town: Town) -> None:
    for number in range(1, 13):
        if number > 1:
            a_person(town, f"U{number}")
        if number < 11:
            note(town, person=f"U{number}", method="silent-start")
    later = MORNING + timedelta(days=30)
    await tell_led(town.store, later, "Europe/Stockholm")
    assert led_told(town) == 10
    town.happens(press("led.remove", town.rows(Facilitation)[0].id, on="m1"))
    assert len(town.rows(Facilitation)) == 9
    await tell_led(town.store, later, "Europe/Stockholm")
    assert led_told(town) == 10


async def test_what_was_told_of_others_stands_when_somebody_takes_a_note_away(town: Town) -> None:
    for number in range(1, 7):
        if number > 1:
            a_person(town, f"U{number}")
        if number < 6:
            note(town, person=f"U{number}", method="silent-start")
    later = MORNING + timedelta(days=30)
    await tell_led(town.store, later, "Europe/Stockholm")
    for row in town.rows(Facilitation):
        town.happens(press("led.remove", row.id, on="m1"))
    assert len(town.rows(Facilitation)) == 4
    await tell_led(town.store, later, "Europe/Stockholm")
    assert led_told(town) == 5
