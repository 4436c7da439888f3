"""Which case is asked next: one a day, the most forgotten first, and nobody is asked the same thing day after day."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from lessons.recall import Memory, review
from lessons.recall_order import begins_on, next_case

MONDAY = date(2026, 3, 9)
ORDER = ("A", "B", "C")


def asked_next(
    on: date,
    *,
    memories: Mapping[str, Memory] | None = None,
    shown_on: Mapping[str, date] | None = None,
    can_begin: Collection[str] = ORDER,
) -> str | None:
    shown = {card: memory.last_on for card, memory in (memories or {}).items()} | dict(shown_on or {})
    return next_case(ORDER, memories=memories or {}, shown_on=shown, can_begin=can_begin, on=on)


def answered(on: date, *, right: bool = True) -> Memory:
    return review(None, right=right, on=on)


def test_new_cases_come_in_the_programmes_order_as_they_can_begin() -> None:
    assert asked_next(MONDAY) == "A"
    assert asked_next(MONDAY, can_begin=["C", "B"]) == "B"
    assert asked_next(MONDAY, can_begin=[]) is None


def test_what_is_due_goes_before_what_is_new_and_the_most_forgotten_first() -> None:
    memories = {"B": answered(MONDAY), "C": answered(MONDAY, right=False)}
    friday = MONDAY + timedelta(days=4)
    assert asked_next(friday, memories=memories) == "C"
    assert asked_next(friday, memories={"B": memories["B"]}) == "B"


def test_before_it_is_due_it_waits_and_something_new_is_asked() -> None:
    assert asked_next(MONDAY + timedelta(days=3), memories={"A": answered(MONDAY)}) == "B"


def test_what_was_shown_and_left_alone_is_let_be_for_a_week() -> None:
    assert asked_next(MONDAY + timedelta(days=1), shown_on={"A": MONDAY}) == "B"
    assert asked_next(MONDAY + timedelta(days=6), shown_on={"A": MONDAY}, can_begin=["A"]) is None
    assert asked_next(MONDAY + timedelta(days=7), shown_on={"A": MONDAY}) == "A"


def test_one_that_is_due_and_was_left_alone_is_let_be_too() -> None:
    forgotten = answered(MONDAY, right=False)
    tuesday = MONDAY + timedelta(days=1)
    assert asked_next(tuesday, memories={"A": forgotten}) == "A"
    left_alone = {"memories": {"A": forgotten}, "shown_on": {"A": tuesday}, "can_begin": ()}
    assert asked_next(tuesday + timedelta(days=6), **left_alone) is None  # type: ignore[arg-type]
    assert asked_next(tuesday + timedelta(days=7), **left_alone) == "A"  # type: ignore[arg-type]


def test_what_the_programme_no_longer_has_is_not_asked() -> None:
    assert asked_next(MONDAY, memories={"X": answered(MONDAY - timedelta(days=30))}, can_begin=()) is None


def test_nothing_is_asked_before_the_monday_of_the_second_week() -> None:
    assert begins_on(date(2026, 3, 2)) == MONDAY
    assert begins_on(date(2026, 3, 5)) == MONDAY
