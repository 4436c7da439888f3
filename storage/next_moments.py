"""When something must be looked at next: for a clock that jumps. May lie in the past, when it is overdue."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import Session

from storage.prepared import Prepared
from storage.tables import metadata

_cadence = metadata.tables["cadence"]
_delivery = metadata.tables["delivery"]


def next_to_plan(session: Session) -> datetime | None:
    """Return when the next cadence is due, or None when nobody keeps one."""
    moment: datetime | None = _TO_PLAN.scalar(session)
    return moment


def next_to_send(session: Session) -> datetime | None:
    """Return when the next message may be sent or asked about, or None when none is under way."""
    moments = [wanted.scalar(session) for wanted in (_TO_SEND, _TO_ASK_ABOUT)]
    return min((moment for moment in moments if moment is not None), default=None)


_TO_PLAN = Prepared(select(func.min(_cadence.c.next_at)))
_TRY_AT = select(func.min(_delivery.c.try_at))
_TO_SEND = Prepared(_TRY_AT.where(text("state = 'planned' AND rides_on IS NULL")))
_TO_ASK_ABOUT = Prepared(_TRY_AT.where(text("state IN ('sending', 'unknown')")))
