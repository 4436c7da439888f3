"""Cadences and who keeps them: rows and marks. What is promised to whom on a day is in `promising`.

For the conversation: `cadence_for`, `move_person`, `plan_welcome`. They only leave marks; the planner does the rest at
its next tick, within a second, because only it knows calendars and programmes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text, update
from sqlmodel import Session

from storage.inserting import insert
from storage.moments import next_slot
from storage.tables import metadata
from storage.tables.people import Pace, Person
from storage.tables.programmes import CatchUp, CohortState, Enrolment

_cadence = metadata.tables["cadence"]
_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]
_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DueCadence:
    id: int
    zone: str
    slot: time
    days: int
    pace: Pace
    planned_through: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """People of one cadence who share a cohort and its day one: what the planner makes one plan for."""

    cohort_id: int
    starts_on: date
    document_id: int
    document_digest: str
    calendar: dict[str, Any]
    late_hours: int
    catch_up: CatchUp
    state: CohortState
    paused_from: date | None
    ended_on: date | None

    def is_paused(self, day: date) -> bool:
        return self.state is CohortState.PAUSED and (self.paused_from is None or self.paused_from <= day)

    def has_ended(self, day: date) -> bool:
        return self.ended_on <= day if self.ended_on is not None else self.state is CohortState.ENDED


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """An enrolment whose rhythm is new, with all the planner must know to sort out the rest of the week."""

    moved_at: datetime
    enrolment_id: int
    organisation_id: int
    workspace_id: int
    person_id: int
    welcomed: bool
    stopped: bool
    first_day: date
    ends_on: date | None
    cadence: DueCadence
    group: Group


def cadence_for(
    session: Session, *, organisation_id: int, zone: str, slot: str, days: int, pace: Pace, now: datetime
) -> int:
    """Return the cadence with this rhythm, made if there is none. A new one begins with its next slot after `now`."""
    day, moment = next_slot(now, time.fromisoformat(slot), zone)
    rhythm = {"organisation_id": organisation_id, "zone": zone, "slot": slot, "days": days, "pace": pace}
    connection = session.connection()
    wanted = select(_cadence.c.id).where(*(_cadence.c[name] == value for name, value in rhythm.items()))
    if (known := connection.execute(wanted).scalar()) is not None:
        return int(known)
    new = rhythm | {"planned_through": day - timedelta(days=1), "next_at": moment}
    connection.execute(insert(session, _cadence).values(new).on_conflict_do_nothing())
    return int(connection.execute(wanted).scalar_one())


def move_person(session: Session, *, person: Person, cadence_id: int, now: datetime) -> None:
    """Point the person and their enrolments at another cadence.

    The planner sees to it at its next tick that every step of the week is still promised exactly once.
    """
    person.cadence_id = cadence_id
    session.add(person)
    session.flush()
    session.connection().execute(
        update(_enrolment).where(_enrolment.c.person_id == person.id).values(cadence_id=cadence_id, moved_at=now)
    )
    # What the session already holds must not write the old cadence back.
    for row in session.identity_map.values():
        if isinstance(row, Enrolment) and row.person_id == person.id:
            session.refresh(row)


def plan_welcome(session: Session, *, enrolment: Enrolment, now: datetime) -> None:
    """Ask for a welcome, unless this person has had one. Call it for everybody who is enrolled.

    The planner promises it at its next tick: for the person's next slot before the first exercise, at once when that
    slot comes too late, or together with the first exercise when there is no humane hour before it.
    """
    enrolment.moved_at = now
    session.add(enrolment)
    session.flush()


def due_cadences(session: Session, now: datetime) -> list[int]:
    """Return the cadences whose moment has come, earliest first."""
    return list(session.connection().execute(_DUE_CADENCES, {"now": now}).scalars())


def lock_cadence(session: Session, cadence_id: int, *, wait: bool) -> bool:
    """Keep others from planning this cadence until the transaction ends. Without `wait`, False when it is taken."""
    if session.connection().dialect.name != "postgresql":
        return True  # SQLite has one writer anyway
    if wait:
        session.connection().execute(text("SELECT pg_advisory_xact_lock(7001, :id)"), {"id": cadence_id})
        return True
    locked = session.connection().execute(text("SELECT pg_try_advisory_xact_lock(7001, :id)"), {"id": cadence_id})
    return bool(locked.scalar())


def cadence(session: Session, cadence_id: int) -> tuple[DueCadence, datetime]:
    """Return the cadence and its `next_at`."""
    row = session.connection().execute(_CADENCE, {"cadence_id": cadence_id}).one()
    return _as_cadence(row), row.next_at


def groups_of(session: Session, cadence_id: int) -> list[Group]:
    """Return the groups of one cadence, ended ones too, in a fixed order."""
    return [_as_group(row) for row in session.connection().execute(_GROUPS, {"cadence_id": cadence_id})]


def document_body(session: Session, document_id: int) -> str:
    return str(session.connection().execute(select(_document.c.body).where(_document.c.id == document_id)).scalar_one())


def advance(session: Session, planned: DueCadence, *, through: date, next_at: datetime) -> bool:
    """Move the watermark, unless somebody else moved it meanwhile."""
    values = {"through": through, "next": next_at, "cadence_id": planned.id, "was": planned.planned_through}
    return session.connection().execute(_ADVANCE, values).rowcount == 1


def moved_enrolments(session: Session, limit: int) -> list[int]:
    """Return enrolments that joined or changed rhythm since the last tick."""
    return list(session.connection().execute(_MOVED, {"most": limit}).scalars())


def moved_with_rhythm(session: Session, enrolment_ids: Sequence[int]) -> list[Moved]:
    """Return those of the enrolments that are still marked."""
    found = (
        select(
            _enrolment.c.id.label("enrolment_id"),
            _enrolment.c.starts_on,
            _enrolment.c.first_day,
            _enrolment.c.ends_on,
            _enrolment.c.moved_at,
            _person.c.id.label("person_id"),
            _person.c.organisation_id,
            _person.c.workspace_id,
            (_person.c.welcomed_at.is_not(None)).label("welcomed"),
            (_person.c.stopped_at.is_not(None) | _person.c.left_at.is_not(None)).label("stopped"),
            *(column.label(f"cadence_{column.name}") for column in _cadence.c),
            *_OF_COHORT,
        )
        .join_from(_enrolment, _person, _person.c.id == _enrolment.c.person_id)
        .join(_cadence, _cadence.c.id == _enrolment.c.cadence_id)
        .join(_cohort, _cohort.c.id == _enrolment.c.cohort_id)
        .join(_document, _document.c.id == _cohort.c.document_id)
        .where(_enrolment.c.id.in_(enrolment_ids), _enrolment.c.moved_at.is_not(None))
        .order_by(_enrolment.c.id)
    )
    return [
        Moved(
            moved_at=row.moved_at,
            enrolment_id=row.enrolment_id,
            organisation_id=row.organisation_id,
            workspace_id=row.workspace_id,
            person_id=row.person_id,
            welcomed=bool(row.welcomed),
            stopped=bool(row.stopped),
            first_day=row.first_day,
            ends_on=row.ends_on,
            cadence=_as_cadence(row, prefix="cadence_"),
            group=_as_group(row),
        )
        for row in session.connection().execute(found)
    ]


def settle_move(session: Session, moved: Moved) -> None:
    """Take the mark away, unless the person moved again meanwhile."""
    session.connection().execute(
        update(_enrolment)
        .where(_enrolment.c.id == moved.enrolment_id, _enrolment.c.moved_at == moved.moved_at)
        .values(moved_at=None)
    )


def lock_movers(session: Session) -> None:
    """One process at a time sorts out those who moved: it waits for cadences, and two would wait for each other."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(7002, 0)"))


