"""Typed words that do what the buttons do, and any other text: an answer to what is newest."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.conversation import days, follow_ups, nudges, plans
from bot.conversation.answering import (
    Inquiry,
    Task,
    exercise_now,
    inquiry_of,
    shown_again,
    task_of,
    task_shown,
    whole_message_shown,
)
from bot.conversation.cards import Button, Buttons, Card, Heading, Paragraph, Part
from bot.conversation.composing import exercise_card, note_card
from bot.conversation.events import Wrote
from bot.conversation.exercise_parts import LETTERS, in_one_sentence
from bot.conversation.gathering import if_then
from bot.conversation.home import title_of
from bot.conversation.letters import Stage
from bot.conversation.references import Reference
from bot.conversation.reflections import keep_reply, take_back
from bot.conversation.saving import fault_in
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.typed_days import last_day, weekday_in
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from bot.conversation.welcome import first_words
from lessons.models import Kind as LessonKind
from storage import answers, people
from storage.messages import AskedLater
from storage.tables.answers import AnswerKind, FollowUp, FollowUpState, Prompt
from storage.tables.deliveries import Delivery, Kind

STILL_NEW = timedelta(days=21)
"""How long a message is what a typed answer is about. Later, we do not guess."""
_IF_THEN = re.compile(r"(?:om|if|när|when)\s+(.+?),?\s+(?:då|så|then)\s+(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Newest:
    """What a typed answer is about: an exercise, or a follow-up."""

    task: Task | None = None
    follow_up: FollowUp | None = None


def answered(visit: Visit, event: Wrote) -> list[Show]:
    """Take any text that is no command as an answer to what is newest, and say so."""
    words, body = visit.words, event.text.strip()
    newest = _newest(visit)
    if newest.task is None and newest.follow_up is None:
        return first_words(visit) if visit.person.welcomed_at is None else [Say(note_card(words("typed.nothing_open")))]
    if fault := fault_in(body, words):
        return [Say(note_card(fault))]
    if newest.task is not None and (plan := _as_plan(visit, newest.task, body)):
        return plan
    if not visit.person.saves_text:
        return [Say(note_card(words("typed.not_saved")))]
    if newest.follow_up is not None:
        return _thought_saved(visit, event, newest.follow_up, body)
    return _reply_saved(visit, event, newest.task, body) if newest.task else []


def undo(visit: Visit, typed: Typed) -> list[Show]:
    latest = answers.latest_reflections(visit.session, visit.person, limit=1)
    if not latest:
        return [Say(note_card(visit.words("typed.nothing_to_undo")))]
    title = title_of(visit, latest[0].lesson_id)
    again = take_back(visit, latest[0])
    return [*again, Say(note_card(visit.words("reflections.undone_from", title=title)))]


def doing(visit: Visit, typed: Typed) -> list[Show]:
    task = _newest_task(visit)
    if task.exercise.lesson.kind is LessonKind.IF_THEN and task.exercise.plan is None:
        return [Say(note_card(visit.words("plans.needs_words"), _plan_button(visit, task)))]
    nudges.take_on(visit, task)
    return _said(visit, task)


def not_today(visit: Visit, typed: Typed) -> list[Show]:
    task = _newest_task(visit)
    nudges.put_off(visit, task)
    return [*task_shown(visit, task, None), Say(note_card(visit.words("nudges.not_today_said")))]


def another(visit: Visit, typed: Typed) -> list[Show]:
    task = _newest_task(visit)
    shows = nudges.swap(visit, task, None)
    if any(isinstance(show, Say) for show in shows):
        return shows
    return [*shows, Say(exercise_card(exercise_now(visit, task), visit.words))]


def pick(visit: Visit, typed: Typed) -> list[Show]:
    """Take a single letter or number as the answer to an open quiz, or as the exercise of a gathered week."""
    if not isinstance(typed.event, Wrote):
        return [Say(note_card(visit.words("typed.nothing_open")))]
    said = typed.event.text.strip().casefold().strip(".)")
    gathered = _gathered(visit)
    if said.isdecimal() and len(gathered) > 1 and int(said) <= len(gathered):
        task = task_of(visit, Reference(delivery_id=gathered[int(said) - 1].id))
        return [Say(exercise_card(exercise_now(visit, task), visit.words))]
    task_or_none = _newest(visit).task
    if task_or_none is None or not task_or_none.exercise.lesson.choices:
        return answered(visit, typed.event)
    index = int(said) - 1 if said.isdecimal() else LETTERS.casefold().index(said)
    nudges.choose(visit, task_or_none, str(index))
    return [*task_shown(visit, task_or_none, None), Say(exercise_card(exercise_now(visit, task_or_none), visit.words))]


def done(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.DONE)


def tried(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.TRIED)


def not_yet(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.NOT_YET)


def let_go(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.LET_GO)


def smaller(visit: Visit, typed: Typed) -> list[Show]:
    inquiry = _newest_inquiry(visit)
    follow_ups.take_smaller_step(visit, inquiry)
    return _again_on(visit, inquiry)


def new_date(visit: Visit, typed: Typed) -> list[Show]:
    inquiry = _newest_inquiry(visit)
    day = last_day(typed.rest, days.today(visit))
    if fault := follow_ups.fault_in_day(visit, day):
        return [Say(note_card(fault))]
    if day is not None:
        follow_ups.postpone(visit, inquiry, day)
    return _again_on(visit, inquiry)


def came(visit: Visit, typed: Typed) -> list[Show]:
    return _moment(visit, came=True)


def did_not_come(visit: Visit, typed: Typed) -> list[Show]:
    return _moment(visit, came=False)


def list_plans(visit: Visit, typed: Typed) -> list[Show]:
    words = visit.words
    rows = [plan for row in answers.open_plans(visit.session, visit.person) if (plan := if_then(row))]
    if not rows:
        return [Say(note_card(words("plans.none")))]
    parts: list[Part] = [Heading(words("plans.title"))]
    for plan in rows:
        value = str(plan.plan_id)
        change = Button(text=words("plans.change"), action="plan.change", value=value, opens_form=True)
        drop = Button(text=words("plans.let_go"), action="plan.let_go", value=value)
        sentence = words("home.plan", plan=in_one_sentence(plan, words), day=words.day(plan.cue_on))
        parts += [Paragraph(sentence), Buttons((change, drop))]
    return [Say(Card(summary=words("plans.title"), parts=tuple(parts)))]


def _newest(visit: Visit) -> Newest:
    """Return what was answered last or sent last, whichever is newer. In one message, the exercise goes first."""
    latest = answers.latest_answer(visit.session, visit.person)
    sent = answers.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
    newest_sent = max((row.sent_at for row in sent if row.sent_at), default=None)
    if (
        latest is not None
        and (newest_sent is None or latest.given_at >= newest_sent)
        and _is_new(visit, latest.given_at)
    ):
        if latest.follow_up_id is not None and latest.kind is not AnswerKind.DOING:
            return Newest(follow_up=answers.find_follow_up(visit.session, visit.person, latest.follow_up_id))
        ref = (
            Reference(delivery_id=latest.delivery_id)
            if latest.delivery_id is not None
            else Reference(lesson_id=latest.lesson_id, taken_on=_local_day(visit, latest.given_at))
        )
        return Newest(task=_task(visit, ref))
    for row in sent:
        if row.kind is Kind.NUDGE:
            return Newest(task=_task(visit, Reference(delivery_id=row.id)))
        if row.kind is Kind.FOLLOW_UP and row.subject_id is not None:
            return Newest(follow_up=answers.find_follow_up(visit.session, visit.person, row.subject_id))
    return Newest()


def _newest_task(visit: Visit) -> Task:
    task = _newest(visit).task or next(
        (
            found
            for row in answers.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
            if row.kind is Kind.NUDGE and (found := _task(visit, Reference(delivery_id=row.id)))
        ),
        None,
    )
    if task is None:
        raise CannotAnswer("typed.no_exercise")
    return task


def _newest_inquiry(visit: Visit, *, plan: bool = False) -> Inquiry:
    """Return the newest follow-up that has been asked. Raises CannotAnswer when there is none."""
    inquiry = _find_inquiry(visit, plan=plan)
    if inquiry is None:
        raise CannotAnswer("typed.no_question")
    return inquiry


def _find_inquiry(visit: Visit, *, plan: bool) -> Inquiry | None:
    asked = [row for row in answers.open_follow_ups(visit.session, visit.person) if (row.plan_id is not None) is plan]
    messages = [answers.follow_up_message(visit.session, visit.person, row) for row in asked]
    sent = [message for message in messages if message is not None and message.sent_at is not None]
    if not sent:
        return None
    newest = max(sent, key=_when_sent)
    return inquiry_of(visit, newest.id or 0)


def _went(visit: Visit, kind: AnswerKind) -> list[Show]:
    inquiry = _find_inquiry(visit, plan=False)
    if inquiry is None:
        return _went_before_we_asked(visit, kind)
    follow_ups.answer(visit, inquiry, kind)
    shown = whole_message_shown(visit, inquiry.message, inquiry.records)
    if kind is AnswerKind.NOT_YET:
        key = "typed.not_yet" if inquiry.question.can_postpone else "typed.not_yet_thrice"
        step = visit.words.of(inquiry.question.lesson.smaller_step)
        return [*shown, Say(note_card(visit.words(key, step=step)))]
    return [*shown, Say(_answer_said(visit, inquiry.follow_up, kind))]


def _went_before_we_asked(visit: Visit, kind: AnswerKind) -> list[Show]:
    """Done already, says somebody whom we were going to ask: then there is nothing more to ask."""
    waiting = [row for row in answers.open_follow_ups(visit.session, visit.person) if row.plan_id is None]
    if not waiting:
        raise CannotAnswer("typed.no_question")
    follow_up = max(waiting, key=lambda row: row.id or 0)
    if kind is AnswerKind.NOT_YET:
        return [Say(note_card(visit.words("typed.asks_on", day=visit.words.day(follow_up.due_on))))]
    answers.give(
        visit.session,
        visit.person,
        kind,
        lesson_id=follow_up.lesson_id,
        follow_up_id=follow_up.id,
        now=visit.now,
    )
    follow_up.state = FollowUpState.LET_GO if kind is AnswerKind.LET_GO else FollowUpState.ANSWERED
    follow_up.closed_at = visit.now
    return [Say(_answer_said(visit, follow_up, kind))]


def _answer_said(visit: Visit, follow_up: FollowUp | AskedLater, kind: AnswerKind) -> Card:
    words = visit.words
    said = words("typed.recorded", title=title_of(visit, follow_up.lesson_id), what=words(f"follow_ups.{kind}_said"))
    if kind is AnswerKind.LET_GO:
        return note_card(said)
    think = Button(text=words("reflections.think"), action="reflect.open", value=str(follow_up.id), opens_form=True)
    return note_card(f"{said} {words('typed.think')}", think, small=words("saving.warning"))


def _again_on(visit: Visit, inquiry: Inquiry) -> list[Show]:
    shown = whole_message_shown(visit, inquiry.message, inquiry.records)
    said = visit.words("follow_ups.again_on", day=visit.words.day(inquiry.follow_up.due_on))
    return [*shown, Say(note_card(said))]


def _moment(visit: Visit, *, came: bool) -> list[Show]:
    inquiry = _newest_inquiry(visit, plan=True)
    shown = plans.answer_moment(visit, delivery_id=inquiry.promise.id, came=came, at=None)
    said = visit.words("follow_ups.came_said" if came else "plans.did_not_come_said")
    return [*shown, Say(note_card(said))]


def _said(visit: Visit, task: Task) -> list[Show]:
    exercise = exercise_now(visit, task)
    asks = visit.words("nudges.asks_on", day=visit.words.day(exercise.asks_on)) if exercise.asks_on else ""
    said = f"{visit.words('nudges.doing_said')} {asks}".strip()
    return [*task_shown(visit, task, None), Say(note_card(said))]


def _as_plan(visit: Visit, task: Task, body: str) -> list[Show]:
    """Make a plan of "om …, då …" when the newest exercise asks for one. Empty when that is not what it is."""
    found = _IF_THEN.fullmatch(body)
    exercise = task.exercise
    if found is None or exercise.lesson.kind is not LessonKind.IF_THEN or exercise.stage is Stage.PLANNED:
        return []
    today = days.today(visit)
    cue_on = weekday_in(found[1], today) or days.working_day(visit, 1, task.calendar)
    if faults := plans.fault_in_plan(visit, cue=found[1], action=found[2], cue_on=cue_on):
        return [Say(note_card(" ".join(faults.values())))]
    return plans.make(visit, task, cue=found[1], action=found[2], cue_on=cue_on, at=None)


def _reply_saved(visit: Visit, event: Wrote, task: Task, body: str) -> list[Show]:
    lesson = task.exercise.lesson
    reflection_id = keep_reply(
        visit,
        body,
        lesson_id=lesson.id,
        delivery_id=task.delivery_id,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
    )
    task.records.replied.add(task.delivery_id)
    shown = [] if task.exercise.replied else task_shown(visit, task, None)
    return [*shown, Say(saved_card(reflection_id, title_of(visit, lesson.id), visit.words))]


def _thought_saved(visit: Visit, event: Wrote, follow_up: FollowUp, body: str) -> list[Show]:
    reflection_id = answers.write(
        visit.session,
        visit.person,
        body,
        prompt=Prompt.HAPPENED,
        lesson_id=follow_up.lesson_id,
        follow_up_id=follow_up.id,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
        now=visit.now,
    )
    asked_in = answers.follow_up_message(visit.session, visit.person, follow_up)
    shown = shown_again(visit, asked_in.id) if asked_in else []
    return [*shown, Say(saved_card(reflection_id, title_of(visit, follow_up.lesson_id), visit.words))]


def saved_card(reflection_id: int, title: str, words: Words) -> Card:
    undo = Button(text=words("typed.undo"), action="reply.undo", value=str(reflection_id))
    return note_card(words("typed.saved", title=title), undo, small=words("typed.saved_note"))


def _plan_button(visit: Visit, task: Task) -> Button:
    return Button(text=visit.words("nudges.plan"), action="nudge.plan", value=str(task.exercise.ref), opens_form=True)


def _gathered(visit: Visit) -> list[Delivery]:
    sent = answers.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
    return [row for row in sent if row.kind is Kind.NUDGE]


def _task(visit: Visit, ref: Reference) -> Task | None:
    try:
        return task_of(visit, ref)
    except CannotAnswer:
        return None


def _is_new(visit: Visit, moment: datetime) -> bool:
    return visit.now - moment <= STILL_NEW


def _local_day(visit: Visit, moment: datetime) -> date:
    return people.local_day(visit.session, visit.person, moment)


def _when_sent(delivery: Delivery) -> datetime:
    return delivery.sent_at or delivery.due_at


ROUTES = Routes(
    presses={},
    forms={},
    commands={
        "undo": undo,
        "doing": doing,
        "not_today": not_today,
        "another": another,
        "pick": pick,
        "done": done,
        "tried": tried,
        "not_yet": not_yet,
        "let_go": let_go,
        "smaller": smaller,
        "new_date": new_date,
        "came": came,
        "did_not_come": did_not_come,
        "plans": list_plans,
    },
)
