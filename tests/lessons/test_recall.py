"""When a recall card comes back: as the package says, one a day, the most forgotten first."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from fsrs import Card, Rating, Scheduler

from bench.recall_weeks import Weeks, eight_weeks
from lessons.recall import LONGEST_INTERVAL_DAYS, RETENTION, Memory, likely_right, most_forgotten, review

MONDAY = date(2026, 1, 5)


def days_it_comes(answers: list[bool]) -> list[int]:
    """The days from the first on which a card comes that is answered on the day it is due."""
    memory, days = None, []
    for right in answers:
        on = memory.due_on if memory else MONDAY
        days.append((on - MONDAY).days)
        memory = review(memory, right=right, on=on)
    return days


def test_a_card_answered_right_each_time_comes_ever_more_seldom_but_within_ninety_days() -> None:
    assert days_it_comes([True] * 6) == [0, 4, 35, 125, 215, 305]


def test_a_card_answered_wrong_first_comes_back_the_next_day() -> None:
    assert days_it_comes([False, True, True, True, True, True]) == [0, 1, 5, 22, 83, 173]


def test_a_forgotten_card_comes_back_soon_and_does_not_begin_from_nothing() -> None:
    days = days_it_comes([True, True, False, True, True])

    assert days[3] - days[2] < 7
    assert days[4] - days[3] > 4


def test_intervals_are_the_packages_own_for_ten_thousand_histories() -> None:
    """The package by itself on one card each, beside ours, which keeps nothing of it but a Memory."""
    scheduler = Scheduler(
        desired_retention=0.85, learning_steps=(), relearning_steps=(), maximum_interval=90, enable_fuzzing=False
    )
    chance = Random(6)
    for _ in range(10_000):
        day = MONDAY + timedelta(days=chance.randrange(365))
        card, memory = Card(card_id=1), None
        for _ in range(chance.randint(1, 6)):
            right = chance.random() < 0.7
            at = datetime.combine(day, time(), tzinfo=UTC)
            card, _ = scheduler.review_card(card, Rating.Good if right else Rating.Again, at)
            memory = review(memory, right=right, on=day)
            assert memory.due_on - day == card.due - at
            assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
            # Early, on the day, late, and sometimes twice in a day.
            day += timedelta(days=chance.choice([0, 1, (memory.due_on - day).days, chance.randrange(200)]))


def test_who_answers_in_the_afternoon_and_the_next_morning_has_waited_a_day() -> None:
    first = review(None, right=False, on=MONDAY)

    assert first.due_on == MONDAY + timedelta(days=1)
    assert review(first, right=True, on=first.due_on).due_on == MONDAY + timedelta(days=5)


def test_a_card_is_due_when_it_has_become_as_unlikely_as_we_let_it() -> None:
    memory = review(review(None, right=True, on=MONDAY), right=True, on=MONDAY + timedelta(days=4))

    assert likely_right(memory, on=memory.last_on) == 1
    assert likely_right(memory, on=memory.due_on) == pytest.approx(RETENTION, abs=0.01)


def test_only_the_most_forgotten_of_those_that_are_due_is_shown() -> None:
    fresh = Memory(stability=20, difficulty=5, due_on=MONDAY, last_on=MONDAY - timedelta(days=10))
    faded = Memory(stability=5, difficulty=5, due_on=MONDAY, last_on=MONDAY - timedelta(days=10))
    not_due = Memory(stability=0.5, difficulty=5, due_on=MONDAY + timedelta(days=1), last_on=MONDAY - timedelta(days=9))

    assert most_forgotten({"fresh": fresh, "faded": faded, "not due": not_due}, on=MONDAY) == "faded"
    assert most_forgotten({"not due": not_due}, on=MONDAY) is None
    assert most_forgotten({}, on=MONDAY) is None


def test_no_interval_is_longer_than_ninety_days() -> None:
    memory = None
    for _ in range(12):
        on = memory.due_on if memory else MONDAY
        memory = review(memory, right=True, on=on)
        assert (memory.due_on - on).days <= LONGEST_INTERVAL_DAYS


@pytest.mark.parametrize(
    ("cards", "reviews", "backlog", "recall"),
    [(12, (19, 23), (1.5, 2.6), (0.87, 0.92)), (30, (24, 27), (9.5, 12), (0.78, 0.84))],
)
def test_twelve_cards_in_eight_weeks_are_kept_up_with_and_thirty_are_not(
    cards: int, reviews: tuple[float, float], backlog: tuple[float, float], recall: tuple[float, float]
) -> None:
    """The simulation in our notes on learning: 21 reviews, a backlog of 2 and recall 0.88 with 12 cards; 11 with 30."""
    weeks: Weeks = eight_weeks(cards, people=60, chance=Random(1))

    assert reviews[0] <= weeks.reviews <= reviews[1]
    assert backlog[0] <= weeks.backlog <= backlog[1]
    assert recall[0] <= weeks.recall <= recall[1]
