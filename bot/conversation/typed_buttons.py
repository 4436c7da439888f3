"""Typed words that do what the buttons do: buttons fail on old phones and for voice control."""

from datetime import timedelta

from bot.conversation import days, follow_ups, nudges, plan_moments, recall, typed_plans
from bot.conversation.answering import (
    Inquiry,
    Task,
    exercise_now,
    task_of,
    task_shown,
    whole_message_shown,
)
from bot.conversation.cards import Button, Card, Heading, Part
from bot.conversation.composing import exercise_card, note_card
from bot.conversation.events import Wrote
from bot.conversation.exercise_parts import LETTERS
from bot.conversation.home_view import plans_of
from bot.conversation.newest import find_inquiry, gathered_week, newest, newest_inquiry, newest_task
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.plan_parts import open_plan_parts
from bot.conversation.recall import AskedAgain
from bot.conversation.recall_due import Standing, standing
from bot.conversation.references import Reference
from bot.conversation.reflections import take_back
from bot.conversation.shows import Say, Show
from bot.conversation.titles import KnownLessons, title_of
from bot.conversation.typed_answers import answered
from bot.conversation.typed_days import last_day
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from lessons.models import Kind as LessonKind
from storage import answers, written
from storage.message_rows import AskedLater
from storage.plans import newest_plan
from storage.tables.answers import AnswerKind, FollowUp, FollowUpState, Plan, Reflection
from storage.tables.deliveries import Delivery

UNDO_WITHIN = timedelta(hours=1)


def undo(visit: Visit, typed: Typed) -> list[Show]:
    """Take back what was written or planned last, if that was just now, and nothing before it: what is older is
    deleted where it can be read."""
    text = next(iter(written.latest(visit.session, visit.person, limit=1)), None)
    plan = newest_plan(visit.session, visit.person)
    if plan is not None and (text is None or plan.made_at > text.written_at):
        shows = _plan_undone(visit, plan)
    else:
        shows = _text_undone(visit, text) if text is not None else []
    if not shows:
        return [Say(note_card(visit.words("typed.nothing_to_undo")))]
    written.undo_no_more(visit.session, visit.person)
    return shows


def doing(visit: Visit, typed: Typed) -> list[Show]:
    task = newest_task(visit)
    if task.exercise.lesson.kind is LessonKind.IF_THEN and task.exercise.plan is None:
        return [Say(note_card(visit.words("plans.needs_words"), _plan_button(visit, task)))]
    nudges.take_on(visit, task)
    return _said(visit, task)


def not_today(visit: Visit, typed: Typed) -> list[Show]:
    task = newest_task(visit)
    nudges.put_off(visit, task)
    return [*task_shown(visit, task, None), Say(note_card(visit.words("nudges.not_today_said")))]


def another(visit: Visit, typed: Typed) -> list[Show]:
    task = newest_task(visit)
    shows = nudges.swap(visit, task, None)
    if any(isinstance(show, Say) for show in shows):
        return shows
    return [*shows, Say(exercise_card(exercise_now(visit, task), visit.words))]


def pick(visit: Visit, typed: Typed) -> list[Show]:
    """Take a single letter or number as the answer to an open quiz or to a case that came back, or as the exercise of
    a gathered week."""
    if not isinstance(typed.event, Wrote):
        return [Say(note_card(visit.words("typed.nothing_open")))]
    said = typed.event.text.strip().casefold().strip(".)")
    gathered = gathered_week(visit)
    if said.isdecimal() and len(gathered) > 1 and int(said) <= len(gathered):
        task = task_of(visit, Reference(delivery_id=gathered[int(said) - 1].id))
        return [Say(exercise_card(exercise_now(visit, task), visit.words))]
    latest, case = newest(visit).task, _case(visit, gathered)
    quiz = latest if latest is not None and latest.exercise.lesson.choices else None
    if case is None and quiz is None:
        return answered(visit, typed.event)
    index = int(said) - 1 if said.isdecimal() else LETTERS.casefold().index(said)
    in_message = case if isinstance(case, AskedAgain) else None
    is_open_in_week = in_message is not None and in_message.recall.chosen is None and len(gathered) > 1
    if is_open_in_week and any(_is_open_quiz(visit, row) for row in gathered):
        raise CannotAnswer("recall.which")  # either may be what they have before them
    if quiz is not None and (quiz.exercise.chosen is None or in_message is None):
        return _chosen(visit, quiz, index)
    if case is not None and index < len(case.recall.case.choices):
        return recall.typed(visit, case, index)
    return _chosen(visit, quiz, index) if quiz is not None else answered(visit, typed.event)


