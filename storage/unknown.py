"""Messages that may have arrived: what to ask the platform about, and what its answer means."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, literal_column, or_, select, text, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.sending import Claimed, Part
from storage.settling import settle_explained
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason, State

_delivery = metadata.tables["delivery"]
_attempt = metadata.tables["attempt"]
_answer = metadata.tables["answer"]
_reflection = metadata.tables["reflection"]

COMPLETE_SEARCHES = 2
"""Not found in this many: it did not arrive."""
MOST_UNKNOWN_ATTEMPTS = 2
"""One more send after the first; if that is unknown too, it stays unknown."""


def take_over(session: Session, workspace_id: int, *, ask_at: datetime, now: datetime) -> int:
    """Turn what the lane's last holder left as `sending` into `unknown`. Return how many messages that were."""
    rows = _LEFT_BEHIND.rows(session, workspace_id=workspace_id)
    for row in rows:
        if _NOT_KNOWN.run(session, message=row.id, ask_at=ask_at) and row.rides_on is None:
            values = {"delivery_id": row.id, "started_at": row.started_at or now, "ended_at": now}
            session.connection().execute(insert(_attempt), values | {"outcome": "unknown", "error": "LeftBehind"})
    return sum(row.rides_on is None for row in rows)


def next_to_ask_about(session: Session, workspace_id: int, now: datetime) -> Claimed | None:
    """Return the unknown message of a workspace that has waited longest for being asked about, or None."""
    found = _NEXT_TO_ASK_ABOUT.scalar(session, workspace_id=workspace_id, now=now)
    return None if found is None else _message(session, found)


def was_answered(session: Session, ids: Sequence[int]) -> bool:
    """Whether somebody answered it, so that it arrived whatever the search says."""
    connection = session.connection()
    return any(
        connection.execute(select(func.count()).select_from(table).where(table.c.delivery_id.in_(ids))).scalar_one()
        for table in (_answer, _reflection)
    )


def ask_again(session: Session, unknown: Claimed, *, ask_at: datetime, now: datetime) -> None:
    """The search was not complete: try later, as long as the answer can still matter."""
    late_after = select(_delivery.c.late_after).where(_delivery.c.id == unknown.delivery_id)
    if now > session.connection().execute(late_after).scalar_one():
        settle_explained(session, unknown, Reason.OUTCOME_UNKNOWN, error="NeverFoundOut")
        return
    session.connection().execute(
        update(_delivery)
        .where(_delivery.c.id.in_(unknown.ids), _delivery.c.state == literal_column("'unknown'"))
        .values(try_at=ask_at)
    )


def not_found(session: Session, unknown: Claimed, *, ask_at: datetime, now: datetime) -> None:
    """A complete search did not find it. After the second it is sent once more, or given up when it was before."""
    connection = session.connection()
    carrier = _delivery.c.id == unknown.delivery_id
    searched = connection.execute(
        update(_delivery)
        .where(carrier, _delivery.c.state == literal_column("'unknown'"))
        .values(searches=_delivery.c.searches + 1, try_at=ask_at)
        .returning(_delivery.c.searches)
    ).scalar()
    if searched is None or searched < COMPLETE_SEARCHES:
        return
    unknown_attempts = select(func.count()).where(
        _attempt.c.delivery_id == unknown.delivery_id, _attempt.c.outcome == literal_column("'unknown'")
    )
    if connection.execute(unknown_attempts).scalar_one() >= MOST_UNKNOWN_ATTEMPTS:
        settle_explained(session, unknown, Reason.OUTCOME_UNKNOWN, error="NotFound")
        return
    connection.execute(
        update(_delivery)
        .where(_delivery.c.id.in_(unknown.ids), _delivery.c.state == literal_column("'unknown'"))
        .values(state=State.PLANNED, try_at=now, searches=0, started_at=None)
    )


# Spelled for the small index of what is unsettled. The lane asks both before it has sent anything.
_UNSETTLED = (_delivery.c.workspace_id == bindparam("workspace_id"), text("delivery.state IN ('sending', 'unknown')"))
_IS_SENDING = _delivery.c.state == literal_column("'sending'")
_LEFT_BEHIND = Prepared(
    select(_delivery.c.id, _delivery.c.rides_on, _delivery.c.started_at)
    .where(*_UNSETTLED, _IS_SENDING)
    .order_by(_delivery.c.id)
)
_NOT_KNOWN = Prepared(
    update(_delivery)
    .where(_delivery.c.id == bindparam("message"), _IS_SENDING)
    .values(state=State.UNKNOWN, error="LeftBehind", try_at=bindparam("ask_at"), searches=0)
)
_NEXT_TO_ASK_ABOUT = Prepared(
    select(_delivery.c.id)
    .where(
        *_UNSETTLED,
        _delivery.c.state == literal_column("'unknown'"),
        _delivery.c.rides_on.is_(None),
        _delivery.c.try_at <= bindparam("now"),
    )
    .order_by(_delivery.c.try_at, _delivery.c.id)
    .limit(literal_column("1"))
)


def _message(session: Session, delivery_id: int) -> Claimed:
    whole = (
        select(_delivery)
        .where(or_(_delivery.c.id == delivery_id, _delivery.c.rides_on == delivery_id))
        .where(_delivery.c.state == literal_column("'unknown'"))
        .order_by(_delivery.c.rides_on.is_not(None), _delivery.c.id)
    )
    rows = session.connection().execute(whole).all()
    return Claimed(
        workspace_id=rows[0].workspace_id,
        person_id=rows[0].person_id,
        day=rows[0].day,
        parts=tuple(Part(id=row.id, kind=Kind(row.kind), subject_id=row.subject_id) for row in rows),
        started_at=rows[0].started_at,
        attempts=rows[0].attempts,
    )
