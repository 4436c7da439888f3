from datetime import date, timedelta

import pytest

from bot.conversation.cards import Paragraph
from bot.conversation.letters import Question
from bot.conversation.question_parts import question_parts
from bot.conversation.references import Reference
from bot.conversation.texts import Words
from storage.tables.answers import AnswerKind, Prompt
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    FollowUpState,
    Reflection,
    Town,
    a_follow_up,
    a_nudge,
    a_person,
    look_home,
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

WEDNESDAY = MORNING + timedelta(days=2)


@pytest.mark.parametrize(
    ("action", "words", "state"),
    [
        ("done", "Du gjorde det.", FollowUpState.ANSWERED),
        ("tried", "Du försökte.", FollowUpState.ANSWERED),
        ("let_go", "Du släppte den.", FollowUpState.LET_GO),
    ],
)
def test_how_it_went_is_recorded_and_shown(town: Town, action: str, words: str, state: FollowUpState) -> None:
    asked = a_follow_up(town)
    assert words in replaced(press_in(town, asked, f"follow_up.{action}", at=WEDNESDAY))
    [follow_up] = town.rows(FollowUp)
    assert follow_up.state == state
    assert follow_up.closed_at == WEDNESDAY


def test_one_reflection_question_comes_after_done_and_none_after_letting_go(town: Town) -> None:
    question = town.house.library.lesson("L02").reflection.sv
    assert question in replaced(press_in(town, a_follow_up(town), "follow_up.done"))
    assert question not in replaced(press_in(town, a_follow_up(town, day=MONDAY), "follow_up.let_go"))


def test_not_yet_offers_a_smaller_step_and_asks_again(town: Town) -> None:
    asked = a_follow_up(town)
    shows = press_in(town, asked, "follow_up.not_yet", at=WEDNESDAY)
    assert town.house.library.lesson("L02").smaller_step.sv in replaced(shows)
    assert "[Ta det mindre steget] [Välj en ny dag] [Släpper den]" in replaced(shows)
    shows = press_in(town, asked, "follow_up.smaller", at=WEDNESDAY)
    assert "Jag hör av mig igen fredag 6 mars." in replaced(shows)
    [follow_up] = town.rows(FollowUp)
    assert (follow_up.state, follow_up.smaller, follow_up.postponed) == (FollowUpState.OPEN, True, 1)


def test_not_yet_offers_a_new_date_that_may_not_be_in_the_past(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.not_yet", at=WEDNESDAY)
    form = the_form(press_in(town, asked, "follow_up.new_date", at=WEDNESDAY))
    assert "Välj tidigast torsdag 5 mars" in refused(send(town, form, at=WEDNESDAY, day="2026-03-04"))["day"]
    assert "förstod inte" in refused(send(town, form, at=WEDNESDAY, day="snart"))["day"]
    assert "Jag hör av mig igen måndag 9 mars." in replaced(send(town, form, at=WEDNESDAY, day="2026-03-09"))
    assert town.rows(FollowUp)[0].due_on == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("day", "asks"),
    [("2026-03-07", "måndag 9 mars"), ("2026-04-03", "tisdag 7 april")],
    ids=["a Saturday", "Good Friday"],
)
def test_a_day_on_which_nothing_comes_is_the_next_working_day(town: Town, day: str, asks: str) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.not_yet", at=WEDNESDAY)
    form = the_form(press_in(town, asked, "follow_up.new_date", at=WEDNESDAY))
    assert f"Jag hör av mig igen {asks}." in replaced(send(town, form, at=WEDNESDAY, day=day))
    assert f"Jag hör av mig igen {asks}." in said(type_(town, f"ny dag {day}", at=WEDNESDAY))


def test_a_new_day_in_a_pause_is_the_first_one_after_it(town: Town) -> None:
    press_in(town, a_follow_up(town), "follow_up.not_yet", at=WEDNESDAY)
    type_(town, "paus till och med 2026-03-15", at=WEDNESDAY)
    assert "Jag hör av mig igen måndag 16 mars." in said(type_(town, "ny dag 2026-03-10", at=WEDNESDAY))


