from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.conversation.cards import Form
from bot.conversation.reasons import day_in_words
from bot.conversation.shows import OpenForm, ShowHome
from bot.conversation.texts import Words
from lessons.models import Role, Text
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    FollowUp,
    Reason,
    Reflection,
    Town,
    a_follow_up,
    a_house,
    a_nudge,
    a_person,
    a_promise,
    a_town,
    buttons_of,
    look_home,
    our_library,
    press,
    press_in,
    refused,
    said,
    send,
    the_form,
    the_home,
    type_,
    written,
)
from tests.enrolled import a_cohort, enrolled

WEEK = timedelta(weeks=1)


def test_home_shows_todays_exercise_and_what_is_open(town: Town) -> None:
    nudge = a_nudge(town, lesson="L02")
    assert "[Jag gör det] [Byt övning] [Inte i dag]" in written(look_home(town))
    press_in(town, nudge, "nudge.doing")
    home = written(look_home(town))
    assert "**Nyttan i en mening** – onsdag 4 mars frågar jag hur det gick." in home
    assert "[Jag gör det]" not in home


def test_a_button_on_home_shows_home_anew(town: Town) -> None:
    nudge = a_nudge(town, lesson="L02")
    shows = town.happens(press("nudge.doing", nudge))
    assert "Du har valt att göra övningen." in written(the_home(shows))


def test_a_question_that_has_been_asked_can_be_answered_on_home(town: Town) -> None:
    asked = a_follow_up(town)
    home = look_home(town, at=MORNING + timedelta(days=2))
    assert "[Gjort] [Försökte] [Inte än] [Släpper den]" in written(home)
    town.happens(press("follow_up.done", asked))
    assert town.rows(FollowUp)[0].closed_at is not None


def test_of_the_questions_that_wait_home_has_the_latest_three_and_one_line_about_the_rest(town: Town) -> None:
    lessons = ("L02", "L03", "L04", "L05", "L06")
    titles = [our_library().lesson(one).title.sv for one in lessons]
    for number, lesson in enumerate(lessons):
        if number == 3:
            assert "Äldre frågor" not in written(look_home(town, at=MORNING + timedelta(days=9)))
        a_follow_up(town, lesson=lesson, day=MONDAY + timedelta(days=number))
    home = look_home(town, at=MORNING + timedelta(days=9))
    assert [title in written(home) for title in titles] == [False, False, True, True, True]
    assert written(home).index(titles[4]) < written(home).index(titles[2])
    assert written(home).count("Äldre frågor kan du låta vara") == 1
    assert sum(button.action == "follow_up.done" for button in buttons_of(home)) == 3


def test_a_day_that_has_been_is_no_day_when_something_will_be_asked(town: Town) -> None:
    press_in(town, a_nudge(town, lesson="L02"), "nudge.doing")
    assert "onsdag 4 mars frågar jag" in written(look_home(town, at=MORNING + timedelta(days=2)))
    assert "frågar jag" not in written(look_home(town, at=MORNING + timedelta(days=3)))


def test_weeks_with_something_done_are_counted_and_never_days_in_a_row(town: Town) -> None:
    for days in (0, 1, 14):
        nudge = a_nudge(town, day=MONDAY + timedelta(days=days))
        press_in(town, nudge, "nudge.doing", at=MORNING + timedelta(days=days))
    home = written(look_home(town, at=MORNING + timedelta(weeks=3)))
    assert "_Åtta veckor innovationsledning_: 2 av 8 veckor" in home


def test_weeks_are_those_with_something_for_ones_role_and_those_of_rest_are_no_weeks() -> None:
    """Politicians have the first and the fifth week; with April a rest, that is the week of 4 May."""
    house = a_house()
    eight = house.library.programme("eight-weeks")
    nothing, something = {"by_role": {Role.POLITICIAN: ()}}, {"by_role": {Role.POLITICIAN: ("L05",)}}
    weeks = [
        week.model_copy(update=something if number in (0, 4) else nothing) for number, week in enumerate(eight.weeks)
    ]
    programmes = {"eight-weeks": eight.model_copy(update={"weeks": tuple(weeks), "rests": (4,)})}
    town = a_town(replace(house, library=replace(house.library, programmes=programmes)))
    a_person(town)
    town.write(lambda session: session.exec(update(Cohort).values(calendar={"resting": [4]})))
    town.write(lambda session: session.exec(update(Enrolment).values(role=Role.POLITICIAN)))
    for days in (0, 7, 35, 63):
        nudge = a_nudge(town, day=MONDAY + timedelta(days=days))
        press_in(town, nudge, "nudge.doing", at=MORNING + timedelta(days=days))
    assert "2 av 2 veckor" in written(look_home(town, at=MORNING + timedelta(days=64)))


