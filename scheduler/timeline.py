"""A round's timeline: on which days a team does what, when it is said, opened, closed and asked about again, and when
it is over. Pure: from the challenge, a day to begin on and the team's own days.

A round waits where the team does not work: the challenge's day three is the team's third working day, whatever lies
between. A day that ends at noon does not count, since most of what is hidden opens in the afternoon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lessons.challenge_steps import By, Step, VoteKind
from lessons.challenges import Challenge, Form
from scheduler.calendar import DAY_ENDS, Calendar, slot_moment, working_day_after
from storage.rounds import NewRound, NewStep
from storage.tables.deliveries import Reason
from storage.tables.rounds import AloneTo, Asks

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamDays:
    """When a team works, and at what local time of day it hears of a step."""

    calendar: Calendar
    slot: time
    zone: str

    def why_closed(self, day: date) -> Reason | None:
        """Return why `day` does not count, or None when it is a whole working day."""
        return self.calendar.why_closed(day, DAY_ENDS)

    def after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; with none, `day` itself. Raises TooFewDays."""
        if count == 0:
            return day
        return working_day_after(day, count, slot=DAY_ENDS, calendar=self.calendar)

    def between(self, first: date, last: date) -> int:
        """Return how many working days there are after `first`, `last` with them."""
        span = (first + ONE_DAY * offset for offset in range(1, (last - first).days + 1))
        return sum(self.why_closed(day) is None for day in span)

    def slot_on(self, day: date) -> datetime:
        return slot_moment(day, self.slot, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepMoments:
    """One step, or one day of a step that is the same every day. Days are the team's, moments are UTC."""

    key: str
    day: date
    last_day: date
    prompt_at: datetime
    opens_at: datetime | None = None
    """When what was hidden is shown."""
    closes_at: datetime | None = None
    """When the vote closes."""
    remind_at: datetime | None = None
    """None where nothing is asked for, or nothing could be handed in any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    starts_on: date
    ends_on: date
    ends_at: datetime
    """When the last working day is over, and the round with it."""
    steps: tuple[StepMoments, ...]


class CannotStart(ValueError):
    """The round cannot begin on that day. `reason` is None when the day is open, and its hour has passed."""

    def __init__(self, reason: Reason | None, *, next_open: date) -> None:
        super().__init__(f"{reason or 'too late'}: {next_open} is the next day to begin on")
        self.reason = reason
        self.next_open = next_open


class ClockBeforeSlot(ValueError):
    """Something would open or close before the team has heard of it: another slot is needed."""

    def __init__(self, key: str, clock: time, slot: time) -> None:
        super().__init__(f"step {key} opens or closes at {clock:%H:%M}, and the team hears of it at {slot:%H:%M}")
        self.key = key
        self.clock = clock
        self.slot = slot


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The days of one step, or of one day of a daily one."""

    step: Step
    day: date
    last_day: date


def lay_out(challenge: Challenge, starts_on: date, days: TeamDays, now: datetime) -> Timeline:
    """Return when everything in the challenge happens. Raises CannotStart and ClockBeforeSlot."""
    check_start(starts_on, days, now)
    working_days = [days.after(starts_on, number) for number in range(challenge.length)]
    spans = [
        Span(step=step, day=working_days[first - 1], last_day=working_days[last - 1])
        for step in challenge.steps
        for first, last in ([(day, day) for day in step.days] if step.daily else [(step.day, step.last_day)])
    ]
    return timed(spans, ends_on=working_days[-1], days=days)


def check_start(starts_on: date, days: TeamDays, now: datetime) -> None:
    """Raises CannotStart, with the next day that is open and to come."""
    reason = days.why_closed(starts_on)
    if reason is None and days.slot_on(starts_on) > now:
        return
    next_open = days.after(starts_on, 1)
    while days.slot_on(next_open) <= now:
        next_open = days.after(next_open, 1)
    raise CannotStart(reason, next_open=next_open)


def timed(spans: Sequence[Span], *, ends_on: date, days: TeamDays) -> Timeline:
    """Return the moments of these days. Raises ClockBeforeSlot."""
    ends_at = slot_moment(ends_on, DAY_ENDS, days.zone)
    scored = {
        span.step.vote.on: days.slot_on(span.day)
        for span in spans
        if span.step.vote is not None and span.step.vote.kind is VoteKind.SCORES
    }  # what comes once it is scored gets no scores, so nobody is reminded to write it then
    return Timeline(
        starts_on=spans[0].day,
        ends_on=ends_on,
        ends_at=ends_at,
        steps=tuple(_moments(span, days, scored.get(span.step.key, ends_at)) for span in spans),
    )


def new_round(
    challenge: Challenge, timeline: Timeline, *, team_id: int, body: str, across_units: bool = True
) -> NewRound:
    """Return the round as it is confirmed. `body` is the challenge's document, as text. `across_units`: where people
    are put together, those of different units come first."""
    steps = {step.key: step for step in challenge.steps}
    return NewRound(
        team_id=team_id,
        challenge_id=challenge.id,
        body=body,
        starts_on=timeline.starts_on,
        ends_at=timeline.ends_at,
        steps=tuple(_new_step(steps[moments.key], moments) for moments in timeline.steps),
        pairs_across_units=across_units if challenge.form is Form.PAIRS else None,
    )


def asks_of(step: Step) -> Asks:
    if step.vote is not None:
        return Asks.VOTE
    if step.hand_in is None:
        return Asks.NOTHING
    if step.hand_in.anonymous:
        return Asks.ANONYMOUS
    match step.hand_in.by:
        case By.EACH:
            return Asks.EACH
        case By.TEAM:
            return Asks.TEAM
        case By.MANDATE:
            return Asks.MANDATE
        case By.FACILITATOR:
            return Asks.FACILITATOR


def _moments(span: Span, days: TeamDays, until: datetime) -> StepMoments:
    step = span.step
    opens_at = _on_last_day(span, step.hand_in.opens, days) if step.hand_in else None
    closes_at = _on_last_day(span, step.vote.closes, days) if step.vote else None
    # What each writes may come late, and is shown at once; what nobody is to know the author of may not.
    taken_until = closes_at or (opens_at if asks_of(step) is Asks.ANONYMOUS else None) or until
    return StepMoments(
        key=step.key,
        day=span.day,
        last_day=span.last_day,
        prompt_at=days.slot_on(span.day),
        opens_at=opens_at,
        closes_at=closes_at,
        remind_at=_remind_at(span, days, taken_until),
    )


def _on_last_day(span: Span, clock: str | None, days: TeamDays) -> datetime | None:
    if clock is None:
        return None
    local = time.fromisoformat(clock)
    if span.day == span.last_day and local <= days.slot:
        raise ClockBeforeSlot(span.step.key, local, days.slot)
    return slot_moment(span.last_day, local, days.zone)


def _remind_at(span: Span, days: TeamDays, taken_until: datetime) -> datetime | None:
    """The next day; of a step of several days, its last. A step that comes every day is a reminder of itself, and who
    may leave it is not reminded."""
    if asks_of(span.step) is Asks.NOTHING or span.step.daily or span.step.is_voluntary:
        return None
    moment = days.slot_on(max(span.last_day, days.after(span.day, 1)))
    return moment if moment < taken_until else None


def _new_step(step: Step, moments: StepMoments) -> NewStep:
    return NewStep(
        key=step.key,
        day=moments.day,
        last_day=moments.last_day,
        prompt_at=moments.prompt_at,
        asks=asks_of(step),
        alone_to=AloneTo(step.audience.value) if step.private is not None else None,
        most_each=step.hand_in.most_each if step.hand_in else 1,
        least=step.least,
        opens_with=(step.hand_in.opens_with or 0) if step.hand_in else 0,
        remind_at=moments.remind_at,
        opens_at=moments.opens_at,
        closes_at=moments.closes_at,
    )
