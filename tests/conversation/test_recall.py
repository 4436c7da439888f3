"""A case comes back inside another day's exercise: at most one, kindly answered, and nobody else's to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.conversation.cards import Card
from bot.courier import Envelope, compose
from storage.tables.answers import AnswerKind, RecallMemory
from storage.tables.deliveries import Delivery, State
from storage.tables.programmes import Enrolment
from storage.tables.programmes import Role as StoredRole
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUpState,
    Kind,
    Reflection,
    Town,
    a_delivery,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
    press,
    press_in,
    replaced,
    said,
    type_,
    written,
)

WEEK_TWO = MONDAY + timedelta(days=7)
FIRST_QUIZ = "L01"
A_TASK = "L07"
"""An exercise that is no quiz."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    delivery_id: int
    card: Card
    at: datetime

    @property
    def texts(self) -> str:
        return written(self.card)

    @property
    def values(self) -> list[str]:
        """What the answers to the case stand for, in their order."""
        return [button.value for button in buttons_of(self.card) if button.action == "recall.choice"]


def goes_out(
    town: Town, day: date = WEEK_TWO, *, lesson: str = A_TASK, riding: Sequence[str] = (), **values: Any
) -> Sent:
    """Compose the day's exercise, or the week's, as the courier does, and let it arrive."""
    before: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "conversation_id": None, "message_id": None}
    nudge = a_nudge(town, lesson=lesson, day=day, **before | values)
    for other in riding:
        a_nudge(town, lesson=other, day=day, rides_on=nudge, **before)
    return arrives(town, nudge)


def arrives(town: Town, delivery_id: int) -> Sent:
    card = composed(town, delivery_id)
    town.write(
        lambda session: session.connection().execute(
            update(Delivery)
            .where(col(Delivery.id) == delivery_id)
            .values(state=State.SENT, sent_at=col(Delivery.due_at), conversation_id="D1", message_id=f"r{delivery_id}")
        )
    )
    town.write(
        lambda session: session.connection().execute(
            update(Delivery)
            .where(col(Delivery.rides_on) == delivery_id)
            .values(state=State.SENT, sent_at=col(Delivery.due_at))
        )
    )
    at = next(row.due_at for row in town.rows(Delivery) if row.id == delivery_id)
    return Sent(delivery_id=delivery_id, card=card, at=at)


def composed(town: Town, delivery_id: int) -> Card:
    envelope = town.write(partial(compose, house=town.house, delivery_id=delivery_id, now=MORNING))
    assert isinstance(envelope, Envelope)
    return envelope.card


def answer(town: Town, sent: Sent, *, right: bool, case: str = FIRST_QUIZ, **values: Any) -> Any:
    choices = town.house.library.case(case).choices
    index = next(index for index, choice in enumerate(choices) if choice.right is right)
    at = {"at": sent.at + timedelta(minutes=3)} | values
    return press_in(town, sent.delivery_id, "recall.choice", sent.values[index], **at)


@pytest.fixture
def met(town: Town) -> Town:
    """U1 has got the first quiz in week one."""
    a_nudge(town, lesson=FIRST_QUIZ, day=MONDAY)
    return town


def test_a_case_comes_back_in_the_exercise_of_another_day(met: Town) -> None:
    sent = goes_out(met)
    case = met.house.library.case(FIRST_QUIZ)
    assert sent.texts.index(met.house.library.lesson(A_TASK).title.sv) < sent.texts.index("Minns du?")
    assert case.case.sv in sent.texts
    assert "Bara du ser vad du svarar." in sent.texts
    assert len(sent.values) == 3
    assert all(choice.text.sv in sent.texts for choice in case.choices)
    assert sent.card.summary.endswith(met.house.library.lesson(A_TASK).title.sv), "as without it"


def test_a_case_nobody_has_met_does_not_ask_whether_they_remember(town: Town) -> None:
    sent = goes_out(town)
    first_outside = town.house.library.case("L43")
    assert first_outside.case.sv in sent.texts
    assert "Ett fall att avgöra" in sent.texts
    assert "Minns du?" not in sent.texts


def test_a_case_nobody_has_met_comes_to_the_roles_it_suits(town: Town) -> None:
    town.write(lambda session: session.connection().execute(update(Enrolment).values(role=StoredRole.POLITICIAN)))
    texts = goes_out(town).texts
    of_no_politician, of_politicians_too = (town.house.library.case(name).case.sv for name in ("L43", "L47"))
    assert (of_no_politician in texts, of_politicians_too in texts) == (False, True)


