"""When a recall card comes back: FSRS-6 with its default parameters, in whole days.

Two grades only, right and wrong. Who answers on Monday afternoon and on Tuesday morning has waited a day, so what is
counted are a person's own days, not hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler, State

RETENTION = 0.85
"""A card comes back when it is this likely to be answered right."""
LONGEST_INTERVAL_DAYS = 90

_MIDNIGHT = time(tzinfo=UTC)
_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_INTERVAL_DAYS,
    enable_fuzzing=False,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What is known of one person and one card that has been answered."""

    stability: float
    """Days until it is 90 per cent likely to be answered right."""
    difficulty: float
    """From 1, easy, to 10."""
    due_on: date
    last_on: date


def review(memory: Memory | None, *, right: bool, on: date) -> Memory:
    """Return what is known after an answer; `memory` is None the first time. `due_on` may be a closed day."""
    at = _moment(on)
    card = Card(card_id=0, due=at) if memory is None else _card(memory)
    card, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, at)
    if card.stability is None or card.difficulty is None:
        raise ValueError("a card that was reviewed has neither stability nor difficulty")
    return Memory(stability=card.stability, difficulty=card.difficulty, due_on=card.due.date(), last_on=on)


def likely_right(memory: Memory, *, on: date) -> float:
    """Return how likely it is, from 0 to 1, that the card is answered right on this day."""
    return _SCHEDULER.get_card_retrievability(_card(memory), _moment(on))


def most_forgotten(memories: Mapping[str, Memory], *, on: date) -> str | None:
    """Return the id of the one due card that is least likely to be answered right; None when none is due.

    The others wait, unseen: nobody is shown how many there are.
    """
    due = [card_id for card_id, memory in memories.items() if memory.due_on <= on]
    return min(due, key=lambda card_id: likely_right(memories[card_id], on=on), default=None)


def _card(memory: Memory) -> Card:
    last_at = _moment(memory.last_on)
    return Card(
        card_id=0,  # Without one, the package sleeps a millisecond to find its own.
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=last_at,  # Nothing that is asked of the package here depends on it.
        last_review=last_at,
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, _MIDNIGHT)
