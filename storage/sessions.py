"""The programme's meetings on a cohort's calendar: when and where, and how many came. Nothing here says who."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows
from sqlmodel.sql.expression import SelectOfScalar

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Pace, Person
from storage.tables.programmes import Cohort, CohortState, Enrolment, Role
from storage.tables.sessions import CohortSession

LONGEST_PLACE = 120
"""Characters."""

_session = metadata.tables["cohort_session"]
_enrolment = metadata.tables["enrolment"]
_cadence = metadata.tables["cadence"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]


class SessionNotFound(LookupError):
    """No such meeting in the organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A meeting on a day. `number` is its place in the programme, `begins` local time ("13:00")."""

    number: int
    day: date
    begins: str
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """A meeting in somebody's own programme, whoever is invited to it: their role there, and which programme."""

    id: int
    cohort_id: int
    number: int
    day: date
    begins: str
    minutes: int
    place: str
    times_changed: int
    role: Role
    digest: str
    is_off: bool
    """The cohort, or the person's part in it, ended before it came to that, or it was called off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """A meeting soon to come in the programme of an enrolment, and the rhythm it is told in."""

    number: int
    day: date
    begins: str
    minutes: int
    place: str
    role: Role
    starts_on: date
    slot: str
    days: int
    pace: Pace


def add(session: Session, cohort: Cohort, placed: Sequence[Placed]) -> None:
    """Put meetings on a cohort's calendar."""
    session.add_all(
        CohortSession(
            organisation_id=cohort.organisation_id,
            cohort_id=cohort.id,
            number=one.number,
            day=one.day,
            begins=one.begins,
            minutes=one.minutes,
        )
        for one in placed
    )
    session.flush()


def of_cohort(session: Session, cohort: Cohort) -> list[CohortSession]:
    """Return a cohort's meetings in the order they are held, but for those that were called off."""
    return list(session.exec(_of_cohort(cohort)))


def hold(session: Session, cohort: Cohort) -> list[CohortSession]:
    """Return a cohort's meetings as they are now, and let nobody else change them or the cohort meanwhile."""
    # Not FOR UPDATE: whoever has moved a meeting and lays out its survey points at the cohort, and would wait for us.
    session.refresh(cohort, with_for_update={"key_share": True})
    held = _of_cohort(cohort).with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.exec(held))


def of_organisation(session: Session, organisation_id: int) -> list[CohortSession]:
    """Return every meeting of an organisation, cohort by cohort."""
    every = select_rows(CohortSession).where(CohortSession.organisation_id == organisation_id)
    return list(session.exec(every.order_by(col(CohortSession.id))))


def find(session: Session, organisation_id: int, session_id: int) -> CohortSession:
    """Raises SessionNotFound, also for one that was called off."""
    found = session.get(CohortSession, session_id)
    if found is None or found.organisation_id != organisation_id or found.called_off_at is not None:
        raise SessionNotFound(session_id)
    return found


def move(session: Session, seen: CohortSession, *, day: date, begins: str, place: str, now: datetime) -> bool:
    """Put a meeting elsewhere. False when it has been changed since it was seen: then nothing is."""
    stays = (day, begins) == (seen.day, seen.begins)
    values: dict[str, Any] = {} if stays else {"day": day, "begins": begins, "moved_at": now}
    return _change(session, seen, values | {"place": place})


def count(session: Session, seen: CohortSession, attended: int | None) -> None:
    """Keep how many came; None takes the number away. The last who counts is right."""
    session.exec(
        update(CohortSession)
        .where(col(CohortSession.id) == seen.id)
        .values(attended=attended)
        .execution_options(synchronize_session="fetch")
    )


def lay_again(session: Session, cohort: Cohort, day_of: Mapping[int, date]) -> None:
    """Move the meetings with these numbers to other days, but none that a coordinator has put where it is."""
    for number, day in day_of.items():
        session.exec(
            update(CohortSession)
            .where(
                col(CohortSession.cohort_id) == cohort.id,
                col(CohortSession.number) == number,
                col(CohortSession.moved_at).is_(None),
                col(CohortSession.day) != day,
            )
            .values(day=day, times_changed=col(CohortSession.times_changed) + 1)
            .execution_options(synchronize_session="fetch")
        )


def go_over(session: Session, cohort: Cohort, *, laid: Sequence[Placed], gone: Collection[int], now: datetime) -> None:
    """Let the meetings with these numbers be when and as long as they are `laid`, putting those that are not there on
    the calendar, and call off those that are `gone`."""
    there = {row.number for row in of_cohort(session, cohort)}
    changes: dict[int, dict[str, Any]] = {number: {"called_off_at": now} for number in gone}
    changes |= {
        one.number: {"day": one.day, "begins": one.begins, "minutes": one.minutes}
        for one in laid
        if one.number in there
    }
    for number, values in changes.items():
        session.exec(
            update(CohortSession)
            .where(col(CohortSession.cohort_id) == cohort.id, col(CohortSession.number) == number)
            .values(**values, times_changed=col(CohortSession.times_changed) + 1)
            .execution_options(synchronize_session="fetch")
        )
    add(session, cohort, [one for one in laid if one.number not in there])


