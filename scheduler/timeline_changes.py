"""A round that is moved, given more time or laid out again: its new timeline, and what is different in it.

What has passed stays as it was: nobody is prompted twice, and nothing that has opened is hidden again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from lessons.challenges import Challenge
from scheduler.timeline import ONE_DAY, Span, StepMoments, TeamDays, Timeline, check_start, timed
from storage.moments import local_day, slot_moment
from storage.tables.rounds import RoundStep

MIDNIGHT = time(0)


class Moment(StrEnum):
    """What happens at a moment, by the field that has it."""

    PROMPT = "prompt_at"
    REMINDER = "remind_at"
    OPENING = "opens_at"
    CLOSING = "closes_at"
    END = "ends_at"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that happens at another time. Without `before` it is new, without `after` it falls away."""

    moment: Moment
    key: str | None
    """The step's; None for the end of the round."""
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    timeline: Timeline
    differences: tuple[Difference, ...]
    """In the order of when it was to happen."""


class HasPassed(ValueError):
    """It is too late for this: the round has begun, or the step or the round is over."""


def move(timeline: Timeline, challenge: Challenge, starts_on: date, days: TeamDays, now: datetime) -> Changed:
    """Begin on another day, with as many working days between the steps. Raises CannotStart, ClockBeforeSlot, and
    HasPassed once it has begun."""
    if timeline.steps[0].prompt_at <= now:
        raise HasPassed("the round has begun")
    check_start(starts_on, days, now)

    def moved(day: date) -> date:
        return days.after(starts_on, days.between(timeline.starts_on, day))

    spans = [replace(span, day=moved(span.day), last_day=moved(span.last_day)) for span in _spans(timeline, challenge)]
    return _changed(timeline, timed(spans, ends_on=moved(timeline.ends_on), days=days), now)


def extend(timeline: Timeline, challenge: Challenge, key: str, by: int, days: TeamDays, now: datetime) -> Changed:
    """Give a step `by` more working days; what comes after it waits as long. A step that comes every day comes on those
    too. Raises HasPassed when the step is over, ClockBeforeSlot, and LookupError when there is no such step.

    It may get more time until the next step begins, though the hour it was to open at has passed: too little may have
    come. A vote that has been counted may not.
    """
    if by < 1:
        raise ValueError("a step is extended by a day or more")
    spans = _spans(timeline, challenge)
    last = max((number for number, span in enumerate(spans) if span.step.key == key), default=None)
    if last is None:
        raise LookupError(key)
    if _is_over(timeline, last, now):
        raise HasPassed("the step is over")
    longer = spans[last]
    if longer.step.daily:
        more = [days.after(longer.day, number) for number in range(1, by + 1)]
        extended = [longer, *(replace(longer, day=day, last_day=day) for day in more)]
    else:
        extended = [replace(longer, last_day=days.after(longer.last_day, by))]
    later = [
        replace(span, day=days.after(span.day, by), last_day=days.after(span.last_day, by))
        for span in spans[last + 1 :]
    ]
    new = timed([*spans[:last], *extended, *later], ends_on=days.after(timeline.ends_on, by), days=days)
    return _changed(timeline, new, now)


def wait(timeline: Timeline, challenge: Challenge, number: int, days: TeamDays, now: datetime) -> Changed:
    """Let the step in this place come at the team's next hour, and everything after it as many working days later.
    Raises ClockBeforeSlot, and ValueError when the calendar has no days."""
    spans, today = _spans(timeline, challenge), local_day(now, days.zone)
    is_ahead = days.why_closed(today) is None and days.slot_on(today) > now
    by = days.between(spans[number].day, today if is_ahead else days.after(today, 1))
    later = [
        replace(span, day=days.after(span.day, by), last_day=days.after(span.last_day, by)) for span in spans[number:]
    ]
    new = timed([*spans[:number], *later], ends_on=days.after(timeline.ends_on, by), days=days)
    new = replace(new, steps=(*timeline.steps[:number], *new.steps[number:]))
    return Changed(timeline=new, differences=_differences(timeline, new))


