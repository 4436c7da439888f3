"""Days that concern a person: today where they are, and their own working days ahead."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Protocol

from bot.conversation.visiting import Visit
from scheduler.calendar import Calendar, working_day_after
from storage import looking_back, people
from storage.moments import local_day

CalendarChoices = Mapping[str, Any] | None
"""A cohort's calendar as it is stored; None stands for that of the newest cohort the person is in."""
CUE_DAYS = 5
"""How many working days ahead are offered as the day of a cue."""


class Keeps(Protocol):
    """When somebody gets their exercises, as far as days are concerned."""

    @property
    def zone(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def days(self) -> int: ...


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
    choices = choices or looking_back.calendar_kept(visit.session, visit.person, today=today)
    calendar = Calendar.from_choices(choices) if choices else Calendar()
    try:
        return working_day_after(
            start, count, days=rhythm.days, slot=time.fromisoformat(rhythm.slot), calendar=calendar
        )
    except ValueError:  # a calendar that is closed all year: ask in a week, the planner explains the rest
        return start + timedelta(weeks=1)


def is_working_day(visit: Visit, day: date, choices: CalendarChoices) -> bool:
    return working_day(visit, 1, choices, after=day - timedelta(days=1)) == day


def cue_days(visit: Visit, choices: CalendarChoices) -> list[date]:
    """Return the next five working days, tomorrow at the earliest: today's morning has been."""
    days: list[date] = []
    for _ in range(CUE_DAYS):
        days.append(working_day(visit, 1, choices, after=days[-1] if days else None))
    return days
