"""A schedule before anything is sent: the days, what falls away and why, and when the last person has the day's."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.calendar import Calendar
from scheduler.weeks import first_monday, week_plan
from storage.tables.deliveries import Reason
from storage.tables.people import Pace

WORKING_WEEK = 0b11111


@dataclass(frozen=True, slots=True)
class SkippedDay:
    day: date
    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulePreview:
    """The schedule of somebody with an exercise every working day, in a cohort where everybody has the same slot."""

    sent_days: tuple[date, ...]
    skipped: tuple[SkippedDay, ...]
    """Weekdays without an exercise, from day one to the last week's Friday."""
    people: int
    others: int
    """People of other cohorts with the same slot: they wait in the same queue."""
    minutes_needed: int
    """How long a day's messages take at the platform's pace."""
    last_at: time
    """Local time when the last person has today's message."""
    fits_window: bool

    @property
    def first_day(self) -> date | None:
        return self.sent_days[0] if self.sent_days else None

    @property
    def last_day(self) -> date | None:
        return self.sent_days[-1] if self.sent_days else None

    @property
    def messages(self) -> int:
        return len(self.sent_days) * self.people


def schedule_preview(
    *,
    weeks: Sequence[int],
    starts_on: date,
    slot: time,
    calendar: Calendar,
    people: int,
    others: int = 0,
    posts_per_minute: int,
    window_minutes: int,
) -> SchedulePreview:
    """Return what `weeks` (the number of steps in each) become from `starts_on` on. No limit is 0 posts a minute."""
    sent: list[date] = []
    skipped: list[SkippedDay] = []
    monday = first_monday(starts_on)
    for steps in weeks:
        planned = week_plan(
            monday,
            steps=range(1, steps + 1),
            starts_on=starts_on,
            first_day=starts_on,
            days=WORKING_WEEK,
            slot=slot,
            pace=Pace.DAILY,
            calendar=calendar,
        )
        sent += [step.day for step in planned if step.reason is None]
        weekdays = (monday + timedelta(days=offset) for offset in range(5))
        closed = ((day, calendar.why_closed(day, slot)) for day in weekdays if day >= starts_on)
        skipped += [SkippedDay(day, reason) for day, reason in closed if reason is not None]
        monday += timedelta(days=7)
    minutes = math.ceil((people + others) / posts_per_minute) if posts_per_minute else 0
    return SchedulePreview(
        sent_days=tuple(sent),
        skipped=tuple(skipped),
        people=people,
        others=others,
        minutes_needed=minutes,
        last_at=_later(slot, minutes),
        fits_window=minutes <= window_minutes,
    )


def _later(slot: time, minutes: int) -> time:
    """Return the time of day `minutes` later; a day that is not long enough ends at 23:59."""
    total = min(slot.hour * 60 + slot.minute + minutes, 23 * 60 + 59)
    return time(total // 60, total % 60)
