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
DAY_ENDS = "16:30"


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


def timetable(
    challenge: Challenge,
    *,
    starts_on: date,
    slot: str,
    closed: frozenset[date],
    down: Sequence[tuple[datetime, datetime]] = (),
) -> list[Span]:
    """Return every span, in order. A day that ends at noon is no working day of a team's.

    `down`: from when until when Knuff was. What a team could not be told of on its day comes at its next hour, and
    everything after it as many working days later.
    """
    days = working_days(starts_on, challenge.length, closed)
    spans = _on(challenge, days, slot)
    for since, until in down:
        missed = next((one for one in spans if since <= one.begins_at and _told_until(one) <= until), None)
        if missed is not None:
            kept = days[: days.index(missed.day)]
            back = next(day for day in working_days(until.date(), 2, closed) if _moment(day, slot) > until)
            days = [*kept, *working_days(back, len(days) - len(kept), closed)]
            spans = _on(challenge, days, slot)
    return spans


def _on(challenge: Challenge, days: Sequence[date], slot: str) -> list[Span]:
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


def _told_until(span: Span) -> datetime:
    """Return until when it is of use to be told of it, on its day."""
    closes = span.step.vote is not None or (span.step.hand_in is not None and span.step.hand_in.anonymous)
    day_ends = _moment(span.day, DAY_ENDS)
    return min(day_ends, span.shows_at) if closes and span.shows_at is not None else day_ends


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
