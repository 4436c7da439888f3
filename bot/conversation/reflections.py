"""Free text: a reply to an exercise, and what somebody thinks afterwards. Saved for its author, or not at all."""

from dataclasses import replace

from bot.conversation import texts
from bot.conversation.answering import about, pressed_task, shown_again, submitted_task, task_shown, was_about
from bot.conversation.cards import Form, Note, Paragraph, TextInput
from bot.conversation.composing import note_card
from bot.conversation.documents import find_lesson
from bot.conversation.events import Deleted, Edited, Pressed, Submitted, Wrote
from bot.conversation.references import number
from bot.conversation.saving import LONGEST, fault_in, save_input
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Lesson
from storage import answers, chat_messages, messages
from storage.tables.answers import FollowUp, Prompt, Reflection

PROMPTS = (Prompt.EXPECTED, Prompt.HAPPENED, Prompt.CHANGE)


def open_reply(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    form = reply_form(
        task.exercise.lesson,
        visit.words,
        about=about(task.exercise.ref, event.message),
        saves_text=visit.person.saves_text,
    )
    return [OpenForm(form)]


def reply_form(lesson: Lesson, words: texts.Words, *, about: str, saves_text: bool) -> Form:
    return Form(
        name="reply",
        title=words("reflections.reply_title"),
        submit=words("reflections.submit"),
        close=words("typed.close"),
        about=about,
        body=(
            Paragraph(f"**{words.of(lesson.title)}**"),
            TextInput(name="reply", label=words.of(lesson.question), multiline=True, most=LONGEST),
            save_input(words, saves_text=saves_text),
            Note(words("saving.warning")),
        ),
    )


def replied(visit: Visit, event: Submitted) -> list[Show]:
    task, at = submitted_task(visit, event)
    words, body = visit.words, event.text("reply").strip()
    if not body:
        return [Refuse({"reply": words("reflections.empty")})]
    if fault := fault_in(body, words):
        return [Refuse({"reply": fault})]
    if event.text("save") == "no":
        return [Say(note_card(words("reflections.not_saved")))]
    keep_reply(visit, body, lesson_id=task.exercise.lesson.id, delivery_id=task.delivery_id)
    task.records.replied.add(task.delivery_id)
    return task_shown(visit, task, at)


def keep_reply(
    visit: Visit,
    body: str,
    *,
    lesson_id: str,
    delivery_id: int | None,
    conversation_id: str | None = None,
    message_id: str | None = None,
) -> int:
    """Save a reply to an exercise and return its id. The same words in a form sent twice are saved once."""
    if message_id is None:
        latest = answers.latest_reply(visit.session, visit.person, lesson_id=lesson_id, delivery_id=delivery_id)
        if latest is not None and latest.id and latest.body == body:
            return latest.id
    return answers.write(
        visit.session,
        visit.person,
        body,
        prompt=Prompt.REPLY,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        conversation_id=conversation_id,
        message_id=message_id,
        now=visit.now,
    )


def open_reflection(visit: Visit, event: Pressed) -> list[Show]:
    follow_up, lesson = _follow_up(visit, number(event.value))
    form = reflection_form(
        lesson, visit.words, about=about(follow_up.id, event.message), saves_text=visit.person.saves_text
    )
    return [OpenForm(form)]


def reflection_form(lesson: Lesson, words: texts.Words, *, about: str, saves_text: bool) -> Form:
    inputs = tuple(
        TextInput(name=prompt.value, label=words(f"reflections.{prompt}"), multiline=True, most=LONGEST, optional=True)
        for prompt in PROMPTS
    )
    return Form(
        name="reflection",
        title=words("reflections.form_title"),
        submit=words("reflections.submit"),
        close=words("typed.close"),
        about=about,
        body=(
            Paragraph(words.of(lesson.reflection)),
            *inputs,
            save_input(words, saves_text=saves_text),
            Note(words("saving.warning")),
        ),
    )


def reflected(visit: Visit, event: Submitted) -> list[Show]:
    value, _ = was_about(event.about)
    follow_up, _ = _follow_up(visit, number(value))
    texts_by_prompt = {prompt: event.text(prompt.value).strip() for prompt in PROMPTS}
    faults = {prompt.value: fault for prompt, body in texts_by_prompt.items() if (fault := fault_in(body, visit.words))}
    if not any(texts_by_prompt.values()):
        faults = {Prompt.EXPECTED.value: visit.words("reflections.empty")}
    if faults:
        return [Refuse(faults)]
    if event.text("save") == "no":
        return [Say(note_card(visit.words("reflections.not_saved")))]
    for prompt, body in texts_by_prompt.items():
        if body:
            keep_thought(visit, follow_up, prompt, body)
    asked_in = answers.follow_up_message(visit.session, visit.person, follow_up)
    return shown_again(visit, asked_in.id) if asked_in else [Say(note_card(visit.words("reflections.done")))]


def keep_thought(visit: Visit, follow_up: FollowUp, prompt: Prompt, body: str) -> None:
    """Save one thought after a follow-up. The same form twice leaves one of each."""
    kept = answers.thought(visit.session, visit.person, follow_up, prompt)
    if kept is not None:
        kept.body, kept.edited_at = body, (visit.now if kept.body != body else kept.edited_at)
        return
    answers.write(
        visit.session,
        visit.person,
        body,
        prompt=prompt,
        lesson_id=follow_up.lesson_id,
        follow_up_id=follow_up.id,
        now=visit.now,
    )


def undo(visit: Visit, event: Pressed) -> list[Show]:
    """Take back what was just saved from the chat."""
    reflection = answers.find_reflection(visit.session, visit.person, number(event.value))
    again = take_back(visit, reflection) if reflection is not None else []
    card = note_card(visit.words("reflections.undone"))
    return [Replace(event.message, card) if event.message else Say(card), *again]


def take_back(visit: Visit, reflection: Reflection) -> list[Show]:
    """Delete a text. Return the cards that said it was there, as they stand now."""
    delivery_id, follow_up_id = reflection.delivery_id, reflection.follow_up_id
    answers.delete_reflection(visit.session, visit.person, reflection)
    if delivery_id is None and follow_up_id is not None:
        follow_up = answers.find_follow_up(visit.session, visit.person, follow_up_id)
        asked_in = answers.follow_up_message(visit.session, visit.person, follow_up) if follow_up else None
        delivery_id = asked_in.id if asked_in else None
    return shown_again(visit, delivery_id)


def edited_in_chat(visit: Visit, event: Edited) -> list[Show]:
    """Change what was saved from a message edited in chat. What may not be saved is taken away, and that is said."""
    reflection, body = _from_chat(visit, event), event.text.strip()
    fault = fault_in(body, visit.words)
    if reflection is None:
        awaited = _remember(visit, event, None if fault else body)  # what may not be saved may not wait here either
        if awaited:
            return [Say(note_card(fault))] if fault else []
        return [Say(note_card(fault or visit.words("saving.edit_not_saved")))] if body else []
    if fault or not body:
        again = take_back(visit, reflection)
        return [*again, Say(note_card(fault))] if fault else again
    if body != reflection.body:
        reflection.body, reflection.edited_at = body, visit.now
    return []


def deleted_in_chat(visit: Visit, event: Deleted) -> list[Show]:
    reflection = _from_chat(visit, event)
    if reflection is None:
        _remember(visit, event, None)
        return []
    return take_back(visit, reflection)


def as_it_stands(visit: Visit, event: Wrote) -> Wrote | None:
    """Return a message as it stands now: its edit or deletion may have reached us before it did. None: deleted."""
    at = event.message
    text = chat_messages.heard(
        visit.session,
        visit.person,
        conversation_id=at.conversation,
        message_id=at.message,
        body=event.text,
        now=visit.now,
    )
    return None if text is None else replace(event, text=text)


def _remember(visit: Visit, event: Edited | Deleted, body: str | None) -> bool:
    """Nothing is saved from the message: it may still be on its way, so what was done to it waits for it."""
    at = event.message
    return chat_messages.changed(
        visit.session,
        visit.person,
        conversation_id=at.conversation,
        message_id=at.message,
        body=body,
        at=event.at,
    )


def _from_chat(visit: Visit, event: Edited | Deleted) -> Reflection | None:
    return answers.reflection_from(
        visit.session,
        visit.person,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
    )


def _follow_up(visit: Visit, follow_up_id: int) -> tuple[FollowUp, Lesson]:
    follow_up = answers.find_follow_up(visit.session, visit.person, follow_up_id)
    digest = messages.digest_of(visit.session, follow_up.cohort_id if follow_up else None)
    lesson = find_lesson(visit.session, visit.house, follow_up.lesson_id, digest) if follow_up else None
    if follow_up is None or lesson is None:
        raise CannotAnswer("typed.gone")
    return follow_up, lesson


ROUTES = Routes(
    presses={"reply.open": open_reply, "reply.undo": undo, "reflect.open": open_reflection},
    forms={"reply": replied, "reflection": reflected},
    commands={},
)
