"""From what is stored to what a message is made of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar, overload

from sqlmodel import Session

from bot.conversation.documents import find_lesson
from bot.conversation.focus_view import practising_in
from bot.conversation.letters import (
    Asked,
    Exercise,
    IfThen,
    Letter,
    Opening,
    Opinion,
    Peer,
    PlanToday,
    Question,
    Stage,
    Welcome,
)
from bot.conversation.peer_view import peer_of
from bot.conversation.recall_due import recall_in
from bot.conversation.references import Reference
from bot.conversation.sessions_told import told_in
from bot.conversation.survey_view import survey_in
from bot.conversation.visiting import House
from lessons.models import Kind as LessonKind
from lessons.models import Lesson
from storage import feedback
from storage.message_rows import Given, Message, Planned, Promise, Records
from storage.silence import WEEKLY
from storage.tables.answers import AnswerKind, FollowUpState, Plan
from storage.tables.deliveries import Kind, State

GAP = timedelta(days=10)
"""From here on a message is the first one after a gap. The gathered week's longest pause is eight days."""
MOST_POSTPONED = 2

T = TypeVar("T")

_ASKED = {
    AnswerKind.DONE: Asked.DONE,
    AnswerKind.TRIED: Asked.TRIED,
    AnswerKind.LET_GO: Asked.LET_GO,
    AnswerKind.MOMENT_CAME: Asked.CAME,
}
_TO_TELL = frozenset({Asked.DONE, Asked.TRIED, Asked.CAME})
_HAS_BEEN_DONE = (Asked.DONE, Asked.TRIED, Asked.CAME)


def letter_of(
    session: Session, house: House, message: Message, records: Records, *, started: bool | None = None
) -> Letter:
    """Return what the message is made of now. A lesson that is no longer known is left out.

    `started`: whether they have begun, so that a welcome offers no choices any more; None where it is for us to tell.
    """
    carrier, reader = message.carrier, message.reader
    if started is None:  # nobody has begun before the welcome came, though they got the app or looked at Home
        started = carrier.state is not State.SENDING and reader.last_seen_at is not None
    opening = Opening.NONE
    if carrier.kind is Kind.WELCOME or (carrier.kind is Kind.NUDGE and message.is_first):
        opening = Opening.WELCOME
    elif carrier.kind is Kind.FAREWELL:
        opening = Opening.FAREWELL
    elif message.sent_before_on and carrier.day - message.sent_before_on >= GAP:
        opening = Opening.WELCOME_BACK
    return Letter(
        opening=opening,
        welcome=welcome_of(house, slot=reader.slot, zone=reader.zone, started=started)
        if opening is Opening.WELCOME
        else None,
        asks_pace=carrier.kind is Kind.NUDGE and reader.unanswered >= WEEKLY,
        exercises=_found(exercise_of(session, house, message, records, one) for one in _of(message, Kind.NUDGE)),
        questions=_found(question_of(session, house, message, records, one) for one in _of(message, Kind.FOLLOW_UP)),
        plans=_found(_plan_today(session, house, message, records, one) for one in _of(message, Kind.PLAN)),
        surveys=_found(survey_in(session, message, one) for one in _of(message, Kind.SURVEY)),
        recall=recall_in(session, message, records),
        practising=practising_in(session, house, message),
        sessions=told_in(session, message),
    )


def exercise_of(
    session: Session, house: House, message: Message, records: Records, promise: Promise
) -> Exercise | None:
    """Return one nudge of a message, or None when its lesson is not known any more."""
    answers = [answer for answer in records.answers if answer.delivery_id == promise.id]
    swaps = [answer.value for answer in answers if answer.kind is AnswerKind.ANOTHER]
    lesson_id = swaps[-1] if swaps else promise.lesson_id
    lesson = _lesson(session, house, message, lesson_id, promise.cohort_id)
    if lesson is None:
        return None
    current = [answer for answer in answers if answer.lesson_id == lesson.id and answer.kind is not AnswerKind.ANOTHER]
    blank = Exercise(
        ref=Reference(delivery_id=promise.id),
        lesson=lesson,
        replied=promise.id in records.replied,
        saves_text=message.reader.saves_text,
        has_page=house.page_address is not None,
        methods=tuple(house.library.methods_about(lesson=lesson.id)),
    )
    return with_opinion(session, message.reader.person_id, _exercise(blank, current, records))


def exercise_from_library(exercise: Exercise, records: Records) -> Exercise:
    """Return an exercise taken from the library with what has been answered to it."""
    return _exercise(replace(exercise, replied=None in records.replied), records.answers, records)


def with_opinion(session: Session, person_id: int, exercise: Exercise) -> Exercise:
    """Return the exercise with what the person thinks of it, once they have answered it."""
    if not exercise.replied and exercise.chosen is None:
        return exercise
    return replace(exercise, opinion=_opinion(session, person_id, exercise.lesson))


