"""What was promised and what became of it, in numbers. No row names a person, and none can be asked for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What was promised for one day in one workspace, for one cohort or for none."""

    workspace_id: int
    cohort_id: int | None
    day: date
    people: int
    counts: tuple[Count, ...]


def counts(
    session: Session, *, organisation_id: int, first: date, last: date, cohort_id: int | None = None
) -> list[Count]:
    """Return the counts of every day from `first` to `last`, both included, for a cohort or the whole organisation."""
    wanted = select(*_COUNTED, *_HOW_MANY).where(*_days(organisation_id, first, last))
    if cohort_id is not None:
        wanted = wanted.where(_delivery.c.cohort_id == cohort_id)
    rows = session.connection().execute(wanted.group_by(*_COUNTED).order_by(*_COUNTED))
    return [_count(row) for row in rows]


def parts(session: Session, *, organisation_id: int, first: date, last: date) -> list[Part]:
    """Return the counts of every day from `first` to `last`, both included, apart for each workspace and cohort."""
    connection = session.connection()
    days = _days(organisation_id, first, last)
    people = connection.execute(select(*_PART, _HOW_MANY[1]).where(*days).group_by(*_PART).order_by(*_PART)).all()
    found: dict[tuple[date, int, int | None], list[Count]] = {}
    by_state = (*_PART, _delivery.c.state, _delivery.c.reason)
    for row in connection.execute(select(*by_state, *_HOW_MANY).where(*days).group_by(*by_state).order_by(*by_state)):
        found.setdefault((row.day, row.workspace_id, row.cohort_id), []).append(_count(row))
    return [
        Part(
            workspace_id=row.workspace_id,
            cohort_id=row.cohort_id,
            day=row.day,
            people=row.people,
            counts=tuple(found.get((row.day, row.workspace_id, row.cohort_id), ())),
        )
        for row in people
    ]


def people_by_reason(
    session: Session, *, organisation_id: int, cohort_id: int, first: date, last: date
) -> dict[Reason, tuple[int, int]]:
    """Return for each reason how many promises of a cohort it explained, and to how many different people."""
    wanted = (
        select(_delivery.c.reason, *_HOW_MANY)
        .where(
            *_days(organisation_id, first, last),
            _delivery.c.cohort_id == cohort_id,
            _delivery.c.state == State.EXPLAINED,
        )
        .group_by(_delivery.c.reason)
    )
    return {row.reason: (row.promises, row.people) for row in session.connection().execute(wanted)}


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


def days_end(session: Session, *, organisation_id: int, first: date, last: date) -> dict[date, datetime]:
    """Return for every day with promises when it is over, everywhere anything was promised for it."""
    over_at = func.max(_delivery.c.late_after).label("over_at")
    wanted = select(_delivery.c.day, over_at).where(*_days(organisation_id, first, last)).group_by(_delivery.c.day)
    return {row.day: row.over_at for row in session.connection().execute(wanted)}


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


_PART = (_delivery.c.day, _delivery.c.workspace_id, _delivery.c.cohort_id)
_COUNTED = (_delivery.c.day, _delivery.c.state, _delivery.c.reason)
_HOW_MANY = (func.count().label("promises"), func.count(_delivery.c.person_id.distinct()).label("people"))


def _days(organisation_id: int, first: date, last: date) -> Sequence[ColumnElement[bool]]:
    return (_delivery.c.organisation_id == organisation_id, _delivery.c.day.between(first, last))


def _count(row: Any) -> Count:
    return Count(day=row.day, state=row.state, reason=row.reason, promises=row.promises, people=row.people)
