"""Recall cards: a decision in a case, met again some time later. What is asked is a choice, never a definition."""

from collections import Counter
from typing import Self

from pydantic import Field, model_validator

from lessons.models import Case, Choice, Content, Lesson, LessonId, Role, Text, Words, misfits_of_choices

RECALL_CARD = "recall card"
"""What an author knows it as."""


class RecallHead(Content):
    """The YAML head of a recall card's file."""

    id: LessonId = Field(description="The name of the card, the same as the file's name without .md.")
    roles: tuple[Role, ...] = Field(min_length=1, description="Who the case suits.")
    behaviour: str = Field(description="A key under `behaviours` in taxonomy.yaml.")
    source: Words = Field(description="Where the claim in `reason` comes from: author, year, title, DOI or publisher.")


class RecallCard(RecallHead):
    title: Text
    case: Text
    choices: tuple[Choice, ...]
    reason: Text

    @model_validator(mode="after")
    def _has_its_choices(self) -> Self:
        parts = Counter("right choice" if choice.right else "choice" for choice in self.choices)
        if misfits := misfits_of_choices(RECALL_CARD, parts):
            raise ValueError(" ".join(misfits.values()))
        return self


def case_of(source: Lesson | RecallCard) -> Case | None:
    """Return the case of a recall card or a quiz; None for a lesson of another kind."""
    if isinstance(source, RecallCard):
        case, reason = source.case, source.reason
    elif source.reason is not None:  # No other lesson than a quiz has one.
        case, reason = source.do, source.reason
    else:
        return None
    return Case(
        id=source.id,
        title=source.title,
        case=case,
        choices=source.choices,
        reason=reason,
        behaviour=source.behaviour,
        roles=source.roles,
    )
