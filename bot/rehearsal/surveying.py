"""The surveys of a rehearsal: how simulated people answer, and how many did."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.survey_forms import NAME as SURVEY
from bot.rehearsal.acts import Values

__all__ = ["SURVEY", "Surveyed", "answers_to_survey", "likely_answers", "surveyed"]

USUAL = 0.72
"""How far up a scale most answers are, whatever its length."""
SELDOM = 0.05
"""How likely any other answer is, one beside the scale too; the usual one is 1."""
LEFT_ALONE = 0.1
"""How often a question is passed over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surveyed:
    """A wave, of all cohorts together. Whoever is in neither of the last two left it as it was."""

    wave: str
    asked: int
    answered: int
    declined: int

    def as_json(self) -> dict[str, Any]:
        return {"wave": self.wave, "asked": self.asked, "answered": self.answered, "declined": self.declined}


def surveyed(waves: Sequence[tuple[str, int, int, int]]) -> tuple[Surveyed, ...]:
    return tuple(
        Surveyed(wave=wave, asked=asked, answered=answered, declined=declined)
        for wave, asked, answered, declined in waves
    )


def answers_to_survey(form: Form, lots: Random) -> Values:
    """Return an answer to most questions; what has been answered stays."""
    questions = [one for one in form.body if isinstance(one, ChoiceInput)]
    chosen = {one.name: one.initial[0] if one.initial else _some_option(one, lots) for one in questions}
    passed_over = {one.name for one in questions[1:] if not one.initial and lots.random() < LEFT_ALONE}
    return {name: "" if name in passed_over else value for name, value in chosen.items()}


def likely_answers(values: Sequence[str]) -> Mapping[str, float]:
    """Return how likely each of a message's answers is against the others to its question; 1 on average. `values` are
    those of the buttons, in order: what they answer, a colon, the answer."""
    by_question: dict[str, list[str]] = defaultdict(list)
    for value in values:
        by_question[value.rpartition(":")[0]].append(value)
    return {
        value: weight * len(answers) / sum(weights)
        for answers in by_question.values()
        for weights in [likely([one.rpartition(":")[2] for one in answers])]
        for value, weight in zip(answers, weights, strict=True)
    }


def likely(answers: Sequence[str]) -> list[float]:
    """Return how likely each answer to a question is. A number is a place on its scale; a word is beside it."""
    scale = sorted(int(one) for one in answers if one.isdecimal())
    return [SELDOM + (_nearness(scale.index(int(one)), len(scale)) if one.isdecimal() else 0) for one in answers]


def _nearness(place: int, places: int) -> float:
    return (1 - abs(place / max(1, places - 1) - USUAL)) ** 6


def _some_option(question: ChoiceInput, lots: Random) -> str:
    keys = [option.value for option in question.options]
    return lots.choices(keys, likely(keys))[0]
