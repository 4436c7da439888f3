"""Days that concern a person: today where they are, and their own working days ahead."""

from datetime import date, timedelta

from bot.conversation.visiting import Visit
from scheduler.calendar import Calendar, working_day_after
from storage import people
from storage.tables.programmes import Cohort

CUE_DAYS = 5
"""How many working days ahead are offered as the day of a cue."""


def today(visit: Visit) -> date:
    return people.today(visit.session, visit.person, visit.now)


def working_day(visit: Visit, count: int, cohort: Cohort | None, *, after: date | None = None) -> date:
    """Return the person's `count`-th working day strictly after `after` (today if not given)."""
    cadence = people.cadence_of(visit.session, visit.person)
    calendar = Calendar.from_choices(cohort.calendar) if cohort else Calendar()
    start = after or today(visit)
    try:
        return working_day_after(start, count, days=cadence.days, slot=people.slot_of(cadence), calendar=calendar)
    except ValueError:  # a calendar that is closed all year: ask in a week, the planner explains the rest
        return start + timedelta(weeks=1)


def cue_days(visit: Visit, cohort: Cohort | None) -> list[date]:
    """Return the next five working days, tomorrow at the earliest: today's morning has been."""
    days: list[date] = []
    for _ in range(CUE_DAYS):
        days.append(working_day(visit, 1, cohort, after=days[-1] if days else None))
    return days
