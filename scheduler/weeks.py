"""One week's promises for people who share a rhythm, a cohort and a first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.calendar import Calendar, on
from storage.tables.deliveries import Reason
from storage.tables.people import Pace

THREE_A_WEEK = frozenset({0, 1, 3})
"""Monday, Tuesday, Thursday."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStep:
    """A step promised on `day`: to be sent (`reason` is None), or explained at once.

    `carrier` says that it is the message itself; otherwise it rides on the carrier of its day.
    """

    step: int
    day: date
    reason: Reason | None
    carrier: bool = True


def week_plan(
    monday: date,
    *,
    steps: Sequence[int],
    starts_on: date,
    first_day: date,
    days: int,
    slot: time,
    pace: Pace,
    calendar: Calendar,
) -> list[PlannedStep]:
    """Return each of the week's `steps` once, in order of step, except those whose day lies before `first_day`.

    The n-th step goes to the n-th open day of the person's own, counted from `starts_on`; gathered on Mondays, all go
    to the first such day. Steps without a day of their own are promised on the days that fell away, in order, with that
    day's reason; what fell away before `starts_on` is accounted for on that day.
    """
    weekdays = [monday + timedelta(days=offset) for offset in range(5)]
    own = [day for day in weekdays if day >= starts_on and _why_not(day, days, slot, calendar) is None]
    away = sorted(set(weekdays) - set(own), key=lambda day: (day < starts_on, day))
    if pace is Pace.MONDAYS and own:
        promised = [
            PlannedStep(step=step, day=own[0], reason=None, carrier=index == 0) for index, step in enumerate(steps)
        ]
    else:
        promised = [_sent(step, day, pace) for step, day in zip(steps, own, strict=False)]
        promised += [
            _fallen_away(step, day, starts_on=starts_on, reason=_why_not(day, days, slot, calendar))
            for step, day in zip(steps[len(own) :], away, strict=False)
        ]
        # A week with more steps than weekdays: the pace has no room for the rest.
        promised += [
            PlannedStep(step=step, day=max(weekdays[-1], starts_on), reason=Reason.PACE)
            for step in steps[len(weekdays) :]
        ]
    return [planned for planned in promised if planned.day >= first_day]


def message_days(monday: date, *, starts_on: date, days: int, slot: time, pace: Pace, calendar: Calendar) -> list[date]:
    """Return the days of the week when somebody with this rhythm may get a message that we start."""
    weekdays = (monday + timedelta(days=offset) for offset in range(5))
    own = [day for day in weekdays if day >= starts_on and _why_not(day, days, slot, calendar) is None]
    match pace:
        case Pace.DAILY:
            return own
        case Pace.THREE:
            return [day for day in own if day.weekday() in THREE_A_WEEK]
        case Pace.MONDAYS:
            return own[:1]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_monday(starts_on: date) -> date:
    """Return the Monday of week one. A start on a weekend means the week after it."""
    return monday_of(starts_on + timedelta(days=2))


def week_number(day: date, *, starts_on: date) -> int:
    """Return which week of the programme `day` is in: 1 is the week of `starts_on`, 0 and less is before."""
    return (monday_of(day) - first_monday(starts_on)).days // 7 + 1


def _sent(step: int, day: date, pace: Pace) -> PlannedStep:
    quiet = pace is Pace.THREE and day.weekday() not in THREE_A_WEEK
    return PlannedStep(step=step, day=day, reason=Reason.PACE if quiet else None)


def _fallen_away(step: int, day: date, *, starts_on: date, reason: Reason | None) -> PlannedStep:
    if day < starts_on:
        return PlannedStep(step=step, day=starts_on, reason=Reason.BEFORE_START)
    return PlannedStep(step=step, day=day, reason=reason)


def _why_not(day: date, days: int, slot: time, calendar: Calendar) -> Reason | None:
    return calendar.why_closed(day, slot) if on(days, day) else Reason.OWN_DAY_OFF
