"""A week's steps: each promised once, in order, never on a closed day."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar import Calendar, on
from scheduler.weeks import PlannedStep, first_monday, message_days, monday_of, three_a_week, week_number, week_plan
from storage.tables.deliveries import Reason
from storage.tables.people import Pace

MONDAY = date(2026, 3, 2)
FIVE = (1, 2, 3, 4, 5)


def plan(**fields: Any) -> list[PlannedStep]:
    usual: dict[str, Any] = {
        "steps": FIVE,
        "starts_on": MONDAY,
        "first_day": MONDAY,
        "days": 0b11111,
        "slot": time(8, 15),
        "pace": Pace.DAILY,
        "calendar": Calendar(),
    }
    return week_plan(fields.pop("monday", MONDAY), **(usual | fields))


def short(planned: list[PlannedStep]) -> list[tuple[int, str, Reason | None]]:
    return [(step.step, f"{step.day:%a}", step.reason) for step in planned]


def test_a_week_with_two_closed_days_explains_the_last_two_steps_there() -> None:
    closed = Calendar(closed=frozenset({date(2026, 3, 3), date(2026, 3, 5)}))
    assert short(plan(calendar=closed)) == [
        (1, "Mon", None),
        (2, "Wed", None),
        (3, "Fri", None),
        (4, "Tue", Reason.CLOSED_DAY),
        (5, "Thu", Reason.CLOSED_DAY),
    ]


def test_a_week_that_is_closed_altogether_explains_everything() -> None:
    closed = Calendar(closed=frozenset(MONDAY + timedelta(days=offset) for offset in range(5)))
    for pace in Pace:
        assert [step.reason for step in plan(calendar=closed, pace=pace)] == [Reason.CLOSED_DAY] * 5


@pytest.mark.parametrize(
    ("steps", "days"),
    [(1, "Mon"), (2, "Mon Wed"), (3, "Mon Tue Thu"), (4, "Mon Tue Wed Thu"), (5, "Mon Tue Wed Thu Fri")],
)
def test_a_few_steps_are_spread_over_the_week(steps: int, days: str) -> None:
    assert short(plan(steps=FIVE[:steps])) == [(step, day, None) for step, day in enumerate(days.split(), start=1)]


def test_a_few_steps_are_spread_over_the_days_that_are_left() -> None:
    assert short(plan(steps=(1, 2), starts_on=date(2026, 3, 3), first_day=date(2026, 3, 3))) == [
        (1, "Tue", None),
        (2, "Thu", None),
    ]
    assert short(plan(steps=(1, 2, 3), days=0b10100)) == [
        (1, "Wed", None),
        (2, "Fri", None),
        (3, "Mon", Reason.OWN_DAY_OFF),
    ]


def test_three_a_week_gets_a_week_of_three_whole_on_its_own_days() -> None:
    assert short(plan(steps=(1, 2, 3), pace=Pace.THREE)) == [(1, "Mon", None), (2, "Tue", None), (3, "Thu", None)]
    closed = Calendar(closed=frozenset({date(2026, 3, 3)}))
    assert short(plan(steps=(1, 2, 3), pace=Pace.THREE, calendar=closed)) == [
        (1, "Mon", None),
        (2, "Thu", None),
        (3, "Tue", Reason.CLOSED_DAY),
    ]
    assert [step.reason for step in plan(steps=(1, 2, 3, 4), pace=Pace.THREE)] == [None, None, Reason.PACE, None]
    assert short(plan(steps=(1, 2, 3), pace=Pace.THREE, days=0b10100)) == [
        (1, "Wed", None),
        (2, "Fri", None),
        (3, "Mon", Reason.OWN_DAY_OFF),
    ]


@pytest.mark.parametrize(
    ("works", "three"),
    [
        (0b11111, {0, 1, 3}),
        (0b11110, {1, 3, 4}),
        (0b10111, {0, 1, 4}),
        (0b00111, {0, 1, 2}),
        (0b10100, {0, 2, 4}),
        (0b00001, {0, 1, 3}),
    ],
)
def test_three_a_week_are_ones_own_days_as_far_as_they_go(works: int, three: set[int]) -> None:
    assert three_a_week(works) == three


def test_more_steps_than_weekdays_are_explained_by_the_pace() -> None:
    assert short(plan(steps=(1, 2, 3, 4, 5, 6, 7)))[5:] == [(6, "Fri", Reason.PACE), (7, "Fri", Reason.PACE)]


@pytest.mark.parametrize(
    ("starts_on", "day", "week"),
    [
        (MONDAY, date(2026, 3, 6), 1),
        (MONDAY, date(2026, 3, 9), 2),
        (MONDAY, date(2026, 3, 1), 0),
        (date(2026, 3, 5), date(2026, 3, 2), 1),
        (date(2026, 3, 7), date(2026, 3, 6), 0),
        (date(2026, 3, 7), date(2026, 3, 9), 1),
    ],
)
def test_a_week_of_the_programme_is_a_calendar_week(starts_on: date, day: date, week: int) -> None:
    assert week_number(day, starts_on=starts_on) == week


rhythms = st.fixed_dictionaries(
    {
        "days": st.integers(1, 31),
        "slot": st.sampled_from([time(8, 15), time(12, 45)]),
        "pace": st.sampled_from(list(Pace)),
        "calendar": st.builds(
            Calendar,
            closed=st.frozensets(st.dates(MONDAY, date(2026, 7, 1)), max_size=60),
            squeeze_days=st.booleans(),
            half_eves=st.booleans(),
        ),
    }
)


@given(rhythm=rhythms, week=st.integers(0, 16), starts=st.integers(0, 6), steps=st.integers(1, 7))
def test_each_week_promises_each_step_once_in_order_and_none_on_a_closed_day(
    rhythm: dict[str, Any], week: int, starts: int, steps: int
) -> None:
    starts_on = MONDAY + timedelta(weeks=week, days=starts)
    monday = first_monday(starts_on)
    numbers = range(10, 10 + steps)
    planned = plan(monday=monday, starts_on=starts_on, first_day=date.min, steps=numbers, **rhythm)
    assert [step.step for step in planned] == list(numbers)
    sent = [step for step in planned if step.reason is None]
    assert [step.day for step in sent] == sorted(step.day for step in sent)
    for step in sent:
        assert on(rhythm["days"], step.day)
        assert rhythm["calendar"].why_closed(step.day, rhythm["slot"]) is None
        assert step.day >= starts_on
    carriers = [step.day for step in sent if step.carrier]
    assert len(set(carriers)) == len(carriers)
    allowed = message_days(
        monday, starts_on=starts_on, **{name: rhythm[name] for name in ("days", "slot", "pace", "calendar")}
    )
    assert set(carriers) <= set(allowed)
    assert all(monday_of(step.day) == monday or step.day == starts_on for step in planned)


@given(rhythm=rhythms, joins=st.integers(0, 4))
def test_whoever_joins_late_is_promised_what_the_others_get_from_then_on(rhythm: dict[str, Any], joins: int) -> None:
    first_day = MONDAY + timedelta(days=joins)
    everybody = plan(first_day=MONDAY, **rhythm)
    assert plan(first_day=first_day, **rhythm) == [step for step in everybody if step.day >= first_day]
