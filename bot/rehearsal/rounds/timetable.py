"""When everything in a team's challenge should happen, worked out anew from the file and a calendar: none of the
planner's code is used here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rehearsal.checking import free_days, half_days
from lessons.challenge_steps import Step
from lessons.challenges import Challenge

HOME = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A step, or one day of a step that is the same every day."""

    step: Step
    day: date
    last_day: date
    begins_at: datetime
    shows_at: datetime | None
    """When what was hidden is shown, or the votes are counted."""

    @property
    def is_hidden(self) -> bool:
        return self.step.hand_in is not None and self.step.hand_in.opens is not None


def timetable(challenge: Challenge, *, starts_on: date, slot: str, closed: frozenset[date]) -> list[Span]:
    """Return every span, in order. A day that ends at noon is no working day of a team's."""
    days = working_days(starts_on, challenge.length, closed)
    spans = []
    for step in challenge.steps:
        first, last = step.day, step.until or step.day
        for begins, ends in [(day, day) for day in range(first, last + 1)] if step.daily else [(first, last)]:
            clock = step.vote.closes if step.vote else step.hand_in.opens if step.hand_in else None
            spans.append(
                Span(
                    step=step,
                    day=days[begins - 1],
                    last_day=days[ends - 1],
                    begins_at=_moment(days[begins - 1], slot),
                    shows_at=_moment(days[ends - 1], clock) if clock else None,
                )
            )
    return spans


def span_of(spans: Sequence[Span], heading: str, day: date) -> Span | None:
    """Return the span whose message has that heading and came on that day, or before; None for another message."""
    titled = [one for one in spans if heading in (one.step.title.sv, one.step.title.en)]
    begun = [one for one in titled if one.day <= day]
    return begun[-1] if begun else next(iter(titled), None)


def working_days(first: date, count: int, closed: frozenset[date]) -> list[date]:
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.isoweekday() <= 5 and not (day in closed or day in free_days(day.year) or day in half_days(day.year)):
            days.append(day)
        day += timedelta(days=1)
    return days


def _moment(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), HOME).astimezone(UTC)
