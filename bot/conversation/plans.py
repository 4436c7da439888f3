"""If-then plans, made by the person: they come back on the day of the cue."""

from datetime import date

from bot.conversation import days
from bot.conversation.answering import Task, about, pressed_task, record, submitted_task, task_shown
from bot.conversation.cards import Form
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.gathering import if_then
from bot.conversation.health import AGAIN, asked_again
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.plan_forms import checked, plan_form, should_ask
from bot.conversation.plan_parts import kept_plan_card
from bot.conversation.plan_words import without_lead
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Kind
from storage import answers
from storage.plans import make_plan
from storage.tables.answers import AnswerKind


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    if task.exercise.lesson.kind is not Kind.IF_THEN:
        raise CannotAnswer("typed.gone")
    if task.exercise.plan is not None:
        return task_shown(visit, task, event.message)
    return [OpenForm(_new_plan_form(visit, task, about(task.exercise.ref, event.message)))]


def made(visit: Visit, event: Submitted) -> list[Show]:
    task, at = submitted_task(visit, event)
    if task.exercise.plan is not None:  # the same form twice
        return task_shown(visit, task, at)
    if refused := checked(visit, event, task.calendar):
        return refused
    if should_ask(event):
        return [OpenForm(asked_again(_new_plan_form(visit, task, event.about), event, visit.words))]
    return make(
        visit,
        task,
        cue=event.text("cue"),
        action=event.text("action"),
        cue_on=date.fromisoformat(event.text("cue_on")),
        keeps_words=event.text("save") != "no",
        on_page=event.on_page,
        at=at,
    )


def make(
    visit: Visit,
    task: Task,
    *,
    cue: str,
    action: str,
    cue_on: date,
    at: MessageRef | None,
    keeps_words: bool,
    on_page: bool = False,
    typed: MessageRef | None = None,
) -> list[Show]:
    """Keep the plan and promise to ask, the working day after its cue, whether the moment came. `typed` is the
    person's own message it was written in."""
    lesson_id = task.exercise.lesson.id
    plan = make_plan(
        visit.session,
        visit.person,
        lesson_id=lesson_id,
        cue=without_lead(cue, "cue") if keeps_words else "",
        action=without_lead(action, "action") if keeps_words else "",
        cue_on=cue_on,
        written_on_page=on_page and keeps_words,
        delivery_id=task.delivery_id,
        conversation_id=typed.conversation if typed else None,
        message_id=typed.message if typed else None,
        now=visit.now,
    )
    follow_up = answers.promise_to_ask(
        visit.session,
        visit.person,
        lesson_id=lesson_id,
        due_on=days.asking_day(visit, 1, task.calendar, after=cue_on, keeps=task.keeps),
        source=task.promise,
        plan_id=plan.id,
        now=visit.now,
    )
    record(visit, task, AnswerKind.DOING, follow_up=follow_up, plan=plan)
    kept = kept_plan_card(if_then(plan), visit.words, is_typed=typed is not None)
    return [*task_shown(visit, task, at), Say(kept), *if_nothing_comes(visit, task.delivery_id)]


def _new_plan_form(visit: Visit, task: Task, ref: str) -> Form:
    ahead, saves_text = days.cue_days(visit, task.calendar), visit.person.saves_text
    return plan_form(task.exercise.lesson, ahead, visit.words, about=ref, saves_text=saves_text)


ROUTES = Routes(presses={"nudge.plan": open_form}, forms={"plan": made, f"plan{AGAIN}": made}, commands={})
