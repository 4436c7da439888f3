"""How it went: done, tried, not yet (a smaller step or a new date, twice), letting it go."""

from datetime import date, timedelta

from bot.conversation import days
from bot.conversation.answering import (
    Inquiry,
    about,
    answer_question,
    inquiry_of,
    pressed_inquiry,
    was_about,
    whole_message_shown,
)
from bot.conversation.cards import DateInput, Form
from bot.conversation.events import Pressed, Submitted
from bot.conversation.letters import Asked
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from storage import answers
from storage.tables.answers import AnswerKind, FollowUpState

SMALLER_STEP_DAYS = 2
"""Working days until a smaller step is asked about."""
FARTHEST = timedelta(days=60)

_ANSWERS = {
    AnswerKind.DONE: Asked.DONE,
    AnswerKind.TRIED: Asked.TRIED,
    AnswerKind.LET_GO: Asked.LET_GO,
}


def done(visit: Visit, event: Pressed) -> list[Show]:
    return _pressed(visit, event, AnswerKind.DONE)


def tried(visit: Visit, event: Pressed) -> list[Show]:
    return _pressed(visit, event, AnswerKind.TRIED)


def let_go(visit: Visit, event: Pressed) -> list[Show]:
    return _pressed(visit, event, AnswerKind.LET_GO)


def not_yet(visit: Visit, event: Pressed) -> list[Show]:
    return _pressed(visit, event, AnswerKind.NOT_YET)


def answer(visit: Visit, inquiry: Inquiry, kind: AnswerKind) -> None:
    """Record how it went. The same answer twice changes nothing; after a final answer another one is refused."""
    asked = inquiry.question.asked
    if kind is AnswerKind.NOT_YET:
        if asked is Asked.OPEN:
            answer_question(visit, inquiry, kind)
        elif asked not in (Asked.NOT_YET, Asked.POSTPONED):
            raise CannotAnswer("follow_ups.already_answered")
        return
    if asked is _ANSWERS[kind]:
        return
    if inquiry.follow_up.state not in answers.OPEN_STATES:
        raise CannotAnswer("follow_ups.already_answered")
    answer_question(visit, inquiry, kind)
    state = FollowUpState.LET_GO if kind is AnswerKind.LET_GO else FollowUpState.ANSWERED
    answers.close_follow_up(visit.session, visit.person, inquiry.follow_up, state, visit.now)


def smaller(visit: Visit, event: Pressed) -> list[Show]:
    inquiry = pressed_inquiry(visit, event)
    take_smaller_step(visit, inquiry)
    return [
        *whole_message_shown(visit, inquiry.message, inquiry.records, event.message),
        *if_nothing_comes(visit, inquiry.promise.id),
    ]


def take_smaller_step(visit: Visit, inquiry: Inquiry) -> None:
    if inquiry.question.asked is Asked.POSTPONED:
        return
    postpone(visit, inquiry, days.working_day(visit, SMALLER_STEP_DAYS, inquiry.calendar), smaller=True)


def postpone(visit: Visit, inquiry: Inquiry, day: date, *, smaller: bool = False) -> None:
    """Ask again on a day, or on the next one on which something can come. It counts once however often the day is
    changed; after two times we suggest letting go."""
    asked, day = inquiry.question.asked, days.asking_day(visit, 1, inquiry.calendar, after=day - timedelta(days=1))
    if asked is Asked.OPEN:
        answer_question(visit, inquiry, AnswerKind.NOT_YET)
    elif asked not in (Asked.NOT_YET, Asked.POSTPONED):
        raise CannotAnswer("follow_ups.already_answered")
    if asked is not Asked.POSTPONED and not inquiry.question.can_postpone:
        raise CannotAnswer("follow_ups.postponed_twice")
    answers.ask_again(
        visit.session,
        visit.person,
        inquiry.follow_up,
        due_on=day,
        smaller=smaller or inquiry.follow_up.smaller,
        counts=asked is not Asked.POSTPONED,
    )
    mine = [given for given in inquiry.records.answers if given.delivery_id == inquiry.promise.id]
    answers.give_value(visit.session, visit.person, mine[-1], day.isoformat())


def open_new_date(visit: Visit, event: Pressed) -> list[Show]:
    inquiry = pressed_inquiry(visit, event)
    day = days.working_day(visit, 3, inquiry.calendar)
    return [OpenForm(new_date_form(day, visit.words, about=about(inquiry.question.ref, event.message)))]


def new_date_form(day: date, words: Words, *, about: str) -> Form:
    return Form(
        name="new_date",
        title=words("follow_ups.new_date_title"),
        submit=words("follow_ups.new_date_submit"),
        close=words("typed.close"),
        about=about,
        body=(DateInput(name="day", label=words("follow_ups.new_date_label"), initial=day.isoformat()),),
    )


def new_date(visit: Visit, event: Submitted) -> list[Show]:
    value, at = was_about(event.about)
    inquiry = inquiry_of(visit, number(value))
    day = _day(event.text("day"))
    if fault := fault_in_day(visit, day):
        return [Refuse({"day": fault})]
    if day is not None:
        postpone(visit, inquiry, day)
    return [
        *whole_message_shown(visit, inquiry.message, inquiry.records, at),
        *if_nothing_comes(visit, inquiry.promise.id),
    ]


def fault_in_day(visit: Visit, day: date | None) -> str | None:
    """Return why we cannot ask on that day, or None when we can."""
    today = days.today(visit)
    if day is None:
        return visit.words("typed.not_a_day")
    if day <= today:
        return visit.words("follow_ups.day_past", day=visit.words.day(today + timedelta(days=1)))
    if day > today + FARTHEST:
        return visit.words("follow_ups.day_too_far", day=visit.words.long_day(today + FARTHEST))
    return None


def _pressed(visit: Visit, event: Pressed, kind: AnswerKind) -> list[Show]:
    inquiry = pressed_inquiry(visit, event)
    answer(visit, inquiry, kind)
    return whole_message_shown(visit, inquiry.message, inquiry.records, event.message)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = Routes(
    presses={
        "follow_up.done": done,
        "follow_up.tried": tried,
        "follow_up.not_yet": not_yet,
        "follow_up.let_go": let_go,
        "follow_up.smaller": smaller,
        "follow_up.new_date": open_new_date,
    },
    forms={"new_date": new_date},
    commands={},
)
