"""Eight weeks with recall cards, simulated: one question a day at most, and three days in ten without an answer.

A card is met for the first time with its lesson; the lessons lie evenly over the forty working days. Seven people in
ten are right the first time. From then on people are right as often as the memory model says.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import mean

from lessons.recall import Memory, likely_right, most_forgotten, review

MONDAY = date(2026, 1, 5)
DAYS = [day for day in (MONDAY + timedelta(days=number) for number in range(56)) if day.weekday() < 5]
SKIPPED = 0.3
RIGHT_AT_FIRST = 0.7


@dataclass(frozen=True, kw_only=True, slots=True)
class Weeks:
    """Of one person, on average. The first meeting with a card is no review."""

    reviews: float
    backlog: float
    """Cards that are due on a working day, before the day's question."""
    recall: float
    """How likely a card that has been met is answered right, over all cards and days."""


def eight_weeks(cards: int, *, people: int, chance: Random) -> Weeks:
    met_on = {f"card {number}": DAYS[number * len(DAYS) // cards] for number in range(cards)}
    reviews = 0
    backlog: list[int] = []
    recall: list[float] = []
    for _ in range(people):
        memories: dict[str, Memory] = {}
        for day in DAYS:
            for card_id in (card_id for card_id, met in met_on.items() if met == day):
                memories[card_id] = review(None, right=chance.random() < RIGHT_AT_FIRST, on=day)
            backlog.append(sum(memory.due_on <= day for memory in memories.values()))
            shown = most_forgotten(memories, on=day)
            if shown is not None and chance.random() >= SKIPPED:
                right = chance.random() < likely_right(memories[shown], on=day)
                memories[shown] = review(memories[shown], right=right, on=day)
                reviews += 1
            recall += [likely_right(memory, on=day) for memory in memories.values()]
    return Weeks(reviews=reviews / people, backlog=mean(backlog), recall=mean(recall))