def test_in_the_first_week_nothing_comes_back(met: Town) -> None:
    assert goes_out(met, MONDAY + timedelta(days=4)).values == []
    assert met.rows(RecallMemory) == []


def test_it_does_not_come_with_a_quiz(met: Town) -> None:
    assert goes_out(met, lesson="L11").values == [], "two questions of one kind"
    assert len(goes_out(met, WEEK_TWO + timedelta(days=1)).values) == 3


def test_a_question_about_how_it_went_does_not_bring_one_along(met: Town) -> None:
    asked = a_follow_up(met, day=WEEK_TWO, state=FollowUpState.OPEN)
    assert "Minns du?" not in written(composed(met, asked))
    assert met.rows(RecallMemory) == []


def test_whoever_is_asked_whether_the_pace_suits_is_asked_nothing_more(town: Town) -> None:
    a_person(town, "U2", unanswered=10)
    before: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "message_id": None}
    nudge = a_nudge(town, "U2", lesson=A_TASK, day=WEEK_TWO, **before)
    assert "Ett fall" not in written(composed(town, nudge))


def test_composing_a_message_again_asks_the_same(met: Town) -> None:
    before: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "message_id": None}
    nudge = a_nudge(met, lesson=A_TASK, day=WEEK_TWO, **before)
    assert composed(met, nudge) == composed(met, nudge)
    assert len(met.rows(RecallMemory)) == 1


@pytest.mark.parametrize(
    ("right", "says", "days"), [(True, "Det hade vi också valt", 4), (False, "Vi hade valt", 1)], ids=["right", "wrong"]
)
def test_the_answer_and_the_reason_stand_in_the_same_place_at_once(
    met: Town, right: bool, says: str, days: int
) -> None:
    sent = goes_out(met)
    shows = answer(met, sent, right=right)
    case = met.house.library.case(FIRST_QUIZ)
    assert says in replaced(shows)
    assert case.reason.sv in replaced(shows)
    assert "[Jag gör det]" in replaced(shows), "the exercise is still there"
    assert "recall.choice" not in {button.action for button in buttons_of(shows[0].card)}
    [memory] = met.rows(RecallMemory)
    assert (memory.reviews, memory.was_right, memory.last_on) == (1, right, WEEK_TWO)
    assert memory.due_on == WEEK_TWO + timedelta(days=days)


def test_it_comes_back_on_one_of_the_persons_own_working_days(met: Town) -> None:
    answer(met, goes_out(met, WEEK_TWO + timedelta(days=1)), right=True)
    assert met.rows(RecallMemory)[0].due_on == WEEK_TWO + timedelta(days=7), "a Saturday becomes a Monday"


def test_the_first_answer_counts(met: Town) -> None:
    sent = goes_out(met)
    first = answer(met, sent, right=True)
    assert answer(met, sent, right=True) == first
    assert "redan svarat" in said(answer(met, sent, right=False))
    [memory] = met.rows(RecallMemory)
    assert (memory.reviews, memory.was_right) == (1, True)
    assert [row.kind for row in met.rows(Answer)] == [AnswerKind.RECALL]


def test_a_letter_can_be_typed(met: Town) -> None:
    sent = goes_out(met)
    case = met.house.library.case(FIRST_QUIZ)
    letter = "abc"[next(index for index, choice in enumerate(case.choices) if choice.right)]
    shows = type_(met, letter, at=sent.at + timedelta(minutes=4))
    assert "Det hade vi också valt" in replaced(shows)
    assert case.reason.sv in said(shows)
    assert met.rows(RecallMemory)[0].was_right
    assert met.rows(Reflection) == []


def test_a_letter_goes_to_the_quiz_while_that_is_open(met: Town) -> None:
    sent = goes_out(met)
    met.happens(press("library.take", "L16", at=sent.at + timedelta(minutes=1)))
    type_(met, "b", at=sent.at + timedelta(minutes=2))
    assert [row.kind for row in met.rows(Answer)][-1] is AnswerKind.CHOICE
    assert met.rows(RecallMemory)[0].reviews == 0
    type_(met, "b", at=sent.at + timedelta(minutes=3))
    assert met.rows(RecallMemory)[0].reviews == 1


def test_other_words_are_an_answer_to_the_exercise(met: Town) -> None:
    sent = goes_out(met)
    type_(met, "Vi provade på mötet.", at=sent.at + timedelta(minutes=4))
    assert [row.body for row in met.rows(Reflection)] == ["Vi provade på mötet."]
    assert met.rows(RecallMemory)[0].reviews == 0


