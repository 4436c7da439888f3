"""A day that Knuff slept through is given back to a team: a step that nobody could be told of on its day comes on the
next one, and everything after it waits as long. Once for each step: if Knuff is down on that day too, the step is
explained, so that a round always comes to its end."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from scheduler import round_changes, timeline_changes
from scheduler.calendar import DAY_ENDS, slot_moment
from scheduler.confirmed import challenge_kept
from scheduler.round_changes import days_of, under_way
from storage import rounds_due
from storage.rounds_due import StepToPromise
from storage.tables.rounds import Asks, Round, RoundStep
from storage.tables.teams import Team


def give_back(session: Session, due: Sequence[StepToPromise], now: datetime) -> list[StepToPromise]:
    """Let those rounds wait that have missed one of these steps. Whoever calls holds the rounds. Return the steps that
    are due all the same."""
    missed = sorted({step.round_id for step in due if is_missed(step, step.zone, now)})
    moved = {id for round_id in missed for id in _wait(session, round_id, now)}
    return [step for step in due if step.id not in moved]


def is_missed(step: StepToPromise | RoundStep, zone: str, now: datetime) -> bool:
    """Whether its day is over, or nothing is taken of what it asks for any more: and nobody has been told of it."""
    if step.given_back_from is not None:
        return False
    ends = [slot_moment(step.day, DAY_ENDS, zone)]
    if step.asks is Asks.VOTE and step.closes_at is not None:
        ends.append(step.closes_at)
    if step.asks is Asks.ANONYMOUS and step.opens_at is not None:
        ends.append(step.opens_at)
    return min(ends) <= now


def _wait(session: Session, round_id: int, now: datetime) -> list[int]:
    """Return which steps wait. None: the team's calendar has no days left, or its hour fits no longer, or the team has
    been told of a later step since: that one stays where it is."""
    round_ = session.get_one(Round, round_id, populate_existing=True)
    team = session.get_one(Team, round_.team_id, populate_existing=True)
    one = under_way(session, round_, team, challenge_kept(session, round_.document_id))
    begun = max((place for place, row in enumerate(one.rows) if not _may_wait(row)), default=-1)
    missed = [place for place, row in enumerate(one.rows) if place > begun and is_missed(row, team.zone, now)]
    if not missed:
        return []
    try:
        changed = timeline_changes.wait(one.timeline, one.challenge, missed[0], days_of(team), now)
    except ValueError:
        return []
    for place in missed:
        rounds_due.give_back(session, one.rows[place].id)
    round_changes.write(session, one, changed)
    return [row.id for row in one.rows[missed[0] :]]


def _may_wait(row: RoundStep) -> bool:
    return row.prompted_at is None and row.closed_at is None
