"""A relay's timeline: its legs one after the other, each on its own team's calendar. Pure.

A leg is a round of the relay's challenge. The next begins on its team's first working day after the last day of the one
before; when the one before takes longer it begins later, and never earlier than was planned.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from lessons.challenges import Challenge
from scheduler.calendar import DAY_BEGINS, DAY_ENDS, Calendar, TooFewDays, slot_moment
from scheduler.timeline import CannotStart, ClockBeforeSlot, TeamDays, Timeline, lay_out
from storage.moments import local_day

FEWEST_TEAMS = 3
MOST_TEAMS = 6
PATIENCE_DAYS = 2
"""Working days: to say that the baton has come, to write it after all, and for a message to be brought."""
CLOSING_DAYS = 5
"""Working days from the end of the last leg to the closing day, unless somebody chooses another."""
IN_TIME = time(10, 0)
"""When a team hears of its steps whose own hour, changed since, has become too late for what opens in them."""
LONGEST_AWAY = timedelta(weeks=13)
"""A team may be there so much later than it would without closed days of its own: a long summer, and not half a year.
The others wait no longer for it."""
ONE_DAY = timedelta(days=1)


class CannotLayOut(ValueError):
    """A leg cannot be laid out; `cause` says why. `position` counts from 1."""

    def __init__(self, position: int, cause: CannotStart | ClockBeforeSlot | TooFewDays) -> None:
        super().__init__(f"leg {position}: {cause}")
        self.position = position
        self.cause = cause


def lay_out_relay(
    challenge: Challenge, starts_on: date, teams: Sequence[TeamDays], now: datetime
) -> tuple[Timeline, ...]:
    """Return the days of each leg as they are planned, in order. Raises CannotLayOut."""
    legs: list[Timeline] = []
    for position, days in enumerate(teams, start=1):
        day_before = legs[-1].ends_on if legs else starts_on - ONE_DAY
        try:
            check_days(days, day_before, challenge.length)
            legs.append(lay_out(challenge, days.after(day_before, 1) if legs else starts_on, days, now))
        except (CannotStart, ClockBeforeSlot, TooFewDays) as cause:
            raise CannotLayOut(position, cause) from cause
    return tuple(legs)


def lay_out_next(challenge: Challenge, planned_on: date, days: TeamDays, now: datetime) -> Timeline:
    """Return the days of a leg to which the baton has just come: from the team's next working day on, and not before
    it was planned. Raises TooFewDays."""
    check_days(days, _day_before(days, planned_on, now), challenge.length)
    first = first_day(days, planned_on, now)
    try:
        return lay_out(challenge, first, days, now)
    except ClockBeforeSlot:
        return lay_out(challenge, first, TeamDays(calendar=days.calendar, slot=IN_TIME, zone=days.zone), now)


def first_day(days: TeamDays, planned_on: date, now: datetime) -> date:
    """Return the team's first working day that is later than today, and not before `planned_on`."""
    return days.after(_day_before(days, planned_on, now), 1)


def check_days(days: TeamDays, day: date, count: int) -> None:
    """Raises TooFewDays, where nobody waits for so many of the team's working days after `day`."""
    if not _are_waited_for(days, day, count):
        raise TooFewDays(f"nobody waits for {count} days after {day}")


def expected(
    planned_on: Sequence[date], teams: Sequence[TeamDays], delayed_until: date, length: int
) -> list[tuple[date, date]]:
    """Return the first and last days of the legs still to come, as it looks now: none begins before it was planned, and
    the leg before them is over on `delayed_until`. Each is `length` of its team's days as they are by now: they may
    have been changed since it was planned."""
    found: list[tuple[date, date]] = []
    for first, days in zip(planned_on, teams, strict=True):
        begins = day_after(days, max(first - ONE_DAY, delayed_until), 1)
        delayed_until = day_after(days, begins, length - 1)
        found.append((begins, delayed_until))
    return found


def day_after(days: TeamDays, day: date, count: int) -> date:
    """As `TeamDays.after`. Of a calendar whose days come too late, or never, every common one counts: a leg cannot be
    laid out on it, and neither the other teams nor the end of a round wait for it."""
    return days.after(day, count) if _are_waited_for(days, day, count) else _common(days).after(day, count)


def days_later(days: TeamDays, now: datetime, count: int) -> datetime:
    """Return the team's hour on its `count`-th working day after today."""
    return days.slot_on(day_after(days, local_day(now, days.zone), count))


def reminding(days: TeamDays, starts_on: date) -> datetime:
    """Return when a team is reminded that it has the baton: at its hour on the second working day of its leg. On the
    first one its step asks the same."""
    return days.slot_on(day_after(days, starts_on, 1))


def open_on(days: TeamDays, day: date) -> datetime:
    """Return the team's hour on `day`, or on its first working day after it."""
    return days.slot_on(day_after(days, day - ONE_DAY, 1))


def tellable(days: TeamDays, now: datetime) -> datetime:
    """Return when a team can be told something: now while it is at work, else at its hour on its next working day."""
    today = local_day(now, days.zone)
    if days.why_closed(today) is not None:
        return days.slot_on(day_after(days, today, 1))
    if now < slot_moment(today, DAY_BEGINS, days.zone):
        return days.slot_on(today)
    return now if now < slot_moment(today, DAY_ENDS, days.zone) else days.slot_on(day_after(days, today, 1))


def late_after(days: TeamDays, due_at: datetime) -> datetime:
    """Return until when it is worth telling: the end of the second working day after."""
    return slot_moment(day_after(days, local_day(due_at, days.zone), PATIENCE_DAYS), DAY_ENDS, days.zone)


def _day_before(days: TeamDays, planned_on: date, now: datetime) -> date:
    """Return the day after which a leg that has just got the baton begins."""
    return max(local_day(now, days.zone), planned_on - ONE_DAY)


def _are_waited_for(days: TeamDays, day: date, count: int) -> bool:
    """Whether so many of the team's working days after `day` come in time for those who wait for them."""
    try:
        return days.after(day, count) - _common(days).after(day, count) <= LONGEST_AWAY
    except TooFewDays:
        return False


def _common(days: TeamDays) -> TeamDays:
    """Return the team's days without closed ones of its own."""
    return replace(days, calendar=Calendar())