@pytest.mark.parametrize(
    ("pace", "asks"),
    [("tre i veckan", "torsdag 5 mars"), ("måndagar", "måndag 9 mars")],
    ids=["three a week", "Mondays"],
)
def test_we_say_the_day_on_which_the_pace_lets_us_ask(town: Town, pace: str, asks: str) -> None:
    nudge, planned = a_nudge(town), a_nudge(town, lesson="L04", day=MONDAY - timedelta(days=3))
    asked = a_follow_up(town, day=MONDAY - timedelta(days=4))
    type_(town, f"takt {pace}")
    assert f"Jag hör av mig {asks} och frågar hur det gick." in replaced(press_in(town, nudge, "nudge.doing"))
    press_in(town, asked, "follow_up.not_yet")
    assert f"Jag hör av mig igen {asks}." in replaced(press_in(town, asked, "follow_up.smaller"))
    plan = the_form(press_in(town, planned, "nudge.plan"))
    values: dict[str, str | tuple[str, ...]] = {
        "cue": "mötet drar över tiden",
        "cue_on": "2026-03-03",
        "action": "avslutar jag",
    }
    assert "Jag visar planen igen tisdag 3 mars." in said(send(town, plan, values=values)), "whatever the pace"
    assert f"{asks} frågar jag hur det gick" in written(look_home(town))


