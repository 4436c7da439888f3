"""What people in a rehearsal remember of the cases that come back, and how it went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversation.cards import Buttons, Card
from bot.conversation.exercise_parts import LONGEST_BUTTON, lettered
from bot.conversation.recall_parts import ACTION
from bot.conversation.texts import LANGUAGES, Words
from lessons.library import Library
from lessons.models import Lesson
from lessons.recall_cards import RecallCard, case_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalled:
    shown: int
    """Messages that asked a case."""
    answered: int
    right: int
    waiting: tuple[tuple[int, int], ...] = ()
    """Evening after evening in the weeks of the programme: how many people had been asked anything, and how many cases
    were due for them together and still not answered."""

    @property
    def backlog_mean(self) -> float | None:
        """How many cases wait for somebody when a working day is over; None when nobody was asked any."""
        people = sum(people for people, _ in self.waiting)
        return sum(cases for _, cases in self.waiting) / people if people else None

    def as_json(self) -> dict[str, Any]:
        mean = self.backlog_mean
        return {
            "shown": self.shown,
            "answered": self.answered,
            "right": self.right,
            "backlog_mean": None if mean is None else round(mean, 2),
        }


NOTHING = Recalled(shown=0, answered=0, right=0)


def right_answers(library: Library) -> frozenset[str]:
    """Return the texts of the buttons that are the right answer to a case, in both languages."""
    every: list[Lesson | RecallCard] = [*library.recall_cards.values(), *library.lessons.values()]
    return frozenset(
        lettered(index, choice, Words(language), most=LONGEST_BUTTON)
        for case in map(case_of, every)
        if case is not None
        for index, choice in enumerate(case.choices)
        if choice.right
        for language in LANGUAGES
    )


def recalled(started: Iterable[Card], answers: Iterable[bool], waiting: Sequence[tuple[int, int]]) -> Recalled:
    """Return how it went: of the messages we started, and whether each answer was right."""
    given = list(answers)
    shown = sum(asks_a_case(card) for card in started)
    return Recalled(shown=shown, answered=len(given), right=sum(given), waiting=tuple(waiting))


def asks_a_case(card: Card) -> bool:
    return any(button.action == ACTION for part in card.parts if isinstance(part, Buttons) for button in part.buttons)
