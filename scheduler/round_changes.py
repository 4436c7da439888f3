"""A round under way, as it would be after a change, and the change itself. Its challenge is the one it was confirmed
with."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session

from lessons.challenges import Challenge
from scheduler import timeline_changes
from scheduler.calendar import Calendar, TooFewDays
from scheduler.timeline import ClockBeforeSlot, StepMoments, TeamDays, Timeline, new_round
from scheduler.timeline_changes import Changed, HasPassed, places
from storage import round_changes, round_reading
from storage.moments import local_day
from storage.round_changes import StepTimes
from storage.tables.rounds import Asks, Round, RoundStep
from storage.tables.teams import Team


@dataclass(frozen=True, kw_only=True, slots=True)
class UnderWay:
    """A round that has not ended, with everything its days depend on."""

    round: Round
    team: Team
    challenge: Challenge
    rows: tuple[RoundStep, ...]

    @property
    def timeline(self) -> Timeline:
        return Timeline(
            starts_on=self.round.starts_on,
            ends_on=local_day(self.round.ends_at, self.team.zone),
            ends_at=self.round.ends_at,
            steps=tuple(map(_moments, self.rows)),
        )


def under_way(session: Session, round_: Round, team: Team, challenge: Challenge) -> UnderWay:
    return UnderWay(round=round_, team=team, challenge=challenge, rows=tuple(round_reading.steps(session, round_.id)))


def days_of(team: Team) -> TeamDays:
    return TeamDays(calendar=Calendar.from_choices(team.calendar), slot=time.fromisoformat(team.slot), zone=team.zone)


def moved(one: UnderWay, starts_on: date, now: datetime) -> Changed:
    """Raises CannotStart, ClockBeforeSlot, TooFewDays, and HasPassed once it has begun."""
    return timeline_changes.move(one.timeline, one.challenge, starts_on, days_of(one.team), now)


def extended(one: UnderWay, key: str, by: int, now: datetime) -> Changed:
    """Give a step more days, until the next one begins, or its vote has been counted. Whether enough has come is not
    asked: who may not know would be told by it. Raises HasPassed, ClockBeforeSlot, TooFewDays, and LookupError when
    there is no such step."""
    return timeline_changes.extend(one.timeline, one.challenge, key, by, days_of(one.team), now)


def laid_out_again(one: UnderWay, days: TeamDays, now: datetime) -> Changed:
    """Follow days that the team has got instead of its own. Raises ClockBeforeSlot and TooFewDays."""
    return timeline_changes.lay_out_again(one.timeline, one.challenge, days_of(one.team), days, now)


def can_be_extended(one: UnderWay, now: datetime) -> list[str]:
    """Return the keys of the steps that may get more time, in their order."""
    return [key for key in dict.fromkeys(row.key for row in one.rows) if _may_get_more(one, key, now)]


def new_days(one: UnderWay, changed: Changed) -> set[date]:
    """Return the days on which the team would be asked, and would not without the change."""
    return {step.day for step in changed.timeline.steps} - {row.day for row in one.rows}


def print_of(changed: Changed) -> str:
    """Return what tells two changes apart: what was shown is what is done, or nothing."""
    return hashlib.sha256(repr(changed.timeline).encode()).hexdigest()


def open_longer(one: UnderWay, changed: Changed) -> list[RoundStep]:
    """Return the steps that have begun and take something until another moment: what was said of them is to be said
    again. What is asked for once is taken until the next step begins."""
    before, after = one.timeline, changed.timeline
    return [
        row
        for row, moments in _pairs(one, changed)
        if row.prompted_at is not None
        and row.closed_at is None
        and _taken_until(row, _moments(row), before) != _taken_until(row, moments, after)
    ]


def write(session: Session, one: UnderWay, changed: Changed) -> None:
    """Keep a change. Raises RoundHasChanged, with something of it written."""
    new, known = changed.timeline, set(places(one.rows))
    steps = new_round(one.challenge, new, team_id=one.team.id, body="").steps
    round_changes.write(
        session,
        one.round,
        starts_on=new.starts_on,
        ends_at=new.ends_at,
        steps=[(row, _times(moments)) for row, moments in _pairs(one, changed) if _moments(row) != moments],
        added=[step for place, step in zip(places(new.steps), steps, strict=True) if place not in known],
    )


def _pairs(one: UnderWay, changed: Changed) -> list[tuple[RoundStep, StepMoments]]:
    """Return each step with its new moments; a day that has come to one that comes every day is none yet."""
    before = dict(zip(places(one.rows), one.rows, strict=True))
    new = changed.timeline.steps
    return [(before[place], moments) for place, moments in zip(places(new), new, strict=True) if place in before]


def _taken_until(row: RoundStep, moments: StepMoments, timeline: Timeline) -> datetime | None:
    if row.asks not in (Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR):
        return moments.closes_at or moments.opens_at
    later = [other.prompt_at for other in timeline.steps if other.prompt_at > moments.prompt_at]
    return min(later, default=timeline.ends_at)


def _may_get_more(one: UnderWay, key: str, now: datetime) -> bool:
    try:
        extended(one, key, 1, now)
    except (HasPassed, ClockBeforeSlot, TooFewDays):
        return False
    return True


def _moments(row: RoundStep) -> StepMoments:
    return StepMoments(
        key=row.key,
        day=row.day,
        last_day=row.last_day,
        prompt_at=row.prompt_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        remind_at=row.remind_at,
    )


def _times(moments: StepMoments) -> StepTimes:
    return StepTimes(
        day=moments.day,
        last_day=moments.last_day,
        prompt_at=moments.prompt_at,
        remind_at=moments.remind_at,
        opens_at=moments.opens_at,
        closes_at=moments.closes_at,
    )
