"""The day's exercise: I'll do it, another one, not today, a quiz answer."""

from dataclasses import replace

from bot.conversation import days
from bot.conversation.answering import Task, exercise_now, pressed_task, record, record_taken, task_shown
from bot.conversation.composing import exercise_card, note_card
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.exercise_parts import mark_of
from bot.conversation.letters import Stage
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.references import Reference
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.swapping import another_lesson
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Kind
from storage import answers
from storage.tables.answers import AnswerKind


def doing(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    take_on(visit, task)
    return [*task_shown(visit, task, event.message), *if_nothing_comes(visit, task.delivery_id)]


def take_on(visit: Visit, task: Task) -> None:
    """Record that the person does the exercise and promise to ask. Doing so twice changes nothing."""
    if task.exercise.stage in (Stage.DOING, Stage.PLANNED):
        return
    lesson = task.exercise.lesson
    if lesson.kind is Kind.IF_THEN:
        raise CannotAnswer("plans.needs_words")
    follow_up = answers.promise_to_ask(
        visit.session,
        visit.person,
        lesson_id=lesson.id,
        due_on=days.asking_day(visit, lesson.follow_up_days, task.calendar, keeps=task.keeps),
        source=task.promise,
        now=visit.now,
    )
    record(visit, task, AnswerKind.DOING, follow_up=follow_up)


def not_today(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    put_off(visit, task)
    return task_shown(visit, task, event.message)


def put_off(visit: Visit, task: Task) -> None:
    if task.exercise.stage is Stage.NOT_TODAY:
        return
    _still_open(task)
    record(visit, task, AnswerKind.NOT_TODAY)


def choice(visit: Visit, event: Pressed) -> list[Show]:
    task, extra = pressed_task(visit, event)
    choose(visit, task, extra)
    return task_shown(visit, task, event.message)


def choose(visit: Visit, task: Task, said: str) -> None:
    """Record a quiz answer. The first one counts; the reason has been shown. Raises CannotAnswer for one to choices
    that have been written anew since."""
    lesson, chosen = task.exercise.lesson, task.exercise.chosen
    index, dot, mark = said.partition(".")
    if chosen is None and dot and dot + mark != mark_of(lesson):
        raise CannotAnswer("nudges.choices_new")
    if not (index.isascii() and index.isdecimal() and int(index) < len(lesson.choices)):
        raise CannotAnswer("typed.unknown_button")
    if chosen is None:
        record(visit, task, AnswerKind.CHOICE, value=str(int(index)))
    elif chosen != int(index):
        raise CannotAnswer("nudges.choice_kept")


def another(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    return swap(visit, task, event.message)


def swap(visit: Visit, task: Task, at: MessageRef | None) -> list[Show]:
    """Put another exercise in place of this one."""
    _still_open(task)
    lesson = another_lesson(visit, task)
    if lesson is None:
        return [Say(note_card(visit.words("nudges.no_other")))]
    if task.promise is not None:
        record(visit, task, AnswerKind.ANOTHER, value=lesson.id)
        return task_shown(visit, task, at)
    record_taken(visit, lesson.id)
    ref = Reference(lesson_id=lesson.id, taken_on=task.exercise.ref.taken_on)
    card = exercise_card(replace(task.exercise, ref=ref, lesson=lesson), visit.words)
    return [Replace(at, card) if at else Say(card)]


def show(visit: Visit, event: Pressed) -> list[Show]:
    """Open one exercise of a gathered week as a message of its own."""
    task, _ = pressed_task(visit, event)
    return [Say(exercise_card(exercise_now(visit, task), visit.words))]


def _still_open(task: Task) -> None:
    if task.exercise.stage in (Stage.DOING, Stage.PLANNED) or task.exercise.chosen is not None:
        raise CannotAnswer("nudges.already_answered")


ROUTES = Routes(
    presses={
        "nudge.doing": doing,
        "nudge.another": another,
        "nudge.not_today": not_today,
        "nudge.choice": choice,
        "nudge.show": show,
    },
    forms={},
    commands={},
)