def test_nobody_is_told_of_weeks_in_which_they_did_nothing(town: Town) -> None:
    press_in(town, a_nudge(town), "nudge.not_today")
    assert "Veckor då du gjorde något" not in written(look_home(town))


def test_whoever_goes_on_to_another_programme_keeps_the_weeks_of_the_one_before(town: Town) -> None:
    press_in(town, a_nudge(town, lesson="L02"), "nudge.doing")
    mine = town.person().id

    def goes_on(session: Session) -> None:
        me, next_one = session.get_one(Person, mine), our_library().document("keep-going")
        enrolled(session, me, a_cohort(session, next_one, of=me, starts_on=MONDAY + WEEK, at=MORNING), at=MORNING)

    town.write(goes_on)
    assert "_Åtta veckor innovationsledning_: 1 av 8 veckor" in written(look_home(town, at=MORNING + WEEK))


def test_a_text_can_be_changed_and_taken_away_on_home(town: Town) -> None:
    a_nudge(town)
    type_(town, "Skrivet i farten")
    home = look_home(town)
    change = next(button for button in buttons_of(home) if button.action == "home.edit")
    remove = next(button for button in buttons_of(home) if button.action == "home.remove")
    form = the_form(town.happens(press(change.action, change.value)))
    assert "personnummer" in refused(send(town, form, body="19850709-9805"))["body"]
    assert "Skriv några ord" in refused(send(town, form, body=" "))["body"]
    send(town, form, body="Omskrivet")
    assert "Omskrivet" in written(look_home(town))
    assert remove.confirm is not None
    town.happens(press(remove.action, remove.value))
    assert town.rows(Reflection) == []
    assert "finns inte längre" in said(town.happens(press(change.action, change.value)))


def test_nobody_changes_somebody_elses_text(town: Town) -> None:
    a_person(town, "U2")
    a_nudge(town)
    type_(town, "Mitt")
    mine = town.rows(Reflection)[0].id
    assert "finns inte längre" in said(town.happens(press("home.edit", mine, person="U2")))
    town.happens(press("home.remove", mine, person="U2"))
    send(
        town, Form(name="thought", title="", submit=None, close="", body=(), about=str(mine)), person="U2", body="Ditt"
    )
    assert [row.body for row in town.rows(Reflection)] == ["Mitt"]


def test_all_texts_are_read_leaf_by_leaf(town: Town) -> None:
    a_nudge(town)
    for number in range(12):
        type_(town, f"Tanke nummer {number}", at=MORNING + timedelta(minutes=number))
    page = the_form(town.happens(press("home.thoughts")))
    assert "Tanke nummer 11" in written(page)
    older = next(button for button in buttons_of(page) if button.action == "home.thoughts")
    assert older.opens_form
    assert "Tanke nummer 1" in written(the_form(town.happens(press(older.action, older.value))))


def test_what_was_written_to_one_exercise_on_one_day_stands_together_in_the_order_it_was_asked(town: Town) -> None:
    a_nudge(town)
    type_(town, "Ett svar.")
    asked = a_follow_up(town)
    form = the_form(press_in(town, asked, "reflect.open", town.rows(FollowUp)[0].id))
    send(town, form, values={"expected": "Tystnad.", "happened": "Frågor.", "change": "Frågar först.", "save": "yes"})
    page = written(look_home(town))
    order = ["Vad väntade du dig?", "Tystnad.", "Vad hände?", "Frågor.", "nästa gång?", "Frågar först."]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert "Ett svar." in page


