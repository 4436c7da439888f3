"""What was promised and what became of it, in numbers. No row names a person, and none can be asked for one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.deliveries import Reason, State

_delivery = metadata.tables["delivery"]
_organisation = metadata.tables["organisation"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many promises of one day are in one state, for one reason, and how many people they were made to."""

    day: date
    state: State
    reason: Reason | None
    promises: int
    people: int


def counts(
    session: Session, *, organisation_id: int, first: date, last: date, cohort_id: int | None = None
) -> list[Count]:
    """Return the counts of every day from `first` to `last`, both included, for a cohort or the whole organisation."""
    columns = (_delivery.c.day, _delivery.c.state, _delivery.c.reason)
    wanted = (
        select(*columns, func.count(), func.count(_delivery.c.person_id.distinct()))
        .where(_delivery.c.organisation_id == organisation_id, _delivery.c.day.between(first, last))
        .group_by(*columns)
        .order_by(*columns)
    )
    if cohort_id is not None:
        wanted = wanted.where(_delivery.c.cohort_id == cohort_id)
    return [
        Count(day=day, state=state, reason=reason, promises=promises, people=people)
        for day, state, reason, promises, people in session.connection().execute(wanted)
    ]


def people_by_reason(
    session: Session, *, organisation_id: int, cohort_id: int, first: date, last: date
) -> dict[Reason, tuple[int, int]]:
    """Return for each reason how many promises of a cohort it explained, and to how many different people."""
    wanted = (
        select(_delivery.c.reason, func.count(), func.count(_delivery.c.person_id.distinct()))
        .where(
            _delivery.c.organisation_id == organisation_id,
            _delivery.c.cohort_id == cohort_id,
            _delivery.c.day.between(first, last),
            _delivery.c.state == State.EXPLAINED,
        )
        .group_by(_delivery.c.reason)
    )
    return {reason: (promises, people) for reason, promises, people in session.connection().execute(wanted)}


def organisations(session: Session) -> list[int]:
    return list(session.connection().execute(select(_organisation.c.id).order_by(_organisation.c.id)).scalars())


def days_over(session: Session, *, organisation_id: int, after: datetime, until: datetime) -> list[date]:
    """Return the days that came to an end in the span, everywhere anything was promised for them."""
    over_at = func.max(_delivery.c.late_after)
    wanted = (
        select(_delivery.c.day)
        .where(_delivery.c.organisation_id == organisation_id, _delivery.c.day >= after.date() - timedelta(days=2))
        .group_by(_delivery.c.day)
        .having(over_at > after, over_at <= until)
        .order_by(_delivery.c.day)
    )
    return list(session.connection().execute(wanted).scalars())


def unsettled(session: Session, *, organisation_id: int, first: date, before: date, now: datetime) -> int:
    """Return how many promises of days from `first` to before `before` are neither sent nor explained although it is
    too late for them where their people are: each is a fault of ours."""
    wanted = (
        select(func.count())
        .select_from(_delivery)
        .where(
            _delivery.c.organisation_id == organisation_id,
            _delivery.c.day >= first,
            _delivery.c.day < before,
            _delivery.c.late_after <= now,
            _delivery.c.state.not_in((State.SENT, State.EXPLAINED)),
        )
    )
    return int(session.connection().execute(wanted).scalar_one())
