"""Free text: a reply to an exercise, and what somebody thinks afterwards. Saved for its author, or not at all."""

from collections.abc import Mapping

from bot.conversation import texts
from bot.conversation.answering import about, pressed_task, shown_again, submitted_task, task_shown, was_about
from bot.conversation.cards import Form, Note, Paragraph, TextInput
from bot.conversation.composing import note_card
from bot.conversation.documents import find_lesson
from bot.conversation.events import Pressed, Submitted
from bot.conversation.health import AGAIN, asked_again, mentions_health, was_asked
from bot.conversation.plan_parts import read_on_page
from bot.conversation.references import number
from bot.conversation.saving import LONGEST, fault_in, save_input
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Lesson
from storage import answers, messages, written
from storage.tables.answers import FollowUp, Prompt, Reflection

PROMPTS = (Prompt.EXPECTED, Prompt.HAPPENED, Prompt.CHANGE)


def open_reply(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    ref, saves_text = about(task.exercise.ref, event.message), visit.person.saves_text
    return [OpenForm(reply_form(task.exercise.lesson, visit.words, about=ref, saves_text=saves_text))]


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
    if mentions_health(body) and not was_asked(event):
        form = reply_form(task.exercise.lesson, words, about=event.about, saves_text=True)
        return [OpenForm(asked_again(form, event, words))]
    keep_reply(visit, body, lesson_id=task.exercise.lesson.id, delivery_id=task.delivery_id, on_page=event.on_page)
    task.records.replied.add(task.delivery_id)
    return task_shown(visit, task, at)


def keep_reply(
    visit: Visit,
    body: str,
    *,
    lesson_id: str,
    delivery_id: int | None,
    on_page: bool = False,
    conversation_id: str | None = None,
    message_id: str | None = None,
) -> int:
    """Save a reply to an exercise and return its id. The same words in a form sent twice are saved once."""
    if message_id is None:
        latest = written.latest_reply(visit.session, visit.person, lesson_id=lesson_id, delivery_id=delivery_id)
        if latest is not None and latest.id and latest.body == body:
            return latest.id
    return written.write(
        visit.session,
        visit.person,
        body,
        prompt=Prompt.REPLY,
        on_page=on_page,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        conversation_id=conversation_id,
        message_id=message_id,
        now=visit.now,
    )


def open_reflection(visit: Visit, event: Pressed) -> list[Show]:
    follow_up, lesson = _follow_up(visit, number(event.value))
    ref, saves_text = about(follow_up.id, event.message), visit.person.saves_text
    return [OpenForm(reflection_form(lesson, visit.words, about=ref, saves_text=saves_text))]


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
    follow_up, lesson = _follow_up(visit, number(value))
    texts_by_prompt = {prompt: event.text(prompt.value).strip() for prompt in PROMPTS}
    faults = {prompt.value: fault for prompt, body in texts_by_prompt.items() if (fault := fault_in(body, visit.words))}
    if not any(texts_by_prompt.values()):
        faults = {Prompt.EXPECTED.value: visit.words("reflections.empty")}
    if faults:
        return [Refuse(faults)]
    if event.text("save") == "no":
        return [Say(note_card(visit.words("reflections.not_saved")))]
    if mentions_health(*texts_by_prompt.values()) and not was_asked(event):
        form = reflection_form(lesson, visit.words, about=event.about, saves_text=True)
        return [OpenForm(asked_again(form, event, visit.words))]
    keep_thoughts(visit, follow_up, texts_by_prompt, on_page=event.on_page)
    asked_in = answers.follow_up_message(visit.session, visit.person, follow_up)
    return shown_again(visit, asked_in.id) if asked_in else [Say(note_card(visit.words("reflections.done")))]


def keep_thoughts(visit: Visit, follow_up: FollowUp, bodies: Mapping[Prompt, str], *, on_page: bool) -> None:
    """Save what was thought after a follow-up. The same form twice leaves one of each."""
    for prompt, body in bodies.items():
        kept = written.thought(visit.session, visit.person, follow_up, prompt) if body else None
        if kept is not None:
            written.rewrite(kept, body, on_page=on_page, now=visit.now)
        elif body:
            written.write(
                visit.session,
                visit.person,
                body,
                prompt=prompt,
                on_page=on_page,
                lesson_id=follow_up.lesson_id,
                follow_up_id=follow_up.id,
                now=visit.now,
            )


def undo(visit: Visit, event: Pressed) -> list[Show]:
    """Take back what was just saved from the chat, unless other words have been put in its place on our own page."""
    reflection = written.find(visit.session, visit.person, number(event.value))
    if reflection is not None and reflection.written_on_page:
        return [Say(note_card(visit.words("own_page.written_there"), read_on_page(visit.words)))]
    again = take_back(visit, reflection) if reflection is not None else []
    card = note_card(visit.words("reflections.undone"))
    return [Replace(event.message, card) if event.message else Say(card), *again]


def take_back(visit: Visit, reflection: Reflection) -> list[Show]:
    """Delete a text. Return the cards that said it was there, as they stand now."""
    delivery_id, follow_up_id = reflection.delivery_id, reflection.follow_up_id
    written.remove(visit.session, visit.person, reflection)
    if delivery_id is None and follow_up_id is not None:
        follow_up = answers.find_follow_up(visit.session, visit.person, follow_up_id)
        asked_in = answers.follow_up_message(visit.session, visit.person, follow_up) if follow_up else None
        delivery_id = asked_in.id if asked_in else None
    return shown_again(visit, delivery_id)


def _follow_up(visit: Visit, follow_up_id: int) -> tuple[FollowUp, Lesson]:
    follow_up = answers.find_follow_up(visit.session, visit.person, follow_up_id)
    if follow_up is None:
        raise CannotAnswer("typed.gone")
    digest = messages.digest_of(visit.session, follow_up.cohort_id)
    lesson = find_lesson(visit.session, visit.house, follow_up.lesson_id, digest, reader=visit.person.id)
    if lesson is None:
        raise CannotAnswer("typed.gone")
    return follow_up, lesson


ROUTES = Routes(
    presses={"reply.open": open_reply, "reply.undo": undo, "reflect.open": open_reflection},
    forms={"reply": replied, f"reply{AGAIN}": replied, "reflection": reflected, f"reflection{AGAIN}": reflected},
    commands={},
)
