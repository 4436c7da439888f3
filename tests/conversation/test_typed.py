from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.conversation.shows import Say
from lessons.models import Language
from storage import chat_messages
from storage.tables.answers import AnswerKind, ChatMessage
from storage.tables.deliveries import Reason, State
from storage.tables.people import Person
from tests.conversation.builders import (
    CHAT,
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    Reflection,
    Town,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
    edit,
    look_home,
    press,
    press_in,
    refused,
    replaced,
    said,
    send,
    slash,
    take_away,
    the_form,
    type_,
    written,
)


def test_any_text_is_an_answer_to_the_newest_exercise_and_said_back(town: Town) -> None:
    a_nudge(town, lesson="L05", day=MONDAY - timedelta(days=3))
    nudge = a_nudge(town, lesson="L02")
    shows = type_(town, "Sökande får besked samma dag.", message="u1")
    assert "Sparat till _Nyttan i en mening_" in said(shows)
    assert "[Ångra]" in said(shows)
    assert "Ditt svar är sparat åt dig." in replaced(shows)
    [reflection] = town.rows(Reflection)
    assert (reflection.body, reflection.delivery_id) == ("Sökande får besked samma dag.", nudge)
    assert (reflection.conversation_id, reflection.message_id) == (CHAT, "u1")


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_words_about_an_exercise_that_arrived_before_we_knew_are_kept_with_it(town: Town, state: State) -> None:
    a_nudge(town, lesson="L05", day=MONDAY - timedelta(days=3))
    nowhere: dict[str, Any] = {"sent_at": None, "conversation_id": None, "message_id": None}
    nudge = a_nudge(town, lesson="L02", state=state, started_at=MORNING, **nowhere)
    assert "Sparat till _Nyttan i en mening_" in said(type_(town, "Sökande får besked samma dag."))
    [reflection] = town.rows(Reflection)
    assert reflection.delivery_id == nudge


def test_words_about_an_exercise_that_was_given_up_as_unknown_are_kept_with_it_if_there_is_no_other(town: Town) -> None:
    given_up: dict[str, Any] = {"state": State.EXPLAINED, "reason": Reason.OUTCOME_UNKNOWN, "started_at": MORNING}
    first = a_nudge(town, lesson="L02", day=MONDAY, conversation_id=None, **given_up)
    type_(town, "Sökande får besked samma dag.")
    second = a_nudge(town, lesson="L05", day=MONDAY + timedelta(days=1))
    a_nudge(town, lesson="L06", day=MONDAY + timedelta(days=2), conversation_id=None, **given_up)
    type_(town, "Det tog en vecka.", at=MORNING + timedelta(days=2))
    assert [reflection.delivery_id for reflection in town.rows(Reflection)] == [first, second]


def test_what_was_answered_last_is_what_the_next_words_are_about(town: Town) -> None:
    nudge = a_nudge(town, lesson="L05")
    asked = a_follow_up(town, lesson="L02", day=MONDAY, rides_on=nudge)
    press_in(town, asked, "follow_up.done", at=MORNING + timedelta(minutes=1))
    assert "Sparat till _Nyttan i en mening_" in said(type_(town, "De blev glada."))
    [reflection] = town.rows(Reflection)
    assert reflection.follow_up_id == town.rows(FollowUp)[0].id


def test_undo_takes_the_text_away_by_button_and_by_word(town: Town) -> None:
    a_nudge(town)
    shows = type_(town, "Fel fönster")
    card = next(show.card for show in shows if isinstance(show, Say))
    [undo] = buttons_of(card)
    shows = town.happens(press(undo.action, undo.value, on="said"))
    assert "Borttaget." in replaced(shows)
    assert "Ditt svar är sparat" not in replaced(shows)
    type_(town, "Fel igen")
    assert "Borttaget från _Nyttan i en mening_" in said(type_(town, "ångra"))
    assert town.rows(Reflection) == []
    assert "inget att ångra" in said(type_(town, "ångra"))


