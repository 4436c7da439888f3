"""A schedule before anything is sent: the days, what falls away and why, and when the last person has the day's."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from scheduler.calendar import Calendar, slot_moment
from scheduler.weeks import mondays, week_plan
from scheduler.window import SLOT_WINDOW
from storage.humane import WORKING_WEEK
from storage.tables.deliveries import Reason
from storage.tables.people import Pace
from storage.tables.programmes import Role


@dataclass(frozen=True, slots=True)
class SkippedDay:
    day: date
    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulePreview:
    """The schedule of somebody with an exercise every working day, in a cohort where everybody has the same slot."""

    sent_days: tuple[date, ...]
    """Days on which somebody gets an exercise."""
    of_role: Mapping[Role, tuple[date, ...]]
    """The same for each role, where they differ; otherwise nothing."""
    skipped: tuple[SkippedDay, ...]
    """Weekdays without an exercise, from day one to the last week's Friday; not those of weeks of rest."""
    people: int
    people_of: Mapping[Role, int]
    """How many have each role, where roles differ and it is known."""
    others: int
    """People of other cohorts who wait in the same queue, with the same slot or one close by."""
    minutes_needed: int
    """How long after the slot the last person has the day's message, at the platform's pace."""
    last_at: time
    """Local time when they have."""
    fits_window: bool
    """Whether that is as soon as the coordinator wants."""
    fits_slot: bool
    """Whether that is within the window that a slot is."""
    short_days: tuple[date, ...]
    """Days of `sent_days` when it becomes too late before the last person is reached."""

    @property
    def first_day(self) -> date | None:
        return self.sent_days[0] if self.sent_days else None

    @property
    def last_day(self) -> date | None:
        return self.sent_days[-1] if self.sent_days else None

    @property
    def messages(self) -> int:
        if self.of_role:
            return sum(len(days) * self.people_of.get(role, 0) for role, days in self.of_role.items())
        return len(self.sent_days) * self.people


def schedule_preview(
    *,
    weeks: Sequence[int],
    starts_on: date,
    slot: time,
    calendar: Calendar,
    people: int,
    by_role: Mapping[Role, Sequence[int]] | None = None,
    people_of: Mapping[Role, int] | None = None,
    others: Iterable[tuple[str, str, int]] = (),
    zone: str,
    posts_per_minute: int,
    window_minutes: int,
    late_hours: int,
) -> SchedulePreview:
    """Return what `weeks` (the number of steps in each) become from `starts_on` on. No limit is 0 posts a minute.

    `by_role` has the weeks of each role, where they differ: they go before `weeks`. `slot`
    is local to `zone`. `others` are people of the same workspace: slot, zone and how many.
    """
    here = _Place(starts_on=starts_on, slot=slot, calendar=calendar)
    of_role = {role: tuple(here.sent_days(own)) for role, own in (by_role or {}).items()}
    sent = sorted(set().union(*of_role.values())) if of_role else here.sent_days(weeks)
    slot_at = slot_moment(starts_on, slot, zone)
    beside = [(slot_moment(starts_on, time.fromisoformat(at), there), number) for at, there, number in others]
    last_at, waiting = slot_at, 0
    if posts_per_minute:
        last_at, waiting = last_reached(slot_at, people, beside, each=timedelta(minutes=1) / posts_per_minute)
    minutes = math.ceil((last_at - slot_at) / timedelta(minutes=1))
    late = timedelta(hours=late_hours)
    return SchedulePreview(
        sent_days=tuple(sent),
        of_role=of_role,
        skipped=tuple(here.skipped(len(weeks))),
        people=people,
        people_of=people_of or {},
        others=waiting,
        minutes_needed=minutes,
        last_at=_later(slot, minutes),
        fits_window=minutes <= window_minutes,
        fits_slot=timedelta(minutes=minutes) <= SLOT_WINDOW,
        short_days=tuple(day for day in sent if last_at - slot_at > min(late, _until(calendar.day_ends(day), slot))),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where a programme is laid out."""

    starts_on: date
    slot: time
    calendar: Calendar

    def sent_days(self, weeks: Sequence[int]) -> list[date]:
        return [
            step.day
            for steps, monday in zip(weeks, mondays(self.starts_on, self.calendar), strict=False)
            for step in week_plan(
                monday,
                steps=range(1, steps + 1),
                starts_on=self.starts_on,
                first_day=self.starts_on,
                days=WORKING_WEEK,
                slot=self.slot,
                pace=Pace.DAILY,
                calendar=self.calendar,
            )
            if step.reason is None
        ]

    def skipped(self, weeks: int) -> list[SkippedDay]:
        whole = islice(mondays(self.starts_on, self.calendar), weeks)
        weekdays = (monday + timedelta(days=offset) for monday in whole for offset in range(5))
        closed = ((day, self.calendar.why_closed(day, self.slot)) for day in weekdays if day >= self.starts_on)
        return [SkippedDay(day, reason) for day, reason in closed if reason is not None]


def last_reached(
    slot_at: datetime, people: int, others: Iterable[tuple[datetime, int]], *, each: timedelta
) -> tuple[datetime, int]:
    """Return when the last of `people` has a message when each takes so long, and how many others are before that.

    Everybody's place is in the window of their slot, and who has the earlier place goes first.
    """
    crowds = {slot_at: people}
    for moment, number in others:
        crowds[moment] = crowds.get(moment, 0) + number
    last_place = slot_at + min(crowds[slot_at] * each, SLOT_WINDOW)
    free_at, waiting = min(crowds), 0
    for moment, number in sorted(crowds.items()):
        if moment > last_place:
            break
        window = min(number * each, SLOT_WINDOW)
        is_before = moment + window <= last_place
        ahead = number if is_before else math.ceil(number * ((last_place - moment) / window))
        waiting = ahead if free_at <= moment else waiting + ahead
        free_at = max(free_at, moment) + ahead * each
    return free_at, waiting - people


def _until(end: time, slot: time) -> timedelta:
    return timedelta(hours=end.hour - slot.hour, minutes=end.minute - slot.minute)


def _later(slot: time, minutes: int) -> time:
    """Return the time of day `minutes` later; a day that is not long enough ends at 23:59."""
    total = min(slot.hour * 60 + slot.minute + minutes, 23 * 60 + 59)
    return time(total // 60, total % 60)
