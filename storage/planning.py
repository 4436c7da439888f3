"""Cadences and who keeps them. What is promised to whom on a day is in `promising`.

For the conversation: `cadence_for` and `move_person`. That only leaves marks; the planner does the rest at its next
tick, within a second, because only it knows calendars and programmes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, text, update
from sqlmodel import Session

from storage import advisory
from storage.advisory import Lock
from storage.humane import HOURS, Hours
from storage.inserting import insert
from storage.moments import next_slot
from storage.prepared import Prepared, one_of
from storage.tables import metadata
from storage.tables.people import Pace, Person, Shift
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
    shift: Shift
    planned_through: date

    @property
    def hours(self) -> Hours:
        return HOURS[self.shift]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """People of one cadence who share a cohort and its day one: what the planner makes one plan for."""

    cohort_id: int
    workspace_id: int
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
class InWorkspace:
    """How many people of one cadence get their messages in one workspace."""

    workspace_id: int
    platform: str
    people: int


def cadence_for(
    session: Session,
    *,
    organisation_id: int,
    zone: str,
    slot: str,
    days: int,
    pace: Pace,
    shift: Shift = Shift.DAY,
    now: datetime,
) -> int:
    """Return the cadence with this rhythm, made if there is none. A new one begins with its next slot after `now`."""
    day, moment = next_slot(now, time.fromisoformat(slot), zone)
    rhythm = {
        "organisation_id": organisation_id, "zone": zone, "slot": slot, "days": days, "pace": pace, "shift": shift
    }  # fmt: skip
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


def due_cadences(session: Session, now: datetime) -> list[int]:
    """Return the cadences whose moment has come, earliest first."""
    return [row.id for row in _DUE_CADENCES.rows(session, now=now)]


def lock_cadence(session: Session, cadence_id: int, *, wait: bool) -> bool:
    """Keep others from planning this cadence until the transaction ends. Without `wait`, False when it is taken."""
    if not wait:
        return advisory.is_free(session, Lock.CADENCE, cadence_id)
    advisory.wait_for(session, Lock.CADENCE, cadence_id)
    return True


def hold_messages(session: Session, cadence_id: int, *, after: date, through: date) -> None:
    """Keep what the people of a cadence have been promised for these days from being claimed until the transaction
    ends: what we put on such a message now, nobody may send without."""
    if session.connection().dialect.name == "postgresql":  # SQLite has one writer anyway
        _HOLD.rows(session, cadence_id=cadence_id, after=after, through=through)


def hold_messages_of(session: Session, people: Collection[int]) -> None:
    """As `hold_messages`, for these people alone: nobody else's message waits."""
    if session.connection().dialect.name == "postgresql":
        _HOLD_OF.rows(session, people=list(people))


def cadence(session: Session, cadence_id: int) -> tuple[DueCadence, datetime]:
    """Return the cadence and its `next_at`."""
    row = _CADENCE.first(session, cadence_id=cadence_id)
    return as_cadence(row), row.next_at


def groups_of(session: Session, cadence_id: int) -> list[Group]:
    """Return the groups of one cadence, ended ones too, in a fixed order."""
    return [as_group(row) for row in _GROUPS.rows(session, cadence_id=cadence_id)]


def people_of(session: Session, cadence_id: int) -> list[InWorkspace]:
    """Return how many are enrolled in running cohorts with this cadence. Who has left a cohort that runs still counts:
    read from the index alone, this costs next to nothing beside planning for them."""
    rows = _PEOPLE.rows(session, cadence_id=cadence_id)
    return [InWorkspace(workspace_id=row.id, platform=row.platform, people=int(row.people)) for row in rows]


def document_body(session: Session, document_id: int) -> str:
    return str(session.connection().execute(select(_document.c.body).where(_document.c.id == document_id)).scalar_one())


def advance(session: Session, planned: DueCadence, *, through: date, next_at: datetime) -> bool:
    """Move the watermark, unless somebody else moved it meanwhile."""
    values = {"through": through, "next": next_at, "cadence_id": planned.id, "was": planned.planned_through}
    return _ADVANCE.run(session, **values) == 1


OF_COHORT = (
    _cohort.c.id.label("cohort_id"),
    _cohort.c.workspace_id,
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
_DUE_CADENCES = Prepared(
    select(_cadence.c.id).where(_cadence.c.next_at <= bindparam("now")).order_by(_cadence.c.next_at, _cadence.c.id)
)
_CADENCE = Prepared(select(*_cadence.c).where(_cadence.c.id == bindparam("cadence_id")))
_members = (
    select(_enrolment.c.cohort_id, _enrolment.c.starts_on)
    .where(_enrolment.c.cadence_id == bindparam("cadence_id"))
    .distinct()
    .subquery()
)
_GROUPS = Prepared(
    select(_members.c.starts_on, *OF_COHORT)
    .join_from(_members, _cohort, _cohort.c.id == _members.c.cohort_id)
    .join(_document, _document.c.id == _cohort.c.document_id)
    .order_by(_cohort.c.id, _members.c.starts_on)
)
_sizes = (
    select(_enrolment.c.cohort_id, func.count().label("people"))
    .where(_enrolment.c.cadence_id == bindparam("cadence_id"))
    .group_by(_enrolment.c.cohort_id)
    .subquery()
)
_PEOPLE = Prepared(
    select(_workspace.c.id, _workspace.c.platform, func.sum(_sizes.c.people).label("people"))
    .join_from(_sizes, _cohort, _cohort.c.id == _sizes.c.cohort_id)
    .join(_workspace, _workspace.c.id == _cohort.c.workspace_id)
    .where(_cohort.c.state == literal_column("'running'"))
    .group_by(_workspace.c.id, _workspace.c.platform)
)
# In the order of their ids, as everybody locks them.
_held = (
    select(_delivery.c.id)
    .where(text("delivery.state = 'planned' AND delivery.rides_on IS NULL"))
    .order_by(_delivery.c.id)
    .with_for_update(of=_delivery)
)
_HOLD = Prepared(
    _held.join(_person, _person.c.id == _delivery.c.person_id).where(
        _person.c.cadence_id == bindparam("cadence_id"),
        _delivery.c.day > bindparam("after"),
        _delivery.c.day <= bindparam("through"),
    )
)
_HOLD_OF = Prepared(lambda dialect: _held.where(one_of(dialect, _delivery.c.person_id, "people")))
_ADVANCE = Prepared(
    update(_cadence)
    .where(_cadence.c.id == bindparam("cadence_id"), _cadence.c.planned_through == bindparam("was"))
    .values(planned_through=bindparam("through"), next_at=bindparam("next"))
)


def as_cadence(row: Any, prefix: str = "") -> DueCadence:
    values = row._asdict()
    return DueCadence(
        id=values[f"{prefix}id"],
        zone=values[f"{prefix}zone"],
        slot=time.fromisoformat(values[f"{prefix}slot"]),
        days=values[f"{prefix}days"],
        pace=Pace(values[f"{prefix}pace"]),
        shift=Shift(values[f"{prefix}shift"]),
        planned_through=values[f"{prefix}planned_through"],
    )


def as_group(row: Any) -> Group:
    return Group(
        cohort_id=row.cohort_id,
        workspace_id=row.workspace_id,
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
