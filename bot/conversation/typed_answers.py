"""Text that is no command: an answer to what is newest, said back."""

from bot.conversation import typed_plans
from bot.conversation.answering import (
    Task,
    shown_again,
    task_shown,
)
from bot.conversation.cards import Button, Card
from bot.conversation.composing import note_card
from bot.conversation.events import Wrote
from bot.conversation.health import mentions_health
from bot.conversation.newest import newest
from bot.conversation.reflections import keep_reply
from bot.conversation.saving import fault_in
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.titles import title_of
from bot.conversation.visiting import Visit
from bot.conversation.welcome import first_words
from storage import answers, teams, written
from storage.tables.answers import FollowUp, Prompt


def answered(visit: Visit, event: Wrote) -> list[Show]:
    """Take any text that is no command as an answer to what is newest, and say so."""
    words, body = visit.words, event.text.strip()
    subject = newest(visit)
    if subject.task is None and subject.follow_up is None:
        if teams.of_person(visit.session, visit.person):
            # What is for the team is handed in where it says who will read it; and who takes part in no programme is
            # not to be welcomed to one.
            return [Say(note_card(words("typed.nothing_open_in_team")))]
        return first_words(visit) if visit.person.welcomed_at is None else [Say(note_card(words("typed.nothing_open")))]
    if fault := fault_in(body, words):
        return [Say(note_card(fault))]
    if subject.task is not None and (plan := typed_plans.made(visit, event, subject.task, body)):
        return plan
    if not visit.person.saves_text:
        return [Say(note_card(words("typed.not_saved")))]
    if subject.follow_up is not None:
        return _thought_saved(visit, event, subject.follow_up, body)
    return _reply_saved(visit, event, subject.task, body) if subject.task else []


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
    return [
        *shown,
        Say(saved_card(reflection_id, visit.words.of(lesson.title), visit.words, asks=mentions_health(body))),
    ]


def _thought_saved(visit: Visit, event: Wrote, follow_up: FollowUp, body: str) -> list[Show]:
    reflection_id = written.write(
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
    shown, title = shown_again(visit, asked_in.id) if asked_in else [], title_of(visit, follow_up.lesson_id)
    return [*shown, Say(saved_card(reflection_id, title, visit.words, asks=mentions_health(body)))]


def saved_card(reflection_id: int, title: str, words: Words, *, asks: bool = False) -> Card:
    """Say that it is saved. `asks`: whether to change it, since it seems to be about somebody's health."""
    undo = Button(text=words("typed.undo"), action="reply.undo", value=str(reflection_id))
    saved = words("typed.saved", title=title)
    text = f"{saved}. {words('saving.someones_health_saved')}" if asks else saved
    return note_card(text, undo, small=words("typed.saved_note"))
