"""What somebody practises most and what they keep up: their own choice, seen by nobody else, used where it helps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.shows import Show
from lessons.keeping import NOT_CHOSEN, filled
from lessons.models import Language
from storage.tables.focus import EnrolmentFocus, KeptBehaviour
from storage.tables.programmes import Enrolment, ProgrammeDocument
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    State,
    Town,
    a_follow_up,
    a_house,
    a_nudge,
    a_person,
    a_town,
    look_home,
    our_library,
    press,
    press_in,
    refused,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)
from tests.conversation.test_recall import Sent, arrives

FIRST, OTHER = "L01", "L07"
ASK, LOOP, THANK, STOP = "ask_first", "close_loop", "welcome_bad_news", "stop_well"
IN_LAST_WEEK = MORNING + timedelta(days=51)


@pytest.fixture
def keeping() -> Town:
    """U1 goes through the programme about one behaviour."""
    library = our_library()
    programmes = {**library.programmes, "eight-weeks": library.programmes["keep-going"]}
    town = a_town(a_house(library=replace(library, programmes=programmes)))
    a_person(town)
    return town


def label(key: str) -> str:
    return our_library().taxonomy.behaviours[key].label.sv


def infinitive(key: str) -> str:
    return our_library().taxonomy.behaviours[key].infinitive.sv


def enrolment(town: Town, name: str = "U1") -> int:
    person = town.person(name)
    return next(row.id for row in town.rows(Enrolment) if row.person_id == person.id)


def goes_out(town: Town, lesson: str, *, later: int = 0) -> Sent:
    """Let an exercise arrive, on Monday or so many days later."""
    before: dict[str, Any] = {"sent_at": None, "conversation_id": None, "message_id": None}
    day = MONDAY + timedelta(days=later)
    return arrives(town, a_nudge(town, lesson=lesson, day=day, state=State.SENDING, **before))


def choose(town: Town, *behaviours: str) -> list[Show]:
    form = the_form(town.happens(press("focus.open", enrolment(town))))
    return send(town, form, behaviours=behaviours)


def keep(town: Town, behaviour: str) -> list[Show]:
    return send(town, the_form(town.happens(press("keep.open"))), behaviour=behaviour)


def chosen(town: Town) -> list[str]:
    return [row.behaviour for row in sorted(town.rows(EnrolmentFocus), key=lambda row: row.place)]


def preset(form: Form) -> tuple[str, ...]:
    return next(part.initial for part in form.body if isinstance(part, ChoiceInput))


def test_the_first_exercise_of_a_programme_offers_the_choice_and_no_other_does(town: Town) -> None:
    assert "[Välj beteenden]" in goes_out(town, FIRST).texts
    assert "[Välj beteenden]" not in goes_out(town, OTHER, later=1).texts


def test_in_a_programme_for_several_roles_only_the_first_exercise_of_ones_own_role_offers_it() -> None:
    library = our_library()
    town = a_town(
        a_house(library=replace(library, programmes={"eight-weeks": library.programmes["year-of-ten"]})),
    )
    a_person(town)
    assert "[Välj beteenden]" in goes_out(town, "L01").texts
    assert "[Välj beteenden]" not in goes_out(town, "L11", later=1).texts, "the politicians begin with it"


def test_what_was_chosen_stands_in_the_message_it_was_chosen_from_and_on_home(town: Town) -> None:
    sent = goes_out(town, FIRST)
    form = the_form(press_in(town, sent.delivery_id, "focus.open", enrolment(town)))
    shown = send(town, form, behaviours=(LOOP, ASK))
    now = f"Du övar mest på: {label(LOOP)} · {label(ASK)}."
    assert now in replaced(shown)
    assert now in said(shown)
    assert "Bara du ser vad du väljer." in said(shown)
    assert now in written(look_home(town))
    assert chosen(town) == [LOOP, ASK]


def test_the_form_shows_what_is_chosen_first_so_that_the_order_is_kept(town: Town) -> None:
    choose(town, STOP, ASK)
    form = the_form(town.happens(press("focus.open", enrolment(town))))
    assert preset(form) == (STOP, ASK)
    assert [option.value for part in form.body if isinstance(part, ChoiceInput) for option in part.options][:2] == [
        STOP,
        ASK,
    ]


def test_choosing_again_takes_the_place_of_the_first_choice_and_none_is_a_choice_too(town: Town) -> None:
    choose(town, LOOP, ASK)
    choose(town, THANK)
    assert chosen(town) == [THANK]
    assert "Nu är inget valt." in said(choose(town))
    assert chosen(town) == []


def test_four_are_refused_and_what_there_is_not_is_left_out(town: Town) -> None:
    assert refused(choose(town, LOOP, ASK, THANK, STOP)) == {"behaviours": "Välj högst tre."}
    choose(town, LOOP, "dance", ASK)
    assert chosen(town) == [LOOP, ASK]


def test_nobody_chooses_for_another(town: Town) -> None:
    a_person(town, "U2")
    other = enrolment(town, "U2")
    form = the_form(town.happens(press("focus.open", other)))
    assert "finns inget att välja till" in said(send(town, form, behaviours=(LOOP,)))
    assert chosen(town) == []


def test_who_practises_something_most_gets_it_first_when_they_swap(town: Town) -> None:
    choose(town, STOP, THANK)
    shown = replaced(press_in(town, a_nudge(town, lesson="L02"), "nudge.another"))
    inside = {step.lesson_id for step in our_library().programme("eight-weeks").steps()}
    about_it = [one for one in our_library().lessons.values() if one.behaviour == STOP and one.id not in inside]
    assert any(one.title.sv in shown for one in about_it)


def test_nobody_in_another_programme_gets_an_exercise_of_keep_going_by_swapping(town: Town) -> None:
    few = {name: our_library().lesson(name) for name in ("L02", "K01", "K05")}
    eight = our_library().programme("eight-weeks")
    town.house = a_house(library=replace(our_library(), lessons=few, programmes={"eight-weeks": eight}))
    nudge = a_nudge(town, lesson="L02")
    for _ in range(40):
        shown = press_in(town, nudge, "nudge.another")
        assert not any(few[name].title.sv in replaced(shown) for name in ("K01", "K05"))


def test_it_can_be_chosen_in_words(town: Town) -> None:
    listed = said(type_(town, "fokus"))
    assert f"1. {label(ASK)}" in listed
    assert "_fokus 3 7_" in listed
    assert label(THANK) in said(type_(town, "fokus 3, 1"))
    assert chosen(town) == [THANK, ASK]
    for wrong in ("fokus 99", "fokus 1 2 3 4"):
        assert "till exempel _fokus 3 7_" in said(type_(town, wrong))
    assert chosen(town) == [THANK, ASK]


def test_a_sentence_that_begins_as_the_command_does_is_an_answer(town: Town) -> None:
    a_nudge(town)
    for text in ("Fokus låg på mötet i dag", "Håll i dig, det gick bra", "Kollega Kim hjälpte mig"):
        type_(town, text)
    assert town.rows(EnrolmentFocus) == []
    assert town.rows(KeptBehaviour) == []


def test_the_first_message_of_keep_going_asks_and_reads_well_until_something_is_chosen(keeping: Town) -> None:
    texts = goes_out(keeping, "K01").texts
    assert "Vad vill du hålla i?" in texts
    assert f"då du kan {NOT_CHOSEN.infinitive.sv}." in texts
    assert "{" not in texts


def test_what_is_kept_up_is_named_in_the_exercise_at_once(keeping: Town) -> None:
    sent = goes_out(keeping, "K01")
    form = the_form(press_in(keeping, sent.delivery_id, "keep.open", ""))
    assert preset(form) == ()
    assert f"då du kan {infinitive(THANK)}." in replaced(send(keeping, form, behaviour=THANK))
    assert f"Du håller i: ”{label(THANK)}”." in (texts := goes_out(keeping, "K02", later=7).texts)
    assert f" {infinitive(THANK)}." in texts
    assert [row.behaviour for row in keeping.rows(KeptBehaviour)] == [THANK]


def test_one_is_kept_up_at_a_time(keeping: Town) -> None:
    keep(keeping, THANK)
    keep(keeping, LOOP)
    assert [row.behaviour for row in keeping.rows(KeptBehaviour)] == [LOOP]
    assert refused(keep(keeping, "dance")) == {"behaviour": "Välj ett i listan."}


def test_the_first_of_what_was_practised_most_is_kept_up_until_another_is_chosen(keeping: Town) -> None:
    choose(keeping, LOOP, ASK)
    assert f"då du kan {infinitive(LOOP)}." in goes_out(keeping, "K01").texts
    assert label(ASK) in said(type_(keeping, "håll i 1"))
    assert f"då du kan {infinitive(ASK)}." in goes_out(keeping, "K01", later=7).texts


def test_what_nobody_has_chosen_to_keep_up_is_not_said_to_be_their_choice(town: Town, keeping: Town) -> None:
    unless = f"Om du inte väljer något annat håller du i: ”{label(LOOP)}”."
    chosen_now = f"Du håller i: ”{label(ASK)}”."
    choose(keeping, LOOP, ASK)
    for shown in (said(type_(keeping, "håll i")), written(look_home(keeping)), goes_out(keeping, "K01").texts):
        assert unless in shown
        assert "Du håller i:" not in shown
    keep(keeping, ASK)
    for shown in (said(type_(keeping, "håll i")), written(look_home(keeping)), goes_out(keeping, "K02", later=7).texts):
        assert chosen_now in shown
        assert "Om du inte väljer" not in shown
    choose(town, LOOP, ASK)
    assert unless in written(look_home(town, at=IN_LAST_WEEK)), "of the programme that may follow"


def test_a_follow_up_and_its_smaller_step_name_it_too(keeping: Town) -> None:
    keep(keeping, THANK)
    asked = a_follow_up(keeping, lesson="K03")
    assert f"vilken dag du tänker {infinitive(THANK)}." in replaced(press_in(keeping, asked, "follow_up.not_yet"))


def test_a_cohort_that_was_confirmed_with_the_label_in_its_lessons_reads_as_it_did(keeping: Town) -> None:
    keep(keeping, THANK)
    body = keeping.rows(ProgrammeDocument)[0].body
    assert "{infinitive}" in body
    before = body.replace("{infinitive}", "öva. Det du håller i: ”{behaviour}”. Så märks det: {seen}")
    digest = "before"
    keeping.write(lambda session: session.execute(update(ProgrammeDocument).values(body=before, digest=digest)))
    texts = goes_out(keeping, "K01").texts
    assert f"Det du håller i: ”{label(THANK)}”." in texts
    assert our_library().taxonomy.behaviours[THANK].seen.sv in texts


def test_swapping_in_keep_going_begins_with_what_is_kept_up(keeping: Town) -> None:
    keep(keeping, STOP)
    shown = replaced(press_in(keeping, a_nudge(keeping, lesson="K03"), "nudge.another"))
    assert any(one.title.sv in shown for one in our_library().lessons.values() if one.behaviour == STOP)


def test_the_library_shows_no_empty_places(town: Town) -> None:
    found = said(type_(town, "bibliotek streck")) + said(type_(town, "ta K02"))
    assert NOT_CHOSEN.infinitive.sv in found
    assert "{" not in found


@pytest.mark.parametrize("lesson_id", [f"K0{number}" for number in range(1, 9)])
def test_every_behaviour_has_its_place_in_every_lesson_of_keep_going(lesson_id: str) -> None:
    lesson = our_library().lesson(lesson_id)
    for chosen_one in [None, *our_library().taxonomy.behaviours.values()]:
        read, behaviour = filled(lesson, chosen_one), chosen_one or NOT_CHOSEN
        for language in Language:
            parts = (read.do, read.question, read.reflection, read.follow_up, read.smaller_step)
            texts = " ".join(text.in_(language) for text in parts)
            assert "{" not in texts
            assert f" {behaviour.infinitive.in_(language)}" in texts, "it goes on in a sentence"


def test_what_may_come_after_the_programme_is_said_in_its_last_week_and_not_before(town: Town) -> None:
    assert "När programmet är slut" not in written(look_home(town))
    home = written(look_home(town, at=IN_LAST_WEEK))
    assert "**Håll i**" in home
    assert "knuff@example.se" in home
    assert "[Vad vill du hålla i?]" in home
    keep(town, LOOP)
    assert f"Du håller i: ”{label(LOOP)}”." in written(look_home(town, at=IN_LAST_WEEK))


def test_eight_weeks_after_the_programme_home_says_no_more_of_it(town: Town) -> None:
    choose(town, LOOP)
    last = IN_LAST_WEEK + timedelta(weeks=8)
    assert "**Håll i**" in written(look_home(town, at=last))
    later = written(look_home(town, at=last + timedelta(weeks=1)))
    assert "**Håll i**" not in later
    assert label(LOOP) not in later


def test_whoever_was_taken_out_of_a_programme_is_not_told_what_follows_it(town: Town) -> None:
    choose(town, LOOP)
    town.write(lambda session: session.execute(update(Enrolment).values(ends_on=MONDAY)))
    assert "**Håll i**" not in written(look_home(town, at=IN_LAST_WEEK))
    assert label(LOOP) not in written(look_home(town))


def test_my_data_says_what_was_chosen_and_when(town: Town) -> None:
    choose(town, LOOP, ASK)
    keep(town, THANK)
    type_(town, "kollega: Kim Ek")
    shown = said(type_(town, "mina uppgifter"))
    assert f"**Det jag övar mest** {label(LOOP)}" in shown
    assert f"**Det jag håller i** {label(THANK)}" in shown
    assert "**Någon att berätta för** Kim Ek" in shown


def test_all_of_it_is_gone_when_they_say_so(town: Town) -> None:
    choose(town, LOOP, ASK)
    keep(town, THANK)
    type_(town, "radera allt")
    assert town.rows(EnrolmentFocus) == []
    assert town.rows(KeptBehaviour) == []