def test_why_nothing_came_is_said_in_words_from_my_own_promises(town: Town) -> None:
    a_promise(town, reason=Reason.RED_DAY, day=MONDAY + timedelta(days=32))
    a_promise(town, reason=Reason.BACKED_OFF, day=MONDAY + timedelta(days=30))
    a_nudge(town, day=MONDAY + timedelta(days=29))
    a_nudge(town, day=MONDAY + timedelta(days=31), state=State.PLANNED, sent_at=None)
    page = written(the_form(town.happens(press("home.why", at=MORNING + timedelta(days=32)))))
    assert "('fredag 3 april', 'Inget, det var röd dag (Långfredagen).')" in page
    assert "('onsdag 1 april', 'Inget, det hade varit tyst ett tag, så jag höll igen.')" in page
    assert "('torsdag 2 april', 'På väg.')" in page
    assert "('tisdag 31 mars', 'Kom klockan 09.15.')" in page
    assert "('måndag 30 mars', 'Inget var planerat.')" in page
    assert "söndag" not in page


def test_why_nothing_came_goes_two_weeks_back(town: Town) -> None:
    a_promise(town, reason=Reason.PAUSED, day=MONDAY + timedelta(days=20))
    a_promise(town, reason=Reason.PACE, day=MONDAY + timedelta(days=18))
    page = written(the_form(town.happens(press("home.why", at=MORNING + timedelta(days=32)))))
    assert "('söndag 22 mars', 'Inget, du hade pausat.')" in page
    assert "('fredag 20 mars'" not in page


def test_what_may_have_come_is_never_called_nothing(town: Town) -> None:
    unsure, asked, both = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
    a_promise(town, reason=Reason.OUTCOME_UNKNOWN, day=unsure)
    a_promise(town, reason=Reason.ONE_MESSAGE, day=unsure)
    a_nudge(town, day=asked, state=State.UNKNOWN, sent_at=None, message_id=None)
    a_promise(town, reason=Reason.PAUSED, day=both)
    a_promise(town, reason=Reason.RED_DAY, day=both)
    page = written(the_form(town.happens(press("home.why", at=MORNING + timedelta(days=4)))))
    assert "'Kanske: chatten gav inget besked, så jag vågade inte skicka en gång till.'" in page
    assert "'Jag väntar på besked från chatten.'" in page
    assert "'Inget, du hade pausat och det var röd dag.'" in page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_reason_is_said_in_a_sentence(language: str) -> None:
    words, said = Words(language), set()
    for reason in Reason:
        row = Delivery(
            organisation_id=1, workspace_id=1, person_id=1, kind=Kind.NUDGE, day=MONDAY, due_at=MORNING,
            late_after=MORNING, try_at=MORNING, state=State.EXPLAINED, reason=reason,
        )  # fmt: skip
        said.add(day_in_words([row], MONDAY, "Europe/Stockholm", words))
    assert len(said) == len(Reason)
    begins = ("Inget, ", "Kanske: ") if language == "sv" else ("Nothing, ", "Perhaps: ")
    assert all(sentence.startswith(begins) and sentence.endswith(".") for sentence in said)


def test_coordinators_find_their_desk_on_home() -> None:
    town = a_town(a_house(coordinators=frozenset({"U1"})))
    a_person(town)
    a_person(town, "U2", is_coordinator=True)
    a_person(town, "U3")
    assert "[Dina omgångar]" in written(look_home(town))
    assert "[Dina omgångar]" in written(look_home(town, person="U2"))
    assert "[Dina omgångar]" not in written(look_home(town, person="U3"))
    town.store.close()


def test_home_opened_is_home_shown_and_nothing_else(town: Town) -> None:
    look_home(town)
    assert [type(show) for show in town.shows] == [ShowHome]
    assert not any(isinstance(show, OpenForm) for show in town.shows)


def test_titles_are_those_of_the_confirmed_programme_and_not_of_the_library_of_today(town: Town) -> None:
    """Promise 11: what runs stays as it was confirmed."""
    lesson = our_library().lesson("L02")
    renamed = lesson.model_copy(update={"title": Text(sv="Nytt namn", en="New name")})
    lessons = {**our_library().lessons, "L02": renamed}
    town.house = replace(town.house, library=replace(our_library(), lessons=lessons))
    press_in(town, a_nudge(town), "nudge.doing")
    receipt = said(type_(town, "Mitt svar"))
    home = written(look_home(town))
    assert lesson.title.sv in receipt
    assert lesson.title.sv in home
    assert "Nytt namn" not in receipt + home
