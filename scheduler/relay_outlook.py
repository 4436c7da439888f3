"""When the legs of a relay that are still to come begin, as it looks now: for its coordinator, and for its teams."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from scheduler.calendar import TooFewDays
from scheduler.confirmed import challenge_kept
from scheduler.relay_timeline import expected, lay_out_next
from scheduler.round_changes import days_of
from scheduler.timeline import TeamDays
from storage import round_reading, teams
from storage.moments import local_day
from storage.relay_reading import Chain, Leg
from storage.tables.relays import LegState
from storage.tables.rounds import RoundState


def outlook(session: Session, chain: Chain, now: datetime) -> dict[int, tuple[date, date]]:
    """Return the first and last day of each leg that waits, by its id. A leg that is late pushes those behind it; none
    of them moves forward."""
    holder, waiting = chain.holder, _waiting(chain)
    if holder is None or not waiting:
        return {}
    found = _expected(session, chain, waiting, _over_on(session, chain, holder, now))
    return {leg.id: days for leg, days in zip(waiting, found, strict=True)}


def last_day(session: Session, chain: Chain, now: datetime) -> date | None:
    """Return when the last leg is over, as it looks now; None when all of them are."""
    if chain.holder is None:
        return None
    lasts = [last for _first, last in outlook(session, chain, now).values()]
    return max(lasts, default=_over_on(session, chain, chain.holder, now))


def as_it_looks(session: Session, chain: Chain, now: datetime) -> Chain:
    """Return the relay for its teams to read: a leg that waits is planned for when it begins as it looks now."""
    days = outlook(session, chain, now)
    legs = (replace(leg, planned_on=days[leg.id][0]) if leg.id in days else leg for leg in chain.legs)
    return replace(chain, legs=tuple(legs))


def too_few_days(session: Session, chain: Chain, now: datetime) -> set[int]:
    """Return the legs that wait for a team whose calendar has not the days of one: the relay goes past it."""
    if not (waiting := _waiting(chain)):
        return set()
    challenge = challenge_kept(session, chain.document_id)
    found = set()
    for leg in waiting:
        try:
            lay_out_next(challenge, leg.planned_on, _days(session, chain, leg), now)
        except TooFewDays:
            found.add(leg.id)
    return found


def _over_on(session: Session, chain: Chain, holder: Leg, now: datetime) -> date:
    if holder.round_id is None:
        busy_until = _busy_until(session, chain, holder, now)
        [(_first, last)] = _expected(session, chain, [holder], busy_until)
        return last
    passes_on = local_day(holder.passes_on_at, holder.zone) if holder.passes_on_at is not None else holder.deadline
    return max(holder.deadline, passes_on, local_day(now, holder.zone))


def _expected(session: Session, chain: Chain, legs: Sequence[Leg], delayed_until: date) -> list[tuple[date, date]]:
    length = challenge_kept(session, chain.document_id).length
    return expected(
        [leg.planned_on for leg in legs], [_days(session, chain, leg) for leg in legs], delayed_until, length
    )


def _busy_until(session: Session, chain: Chain, holder: Leg, now: datetime) -> date:
    """Return the last day on which a team that has the baton, and no round for it yet, is busy with another."""
    every = round_reading.rounds_of(session, teams.find(session, chain.organisation_id, holder.team_id))
    others = (local_day(one.ends_at, holder.zone) for one in every if one.state is not RoundState.ENDED)
    return max([local_day(now, holder.zone), *others])


def _waiting(chain: Chain) -> list[Leg]:
    return [leg for leg in chain.legs if leg.state is LegState.WAITING]


def _days(session: Session, chain: Chain, leg: Leg) -> TeamDays:
    return days_of(teams.find(session, chain.organisation_id, leg.team_id))