def test_undo_takes_everything_sent_in_one_form(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.done")
    form = the_form(press_in(town, asked, "reflect.open", town.rows(FollowUp)[0].id))
    send(town, form, expected="Tystnad", happened="Skratt", change="Fler frågor", save="yes")
    assert len(town.rows(Reflection)) == 3
    assert "Borttaget" in said(type_(town, "ångra"))
    assert town.rows(Reflection) == []


def test_undo_reaches_an_hour_back_and_no_further(town: Town) -> None:
    a_nudge(town)
    type_(town, "Det här vill jag ha kvar", at=MORNING)
    assert "inget att ångra" in said(type_(town, "ångra", at=MORNING + timedelta(minutes=61)))
    assert [row.body for row in town.rows(Reflection)] == ["Det här vill jag ha kvar"]
    assert "Borttaget" in said(type_(town, "ångra", at=MORNING + timedelta(minutes=60)))


def test_nobody_undoes_what_somebody_else_wrote(town: Town) -> None:
    a_person(town, "U2")
    a_nudge(town)
    type_(town, "Mitt")
    town.happens(press("reply.undo", town.rows(Reflection)[0].id, person="U2", on="said"))
    assert [row.body for row in town.rows(Reflection)] == ["Mitt"]


def test_a_message_edited_in_the_chat_is_edited_here(town: Town) -> None:
    a_nudge(town)
    type_(town, "Först", message="u1")
    edit(town, "Sedan", message="u1")
    [reflection] = town.rows(Reflection)
    assert reflection.body == "Sedan"
    assert reflection.edited_at is not None


def test_a_message_deleted_in_the_chat_is_deleted_here(town: Town) -> None:
    a_nudge(town)
    type_(town, "Bort med mig", message="u1")
    assert "Ditt svar är sparat" not in replaced(take_away(town, message="u1"))
    assert town.rows(Reflection) == []


def test_an_edit_that_brings_in_a_personal_number_takes_the_text_away_and_says_so(town: Town) -> None:
    a_nudge(town)
    type_(town, "Först", message="u1")
    assert "personnummer" in said(edit(town, "Eleven är 20100102-1234", message="u1"))
    assert town.rows(Reflection) == []


def test_a_message_deleted_before_it_reached_us_is_never_saved(town: Town) -> None:
    a_nudge(town)
    take_away(town, message="u1")
    edit(town, "Ändå", message="u1")
    assert type_(town, "Ångrade mig", message="u1", at=MORNING + timedelta(hours=47)) == []
    assert town.rows(Reflection) == []


def test_a_message_edited_before_it_reached_us_is_saved_as_it_stands(town: Town) -> None:
    a_nudge(town)
    edit(town, "Sist", message="u1", at=MORNING + timedelta(minutes=9))
    edit(town, "Däremellan", message="u1", at=MORNING + timedelta(minutes=8))
    type_(town, "Först", message="u1")
    assert [row.body for row in town.rows(Reflection)] == ["Sist"]
    edit(town, "Allra sist", message="u1")
    assert [row.body for row in town.rows(Reflection)] == ["Allra sist"]


def test_an_edit_that_seems_to_be_about_somebodys_health_is_saved_with_the_question(town: Town) -> None:
    a_nudge(town)
    type_(town, "En elev var med.", message="u1")
    shows = edit(town, "En elev med adhd var med.", message="u1")
    assert "Ändra ditt meddelande i chatten, eller tryck på Ångra." in said(shows)
    assert "[Ångra]" in said(shows)
    assert [row.body for row in town.rows(Reflection)] == ["En elev med adhd var med."]
    assert edit(town, "En elev med adhd var med.", message="u1", at=MORNING + timedelta(minutes=10)) == []


def test_whoever_saves_nothing_has_no_words_of_an_edit_kept_either(town: Town) -> None:
    town.write(lambda session: setattr(session.exec(select(Person)).first(), "saves_text", False))
    a_nudge(town)
    shows = edit(town, "Skrivet för länge sedan", message="u1")
    assert "Ändringen sparades inte" in said(shows)
    assert [row.body for row in town.rows(ChatMessage)] == [None]


def test_an_edit_before_its_message_keeps_no_personal_number_waiting(town: Town) -> None:
    a_nudge(town)
    assert "personnummer" in said(edit(town, "Eleven är 20100102-1234", message="u1"))
    assert [row.body for row in town.rows(ChatMessage)] == [None]
    assert type_(town, "Eleven", message="u1") == []
    assert town.rows(Reflection) == []


def test_an_edit_waits_only_for_its_own_author(town: Town) -> None:
    a_person(town, "U2")
    a_nudge(town)
    a_nudge(town, "U2")
    take_away(town, message="u1")
    type_(town, "Mitt", person="U2", message="u1")
    assert [row.body for row in town.rows(Reflection)] == ["Mitt"]


def test_nothing_is_kept_of_an_edit_to_what_has_been_taken_back(town: Town) -> None:
    a_nudge(town)
    type_(town, "Fel fönster", message="u1")
    type_(town, "ångra")
    edit(town, "Fel fönster, igen", message="u1")
    assert {row.body for row in town.rows(ChatMessage)} == {None}
    assert town.rows(Reflection) == []


def test_what_was_noted_about_messages_is_forgotten(town: Town) -> None:
    edit(town, "Hej", message="u1")
    before = MORNING + timedelta(minutes=9)
    assert town.write(lambda session: chat_messages.forget(session, noted_before=before)) == 0
    assert town.write(lambda session: chat_messages.forget(session, noted_before=before + timedelta(seconds=1))) == 1
    assert town.rows(ChatMessage) == []


def test_an_edit_or_deletion_of_something_we_never_saved_is_nothing(town: Town) -> None:
    assert edit(town, "Hej", message="u404") == []
    assert take_away(town, message="u404") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Patienten 850709-9805 sa det", "personnummer"),
        ("198507099805", "personnummer"),
        ("Samordningsnummer 19700163-2391", "personnummer"),
        ("Ring 08-508 00 000", "telefonnummer"),
        ("Ring +46 70 123 45 67", "telefonnummer"),
        ("x" * 40_000, "40000 tecken"),
    ],
)
def test_what_may_not_be_saved_is_not_saved_and_the_sentence_says_what_to_do(
    town: Town, text: str, sentence: str
) -> None:
    nudge = a_nudge(town)
    assert sentence in said(type_(town, text))
    form = the_form(press_in(town, nudge, "reply.open"))
    assert sentence in refused(send(town, form, reply=text, save="yes"))["reply"]
    assert town.rows(Reflection) == []


