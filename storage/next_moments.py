"""When something must be looked at next: for a clock that jumps. May lie in the past, when it is overdue."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from storage import relays_due, rounds, work
from storage.prepared import Prepared
from storage.tables import metadata

_cadence = metadata.tables["cadence"]


def next_to_plan(session: Session) -> datetime | None:
    """Return when the next cadence is due, or None when nobody keeps one."""
    moment: datetime | None = _TO_PLAN.scalar(session)
    return moment


def next_of_rounds(session: Session) -> datetime | None:
    """Return when something of a round or a relay is due, or None when none is under way."""
    moments = rounds.next_moment(session), relays_due.next_moment(session)
    return min((moment for moment in moments if moment is not None), default=None)


def next_to_send(session: Session) -> datetime | None:
    """Return when the next message may be sent or asked about, or None when none is under way."""
    return min((one.next_at for one in work.everywhere(session)), default=None)


_TO_PLAN = Prepared(select(func.min(_cadence.c.next_at)))
