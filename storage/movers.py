"""Whoever joined or changed rhythm since the last tick: the mark on their enrolment, and what the planner must know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, select, tuple_, update
from sqlmodel import Session

from storage import advisory, planning
from storage.advisory import Lock
from storage.planning import DueCadence, Group
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.programmes import Role

_cadence = metadata.tables["cadence"]
_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """That an enrolment joined or changed rhythm, and when. Moving again makes another."""

    moved_at: datetime
    enrolment_id: int
    person_id: int


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
    role: Role
    cadence: DueCadence
    group: Group


def lock_movers(session: Session) -> None:
    """One process at a time sorts out those who moved: it waits for cadences, and two would wait for each other."""
    advisory.wait_for(session, Lock.MOVERS)


def moved_enrolments(session: Session, limit: int, after: Mark | None = None) -> list[Mark]:
    """Return enrolments that joined or changed rhythm since the last tick, in a fixed order; those after this one."""
    rows = (
        _MOVED.rows(session, most=limit)
        if after is None
        else _MOVED_AFTER.rows(session, most=limit, last_at=after.moved_at, last_id=after.enrolment_id)
    )
    return [Mark(moved_at=row.moved_at, enrolment_id=row.id, person_id=row.person_id) for row in rows]


def moved_with_rhythm(session: Session, enrolment_ids: Sequence[int]) -> list[Moved]:
    """Return those of the enrolments that are still marked."""
    found = (
        select(
            _enrolment.c.id.label("enrolment_id"),
            _enrolment.c.starts_on,
            _enrolment.c.first_day,
            _enrolment.c.ends_on,
            _enrolment.c.role,
            _enrolment.c.moved_at,
            _person.c.id.label("person_id"),
            _person.c.organisation_id,
            _person.c.workspace_id,
            (_person.c.welcomed_at.is_not(None)).label("welcomed"),
            (_person.c.stopped_at.is_not(None) | _person.c.left_at.is_not(None)).label("stopped"),
            *(column.label(f"cadence_{column.name}") for column in _cadence.c),
            *planning.OF_COHORT,
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
            role=row.role,
            cadence=planning.as_cadence(row, prefix="cadence_"),
            group=planning.as_group(row),
        )
        for row in session.connection().execute(found)
    ]


def settle_move(session: Session, moved: Moved) -> None:
    """Take the mark away, unless the person moved again meanwhile."""
    _SETTLE.run(session, enrolment_id=moved.enrolment_id, was=moved.moved_at)


# In the order of the index: by id, SQLite would look through everybody.
_moved = (
    select(_enrolment.c.moved_at, _enrolment.c.id, _enrolment.c.person_id)
    .where(_enrolment.c.moved_at.is_not(None))
    .order_by(_enrolment.c.moved_at, _enrolment.c.id)
    .limit(bindparam("most", type_=Integer))
)
_LAST_AT = bindparam("last_at", type_=_enrolment.c.moved_at.type)
_MOVED = Prepared(_moved)
_MOVED_AFTER = Prepared(
    _moved.where(tuple_(_enrolment.c.moved_at, _enrolment.c.id) > tuple_(_LAST_AT, bindparam("last_id", type_=Integer)))
)
_SETTLE = Prepared(
    update(_enrolment)
    .where(_enrolment.c.id == bindparam("enrolment_id"), _enrolment.c.moved_at == bindparam("was"))
    .values(moved_at=None)
)
