"""A case that is due stands first on the person's own page: one, the same as in today's message, answered there."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.conversation.cards import Button, Card
from bot.conversation.events import MessageRef
from bot.conversation.shows import Replace, Show
from storage import recalls
from storage.tables.answers import AnswerKind, RecallMemory
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    Reflection,
    Town,
    a_nudge,
    a_person,
    buttons_of,
    look_home,
    press,
    press_in,
    replaced,
    said,
    the_home,
    type_,
    written,
)
from tests.conversation.test_recall import FIRST_QUIZ, WEEK_TWO, answer, goes_out
from tests.conversation.test_recall_in_a_week import keeps_going, week_goes_out

SECOND = "L43"
"""The case that comes after the first quiz."""


@pytest.fixture
def met(town: Town) -> Town:
    """U1 has got the first quiz in week one."""
    a_nudge(town, lesson=FIRST_QUIZ, day=MONDAY)
    return town


def on(day: date, *, minutes: int = 0) -> datetime:
    return MORNING + (day - MONDAY) + timedelta(minutes=minutes)


def case_buttons(card: Card) -> list[Button]:
    return [button for button in buttons_of(card) if button.action == "recall.choice"]


def stands(town: Town, case: str, home: Card) -> bool:
    return town.house.library.case(case).case.sv in written(home)


def the_right(town: Town, case: str) -> int:
    return next(index for index, choice in enumerate(town.house.library.case(case).choices) if choice.right)


def answer_at_home(town: Town, home: Card, *, case: str = FIRST_QUIZ, right: bool = True, **values: Any) -> list[Show]:
    index = the_right(town, case) if right else (the_right(town, case) + 1) % 3
    return town.happens(press("recall.choice", case_buttons(home)[index].value, **values))


def test_a_case_stands_first_on_home_and_nothing_says_how_many_wait(met: Town) -> None:
    home = look_home(met, at=on(WEEK_TWO))
    first = written(home).splitlines()
    assert first[:2] == ["Minns du?", met.house.library.case(FIRST_QUIZ).case.sv]
    assert first.index("Bara du ser vad du svarar.") < first.index("I dag")
    assert len(case_buttons(home)) == 3, "one case, although four could be asked"
    assert met.rows(RecallMemory) == [], "looking keeps nothing"


def test_it_is_answered_right_there_and_stays_with_its_reason_for_the_day(met: Town) -> None:
    shows = answer_at_home(met, look_home(met, at=on(WEEK_TWO)), at=on(WEEK_TWO, minutes=2))
    case = met.house.library.case(FIRST_QUIZ)
    for home in (the_home(shows), look_home(met, at=on(WEEK_TWO, minutes=600))):
        assert "Det hade vi också valt" in written(home)
        assert case.reason.sv in written(home)
        assert case_buttons(home) == []
        assert not stands(met, SECOND, home), "one a day"
    [memory] = met.rows(RecallMemory)
    assert (memory.reviews, memory.was_right, memory.last_on, memory.delivery_id) == (1, True, WEEK_TWO, None)
    assert memory.due_on == WEEK_TWO + timedelta(days=4)
    assert [(row.kind, row.delivery_id) for row in met.rows(Answer)] == [(AnswerKind.RECALL, None)]


def test_what_was_answered_on_home_is_not_followed_by_another_in_that_days_message(met: Town) -> None:
    answer_at_home(met, look_home(met, at=on(WEEK_TWO)), at=on(WEEK_TWO, minutes=-60))
    assert goes_out(met).values == []
    assert len(goes_out(met, WEEK_TWO + timedelta(days=1)).values) == 3


def test_a_message_made_at_the_moment_of_the_answer_does_not_ask_it_once_more(met: Town) -> None:
    """It had chosen its case before the answer was there, and writes it down afterwards."""
    answer_at_home(met, look_home(met, at=on(WEEK_TWO)), at=on(WEEK_TWO))
    nudge = a_nudge(met, lesson="L07", day=WEEK_TWO)
    [memory] = met.rows(RecallMemory)

    def asks(session: Session) -> bool:
        whose = {"person_id": memory.person_id, "enrolment_id": memory.enrolment_id}
        return recalls.ask(session, **whose, card_id=FIRST_QUIZ, delivery_id=nudge, day=WEEK_TWO)

    assert not met.write(asks)
    assert met.rows(RecallMemory) == [memory]


def test_todays_message_and_home_ask_the_same_case_and_an_answer_in_the_message_stands_in_both(met: Town) -> None:
    sent = goes_out(met)
    home = look_home(met, at=sent.at)
    assert stands(met, FIRST_QUIZ, home)
    assert len(case_buttons(home)) == 3
    answer(met, sent, right=False)
    home = look_home(met, at=sent.at + timedelta(minutes=9))
    assert "Vi hade valt" in written(home)
    assert case_buttons(home) == []
    assert len(met.rows(Answer)) == 1


def test_an_answer_on_home_stands_in_todays_message_too(met: Town) -> None:
    sent = goes_out(met)
    shows = answer_at_home(met, look_home(met, at=sent.at), at=sent.at + timedelta(minutes=1))
    assert "Det hade vi också valt" in replaced(shows)
    assert "[Jag gör det]" in replaced(shows), "in the message with its exercise"
    assert "Det hade vi också valt" in written(the_home(shows))
    assert "redan svarat" in said(answer(met, sent, right=False))
    assert answer(met, sent, right=True)
    assert [row.reviews for row in met.rows(RecallMemory)] == [1]
    assert [row.delivery_id for row in met.rows(Answer)] == [sent.delivery_id]


def test_a_home_from_before_the_message_answers_the_message(met: Town) -> None:
    before = look_home(met, at=on(WEEK_TWO, minutes=-60))
    sent = goes_out(met)
    shows = answer_at_home(met, before, at=sent.at + timedelta(minutes=1))
    assert "Det hade vi också valt" in replaced(shows)
    again = answer_at_home(met, before, at=sent.at + timedelta(minutes=2))
    assert "Det hade vi också valt" in written(the_home(again)), "the same once more"
    other = answer_at_home(met, before, right=False, at=sent.at + timedelta(minutes=3))
    assert "redan svarat" in said(other)
    assert [row.reviews for row in met.rows(RecallMemory)] == [1]
    assert len(met.rows(Answer)) == 1


def test_between_the_messages_of_a_week_home_asks_one_a_day(met: Town) -> None:
    answer(met, week_goes_out(met), right=True)
    asked = []
    for number in range(1, 4):
        home = look_home(met, at=on(WEEK_TWO + timedelta(days=number)))
        [case] = [one for one in (FIRST_QUIZ, SECOND, "L47", "L59") if stands(met, one, home)]
        asked.append(case)
        answer_at_home(met, home, case=case, at=on(WEEK_TWO + timedelta(days=number), minutes=1))
    assert asked == [SECOND, "L47", "L59"]
    back = look_home(met, at=on(WEEK_TWO + timedelta(days=4)))
    assert stands(met, FIRST_QUIZ, back), "due after four days"


def test_what_a_message_asked_in_vain_is_let_be_for_a_week_on_home_too(met: Town) -> None:
    week_goes_out(met)
    days = {
        number: [
            case
            for case in (FIRST_QUIZ, SECOND)
            if stands(met, case, look_home(met, at=on(WEEK_TWO + timedelta(days=number))))
        ]
        for number in (0, 1, 6, 7)
    }
    assert days == {0: [FIRST_QUIZ], 1: [SECOND], 6: [SECOND], 7: [FIRST_QUIZ]}


def test_answered_on_home_after_its_week_of_rest_it_stands_in_its_old_message_as_well(met: Town) -> None:
    sent = goes_out(met)
    a_week_later = WEEK_TWO + timedelta(days=7)
    shows = answer_at_home(met, look_home(met, at=on(a_week_later)), at=on(a_week_later))
    assert "Det hade vi också valt" in replaced(shows)
    assert [row.delivery_id for row in met.rows(Answer)] == [sent.delivery_id]
    assert goes_out(met, a_week_later, lesson="L08").values == [], "one a day"


def test_an_answer_is_not_put_in_a_message_that_holds_an_earlier_one(met: Town) -> None:
    sent = goes_out(met)
    answer(met, sent, right=False)
    tuesday = WEEK_TWO + timedelta(days=1)
    shows = answer_at_home(met, look_home(met, at=on(tuesday)), at=on(tuesday))
    assert "Det hade vi också valt" in written(the_home(shows))
    assert replaced(shows) == ""
    assert "Vi hade valt" in replaced(press_in(met, sent.delivery_id, "nudge.not_today", at=on(tuesday)))
    assert [row.delivery_id for row in met.rows(Answer)] == [sent.delivery_id, None, sent.delivery_id]


def test_a_case_that_no_longer_stands_there_cannot_be_answered_from_an_old_home(met: Town) -> None:
    old = look_home(met, at=on(WEEK_TWO))
    week_goes_out(met)
    shows = answer_at_home(met, old, at=on(WEEK_TWO + timedelta(days=1)))
    assert "finns inte längre" in said(shows)
    assert stands(met, SECOND, the_home(shows)), "and what stands there now is shown"
    assert met.rows(Answer) == []


def test_in_the_first_week_in_a_pause_and_after_stop_none_stands_there(met: Town) -> None:
    assert case_buttons(look_home(met, at=on(MONDAY + timedelta(days=3)))) == []
    a_person(met, "U2", paused_from=WEEK_TWO, paused_until=WEEK_TWO + timedelta(days=3))
    assert case_buttons(look_home(met, person="U2", at=on(WEEK_TWO))) == []
    assert len(case_buttons(look_home(met, person="U2", at=on(WEEK_TWO + timedelta(days=4))))) == 3
    a_person(met, "U3", stopped_at=MORNING)
    assert case_buttons(look_home(met, person="U3", at=on(WEEK_TWO))) == []
    a_person(met, "U4", welcomed_at=None)
    assert case_buttons(look_home(met, person="U4", at=on(WEEK_TWO))) == [], "nobody has told them who sees what"


def test_nobody_answers_or_sees_somebody_elses_on_home(met: Town) -> None:
    a_person(met, "U2")
    a_nudge(met, "U2", lesson=FIRST_QUIZ, day=MONDAY)
    answer_at_home(met, look_home(met, at=on(WEEK_TWO)), at=on(WEEK_TWO))
    home = look_home(met, person="U2", at=on(WEEK_TWO, minutes=5))
    assert stands(met, FIRST_QUIZ, home)
    assert len(case_buttons(home)) == 3
    answer_at_home(met, home, right=False, person="U2", at=on(WEEK_TWO, minutes=6))
    assert [(row.person_id, row.was_right) for row in met.rows(RecallMemory)] == [
        (met.person("U1").id, True),
        (met.person("U2").id, False),
    ]


@pytest.mark.parametrize("value", ["lib:L01:", "lib:L01:2026-03-09:9", "lib:L99:2026-03-09:0", "lib::2026-03-09:x"])
def test_a_value_that_is_none_of_ours_is_a_sentence(met: Town, value: str) -> None:
    assert said(met.happens(press("recall.choice", value, at=on(WEEK_TWO))))
    assert met.rows(Answer) == []


def hem_in_chat(town: Town, at: datetime) -> Card:
    shows = type_(town, "hem", at=at)
    return next(show.card for show in shows if not isinstance(show, Replace) and hasattr(show, "card"))


def test_home_as_a_card_in_the_chat_has_it_and_shows_the_answer_in_its_place(met: Town) -> None:
    card = hem_in_chat(met, on(WEEK_TWO))
    assert stands(met, FIRST_QUIZ, card)
    value = case_buttons(card)[the_right(met, FIRST_QUIZ)].value
    shows = met.happens(press("recall.choice", value, on="home-card", at=on(WEEK_TWO, minutes=2)))
    [shown] = [show for show in shows if isinstance(show, Replace)]
    assert shown.message == MessageRef(conversation="D1", message="home-card")
    assert "Det hade vi också valt" in written(shown.card)
    assert "[Biblioteket]" in written(shown.card), "the rest of Home is still there"


def test_a_letter_answers_what_stands_on_home_where_no_message_asks(met: Town) -> None:
    goes_out(met, lesson="K01")  # nothing with letters: its own exercise, and its case answered
    answer(met, goes_out(met, WEEK_TWO + timedelta(days=1)), right=True, case=SECOND)
    saturday = WEEK_TWO + timedelta(days=5)
    hem_in_chat(met, on(saturday))
    shows = type_(met, "b", at=on(saturday, minutes=1))
    assert met.house.library.case("L47").reason.sv in said(shows)
    assert met.rows(Reflection) == []


def test_an_unanswered_quiz_and_case_in_the_message_go_before_what_stands_on_home(met: Town) -> None:
    sent = goes_out(met)
    saturday = on(WEEK_TWO + timedelta(days=5))
    type_(met, "b", at=saturday)
    assert [(row.lesson_id, row.delivery_id) for row in met.rows(Answer)] == [(FIRST_QUIZ, sent.delivery_id)]


def test_before_the_next_programme_is_past_its_first_week_the_one_before_it_goes_on(met: Town) -> None:
    keeps_going(met, WEEK_TWO)
    sent = goes_out(met)
    assert stands(met, FIRST_QUIZ, look_home(met, at=sent.at))
    answer(met, sent, right=True)
    assert "Det hade vi också valt" in written(look_home(met, at=sent.at + timedelta(minutes=9)))


def test_in_keep_going_what_is_due_from_before_stands_on_home(met: Town) -> None:
    answer(met, goes_out(met), right=True)
    starts_on = MONDAY + timedelta(weeks=8)
    keeps_going(met, starts_on)
    day = starts_on + timedelta(days=8)
    home = look_home(met, at=on(day))
    assert stands(met, FIRST_QUIZ, home)
    assert "Det hade vi också valt" in written(the_home(answer_at_home(met, home, at=on(day))))
    assert [(row.card_id, row.reviews) for row in met.rows(RecallMemory)] == [(FIRST_QUIZ, 2)]
