"""One week's promises for people who share a rhythm, a cohort and a first day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice

from scheduler.calendar import Calendar, on
from storage.tables.deliveries import Reason
from storage.tables.people import Pace

THREE_A_WEEK = (0, 1, 3, 4, 2)
"""Monday, Tuesday, Thursday; for whoever is away on one of them, Friday or Wednesday instead."""
A_WEEK = timedelta(weeks=1)
NO_REST = Calendar()


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

    The steps are spread over the open days of the person's own, counted from `starts_on`; gathered on Mondays, all go
    to the first such day. Steps without a day of their own are promised on the days that fell away, in order, with that
    day's reason; what fell away before `starts_on` is accounted for on that day. Three a week gets a week of at most
    three steps whole, on its own days.
    """
    weekdays = [monday + timedelta(days=offset) for offset in range(5)]
    three = three_a_week(days)
    if pace is Pace.THREE and len(steps) <= len(three):
        weekdays = [day for day in weekdays if day.weekday() in three]
    own = [day for day in weekdays if day >= starts_on and _why_not(day, days, slot, calendar) is None]
    away = sorted(set(weekdays) - set(own), key=lambda day: (day < starts_on, day))
    if pace is Pace.MONDAYS and own:
        promised = [
            PlannedStep(step=step, day=own[0], reason=None, carrier=index == 0) for index, step in enumerate(steps)
        ]
    else:
        quiet = frozenset(range(5)) - three if pace is Pace.THREE else frozenset()
        promised = [_sent(step, day, quiet) for step, day in zip(steps, _spread(len(steps), own), strict=False)]
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
            return [day for day in own if day.weekday() in three_a_week(days)]
        case Pace.MONDAYS:
            return own[:1]


def three_a_week(days: int) -> frozenset[int]:
    """Return the weekdays (0 is Monday) of three messages a week for somebody who works on these days (bits): their
    own as far as they go."""
    return frozenset(sorted(THREE_A_WEEK, key=lambda day: not days >> day & 1)[:3])


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_monday(starts_on: date) -> date:
    """Return the Monday of week one. A start on a weekend means the week after it."""
    return monday_of(starts_on + timedelta(days=2))


def mondays(starts_on: date, calendar: Calendar) -> Iterator[date]:
    """Yield the Monday of each week of a programme, without end: the weeks in which it rests are passed over."""
    monday = first_monday(starts_on)
    while True:
        if not calendar.rests_in_week_of(monday):
            yield monday
        monday += A_WEEK


def monday_of_week(number: int, *, starts_on: date, calendar: Calendar) -> date:
    """Return the Monday of the programme's week `number`, from 1 on."""
    return next(islice(mondays(starts_on, calendar), number - 1, None))


def weeks_over(day: date, *, starts_on: date, calendar: Calendar) -> int:
    """Return how many weeks of the programme lie before the one `day` is in; less than none is before the first."""
    first, this = first_monday(starts_on), monday_of(day)
    over = (this - first).days // 7
    resting = (first + A_WEEK * week for week in range(over)) if calendar.resting else ()
    return over - sum(map(calendar.rests_in_week_of, resting))


def week_number(day: date, *, starts_on: date, calendar: Calendar = NO_REST) -> int | None:
    """Return which week of the programme `day` is in: 1 is the week of `starts_on`, 0 and less is before. None when the
    programme rests that week."""
    if calendar.rests_in_week_of(monday_of(day)):
        return None
    return weeks_over(day, starts_on=starts_on, calendar=calendar) + 1


def _spread(steps: int, days: Sequence[date]) -> Sequence[date]:
    """Return as many of the days as there are steps, as far apart as they can be; all of them when there are more."""
    return days if steps >= len(days) else [days[step * len(days) // steps] for step in range(steps)]


def _sent(step: int, day: date, quiet: frozenset[int]) -> PlannedStep:
    return PlannedStep(step=step, day=day, reason=Reason.PACE if day.weekday() in quiet else None)


def _fallen_away(step: int, day: date, *, starts_on: date, reason: Reason | None) -> PlannedStep:
    if day < starts_on:
        return PlannedStep(step=step, day=starts_on, reason=Reason.BEFORE_START)
    return PlannedStep(step=step, day=day, reason=reason)


def _why_not(day: date, days: int, slot: time, calendar: Calendar) -> Reason | None:
    return calendar.why_closed(day, slot) if on(days, day) else Reason.OWN_DAY_OFF
