"""A plan typed as a sentence in the chat: made of a message, changed or taken back with it."""

import re
from datetime import date, timedelta

from bot.conversation import days, plans
from bot.conversation.answering import Task
from bot.conversation.composing import note_card
from bot.conversation.events import Edited, MessageRef, Pressed, Wrote
from bot.conversation.gathering import if_then
from bot.conversation.letters import Stage
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.plan_changes import calendar_of, replan
from bot.conversation.plan_moments import where_shown
from bot.conversation.plan_parts import kept_plan_card
from bot.conversation.plan_words import fault_in_plan, without_lead
from bot.conversation.references import number
from bot.conversation.saving import fault_in
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.typed_days import weekday_in
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Kind
from storage import people
from storage.plans import find_plan, follow_up_of_plan, forget_words, is_replaced, plan_from_message, take_back_plan
from storage.tables.answers import Plan

_IF_THEN = re.compile(r"(?:om|if|när|when)\s+(.+?),?\s+(?:då|så|then)\s+(.+)", re.IGNORECASE | re.DOTALL)


def made(visit: Visit, event: Wrote, task: Task, body: str) -> list[Show]:
    """Make a plan of "om …, då …" when the newest exercise asks for one. Empty when that is not what it is."""
    found = _IF_THEN.fullmatch(body)
    exercise = task.exercise
    if found is None or exercise.lesson.kind is not Kind.IF_THEN or exercise.stage is Stage.PLANNED:
        return []
    cue_on = _day_in(visit, found[1], task.calendar) or days.working_day(visit, 1, task.calendar)
    if faults := fault_in_plan(visit, cue=found[1], action=found[2], cue_on=cue_on, calendar=task.calendar):
        return [Say(note_card(" ".join(faults.values())))]
    return plans.make(
        visit,
        task,
        cue=found[1],
        action=found[2],
        cue_on=cue_on,
        at=None,
        keeps_words=visit.person.saves_text,
        typed=event.message,
    )


def from_message(visit: Visit, message: MessageRef) -> Plan | None:
    return plan_from_message(
        visit.session, visit.person, conversation_id=message.conversation, message_id=message.message
    )


def edited(visit: Visit, event: Edited, plan: Plan) -> list[Show]:
    """Change the plan that a message was when it still is one; else take it back, and say so. What has been taken back
    stays gone. What was changed on our own page stays as it is there, and what the message said is forgotten."""
    body, words = event.text.strip(), visit.words
    fault = fault_in(body, words)
    if plan.closed_at is not None and not plan.cue:
        return [Say(note_card(fault or words("saving.edit_not_saved")))]
    if plan.closed_at is not None and is_replaced(visit.session, visit.person, plan):
        forget_words(visit.session, visit.person, plan)
        return [_says(fault, words("plans.changed_on_page"))]
    found = _IF_THEN.fullmatch(body)
    if found is None:
        return [*take_back(visit, plan), _says(fault, words("plans.no_longer"))]
    cue, action = found[1], found[2]
    keeps_words = visit.person.saves_text
    # Only a day that is new in the words moves the plan: it may have been given another one since.
    made_on = people.local_day(visit.session, visit.person, plan.made_at)
    is_moved = weekday_in(cue, made_on) != weekday_in(plan.cue, made_on)
    calendar = calendar_of(visit, plan)
    cue_on = (_day_in(visit, cue, calendar) if is_moved and plan.closed_at is None else None) or plan.cue_on
    faults = fault_in_plan(visit, cue=cue, action=action, cue_on=cue_on, calendar=calendar)
    if cue_on == plan.cue_on:
        faults.pop("cue_on", None)
    if faults:
        return [*take_back(visit, plan), _says(*faults.values(), words("plans.no_longer"))]
    forget_words(visit.session, visit.person, plan)
    cue, action = (without_lead(cue, "cue"), without_lead(action, "action")) if keeps_words else ("", "")
    if cue_on != plan.cue_on:
        return replan(visit, plan, cue=cue, action=action, cue_on=cue_on, on_page=False, is_typed=True)
    plan.cue, plan.action, plan.written_on_page = cue, action, False
    visit.session.flush()
    shown = where_shown(visit, plan, follow_up_of_plan(visit.session, visit.person, plan))
    if plan.closed_at is not None:
        return shown
    return [
        *shown,
        Say(kept_plan_card(if_then(plan), words, is_typed=True)),
        *if_nothing_comes(visit, plan.delivery_id),
    ]


def take_back(visit: Visit, plan: Plan) -> list[Show]:
    """Close a plan and forget its words. Return the cards that said it was there, as they stand now."""
    question = follow_up_of_plan(visit.session, visit.person, plan)
    take_back_plan(visit.session, visit.person, plan, visit.now)
    return where_shown(visit, plan, question)


def undo(visit: Visit, event: Pressed) -> list[Show]:
    """Take back a plan that was typed, as it stands now, while it is open."""
    plan = find_plan(visit.session, visit.person, number(event.value))
    if plan is not None and plan.conversation_id and plan.message_id:
        plan = from_message(visit, MessageRef(conversation=plan.conversation_id, message=plan.message_id))
    if plan is None or plan.closed_at is not None:
        raise CannotAnswer("plans.closed")
    again = take_back(visit, plan)
    card = note_card(visit.words("plans.undone"))
    return [Replace(event.message, card) if event.message else Say(card), *again]


def _day_in(visit: Visit, cue: str, calendar: days.CalendarChoices) -> date | None:
    """Return the day that a cue names. Where the person does not work then, their last working day before it that is to
    come: on others no plan is shown."""
    today = days.today(visit)
    named = weekday_in(cue, today)
    if named is None:
        return None
    before = (named - timedelta(days=back) for back in range((named - today).days))
    return next((day for day in before if days.is_working_day(visit, day, calendar)), named)


def _says(*sentences: str | None) -> Say:
    return Say(note_card(" ".join(filter(None, sentences))))


ROUTES = Routes(presses={"plan.undo": undo}, forms={}, commands={})