@pytest.mark.parametrize(
    "text", ["Mötet är 2026-03-02 klockan 08.15", "Det kostar 1 250 000 kr", "SS-EN ISO 56000:2021"]
)
def test_dates_sums_and_standards_are_not_taken_for_people(town: Town, text: str) -> None:
    a_nudge(town)
    assert "Sparat till" in said(type_(town, text))


def test_who_has_chosen_not_to_save_is_told_that_nothing_was_saved(town: Town) -> None:
    a_person(town, "U3", saves_text=False)
    a_nudge(town, "U3")
    assert "inte sparat" in said(type_(town, "Tänker högt", person="U3"))
    assert town.rows(Reflection) == []


def test_words_with_nothing_to_answer_are_met_with_a_way_on(town: Town) -> None:
    assert "ingen övning att svara på" in said(type_(town, "Hej där"))
    assert town.rows(Reflection) == []


def test_whoever_is_enrolled_and_writes_first_is_welcomed_once(empty_town: Town) -> None:
    a_person(empty_town, "U9", welcomed_at=None)
    assert "Välkommen till Knuff" in said(type_(empty_town, "Hej", person="U9"))
    assert "Välkommen" not in said(type_(empty_town, "Hej igen", person="U9"))


def test_a_stranger_in_no_programme_who_writes_is_promised_nothing_and_welcomed_when_they_begin_one(
    empty_town: Town,
) -> None:
    told = said(type_(empty_town, "Hej", person="U9"))
    assert "Du går inget just nu" in told
    assert "inte sparat" in told
    assert "knuff@example.se" in told
    assert "Välkommen till Knuff" not in told
    assert empty_town.person("U9").welcomed_at is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hjälp", "Så når du mig"),
        ("HJÄLP!", "Så når du mig"),
        ("help", "Så når du mig"),
        ("?", "Så når du mig"),
        ("i dag", "[Jag gör det]"),
        ("today", "[Jag gör det]"),
        ("bibliotek", "Biblioteket"),
        ("bibliotek möte", "[Ta"),
        ("inställningar", "Min rytm"),
        ("rhythm", "Min rytm"),
        ("mina data", "det jag har sparat om dig"),
        ("radera", "Om du raderar allt försvinner"),
        ("hem", "Mina reflektioner"),
        ("planer", "inga öppna planer"),
        ("reflektioner", "Här ligger det du skriver"),
        ("varför", "Kom klockan 08.15."),
        ("jag gör det", "Du har valt att göra övningen."),
        ("I’ll do it", "Du har valt att göra övningen."),
        ("inte i dag", "Inte i dag."),
        ("byt", "[Byt övning]"),
        ("svenska", "Nu skriver jag på svenska."),
        ("english", "From now on I write in English."),
        ("sluta", "inga fler övningar"),
        ("paus till fredag", "Jag är tyst till och med torsdag 5 mars och hör av mig igen fredag 6 mars."),
        ("pause until friday", "Jag är tyst till och med torsdag 5 mars och hör av mig igen fredag 6 mars."),
        ("paus", "Jag är tyst till och med söndag 8 mars och hör av mig igen måndag 9 mars."),
        ("börja igen", "Vi tar det som är aktuellt nu"),
        ("tid 9.30", "09.30"),
        ("tid 22:00", "från 07.30 till 16.00"),
        ("dagar mån, ons och fre", "måndag, onsdag och fredag"),
        ("takt tre", "måndag, tisdag och torsdag"),
        ("ta L07", "[Inte i dag]"),
        ("egen sida", "ingen egen sida"),
        ("min sida", "ingen egen sida"),
        ("my page", "ingen egen sida"),
        ("mina uppgifter", "det jag har sparat om dig"),
        ("radera mina uppgifter", "Radera allt"),
        ("omgångar", "Omgångar sköts av samordnare."),
        ("kohorter", "Omgångar sköts av samordnare."),
        ("bibliotek möten", "_ta L07_"),
    ],
)
def test_typed_words_reach_everything(town: Town, text: str, sentence: str) -> None:
    if text == "bibliotek möte":
        sentence = town.house.library.search("möte", Language.SV, 1)[0].title.sv
    a_nudge(town)
    assert sentence in said(type_(town, text))
    assert town.rows(Reflection) == []