def next_moment(session: Session) -> datetime | None:
    """Return when something must be looked at next: a cadence, a delivery to send, an unknown one to ask about.

    None when nothing will ever be. For a clock that jumps; it may lie in the past, when that is overdue.
    """
    connection = session.connection()
    moments = [
        connection.execute(select(func.min(_cadence.c.next_at))).scalar(),
        connection.execute(
            select(func.min(_delivery.c.try_at)).where(text("state = 'planned' AND rides_on IS NULL"))
        ).scalar(),
        connection.execute(
            select(func.min(_delivery.c.try_at)).where(text("state IN ('sending', 'unknown')"))
        ).scalar(),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


_OF_COHORT = (
    _cohort.c.id.label("cohort_id"),
    _cohort.c.document_id,
    _document.c.digest.label("document_digest"),
    _cohort.c.calendar,
    _cohort.c.late_hours,
    _cohort.c.catch_up,
    _cohort.c.state,
    _cohort.c.paused_from,
    _cohort.c.ended_on,
)

# Built once: these run at every tick.
_DUE_CADENCES = (
    select(_cadence.c.id).where(_cadence.c.next_at <= bindparam("now")).order_by(_cadence.c.next_at, _cadence.c.id)
)
_CADENCE = select(_cadence).where(_cadence.c.id == bindparam("cadence_id"))
_members = (
    select(_enrolment.c.cohort_id, _enrolment.c.starts_on)
    .where(_enrolment.c.cadence_id == bindparam("cadence_id"))
    .distinct()
    .subquery()
)
_GROUPS = (
    select(_members.c.starts_on, *_OF_COHORT)
    .join_from(_members, _cohort, _cohort.c.id == _members.c.cohort_id)
    .join(_document, _document.c.id == _cohort.c.document_id)
    .order_by(_cohort.c.id, _members.c.starts_on)
)
_ADVANCE = (
    update(_cadence)
    .where(_cadence.c.id == bindparam("cadence_id"), _cadence.c.planned_through == bindparam("was"))
    .values(planned_through=bindparam("through"), next_at=bindparam("next"))
)
# In the order of the index: by id, SQLite would look through everybody.
_MOVED = (
    select(_enrolment.c.id)
    .where(_enrolment.c.moved_at.is_not(None))
    .order_by(_enrolment.c.moved_at, _enrolment.c.id)
    .limit(bindparam("most"))
)


def _as_cadence(row: Row[*tuple[Any, ...]], prefix: str = "") -> DueCadence:
    values = row._mapping
    return DueCadence(
        id=values[f"{prefix}id"],
        zone=values[f"{prefix}zone"],
        slot=time.fromisoformat(values[f"{prefix}slot"]),
        days=values[f"{prefix}days"],
        pace=Pace(values[f"{prefix}pace"]),
        planned_through=values[f"{prefix}planned_through"],
    )


def _as_group(row: Row[*tuple[Any, ...]]) -> Group:
    return Group(
        cohort_id=row.cohort_id,
        starts_on=row.starts_on,
        document_id=row.document_id,
        document_digest=row.document_digest,
        calendar=row.calendar,
        late_hours=row.late_hours,
        catch_up=CatchUp(row.catch_up),
        state=CohortState(row.state),
        paused_from=row.paused_from,
        ended_on=row.ended_on,
    )
