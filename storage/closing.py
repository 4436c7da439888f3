"""What is over: cohorts whose programme has been, follow-ups nobody will ask about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, true, union_all, update
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.answers import FollowUpState
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.programmes import CohortState

_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]
_enrolment = metadata.tables["enrolment"]
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_delivery = metadata.tables["delivery"]
_wave = metadata.tables["survey_wave"]

MOVED_WAITS = timedelta(days=14)
"""How long a step that was moved is waited for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningCohort:
    id: int
    document_id: int
    document_digest: str
    starts_on: date
    """The latest day one of anybody who is still in it."""
    calendar: dict[str, Any]


def running_cohorts(session: Session, organisation_id: int, day: date) -> list[RunningCohort]:
    latest = func.max(_enrolment.c.starts_on)
    found = (
        select(
            _cohort.c.id,
            _cohort.c.document_id,
            _cohort.c.starts_on,
            _cohort.c.calendar,
            _document.c.digest,
            latest.label("latest"),
        )
        .join(_document, _document.c.id == _cohort.c.document_id)
        .outerjoin(_enrolment, and_(_enrolment.c.cohort_id == _cohort.c.id, ~_has_ended(_enrolment.c.ends_on, day)))
        .where(_cohort.c.organisation_id == organisation_id, _cohort.c.state == CohortState.RUNNING)
        .group_by(_cohort.c.id, _document.c.digest)
    )
    return [
        RunningCohort(
            id=row.id,
            document_id=row.document_id,
            document_digest=row.digest,
            starts_on=max(row.starts_on, row.latest or row.starts_on),
            calendar=row.calendar,
        )
        for row in session.connection().execute(found)
    ]


def still_asking(session: Session, organisation_id: int, day: date) -> set[int]:
    """Return the cohorts in which something is yet to come back: a follow-up, a plan, a step that was moved."""
    asked = select(_follow_up.c.cohort_id).where(
        _follow_up.c.organisation_id == organisation_id, _follow_up.c.state == literal_column("'open'")
    )
    planned = (
        select(_delivery.c.cohort_id)
        .join(_plan, _plan.c.delivery_id == _delivery.c.id)
        .where(_plan.c.organisation_id == organisation_id, _plan.c.cue_on >= day, _plan.c.closed_at.is_(None))
    )
    moved = select(_delivery.c.cohort_id).where(
        _delivery.c.organisation_id == organisation_id,
        _delivery.c.reason == literal_column(f"'{Reason.MOVED}'"),
        _delivery.c.day >= day - MOVED_WAITS,
    )
    return {id for id in session.connection().execute(union_all(asked, planned, moved)).scalars() if id is not None}


def asked_for_the_last_time(session: Session, ids: Collection[int], day: date) -> set[int]:
    """Return those of the cohorts a survey of which has its last day: whoever has not been asked yet is asked then."""
    found = select(_wave.c.cohort_id).where(_wave.c.cohort_id.in_(ids), _wave.c.closes_on == day)
    return set(session.connection().execute(found).scalars()) if ids else set()


def end_cohorts(session: Session, organisation_id: int, ids: Collection[int], day: date) -> None:
    session.connection().execute(
        update(_cohort)
        .where(_cohort.c.organisation_id == organisation_id, _cohort.c.id.in_(ids))
        .where(_cohort.c.state == CohortState.RUNNING)
        .values(state=CohortState.ENDED, ended_on=day)
    )


