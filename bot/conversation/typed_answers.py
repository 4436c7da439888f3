"""Text that is no command: an answer to what is newest, said back."""

import re

from bot.conversation import days, plans
from bot.conversation.answering import (
    Task,
    shown_again,
    task_shown,
)
from bot.conversation.cards import Button, Card
from bot.conversation.composing import note_card
from bot.conversation.events import Wrote
from bot.conversation.home import title_of
from bot.conversation.letters import Stage
from bot.conversation.newest import newest
from bot.conversation.reflections import keep_reply
from bot.conversation.saving import fault_in
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.typed_days import weekday_in
from bot.conversation.visiting import Visit
from bot.conversation.welcome import first_words
from lessons.models import Kind as LessonKind
from storage import answers
from storage.tables.answers import FollowUp, Prompt

_IF_THEN = re.compile(r"(?:om|if|när|when)\s+(.+?),?\s+(?:då|så|then)\s+(.+)", re.IGNORECASE | re.DOTALL)


def answered(visit: Visit, event: Wrote) -> list[Show]:
    """Take any text that is no command as an answer to what is newest, and say so."""
    words, body = visit.words, event.text.strip()
    subject = newest(visit)
    if subject.task is None and subject.follow_up is None:
        return first_words(visit) if visit.person.welcomed_at is None else [Say(note_card(words("typed.nothing_open")))]
    if fault := fault_in(body, words):
        return [Say(note_card(fault))]
    if subject.task is not None and (plan := _as_plan(visit, subject.task, body)):
        return plan
    if not visit.person.saves_text:
        return [Say(note_card(words("typed.not_saved")))]
    if subject.follow_up is not None:
        return _thought_saved(visit, event, subject.follow_up, body)
    return _reply_saved(visit, event, subject.task, body) if subject.task else []


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