def days_of(session: Session, cohort_id: int) -> dict[int, date]:
    """Return the day of each of a cohort's meetings, by number, but for those that were called off."""
    held = select_rows(CohortSession).where(CohortSession.cohort_id == cohort_id)
    return {row.number: row.day for row in session.exec(held.where(col(CohortSession.called_off_at).is_(None)))}


def invited(session: Session, cohort_id: int, roles: Collection[Role], on: date) -> int:
    """Return how many people in a cohort have one of these roles on a day."""
    return session.exec(
        select_rows(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.cohort_id == cohort_id,
            col(Enrolment.role).in_(roles),
            (col(Enrolment.ends_on).is_(None)) | (col(Enrolment.ends_on) > on),
        )
    ).one()


def of_person(session: Session, person: Person, *, since: date, today: date) -> list[Invitation]:
    """Return the meetings of the programmes the person is in, held on a day or later, in order: also those that are
    off, since they may have them in a calendar. For whom each is stands in its programme."""
    rows = _OF_PERSON.rows(session, person_id=person.id, since=since)
    return [
        Invitation(
            id=row.id,
            cohort_id=row.cohort_id,
            number=row.number,
            day=row.day,
            begins=row.begins,
            minutes=row.minutes,
            place=row.place,
            times_changed=row.times_changed,
            role=row.role,
            digest=row.digest,
            is_off=row.called_off_at is not None
            or (row.state is CohortState.ENDED and (row.ended_on is None or row.day >= row.ended_on))
            or (row.ends_on is not None and row.ends_on <= today),
        )
        for row in rows
    ]


def ahead(session: Session, *, person_id: int, enrolment_id: int, after: date, until: date) -> list[Ahead]:
    """Return the meetings of an enrolment's cohort after a day, `until` included, in order."""
    rows = _AHEAD.rows(session, person_id=person_id, enrolment_id=enrolment_id, after=after, until=until)
    return [Ahead(**row._asdict()) for row in rows]


def _of_cohort(cohort: Cohort) -> SelectOfScalar[CohortSession]:
    return (
        select_rows(CohortSession)
        .where(
            CohortSession.cohort_id == cohort.id,
            CohortSession.organisation_id == cohort.organisation_id,
            col(CohortSession.called_off_at).is_(None),
        )
        .order_by(col(CohortSession.day), col(CohortSession.begins), col(CohortSession.number))
    )


def _change(session: Session, seen: CohortSession, values: Mapping[str, Any]) -> bool:
    changed = session.exec(
        update(CohortSession)
        .where(col(CohortSession.id) == seen.id, col(CohortSession.times_changed) == seen.times_changed)
        .values(**values, times_changed=seen.times_changed + 1)
        .execution_options(synchronize_session="fetch")
    )
    return changed.rowcount == 1


_WHEN_AND_WHERE = [_session.c[name] for name in ("number", "day", "begins", "minutes", "place")]
_OF_PERSON = Prepared(
    select(
        _session.c.id,
        _session.c.cohort_id,
        *_WHEN_AND_WHERE,
        _session.c.times_changed,
        _session.c.called_off_at,
        _enrolment.c.role,
        _enrolment.c.ends_on,
        _document.c.digest,
        _cohort.c.state,
        _cohort.c.ended_on,
    )
    .join_from(_enrolment, _session, _session.c.cohort_id == _enrolment.c.cohort_id)
    .join(_cohort, _cohort.c.id == _enrolment.c.cohort_id)
    .join(_document, _document.c.id == _cohort.c.document_id)
    .where(_enrolment.c.person_id == bindparam("person_id"), _session.c.day >= bindparam("since"))
    .order_by(_session.c.day, _session.c.begins, _session.c.id)
)
_AHEAD = Prepared(
    select(
        *_WHEN_AND_WHERE,
        _enrolment.c.role,
        _enrolment.c.starts_on,
        _cadence.c.slot,
        _cadence.c.days,
        _cadence.c.pace,
    )
    .join_from(_enrolment, _session, _session.c.cohort_id == _enrolment.c.cohort_id)
    .join(_cadence, _cadence.c.id == _enrolment.c.cadence_id)
    .where(_enrolment.c.id == bindparam("enrolment_id"), _enrolment.c.person_id == bindparam("person_id"))
    .where(_session.c.day > bindparam("after"), _session.c.day <= bindparam("until"))
    .where(_session.c.called_off_at.is_(None))
    .order_by(_session.c.day, _session.c.begins, _session.c.id)
)
