"""Days that concern a person: today where they are, and their own working days ahead."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Protocol

from bot.conversation.visiting import Visit
from scheduler.calendar import Calendar, working_day_after
from scheduler.weeks import message_days, monday_of
from storage import looking_back, people
from storage.moments import local_day
from storage.tables.answers import FollowUp
from storage.tables.people import Pace

CalendarChoices = Mapping[str, Any] | None
"""A cohort's calendar as it is stored; None stands for that of the newest cohort the person is in."""
CUE_DAYS = 5
"""How many working days ahead are offered as the day of a cue."""
LONGEST_WAIT = 10
"""Working days that can lie between two with messages: three a week may all be red days in one."""


class Keeps(Protocol):
    """When somebody gets their exercises, as far as days are concerned."""

    @property
    def zone(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def pace(self) -> Pace: ...


def today(visit: Visit) -> date:
    return people.today(visit.session, visit.person, visit.now)


def working_day(
    visit: Visit, count: int, choices: CalendarChoices, *, after: date | None = None, keeps: Keeps | None = None
) -> date:
    """Return the person's `count`-th working day strictly after `after` (today if not given), and after their
    pause where that day is in it.

    `keeps` is the person's rhythm, where it has been read already.
    """
    rhythm = keeps or people.rhythm_of(visit.session, visit.person)
    today = local_day(visit.now, rhythm.zone)
    start = after or today
    if visit.person.paused_until is not None and people.is_paused(visit.person, start):
        start = visit.person.paused_until
    calendar = _calendar(visit, choices, today)
    try:
        return working_day_after(
            start, count, days=rhythm.days, slot=time.fromisoformat(rhythm.slot), calendar=calendar
        )
    except ValueError:  # a calendar that is closed all year: ask in a week, the planner explains the rest
        return start + timedelta(weeks=1)


def asking_day(
    visit: Visit, count: int, choices: CalendarChoices, *, after: date | None = None, keeps: Keeps | None = None
) -> date:
    """As `working_day`, or the next one on which the person's pace has messages: on others they are asked nothing."""
    rhythm = keeps or people.rhythm_of(visit.session, visit.person)
    day = working_day(visit, count, choices, after=after, keeps=rhythm)
    if rhythm.pace is Pace.DAILY:
        return day
    calendar = _calendar(visit, choices, local_day(visit.now, rhythm.zone))
    for _ in range(LONGEST_WAIT):
        if _has_messages(rhythm, day, calendar):
            break
        day = working_day(visit, 1, choices, after=day, keeps=rhythm)
    return day


def asked_on(visit: Visit, follow_up: FollowUp) -> date:
    """Return the day of a question that is to come: its own, or the first one after the person's pause."""
    if not people.is_paused(visit.person, follow_up.due_on):
        return follow_up.due_on
    choices = looking_back.calendar_of(visit.session, visit.person, follow_up.source_delivery_id)
    return asking_day(visit, 1, choices, after=follow_up.due_on)


def is_working_day(visit: Visit, day: date, choices: CalendarChoices) -> bool:
    return working_day(visit, 1, choices, after=day - timedelta(days=1)) == day


def cue_days(visit: Visit, choices: CalendarChoices) -> list[date]:
    """Return the next five working days, tomorrow at the earliest: today's morning has been."""
    days: list[date] = []
    for _ in range(CUE_DAYS):
        days.append(working_day(visit, 1, choices, after=days[-1] if days else None))
    return days


def _calendar(visit: Visit, choices: CalendarChoices, today: date) -> Calendar:
    choices = choices or looking_back.calendar_kept(visit.session, visit.person, today=today)
    return Calendar.from_choices(choices) if choices else Calendar()


def _has_messages(rhythm: Keeps, day: date, calendar: Calendar) -> bool:
    slot = time.fromisoformat(rhythm.slot)
    return day in message_days(
        monday_of(day), starts_on=date.min, days=rhythm.days, slot=slot, pace=rhythm.pace, calendar=calendar
    )