def lay_out_again(timeline: Timeline, challenge: Challenge, old: TeamDays, new: TeamDays, now: datetime) -> Changed:
    """Follow the team's days as they are from tomorrow on: what is to come keeps its number of working days from today,
    and a round that has not begun keeps its first day, or begins on the next open one. Today stays as it was. Raises
    ClockBeforeSlot."""
    today = local_day(now, old.zone)
    anchor = max(today, timeline.starts_on)
    first = anchor if anchor == today or new.why_closed(anchor) is None else new.after(anchor, 1)

    def moved(day: date) -> date:
        return day if day <= today else new.after(first, old.between(anchor, day))

    spans = [replace(span, day=moved(span.day), last_day=moved(span.last_day)) for span in _spans(timeline, challenge)]
    tomorrow = slot_moment(today + ONE_DAY, MIDNIGHT, new.zone)
    return _changed(timeline, timed(spans, ends_on=moved(timeline.ends_on), days=new), tomorrow)


def _spans(timeline: Timeline, challenge: Challenge) -> list[Span]:
    steps = {step.key: step for step in challenge.steps}
    return [Span(step=steps[moments.key], day=moments.day, last_day=moments.last_day) for moments in timeline.steps]


def _is_over(timeline: Timeline, number: int, now: datetime) -> bool:
    step, following = timeline.steps[number], timeline.steps[number + 1 : number + 2]
    ends_at = step.closes_at or (following[0].prompt_at if following else timeline.ends_at)
    return min(ends_at, timeline.ends_at) <= now


def _changed(old: Timeline, new: Timeline, now: datetime) -> Changed:
    kept = zip(new.steps, places(new.steps), strict=True)
    before = dict(zip(places(old.steps), old.steps, strict=True))
    new = replace(new, steps=tuple(_as_it_was(before.get(place), step, now) for step, place in kept))
    return Changed(timeline=new, differences=_differences(old, new))


def _as_it_was(old: StepMoments | None, new: StepMoments, now: datetime) -> StepMoments:
    """Return the new moments, but for those that have passed; a reminder that would lie in the past there is none."""
    passed: dict[str, Any] = {
        moment.value: at
        for moment in _OF_STEP
        if old is not None and (at := _at(old, moment)) is not None and at <= now
    }
    if Moment.REMINDER.value not in passed and new.remind_at is not None and new.remind_at <= now:
        passed[Moment.REMINDER.value] = None
    return replace(new, **passed)


def _differences(old: Timeline, new: Timeline) -> tuple[Difference, ...]:
    return tuple(sorted(_unsorted(old, new), key=lambda one: (one.before or one.after, one.key is None)))


def _unsorted(old: Timeline, new: Timeline) -> Iterator[Difference]:
    before = dict(zip(places(old.steps), old.steps, strict=True))
    after = dict(zip(places(new.steps), new.steps, strict=True))
    for place in before | after:
        for moment in _OF_STEP:
            was, is_ = (_at(steps.get(place), moment) for steps in (before, after))
            if was != is_:
                yield Difference(moment=moment, key=place[0], before=was, after=is_)
    if old.ends_at != new.ends_at:
        yield Difference(moment=Moment.END, key=None, before=old.ends_at, after=new.ends_at)


def places(steps: Sequence[StepMoments | RoundStep]) -> list[tuple[str, int]]:
    """Return the place of each step: its key, and the how manieth with that key it is."""
    return [(step.key, sum(other.key == step.key for other in steps[:number])) for number, step in enumerate(steps)]


def _at(step: StepMoments | None, moment: Moment) -> datetime | None:
    at: datetime | None = None if step is None else getattr(step, moment.value)
    return at


_OF_STEP = (Moment.PROMPT, Moment.REMINDER, Moment.OPENING, Moment.CLOSING)
