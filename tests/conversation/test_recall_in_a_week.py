"""Whoever gets the week in one message gets a case with it too, and it comes back when the programme is over."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.conversation.shows import Replace
from bot.slack import dress as slack
from bot.teams import dress as teams
from storage.tables.answers import AnswerKind, RecallMemory
from storage.tables.deliveries import Delivery
from storage.tables.people import Person
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    State,
    Town,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
    edit,
    our_library,
    press,
    press_in,
    replaced,
    said,
    type_,
)
from tests.conversation.test_recall import FIRST_QUIZ, WEEK_TWO, Sent, answer, arrives, goes_out
from tests.enrolled import a_cohort, enrolled

WEEK = ("L07", "L08", "L09", "L10")
"""The exercises of a week after its first, none of them a quiz."""
OTHERS = ("L13", "L14")
QUIZ = "L11"


@pytest.fixture
def met(town: Town) -> Town:
    a_nudge(town, lesson=FIRST_QUIZ, day=MONDAY)
    return town


def week_goes_out(town: Town, day: date = WEEK_TWO, *, first: str = "L06", **values: Any) -> Sent:
    return goes_out(town, day, lesson=first, riding=WEEK, **values)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_whole_week_brings_one_case_after_its_list(empty_town: Town, language: str) -> None:
    a_person(empty_town, language=language)
    a_nudge(empty_town, lesson=FIRST_QUIZ, day=MONDAY)
    sent = week_goes_out(empty_town)
    title = {"sv": "Minns du?", "en": "Do you remember?"}[language]
    last = getattr(empty_town.house.library.lesson(WEEK[-1]).title, language)
    assert sent.texts.index(last) < sent.texts.index(title)
    assert len([button for button in buttons_of(sent.card) if button.action == "nudge.show"]) == 5
    assert len(sent.values) == 3, "one case, with three answers"


def test_in_the_message_of_a_week_it_is_answered_and_the_answer_stands_there_from_then_on(met: Town) -> None:
    sent = week_goes_out(met)
    shows = answer(met, sent, right=True)
    assert "Det hade vi också valt" in replaced(shows)
    rider = next(row.id for row in met.rows(Delivery) if row.rides_on == sent.delivery_id)
    later = press_in(met, rider, "nudge.not_today", at=sent.at + timedelta(days=3))
    assert "Det hade vi också valt" in replaced(later)
    [shown] = [show.card for show in later if isinstance(show, Replace)]
    assert "recall.choice" not in {button.action for button in buttons_of(shown)}


def test_answered_twice_and_edited_in_the_chat_it_counts_once(met: Town) -> None:
    sent = week_goes_out(met)
    case = met.house.library.case(FIRST_QUIZ)
    right = next(index for index, choice in enumerate(case.choices) if choice.right)
    type_(met, "abc"[right], message="u-letter", at=sent.at + timedelta(minutes=3))
    edit(met, "abc"[right - 1], message="u-letter", at=sent.at + timedelta(minutes=4))
    assert "redan svarat" in said(answer(met, sent, right=False))
    [memory] = met.rows(RecallMemory)
    assert (memory.reviews, memory.was_right) == (1, True)
    assert [row.kind for row in met.rows(Answer)] == [AnswerKind.RECALL]


def test_a_number_opens_the_exercise_and_a_letter_answers_the_case(met: Town) -> None:
    sent = week_goes_out(met)
    assert met.house.library.lesson("L08").title.sv in said(type_(met, "3", at=sent.at + timedelta(minutes=2)))
    assert met.rows(Answer) == []
    shows = type_(met, "b", at=sent.at + timedelta(minutes=3))
    assert met.house.library.case(FIRST_QUIZ).reason.sv in said(shows)
    assert [row.value for row in met.rows(Answer)] == ["1"]


def test_a_letter_that_may_be_meant_for_the_weeks_quiz_is_not_taken_for_either(met: Town) -> None:
    sent = week_goes_out(met, first=QUIZ)
    assert len(sent.values) == 3, "a week with a quiz brings one too"
    shows = type_(met, "b", at=sent.at + timedelta(minutes=3))
    assert said(shows) == "Det finns två frågor med bokstäver här. Tryck på svaret vid den du menar."
    assert met.rows(Answer) == []
    answer(met, sent, right=True)
    type_(met, "b", at=sent.at + timedelta(minutes=6))
    assert [row.kind for row in met.rows(Answer)] == [AnswerKind.RECALL, AnswerKind.CHOICE]


def test_once_the_quiz_is_answered_a_letter_is_about_the_case(met: Town) -> None:
    sent = week_goes_out(met, first=QUIZ)
    press_in(met, sent.delivery_id, "nudge.choice", f"{sent.delivery_id}:0", at=sent.at + timedelta(minutes=2))
    type_(met, "b", at=sent.at + timedelta(minutes=3))
    assert [row.kind for row in met.rows(Answer)] == [AnswerKind.CHOICE, AnswerKind.RECALL]


def test_a_letter_goes_to_a_quiz_from_the_library_before_the_case_of_the_week(met: Town) -> None:
    sent = week_goes_out(met)
    met.happens(press("library.take", "L16", at=sent.at + timedelta(minutes=1)))
    type_(met, "b", at=sent.at + timedelta(minutes=2))
    type_(met, "b", at=sent.at + timedelta(minutes=3))
    kinds = [row.kind for row in met.rows(Answer) if row.kind is not AnswerKind.ANOTHER]
    assert kinds == [AnswerKind.CHOICE, AnswerKind.RECALL]


def test_left_alone_it_is_let_be_for_a_week_and_the_next_week_may_ask_it_again(met: Town) -> None:
    week_goes_out(met)
    met_again = week_goes_out(met, WEEK_TWO + timedelta(days=7))
    assert met.house.library.case(FIRST_QUIZ).case.sv in met_again.texts
    assert len(met.rows(RecallMemory)) == 1


def test_the_longest_week_with_a_case_is_within_what_slack_and_teams_take(met: Town) -> None:
    """A week, two exercises of another programme, all of them begun, and two questions how it went."""
    before: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "conversation_id": None, "message_id": None}
    longest = a_nudge(met, lesson="L06", day=WEEK_TWO, **before)
    riding = [a_nudge(met, lesson=one, day=WEEK_TWO, rides_on=longest, **before) for one in (*WEEK, *OTHERS)]
    for _ in range(2):
        a_follow_up(met, day=WEEK_TWO, rides_on=longest)
    sent = arrives(met, longest)
    assert len(sent.values) == 3
    for number in (longest, *riding):
        shows = press_in(met, number, "nudge.not_today", at=sent.at + timedelta(minutes=5))
    [card] = [show.card for show in shows if isinstance(show, Replace)]
    assert len([button for button in buttons_of(card) if button.action == "recall.choice"]) == 3
    blocks = slack.message(card)["blocks"]
    assert "more" not in {block["block_id"] for block in blocks}, "nothing is left out"
    assert len(json.dumps(teams.message(card)).encode()) < 28_000


def test_beside_still_more_exercises_there_is_no_room(met: Town) -> None:
    too_many = goes_out(met, lesson="L06", riding=(*WEEK, *OTHERS, "L15"))
    assert too_many.values == []
    assert met.rows(RecallMemory) == []


def keeps_going(town: Town, starts_on: date) -> tuple[int, int]:
    """Let U1 go on to the programme about one behaviour. Return its cohort, and U1 in it."""

    mine = town.person().id

    def work(session: Session) -> tuple[int, int]:
        me, programme = session.get_one(Person, mine), our_library().document("keep-going")
        cohort = a_cohort(session, programme, of=me, starts_on=starts_on, at=MORNING)
        return cohort.id, enrolled(session, me, cohort, at=MORNING).id

    return town.write(work)


def test_in_keep_going_the_cases_of_the_programme_before_come_back_as_they_are_remembered(met: Town) -> None:
    answer(met, goes_out(met), right=True)
    goes_out(met, WEEK_TWO + timedelta(days=1))  # asks another, which is left alone
    starts_on = MONDAY + timedelta(weeks=8)
    cohort_id, enrolment_id = keeps_going(met, starts_on)
    of_it: dict[str, Any] = {"cohort_id": cohort_id, "enrolment_id": enrolment_id}
    assert goes_out(met, starts_on, lesson="K01", **of_it).values == [], "not in its first week"
    sent = goes_out(met, starts_on + timedelta(weeks=1), lesson="K02", **of_it)
    assert met.house.library.case(FIRST_QUIZ).case.sv in sent.texts
    shows = answer(met, sent, right=True)
    assert "Det hade vi också valt" in replaced(shows)
    first = next(row for row in met.rows(RecallMemory) if row.card_id == FIRST_QUIZ)
    assert (first.reviews, first.shown_on) == (2, starts_on + timedelta(weeks=1))
    assert first.due_on is not None
    assert first.due_on > starts_on + timedelta(weeks=5), "it has been remembered for two months"
    next_one = goes_out(met, starts_on + timedelta(weeks=2), lesson="K03", **of_it)
    assert next_one.values == [], "what was never answered is not begun there, and nothing else is due"


def test_in_keep_going_nothing_comes_back_to_whoever_was_never_asked(town: Town) -> None:
    cohort_id, enrolment_id = keeps_going(town, MONDAY)
    sent = goes_out(town, WEEK_TWO, lesson="K02", cohort_id=cohort_id, enrolment_id=enrolment_id)
    assert sent.values == []
    assert town.rows(RecallMemory) == []