def done(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.DONE)


def tried(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.TRIED)


def not_yet(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.NOT_YET)


def let_go(visit: Visit, typed: Typed) -> list[Show]:
    return _went(visit, AnswerKind.LET_GO)


def smaller(visit: Visit, typed: Typed) -> list[Show]:
    inquiry = newest_inquiry(visit)
    follow_ups.take_smaller_step(visit, inquiry)
    return _again_on(visit, inquiry)


def new_date(visit: Visit, typed: Typed) -> list[Show]:
    inquiry = newest_inquiry(visit)
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
    open_plans = plans_of(visit, KnownLessons(visit))
    if not open_plans:
        return [Say(note_card(words("plans.none")))]
    parts: list[Part] = [Heading(words("plans.title"))]
    for own in open_plans:
        parts += open_plan_parts(own.title, own.plan, words, has_passed=own.has_passed)
    return [Say(Card(summary=words("plans.title"), parts=tuple(parts)))]


def _case(visit: Visit, gathered: list[Delivery]) -> AskedAgain | Standing | None:
    """Return the case that a letter is about: that of the newest message, else of the person's own page; an open one
    before one that has been answered."""
    asked = recall.find(visit, gathered[0].id) if gathered else None
    if asked is not None and asked.recall.chosen is None:
        return asked
    stands = standing(visit)
    return stands if stands is not None and stands.recall.chosen is None else asked or stands


def _is_open_quiz(visit: Visit, row: Delivery) -> bool:
    try:
        exercise = task_of(visit, Reference(delivery_id=row.id)).exercise
    except CannotAnswer:  # a lesson that is gone
        return False
    return bool(exercise.lesson.choices) and exercise.chosen is None


def _chosen(visit: Visit, task: Task, index: int) -> list[Show]:
    nudges.choose(visit, task, str(index))
    return [*task_shown(visit, task, None), Say(exercise_card(exercise_now(visit, task), visit.words))]


def _plan_undone(visit: Visit, plan: Plan) -> list[Show]:
    if not plan.can_be_undone or plan.closed_at is not None or plan.made_at < visit.now - UNDO_WITHIN:
        return []
    again = typed_plans.take_back(visit, plan)
    title = title_of(visit, plan.lesson_id)
    return [*again, Say(note_card(visit.words("plans.undone_from", title=title)))]


def _text_undone(visit: Visit, text: Reflection) -> list[Show]:
    """Take back a text, and what was sent in the same form."""
    if not text.can_be_undone or text.written_at < visit.now - UNDO_WITHIN:
        return []
    if text.follow_up_id is not None:
        for other in written.to_follow_up(visit.session, visit.person, text.follow_up_id):
            if other.written_at == text.written_at and other.id != text.id:
                written.remove(visit.session, visit.person, other)
    title = title_of(visit, text.lesson_id)
    again = take_back(visit, text)
    return [*again, Say(note_card(visit.words("reflections.undone_from", title=title)))]


def _went(visit: Visit, kind: AnswerKind) -> list[Show]:
    inquiry = find_inquiry(visit, plan=False)
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
        said = visit.words("typed.asks_on", day=visit.words.day(days.asked_on(visit, follow_up)))
        return [Say(note_card(said)), *if_nothing_comes(visit, follow_up.source_delivery_id)]
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
    return [*shown, Say(note_card(said)), *if_nothing_comes(visit, inquiry.promise.id)]


def _moment(visit: Visit, *, came: bool) -> list[Show]:
    inquiry = newest_inquiry(visit, plan=True)
    shown = plan_moments.answer_moment(visit, delivery_id=inquiry.promise.id, came=came, at=None)
    said = visit.words("follow_ups.came_said" if came else "plans.did_not_come_said")
    return [*shown, Say(note_card(said))]


def _said(visit: Visit, task: Task) -> list[Show]:
    exercise = exercise_now(visit, task)
    asks = visit.words("nudges.asks_on", day=visit.words.day(exercise.asks_on)) if exercise.asks_on else ""
    said = f"{visit.words('nudges.doing_said')} {asks}".strip()
    return [*task_shown(visit, task, None), Say(note_card(said)), *if_nothing_comes(visit, task.delivery_id)]


def _plan_button(visit: Visit, task: Task) -> Button:
    return Button(text=visit.words("nudges.plan"), action="nudge.plan", value=str(task.exercise.ref), opens_form=True)


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
