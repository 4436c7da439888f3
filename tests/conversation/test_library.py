from dataclasses import replace
from datetime import timedelta

from sqlmodel import update

from bot.conversation.shows import OpenForm, Replace, Say
from scheduler.calendar import Calendar
from storage.tables.answers import AnswerKind
from storage.tables.programmes import Cohort
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    Reflection,
    Town,
    a_nudge,
    buttons_of,
    press,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)


def test_every_theme_with_exercises_can_be_opened_and_every_exercise_found(town: Town) -> None:
    themes = [button for button in buttons_of(the_form(town.happens(press("library.open")))) if button.value]
    found: set[str] = set()
    for theme in themes:
        page = the_form(town.happens(press(theme.action, theme.value)))
        found |= {button.value for button in buttons_of(page)}
    assert found == set(town.house.library.lessons)


def test_a_theme_that_does_not_exist_is_a_sentence(town: Town) -> None:
    assert "fungerar inte längre" in said(town.happens(press("library.theme", "football", on="m1")))


def test_searching_by_form_shows_what_was_found_or_says_that_nothing_was(town: Town) -> None:
    form = the_form(town.happens(press("library.search")))
    assert buttons_of(the_form(send(town, form, words="nytta")))
    assert "Jag hittade ingen övning om ”xyzzy”." in written(the_form(send(town, form, words="xyzzy")))


def test_an_exercise_is_taken_on_the_spot_and_followed_up(town: Town) -> None:
    [show] = town.happens(press("library.take", "L02", on="m1"))
    assert isinstance(show, Say)
    doing = next(button for button in buttons_of(show.card) if button.action == "nudge.doing")
    assert "Du har valt att göra övningen." in replaced(town.happens(press(doing.action, doing.value, on="m2")))
    town.happens(press(doing.action, doing.value, on="m2"))
    [follow_up] = town.rows(FollowUp)
    assert (follow_up.lesson_id, follow_up.source_delivery_id) == ("L02", None)
    assert follow_up.due_on == MONDAY + timedelta(days=2)
    assert [row.kind for row in town.rows(Answer)] == [AnswerKind.ANOTHER, AnswerKind.DOING]


def test_what_was_taken_from_the_library_keeps_the_closed_days_of_ones_newest_cohort(town: Town) -> None:
    due_on = MONDAY + timedelta(days=2)
    closed = Calendar(closed=frozenset({due_on})).to_choices()
    town.write(lambda session: session.connection().execute(update(Cohort).values(calendar=closed)))
    [show] = town.happens(press("library.take", "L02", on="m1"))
    assert isinstance(show, Say)
    doing = next(button for button in buttons_of(show.card) if button.action == "nudge.doing")
    town.happens(press(doing.action, doing.value, on="m2"))
    assert [row.due_on for row in town.rows(FollowUp)] == [due_on + timedelta(days=1)]


def test_the_same_exercise_can_be_taken_again_another_week(town: Town) -> None:
    for weeks in (0, 1):
        at = MORNING + timedelta(weeks=weeks)
        [show] = town.happens(press("library.take", "L02", on="m1", at=at))
        assert isinstance(show, Say)
        doing = next(button for button in buttons_of(show.card) if button.action == "nudge.doing")
        town.happens(press(doing.action, doing.value, on="m2", at=at))
    assert len(town.rows(FollowUp)) == 2


def test_a_typed_answer_goes_to_the_exercise_taken_last(town: Town) -> None:
    a_nudge(town, lesson="L05")
    type_(town, "ta L02")
    assert "Sparat till _Nyttan i en mening_" in said(type_(town, "Min mening", at=MORNING + timedelta(minutes=7)))
    [reflection] = town.rows(Reflection)
    assert (reflection.lesson_id, reflection.delivery_id) == ("L02", None)


def test_a_question_rewritten_since_it_was_opened_is_asked_again_instead_of_answered(town: Town) -> None:
    [show] = town.happens(press("library.take", "L01", on="m1"))
    assert isinstance(show, Say)
    before = [button for button in buttons_of(show.card) if button.action == "nudge.choice"]
    library = town.house.library
    lesson = library.lesson("L01")
    turned = lesson.model_copy(update={"choices": lesson.choices[::-1]})
    town.house = replace(town.house, library=replace(library, lessons={**library.lessons, "L01": turned}))
    assert "skrivits om" in said(town.happens(press("nudge.choice", before[0].value, on="m2")))
    [show] = town.happens(press("library.take", "L01", on="m3"))
    assert isinstance(show, Say)
    now = [button for button in buttons_of(show.card) if button.action == "nudge.choice"]
    town.happens(press("nudge.choice", now[0].value, on="m4"))
    assert [row.value for row in town.rows(Answer) if row.kind is AnswerKind.CHOICE] == ["0"]
    # Whoever has answered hears that, whichever the button is.
    assert "redan svarat" in said(town.happens(press("nudge.choice", before[1].value, on="m2")))


def test_another_one_of_the_library_takes_its_place(town: Town) -> None:
    shows = town.happens(press("nudge.another", "lib:L02:2026-03-02", on="m2"))
    assert isinstance(shows[0], Replace)
    assert "Nyttan i en mening" not in replaced(shows)


def test_taking_one_over_home_says_where_it_is(town: Town) -> None:
    shows = town.happens(replace(press("library.take", "L02"), view="V1"))
    assert isinstance(shows[0], OpenForm)
    assert "Övningen ligger i chatten." in written(shows[0].form)
    assert "Nyttan i en mening" in said(shows)


def test_an_exercise_that_does_not_exist_is_a_sentence(town: Town) -> None:
    assert "Den övningen finns inte." in said(type_(town, "ta L999"))