def let_go_of_what_nobody_asks(
    session: Session, organisation_id: int, day: date, now: datetime, *, cohort_id: int | None = None
) -> int:
    """Close the open follow-ups and plans of enrolments and cohorts that have ended by `day`, in one cohort or in all.
    Return how many. A follow-up that is on its way stays as it is until it is known what became of it."""
    whose_follow_ups: ColumnElement[bool] = true()
    whose_plans: ColumnElement[bool] = true()
    if cohort_id is not None:
        # Whose they may be is said as well: then only the rows of those people are read, by index.
        people = select(_enrolment.c.person_id).where(
            _enrolment.c.cohort_id == cohort_id,
            or_(_has_ended(_enrolment.c.ends_on, day), _cohort_is_over(_enrolment.c.cohort_id, day, cohort_id)),
        )
        whose_follow_ups, whose_plans = _follow_up.c.person_id.in_(people), _plan.c.person_id.in_(people)
    on_its_way = (
        select(_delivery.c.id)
        .where(
            _delivery.c.kind == Kind.FOLLOW_UP,
            _delivery.c.subject_id == _follow_up.c.id,
            _delivery.c.state.in_((State.SENDING, State.UNKNOWN)),
        )
        .exists()
    )
    connection = session.connection()
    follow_ups = connection.execute(
        update(_follow_up)
        .where(
            _follow_up.c.organisation_id == organisation_id,
            whose_follow_ups,
            _follow_up.c.state == literal_column("'open'"),
            _is_over(_follow_up.c.enrolment_id, _follow_up.c.cohort_id, day, cohort_id),
            ~on_its_way,
        )
        .values(state=FollowUpState.LET_GO, closed_at=now)
    )
    exercise = (
        select(_delivery.c.id)
        .where(
            _delivery.c.id == _plan.c.delivery_id,
            _is_over(_delivery.c.enrolment_id, _delivery.c.cohort_id, day, cohort_id),
        )
        .exists()
    )
    plans = connection.execute(
        update(_plan)
        .where(_plan.c.organisation_id == organisation_id, whose_plans, _plan.c.closed_at.is_(None), exercise)
        .values(closed_at=now)
    )
    return follow_ups.rowcount + plans.rowcount


def explain_left_riders(session: Session, organisation_id: int, *, since: date, now: datetime) -> int:
    """Explain what was to ride on a message that went, or fell away, without it. Return how many.

    Carrier and riders change in one statement each time, so there are none unless something was put on a message in the
    moment it was being claimed. They would stay planned for ever, since only carriers are sent. The message of that day
    has been, so that is why it did not come; a question is asked again on the next day that suits.
    """
    carrier = _delivery.alias("carrier")
    is_gone = (
        select(carrier.c.id)
        .where(carrier.c.id == _delivery.c.rides_on, carrier.c.state.in_((State.SENT, State.EXPLAINED)))
        .exists()
    )
    left = (
        update(_delivery)
        .where(
            _delivery.c.organisation_id == organisation_id,
            _delivery.c.day >= since,
            _delivery.c.state == literal_column("'planned'"),
            _delivery.c.rides_on.is_not(None),
            _delivery.c.late_after <= now,
            is_gone,
        )
        .values(state=State.EXPLAINED, reason=Reason.ONE_MESSAGE, rides_on=None)
    )
    return session.connection().execute(left).rowcount


# Asked of each row that is open, by the id it names: as a list of all that has ended, it would be read every night in
# full, and there is more of it every year.
def _is_over(
    enrolment: ColumnElement[int | None], cohort: ColumnElement[int | None], day: date, only_cohort: int | None
) -> ColumnElement[bool]:
    """Whether the enrolment or the cohort that a row names has ended by `day`, in one cohort or in all."""
    ended = select(_enrolment.c.id).where(_enrolment.c.id == enrolment, _has_ended(_enrolment.c.ends_on, day))
    if only_cohort is not None:
        ended = ended.where(_enrolment.c.cohort_id == only_cohort)
    return or_(ended.exists(), _cohort_is_over(cohort, day, only_cohort))


def _cohort_is_over(cohort: ColumnElement[int | None], day: date, only_cohort: int | None) -> ColumnElement[bool]:
    over = select(_cohort.c.id).where(
        _cohort.c.id == cohort,
        _cohort.c.state == CohortState.ENDED,
        or_(_cohort.c.ended_on.is_(None), _cohort.c.ended_on <= day),
    )
    return (over if only_cohort is None else over.where(_cohort.c.id == only_cohort)).exists()


def _has_ended(ends_on: ColumnElement[date | None], day: date) -> ColumnElement[bool]:
    return and_(ends_on.is_not(None), ends_on <= day)