def test_day_by_day_there_is_one_at_most_and_never_the_same_again_at_once(met: Town) -> None:
    asked = []
    for number in range(5):
        sent = goes_out(met, WEEK_TWO + timedelta(days=number))
        assert len(sent.values) == 3
        newest = max(met.rows(RecallMemory), key=lambda row: row.shown_on)
        asked.append(newest.card_id)
        if number in (0, 3):
            answer(met, sent, right=newest.card_id != FIRST_QUIZ, case=newest.card_id)
    assert asked == [FIRST_QUIZ, FIRST_QUIZ, "L43", "L47", "L59"], "answered wrong, it is asked again the day after"


def test_an_answer_stays_in_its_message_when_the_case_is_asked_again(met: Town) -> None:
    sent = goes_out(met)
    answer(met, sent, right=False)
    again = goes_out(met, WEEK_TWO + timedelta(days=1))
    assert met.house.library.case(FIRST_QUIZ).case.sv in again.texts
    shows = press_in(met, sent.delivery_id, "nudge.not_today", at=again.at)
    assert "Vi hade valt" in replaced(shows)


def test_a_case_asked_again_elsewhere_cannot_be_answered_in_the_old_message(met: Town) -> None:
    sent = goes_out(met)
    later = goes_out(met, WEEK_TWO + timedelta(days=7))
    assert [row.delivery_id for row in met.rows(RecallMemory)] == [later.delivery_id]
    assert "finns inte längre" in said(answer(met, sent, right=True))
    assert met.rows(RecallMemory)[0].reviews == 0


def test_nobody_answers_for_somebody_else(met: Town) -> None:
    a_person(met, "U2")
    sent = goes_out(met)
    assert "finns inte längre" in said(answer(met, sent, right=True, person="U2"))
    assert met.rows(RecallMemory)[0].reviews == 0
    assert met.rows(Answer) == []
    answer(met, sent, right=True)
    assert "finns inte längre" in said(answer(met, sent, right=True, person="U2")), "nor sees what they answered"


@pytest.mark.parametrize("value", ["", "abc", "9", "1:9", "1:x", "lib:L01:2026-03-02:1"])
def test_a_value_that_is_none_of_ours_is_a_sentence(met: Town, value: str) -> None:
    goes_out(met)
    assert said(met.happens(press("recall.choice", value, on="m1")))
    assert met.rows(Answer) == []


def test_my_data_says_which_case_and_how_it_went_and_deleting_takes_it(met: Town) -> None:
    a_person(met, "U2")
    a_nudge(met, "U2", lesson=FIRST_QUIZ, day=MONDAY)
    theirs = goes_out(met, person="U2")
    answer(met, goes_out(met), right=True)
    page = type_(met, "mina uppgifter", at=MORNING + timedelta(days=8))
    title = met.house.library.case(FIRST_QUIZ).title.sv
    assert f"**{title}** Du svarade när fallet kom tillbaka, och valde som vi." in said(page)
    type_(met, "radera allt", at=MORNING + timedelta(days=8))
    assert [row.delivery_id for row in met.rows(RecallMemory)] == [theirs.delivery_id]


def test_a_recall_card_has_its_title_in_my_data(met: Town) -> None:
    me = met.person()

    def only_the_card(session: Session) -> None:
        session.add(
            Answer(
                organisation_id=me.organisation_id, person_id=me.id, lesson_id="RC12", kind=AnswerKind.RECALL,
                value="0", given_at=MORNING,
            )
        )  # fmt: skip

    met.write(only_the_card)
    assert met.house.library.case("RC12").title.sv in said(type_(met, "mina uppgifter"))


def test_a_message_that_is_taken_back_takes_no_memory_with_it(met: Town) -> None:
    before: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "message_id": None}
    nudge = a_nudge(met, lesson=A_TASK, day=WEEK_TWO, **before)
    composed(met, nudge)
    met.write(lambda session: session.connection().execute(delete(Delivery).where(col(Delivery.id) == nudge)))
    [memory] = met.rows(RecallMemory)
    assert memory.delivery_id is None


def test_a_welcome_brings_none_along(town: Town) -> None:
    welcome = a_delivery(town, kind=Kind.WELCOME, day=WEEK_TWO, state=State.SENDING, sent_at=None)
    a_nudge(town, lesson=A_TASK, day=WEEK_TWO, rides_on=welcome, state=State.SENDING, sent_at=None)
    assert "Ett fall" not in written(composed(town, welcome))