def test_sending_the_date_twice_postpones_once(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.not_yet", at=WEDNESDAY)
    form = the_form(press_in(town, asked, "follow_up.new_date", at=WEDNESDAY))
    send(town, form, at=WEDNESDAY, day="2026-03-09")
    send(town, form, at=WEDNESDAY, day="2026-03-09")
    assert town.rows(FollowUp)[0].postponed == 1


def test_after_two_times_not_yet_we_suggest_letting_go(town: Town) -> None:
    asked = a_follow_up(town, postponed=2)
    shows = press_in(town, asked, "follow_up.not_yet")
    assert "Den har fått vänta två gånger." in replaced(shows)
    assert "[Släpper den] [Gjort] [Försökte]" in replaced(shows)
    assert "två gånger" in said(press_in(town, asked, "follow_up.smaller"))
    assert town.rows(FollowUp)[0].postponed == 2


def test_a_smaller_step_is_what_we_ask_about_next_time(town: Town) -> None:
    asked = a_follow_up(town, smaller=True)
    nudge_and_question = replaced(press_in(town, asked, "follow_up.not_yet"))
    assert "Vill du välja en ny dag?" in nudge_and_question
    assert "Ta det mindre steget" not in nudge_and_question


def test_a_smaller_step_stands_on_a_line_of_its_own_and_is_not_quoted_a_second_time(town: Town) -> None:
    step = town.house.library.lesson("L20").smaller_step
    assert "”" in step.sv
    shown = replaced(press_in(town, a_follow_up(town, lesson="L20"), "follow_up.not_yet"))
    assert f"Ett mindre steg kan vara:\n{step.sv}\n" in shown
    typed = said(type_(town, "inte än"))
    assert f"Ett mindre steg kan vara:\n{step.sv}\nSkriv _mindre steg_" in typed
    for language, asks in (("sv", "Du valde ett mindre steg:\n{}\nHur gick det?"),
                           ("en", "You chose a smaller step:\n{}\nHow did it go?")):  # fmt: skip
        words = Words(language)
        question = Question(
            ref=Reference(delivery_id=1), follow_up_id=1, lesson=town.house.library.lesson("L20"), smaller=True
        )
        asked = next(part for part in question_parts(question, words)[1:] if isinstance(part, Paragraph))
        assert asked.text == asks.format(words.of(step))


def test_a_finished_question_cannot_be_answered_otherwise(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.done")
    assert "redan svarat" in said(press_in(town, asked, "follow_up.let_go"))
    assert "redan svarat" in said(press_in(town, asked, "follow_up.not_yet"))
    press_in(town, asked, "follow_up.done")
    assert [answer.kind for answer in town.rows(Answer)] == [AnswerKind.DONE]


def test_an_answer_to_a_question_that_rides_changes_only_its_own_part_of_the_card(town: Town) -> None:
    nudge = a_nudge(town, lesson="L05", day=MONDAY + timedelta(days=2))
    asked = a_follow_up(town, rides_on=nudge)
    card = replaced(press_in(town, asked, "follow_up.done"))
    assert "Du gjorde det." in card
    assert "[Jag gör det] [Byt övning] [Inte i dag]" in card


def test_nobody_answers_somebody_elses_follow_up(town: Town) -> None:
    a_person(town, "U2")
    asked = a_follow_up(town)
    assert "finns inte längre" in said(press_in(town, asked, "follow_up.done", person="U2"))
    assert "finns inte längre" in said(
        town.happens(press("reflect.open", town.rows(FollowUp)[0].id, person="U2", on="m1"))
    )
    assert town.rows(FollowUp)[0].state == FollowUpState.ASKED


def test_the_reflection_has_three_prompts_and_each_may_be_left_empty(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.done")
    form = the_form(town.happens(press("reflect.open", town.rows(FollowUp)[0].id, on="m1")))
    shows = send(town, form, expected="Motstånd", happened="", change="Fråga tidigare", save="yes")
    assert "Dina tankar är sparade" in replaced(shows)
    assert {(row.prompt, row.body) for row in town.rows(Reflection)} == {
        (Prompt.EXPECTED, "Motstånd"),
        (Prompt.CHANGE, "Fråga tidigare"),
    }


def test_a_reflection_sent_twice_is_saved_once(town: Town) -> None:
    press_in(town, a_follow_up(town), "follow_up.done")
    form = the_form(town.happens(press("reflect.open", town.rows(FollowUp)[0].id, on="m1")))
    for _ in range(2):
        send(town, form, expected="Motstånd", happened="", change="", save="yes")
    assert len(town.rows(Reflection)) == 1


def test_nothing_is_stored_when_the_author_says_so(town: Town) -> None:
    press_in(town, a_follow_up(town), "follow_up.done")
    form = the_form(town.happens(press("reflect.open", town.rows(FollowUp)[0].id, on="m1")))
    assert "Inget av det du skrev är sparat" in said(send(town, form, expected="Hemligt", save="no"))
    assert town.rows(Reflection) == []


def test_an_empty_reflection_stays_open_with_a_sentence(town: Town) -> None:
    press_in(town, a_follow_up(town), "follow_up.done")
    form = the_form(town.happens(press("reflect.open", town.rows(FollowUp)[0].id, on="m1")))
    assert "Skriv några ord" in refused(send(town, form, expected=" ", save="yes"))["expected"]


def test_how_it_went_can_be_typed(town: Town) -> None:
    a_follow_up(town)
    shows = type_(town, "Försökte!", at=WEDNESDAY)
    assert "Du försökte." in replaced(shows)
    assert "Du försökte." in said(shows)


def test_not_yet_and_what_follows_can_be_typed(town: Town) -> None:
    a_follow_up(town)
    assert "mindre steg" in said(type_(town, "inte än", at=WEDNESDAY))
    assert "Jag hör av mig igen måndag 9 mars." in said(type_(town, "ny dag måndag", at=WEDNESDAY))
    assert town.rows(FollowUp)[0].state == FollowUpState.OPEN


def test_done_typed_before_we_ask_means_we_never_ask(town: Town) -> None:
    nudge = a_nudge(town)
    press_in(town, nudge, "nudge.doing")
    assert "Du gjorde det." in said(type_(town, "gjort"))
    assert town.rows(FollowUp)[0].state == FollowUpState.ANSWERED


def test_done_typed_with_nothing_open_is_a_sentence(town: Town) -> None:
    assert "ingen öppen fråga" in said(type_(town, "gjort"))
