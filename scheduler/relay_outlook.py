"""When the legs of a relay that are still to come begin, as it looks now: for its coordinator, and for its teams."""

from datetime import date, datetime

from sqlmodel import Session

from scheduler.relay_timeline import expected
from scheduler.round_changes import days_of
from storage import teams
from storage.moments import local_day
from storage.relay_reading import Chain
from storage.tables.relays import LegState


def outlook(session: Session, chain: Chain, now: datetime) -> dict[int, date]:
    """Return the first day of each leg that waits, by its id. A leg that is late pushes those behind it; none of them
    moves forward."""
    holder = chain.holder
    waiting = [leg for leg in chain.legs if leg.state is LegState.WAITING]
    if holder is None or not waiting:
        return {}
    passes_on = local_day(holder.passes_on_at, holder.zone) if holder.passes_on_at is not None else holder.deadline
    over_on = max(holder.deadline, passes_on, local_day(now, holder.zone))
    days = [days_of(teams.find(session, chain.organisation_id, leg.team_id)) for leg in waiting]
    begins = expected([(leg.planned_on, leg.deadline) for leg in waiting], days, over_on)
    return {leg.id: day for leg, day in zip(waiting, begins, strict=True)}
