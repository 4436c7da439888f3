"""What was promised long ago is disposed of, a little at a time: never so much at once that anybody has to wait.

What people answered, wrote and planned is theirs and stays: it only no longer says which message it came from.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, Integer, bindparam, delete, null, select, update
from sqlmodel import Session

from storage.prepared import Prepared, one_of
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.deliveries import State
from storage.tables.programmes import CohortState

AT_ONCE = 500
_delivery = metadata.tables["delivery"]
_rider = _delivery.alias("rider")
_cohort = metadata.tables["cohort"]
_attempt = metadata.tables["attempt"]


def over_before(session: Session, organisation_id: int, day: date) -> list[int]:
    """Return the cohorts that ended before a day and of which something promised is still kept."""
    ended = (
        select(_cohort.c.id)
        .where(
            _cohort.c.organisation_id == organisation_id,
            _cohort.c.state == CohortState.ENDED,
            _cohort.c.ended_on < day,
            select(_delivery.c.id).where(_delivery.c.cohort_id == _cohort.c.id).exists(),
        )
        .order_by(_cohort.c.id)
    )
    return list(session.connection().execute(ended).scalars())


def dispose_of_cohort(session: Session, organisation_id: int, cohort_id: int, *, most: int = AT_ONCE) -> int:
    """Dispose of promises of a cohort that have their end. Return how many; 0 when nothing is left that can go.

    What rode on a message goes before what carried it, and a message that carried another cohort's waits for that: so
    it never looks as if somebody had got two messages in one day.
    """
    rows = _OF_COHORT.rows(session, organisation_id=organisation_id, cohort_id=cohort_id, most=most)
    return _dispose(session, [row.id for row in rows])


def dispose_of_no_cohort(session: Session, organisation_id: int, *, before: date, most: int = AT_ONCE) -> int:
    """As above, of days before one, what belongs to no cohort: questions about exercises from the library."""
    rows = _OF_NO_COHORT.rows(session, organisation_id=organisation_id, before=before, most=most)
    return _dispose(session, [row.id for row in rows])


def forget_attempts(session: Session, *, ended_before: datetime, most: int = AT_ONCE) -> int:
    """Throw away the oldest records of calls. Return how many; 0 when the oldest are young enough to stay.

    In the order they were made, so that it never reads further than it throws away. Those of a message whose outcome is
    still unknown are younger than any that go.
    """
    oldest = [row.id for row in _OLDEST_ATTEMPTS.rows(session, most=most) if row.ended_at < ended_before]
    return _FORGET.run(session, ids=oldest) if oldest else 0


def _dispose(session: Session, ids: Sequence[int]) -> int:
    if not ids:
        return 0
    for points_at_it in _POINTING:
        points_at_it.run(session, ids=ids)
    return _DISPOSE.run(session, ids=ids)


_MAY_GO = (
    _delivery.c.state.in_([said(State.SENT), said(State.EXPLAINED)]),
    ~select(_rider.c.id).where(_rider.c.rides_on == _delivery.c.id).exists(),
)
# That it is the organisation's is asked of the cohort: asked of every promise, PostgreSQL would look them all up twice.
_THE_COHORT = select(_cohort.c.id).where(
    _cohort.c.id == bindparam("cohort_id"), _cohort.c.organisation_id == bindparam("organisation_id")
)
_OF_COHORT = Prepared(
    select(_delivery.c.id)
    .where(_delivery.c.cohort_id == _THE_COHORT.scalar_subquery(), *_MAY_GO)
    .order_by(_delivery.c.day)
    .limit(bindparam("most", type_=Integer))
)
_OF_NO_COHORT = Prepared(
    select(_delivery.c.id)
    .where(_delivery.c.organisation_id == bindparam("organisation_id"))
    .where(_delivery.c.day < bindparam("before", type_=Date), _delivery.c.cohort_id.is_(None), *_MAY_GO)
    .order_by(_delivery.c.day)
    .limit(bindparam("most", type_=Integer))
)
_OLDEST_ATTEMPTS = Prepared(
    select(_attempt.c.id, _attempt.c.ended_at).order_by(_attempt.c.id).limit(bindparam("most", type_=Integer))
)


def _pointing(table: str, column: str) -> Prepared:
    points_at = metadata.tables[table].c[column]
    return Prepared(
        lambda dialect: update(metadata.tables[table]).where(one_of(dialect, points_at, "ids")).values({column: null()})
    )


_FORGET = Prepared(lambda dialect: delete(_attempt).where(one_of(dialect, _attempt.c.id, "ids")))
_DISPOSE = Prepared(lambda dialect: delete(_delivery).where(one_of(dialect, _delivery.c.id, "ids")))
_POINTING = (
    Prepared(lambda dialect: delete(_attempt).where(one_of(dialect, _attempt.c.delivery_id, "ids"))),
    _pointing("answer", "delivery_id"),
    _pointing("reflection", "delivery_id"),
    _pointing("plan", "delivery_id"),
    _pointing("follow_up", "source_delivery_id"),
)