def question_of(
    session: Session, house: House, message: Message, records: Records, promise: Promise
) -> Question | None:
    """Return one follow-up of a message, or None when it or its lesson is gone."""
    follow_up = records.follow_ups.get(promise.subject_id or 0)
    if follow_up is None:
        return None
    lesson = _lesson(session, house, message, follow_up.lesson_id, follow_up.cohort_id)
    if lesson is None:
        return None
    answers = [answer for answer in records.answers if answer.delivery_id == promise.id]
    asked, again_on = Asked.OPEN, None
    if answers:
        last = answers[-1]
        if last.kind in _ASKED:
            asked = _ASKED[last.kind]
        elif last.value:
            asked, again_on = Asked.POSTPONED, _date(last.value)
        else:
            asked = Asked.NOT_YET if last.kind is AnswerKind.NOT_YET else Asked.DID_NOT_COME
    elif follow_up.state is FollowUpState.LET_GO:
        asked = Asked.LET_GO
    elif follow_up.state is FollowUpState.ANSWERED:
        asked = Asked.DONE
    return Question(
        ref=Reference(delivery_id=promise.id),
        follow_up_id=promise.subject_id or 0,
        lesson=lesson,
        asked=asked,
        smaller=follow_up.smaller,
        plan=if_then(records.plans.get(follow_up.plan_id or 0)),
        again_on=again_on,
        can_postpone=follow_up.postponed < MOST_POSTPONED,
        reflected=promise.subject_id in records.reflected,
        peer=_peer(session, message) if asked in _TO_TELL else None,
        saves_text=message.reader.saves_text,
        opinion=_opinion(session, message.reader.person_id, lesson) if asked in _HAS_BEEN_DONE else None,
    )


@overload
def if_then(plan: Planned | Plan) -> IfThen: ...
@overload
def if_then(plan: None) -> None: ...
def if_then(plan: Planned | Plan | None) -> IfThen | None:
    if plan is None:
        return None
    return IfThen(
        plan_id=plan.id or 0,
        cue=plan.cue,
        action=plan.action,
        cue_on=plan.cue_on,
        closed=plan.closed if isinstance(plan, Planned) else plan.closed_at is not None,
        written_on_page=plan.written_on_page,
    )


def welcome_of(house: House, *, slot: str, zone: str, started: bool) -> Welcome:
    return Welcome(organisation=house.organisation_name, contact=house.contact, slot=slot, zone=zone, started=started)


def _exercise(exercise: Exercise, answers: list[Given], records: Records) -> Exercise:
    chosen = next((answer.value for answer in answers if answer.kind is AnswerKind.CHOICE), None)
    taken = [answer for answer in answers if answer.kind in (AnswerKind.DOING, AnswerKind.NOT_TODAY)]
    stage, asks_on, plan = Stage.OPEN, None, None
    if taken and taken[-1].kind is AnswerKind.NOT_TODAY:
        stage = Stage.NOT_TODAY
    elif taken:
        stage = Stage.DOING
        follow_up = records.follow_ups.get(taken[-1].follow_up_id or 0)
        if follow_up is not None:
            asks_on = follow_up.due_on if follow_up.state is FollowUpState.OPEN else None
            plan = if_then(records.plans.get(follow_up.plan_id or 0))
        if exercise.lesson.kind is LessonKind.IF_THEN and plan is not None:
            stage = Stage.PLANNED
    return replace(
        exercise, stage=stage, chosen=int(chosen) if chosen is not None else None, asks_on=asks_on, plan=plan
    )


def _opinion(session: Session, person_id: int, lesson: Lesson) -> Opinion:
    return Opinion(useful=feedback.given(session, person_id=person_id, lesson_id=lesson.id))


def _plan_today(
    session: Session, house: House, message: Message, records: Records, promise: Promise
) -> PlanToday | None:
    plan = if_then(records.plans.get(promise.subject_id or 0))
    if plan is None or plan.closed:
        return None
    lesson_id = records.plans[plan.plan_id].lesson_id
    lesson = _lesson(session, house, message, lesson_id, promise.cohort_id)
    return PlanToday(lesson=lesson, plan=plan) if lesson else None


def _peer(session: Session, message: Message) -> Peer | None:
    reader = message.reader
    return peer_of(session, person_id=reader.person_id, platform=reader.platform, workspace=reader.workspace)


def _lesson(
    session: Session, house: House, message: Message, lesson_id: str | None, cohort_id: int | None
) -> Lesson | None:
    cohort = message.cohort(cohort_id)
    digest = cohort.digest if cohort else None
    return find_lesson(session, house, lesson_id, digest, reader=message.reader.person_id)


def _of(message: Message, kind: Kind) -> list[Promise]:
    return [promise for promise in message.promises if promise.kind is kind]


def _found(every: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(one for one in every if one is not None)


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