@pytest.mark.parametrize(
    "text",
    [
        "Tid är det vi har minst av",
        "Paus i mötet gav bättre samtal",
        "Bibliotek är en plats där många möts och lär",
        "Klart att vi ska göra det",
        "Dagar utan möten fungerar bäst",
        "Ta hjälp av en kollega",
        "Stopp för nya projekt tills vi vet mer",
        "Hjälp är på väg från staben",
    ],
)
def test_a_sentence_that_begins_like_a_command_is_an_answer(town: Town, text: str) -> None:
    a_nudge(town)
    type_(town, text)
    assert [row.body for row in town.rows(Reflection)] == [text]


def test_a_letter_answers_an_open_quiz(town: Town) -> None:
    a_nudge(town, lesson="L01")
    shows = type_(town, "B")
    lesson = town.house.library.lesson("L01")
    assert lesson.reason is not None
    assert lesson.reason.sv in said(shows)
    assert [(row.kind, row.value) for row in town.rows(Answer)] == [(AnswerKind.CHOICE, "1")]


def test_a_letter_without_a_quiz_is_an_answer(town: Town) -> None:
    a_nudge(town, lesson="L02")
    assert "Sparat till" in said(type_(town, "a"))


def test_the_slash_command_does_the_same_and_never_saves_an_answer(town: Town) -> None:
    a_nudge(town)
    assert "Jag är tyst till och med" in said(slash(town, "paus 2 veckor"))
    assert "Så når du mig" in said(slash(town, "en vanlig mening"))
    assert "Så når du mig" in said(slash(town, ""))
    assert town.rows(Reflection) == []


def test_a_reply_by_form_is_saved_once_however_often_it_is_sent(town: Town) -> None:
    nudge = a_nudge(town)
    form = the_form(press_in(town, nudge, "reply.open"))
    for _ in range(2):
        assert "Ditt svar är sparat" in replaced(send(town, form, reply="Min mening", save="yes"))
    assert len(town.rows(Reflection)) == 1
    assert "Skriv några ord" in refused(send(town, form, reply="  ", save="yes"))["reply"]
    send(town, form, reply="Bara tänkt", save="no")
    assert len(town.rows(Reflection)) == 1


def test_what_i_wrote_is_on_my_home_and_on_nobody_elses(town: Town) -> None:
    a_person(town, "U2")
    a_nudge(town)
    type_(town, "Bara mitt")
    assert "Bara mitt" in written(look_home(town))
    assert "Bara mitt" not in written(look_home(town, person="U2"))
    assert "Bara mitt" not in said(type_(town, "mina data", person="U2"))


def test_an_answer_after_three_weeks_is_not_guessed_about(town: Town) -> None:
    a_nudge(town)
    assert "ingen övning att svara på" in said(type_(town, "Sent svar", at=MORNING + timedelta(days=25)))
