"""What somebody thinks of an exercise: one answer, theirs alone, that may be changed. Others see many together
(`scheduler.counting_feedback`)."""

from bot.conversation.answering import (
    exercise_now,
    inquiry_of,
    shown_again,
    task_of,
    task_shown,
    whole_message_shown,
)
from bot.conversation.composing import exercise_card, note_card
from bot.conversation.events import Pressed
from bot.conversation.feedback_parts import suggest_button
from bot.conversation.newest import Newest, newest
from bot.conversation.references import parse
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.titles import title_of
from bot.conversation.visiting import CannotAnswer, Handler, Routes, Typed, Visit
from storage import answers, feedback
from storage.tables.feedback import Useful


def give(visit: Visit, event: Pressed) -> list[Show]:
    """Keep the answer, and show it where it was given: under the exercise, or under the question how it went."""
    ref, said = parse(event.value)
    if said not in {useful.value for useful in Useful}:
        raise CannotAnswer("typed.unknown_button")
    try:
        task = task_of(visit, ref)
    except CannotAnswer:
        if ref.delivery_id is None:
            raise
        inquiry = inquiry_of(visit, ref.delivery_id)
        _keep(visit, inquiry.question.lesson.id, Useful(said))
        return whole_message_shown(visit, inquiry.message, inquiry.records, event.message)
    _keep(visit, task.exercise.lesson.id, Useful(said))
    if task.message is None and event.message is not None:
        return [Replace(event.message, exercise_card(exercise_now(visit, task), visit.words))]
    return task_shown(visit, task, event.message)


def typed(useful: Useful) -> Handler:
    """Return what answers the words for it: they are about what was answered last."""

    def give_it(visit: Visit, event: Typed) -> list[Show]:
        latest = newest(visit)
        lesson_id = _lesson_of(latest)
        _keep(visit, lesson_id, useful)
        title, said = title_of(visit, lesson_id), visit.words(f"feedback.said_{useful}")
        suggest = suggest_button(lesson_id, visit.words)
        return [*_shown_anew(visit, latest), Say(note_card(f"**{title}** {said}", suggest))]

    return give_it


def typed_suggest(visit: Visit, event: Typed) -> list[Show]:
    """Offer the form: what is typed in the chat itself comes with its author."""
    lesson_id = _lesson_of(newest(visit))
    said = visit.words("feedback.typed_suggest", title=title_of(visit, lesson_id))
    return [Say(note_card(said, suggest_button(lesson_id, visit.words)))]


def _keep(visit: Visit, lesson_id: str, useful: Useful) -> None:
    feedback.give(visit.session, visit.person, lesson_id, useful, visit.now)


def _lesson_of(latest: Newest) -> str:
    if latest.task is not None:
        return latest.task.exercise.lesson.id
    if latest.follow_up is not None:
        return latest.follow_up.lesson_id
    raise CannotAnswer("typed.no_exercise")


def _shown_anew(visit: Visit, latest: Newest) -> list[Show]:
    if latest.task is not None:
        return task_shown(visit, latest.task, None)
    asked = answers.follow_up_message(visit.session, visit.person, latest.follow_up) if latest.follow_up else None
    return shown_again(visit, asked.id) if asked else []


ROUTES = Routes(
    presses={"feedback.give": give},
    forms={},
    commands={
        "useful_yes": typed(Useful.YES),
        "useful_partly": typed(Useful.PARTLY),
        "useful_no": typed(Useful.NO),
        "suggest": typed_suggest,
    },
)
