"""Recall: scheduling cards through our own small type against bare calls of the package, and eight weeks simulated.

python -m bench.recall [--small]
"""

import gc
import sys
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import median
from time import process_time

from fsrs import Card, Rating, Scheduler

from bench.figures import Figure, report, say
from bench.recall_weeks import eight_weeks
from lessons.recall import LONGEST_INTERVAL_DAYS, RETENTION, review

HISTORIES, SMALL_HISTORIES = 10_000, 200
ANSWERS = 6
TIMES = 7
PEOPLE, SMALL_PEOPLE = 300, 20

History = list[tuple[date, bool]]


def main(*, small: bool) -> None:
    chance = Random(1)
    histories = [_history(chance) for _ in range(SMALL_HISTORIES if small else HISTORIES)]
    say(f"recall: {len(histories)} histories of {ANSWERS} answers, {TIMES} times, ours and the bare package in turn")
    pairs = [(_seconds_of_ours(histories), _seconds_of_bare(histories)) for _ in range(TIMES)]
    value, baseline = (median(column) / len(histories) / ANSWERS * 1e6 for column in zip(*pairs, strict=True))
    report(Figure(name="recall.review", value=value, unit="µs", baseline=baseline))
    people = SMALL_PEOPLE if small else PEOPLE
    for cards in (12, 30):
        say(f"recall: eight weeks with {cards} cards, {people} people")
        weeks = eight_weeks(cards, people=people, chance=chance)
        report(
            Figure(name=f"recall.reviews_of_{cards}", value=weeks.reviews, unit="reviews"),
            Figure(name=f"recall.backlog_of_{cards}", value=weeks.backlog, unit="cards"),
            Figure(name=f"recall.recall_of_{cards}", value=weeks.recall, unit="share"),
        )


def _history(chance: Random) -> History:
    """Answers on days of which some are early, some late."""
    day = date(2026, 1, 5)
    history = []
    for _ in range(ANSWERS):
        history.append((day, chance.random() < 0.8))
        day += timedelta(days=chance.randint(1, 60))
    return history


def _seconds_of_ours(histories: list[History]) -> float:
    gc.collect()
    began = process_time()
    for history in histories:
        memory = None
        for day, right in history:
            memory = review(memory, right=right, on=day)
    return process_time() - began


def _seconds_of_bare(histories: list[History]) -> float:
    """As somebody does who keeps the package's own card between the answers, and has only its days as days."""
    scheduler = Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_INTERVAL_DAYS,
        enable_fuzzing=False,
    )
    gc.collect()
    began = process_time()
    for history in histories:
        card = Card(card_id=1)
        for day, right in history:
            at = datetime.combine(day, time(), tzinfo=UTC)
            card, _ = scheduler.review_card(card, Rating.Good if right else Rating.Again, at)
    return process_time() - began


if __name__ == "__main__":
    main(small="--small" in sys.argv)
