"""The back-off's facts about a day: what it means for people of a cadence who have been silent."""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.calendar import Calendar, on
from scheduler.weeks import monday_of, three_a_week
from storage.planning import DueCadence
from storage.silence import Quietness
from storage.tables.people import Pace

LONGEST_CLOSURE_DAYS = 60


def quietness_of(cadence: DueCadence, calendar: Calendar, day: date) -> Quietness:
    """Return what the back-off (2, 5, 10 unanswered) must know about `day`."""
    first_of_week = next(
        (other for other in _days_from(monday_of(day), 1, 7) if _is_open(cadence, calendar, other)), None
    )
    previous = next(
        (
            other
            for other in _days_from(day - timedelta(days=1), -1, LONGEST_CLOSURE_DAYS)
            if _is_open(cadence, calendar, other)
        ),
        day - timedelta(days=LONGEST_CLOSURE_DAYS),
    )
    return Quietness(
        previous_working_day=previous,
        is_one_of_three=day.weekday() in three_a_week(cadence.days),
        is_first_of_week=day == first_of_week,
        is_weekly=cadence.pace is Pace.MONDAYS,
    )


def _days_from(first: date, step: int, count: int) -> Iterator[date]:
    return (first + timedelta(days=step * offset) for offset in range(count))


def _is_open(cadence: DueCadence, calendar: Calendar, day: date) -> bool:
    return on(cadence.days, day) and calendar.why_closed(day, cadence.slot) is None
