"""A case that comes back, in a card: the question with its choices, or what was answered and why."""

from bot.conversation.cards import Card, Heading, Note, Paragraph, Part
from bot.conversation.exercise_parts import choice_parts, chosen_parts
from bot.conversation.letters import Recall
from bot.conversation.texts import Words

ACTION = "recall.choice"


def recall_parts(recall: Recall, words: Words) -> list[Part]:
    case = recall.case
    parts: list[Part] = [
        Heading(words("recall.title" if recall.was_met else "recall.new_title")),
        Paragraph(words.of(case.case)),
    ]
    if recall.chosen is None:
        parts += choice_parts(case.choices, words, action=ACTION, about=str(recall.ref))
        parts.append(Note(words("recall.note")))
        return parts
    return [*parts, *chosen_parts(case.choices, recall.chosen, case.reason, words)]


def recall_card(recall: Recall, words: Words) -> Card:
    """Return it as a message of its own: what is said to somebody who answered in words."""
    return Card(summary=words.of(recall.case.title), parts=tuple(recall_parts(recall, words)))
