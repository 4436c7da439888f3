"""Under an exercise that somebody has answered: was it of use, and should something in it be changed? Pure."""

from bot.conversation.cards import Button, Buttons, Note, Part
from bot.conversation.letters import Opinion
from bot.conversation.nameless import SUGGEST
from bot.conversation.references import Reference
from bot.conversation.texts import Words
from lessons.models import Lesson
from storage.tables.feedback import Useful


def opinion_parts(ref: Reference, lesson: Lesson, opinion: Opinion | None, words: Words) -> list[Part]:
    """Return the question with its buttons, quietly; nothing before the exercise has been answered."""
    if opinion is None:
        return []
    buttons = [
        Button(
            text=words(f"feedback.{useful}"),
            action="feedback.give",
            value=f"{ref}:{useful}",
            spoken=words(f"feedback.spoken_{useful}"),
        )
        for useful in Useful
        if useful is not opinion.useful
    ]
    said = words("feedback.asks" if opinion.useful is None else f"feedback.said_{opinion.useful}")
    return [Note(said), Buttons((*buttons, suggest_button(lesson.id, words)))]


def suggest_button(lesson_id: str, words: Words) -> Button:
    """It says which exercise and in which language: whoever presses it is not known."""
    value = f"{lesson_id}:{words.language}:"
    return Button(text=words("feedback.suggest"), action=SUGGEST, value=value, opens_form=True)
