"""Many people at once: met, enrolled and moved in a handful of statements, however many they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import case, literal, update
from sqlmodel import Session, col, select

from storage import people, planning
from storage.humane import WORKING_WEEK
from storage.inserting import insert as insert_new
from storage.tables import metadata
from storage.tables.people import Cadence, Pace, Person, Workspace
from storage.tables.programmes import Cohort, Enrolment, Role

AT_A_TIME = 5_000
"""Ids in one statement: SQLite takes 32,766 values."""

T = TypeVar("T")

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """Somebody by the platform's own id, with what its profile says."""

    external_id: str
    zone: str | None
    language: str | None


def met(
    session: Session,
    workspace: Workspace,
    newcomers: Sequence[Newcomer],
    *,
    slot: str,
    now: datetime,
    saves_text: bool = True,
) -> list[int]:
    """Return the ids of these people, in order of id. Strangers are kept from now on, as `people.person_met` would."""
    known = _known(session, workspace, newcomers)
    strangers = [newcomer for newcomer in newcomers if newcomer.external_id not in known]
    if strangers:
        rows = _strangers(session, workspace, strangers, slot=slot, saves_text=saves_text, now=now)
        session.connection().execute(insert_new(session, _person).on_conflict_do_nothing(), rows)
        known = _known(session, workspace, newcomers)
    return sorted(known.values())


def enrol(
    session: Session,
    cohort: Cohort,
    person_ids: Sequence[int],
    *,
    role: Role,
    starts_on: date,
    first_day: date,
    now: datetime,
) -> int:
    """Enrol everybody who is not in, each in their own rhythm, and ask for a welcome. Return how many that were.

    Whoever was removed comes back to their own place, so nothing that was sent is sent again; but in the role they are
    picked for now.
    """
    enrolled = 0
    for ids in _some(person_ids):
        before = dict(
            session.exec(
                select(Enrolment.person_id, col(Enrolment.ends_on).is_not(None)).where(
                    Enrolment.cohort_id == cohort.id, col(Enrolment.person_id).in_(ids)
                )
            ).all()
        )
        new = [person_id for person_id in ids if person_id not in before]
        back = [person_id for person_id, was_removed in before.items() if was_removed]
        _still_there(session, [*new, *back])
        move_to_slot(session, [*new, *back], cohort.default_slot, now)
        _insert(session, cohort, new, role=role, starts_on=starts_on, first_day=first_day, now=now)
        _come_back(session, cohort, back, role=role, first_day=first_day, now=now)
        enrolled += len(new) + len(back)
    return enrolled


def move_to_slot(session: Session, person_ids: Sequence[int], slot: str, now: datetime) -> None:
    """Give those who have not chosen a rhythm of their own another time of day. The rest of their rhythm stays."""
    for ids in _some(person_ids):
        movable = (col(Person.id).in_(ids), col(Person.rhythm_chosen).is_(False))
        others = session.exec(
            select(Cadence)
            .where(col(Cadence.id).in_(select(Person.cadence_id).where(*movable)), Cadence.slot != slot)
            .order_by(col(Cadence.id))
        ).all()
        for other in others:
            wanted = planning.cadence_for(
                session,
                organisation_id=other.organisation_id,
                zone=other.zone,
                slot=slot,
                days=other.days,
                pace=other.pace,
                shift=other.shift,
                now=now,
            )
            session.exec(update(Person).where(*movable, col(Person.cadence_id) == other.id).values(cadence_id=wanted))
            session.exec(
                update(Enrolment)
                .where(
                    col(Enrolment.cadence_id) == other.id,
                    col(Enrolment.person_id).in_(select(Person.id).where(*movable)),
                )
                .values(cadence_id=wanted, moved_at=now)
                .execution_options(synchronize_session="fetch")
            )


def enrolled_in(session: Session, cohort: Cohort) -> list[int]:
    """Return the ids of everybody who has not been removed, for moving them together."""
    return list(
        session.exec(
            select(Enrolment.person_id)
            .where(Enrolment.cohort_id == cohort.id, col(Enrolment.ends_on).is_(None))
            .order_by(col(Enrolment.person_id))
        )
    )


def move_start(session: Session, cohort: Cohort, starts_on: date, now: datetime) -> None:
    """Move the first day of a cohort that has not begun, for everybody in it."""
    session.exec(
        update(Enrolment)
        .where(col(Enrolment.cohort_id) == cohort.id)
        .values(starts_on=starts_on, first_day=starts_on, moved_at=now)
    )
    cohort.starts_on = starts_on


def sort_out(session: Session, cohort: Cohort, now: datetime) -> None:
    """Have the planner go through everybody's week at its next tick: the days of the cohort have changed."""
    session.exec(
        update(Enrolment)
        .where(col(Enrolment.cohort_id) == cohort.id, col(Enrolment.ends_on).is_(None))
        .values(moved_at=now)
    )


def _known(session: Session, workspace: Workspace, newcomers: Sequence[Newcomer]) -> dict[str, int]:
    known: dict[str, int] = {}
    for some in _some([newcomer.external_id for newcomer in newcomers]):
        rows = select(Person.external_id, Person.id).where(
            Person.workspace_id == workspace.id, col(Person.external_id).in_(some)
        )
        known |= dict(session.exec(rows).all())
    return known


def _strangers(
    session: Session,
    workspace: Workspace,
    newcomers: Sequence[Newcomer],
    *,
    slot: str,
    saves_text: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    rows = []
    cadences: dict[str, int] = {}
    for newcomer in newcomers:
        zone = newcomer.zone if people.is_zone(newcomer.zone) else people.DEFAULT_ZONE
        if zone not in cadences:
            cadences[zone] = planning.cadence_for(
                session,
                organisation_id=workspace.organisation_id,
                zone=zone,
                slot=slot,
                days=WORKING_WEEK,
                pace=Pace.DAILY,
                now=now,
            )
        rows.append(
            {
                "external_id": newcomer.external_id,
                "cadence_id": cadences[zone],
                "language": newcomer.language or people.DEFAULT_LANGUAGE,
            }
        )
    # One row object for all: making one takes longer than storing it.
    alike = Person(
        organisation_id=workspace.organisation_id,
        workspace_id=workspace.id,
        external_id="",
        cadence_id=0,
        saves_text=saves_text,
        created_at=now,
    ).model_dump(exclude={"id"})
    return [alike | row for row in rows]


def _still_there(session: Session, person_ids: Sequence[int]) -> None:
    """The platform has just said that they are: whoever had left is back."""
    session.exec(
        update(Person).where(col(Person.id).in_(person_ids), col(Person.left_at).is_not(None)).values(left_at=None)
    )


def _insert(
    session: Session,
    cohort: Cohort,
    person_ids: Sequence[int],
    *,
    role: Role,
    starts_on: date,
    first_day: date,
    now: datetime,
) -> None:
    alike = {
        "organisation_id": cohort.organisation_id,
        "cohort_id": cohort.id,
        "role": role,
        "starts_on": starts_on,
        "first_day": first_day,
        "moved_at": now,
        "created_at": now,
    }
    values = [literal(value, _enrolment.c[name].type) for name, value in alike.items()]
    rows = select(Person.id, Person.cadence_id, *values).where(col(Person.id).in_(person_ids))
    session.connection().execute(
        insert_new(session, _enrolment)
        .from_select(["person_id", "cadence_id", *alike], rows.order_by(col(Person.id)), include_defaults=False)
        .on_conflict_do_nothing()
    )


def _come_back(
    session: Session, cohort: Cohort, person_ids: Sequence[int], *, role: Role, first_day: date, now: datetime
) -> None:
    own_cadence = select(Person.cadence_id).where(col(Person.id) == Enrolment.person_id).scalar_subquery()
    session.exec(
        update(Enrolment)
        .where(col(Enrolment.cohort_id) == cohort.id, col(Enrolment.person_id).in_(person_ids))
        .values(
            ends_on=None,
            role=role,
            first_day=case((col(Enrolment.first_day) < first_day, first_day), else_=col(Enrolment.first_day)),
            cadence_id=own_cadence,
            moved_at=now,
        )
        .execution_options(synchronize_session="fetch")
    )


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_A_TIME):
        yield items[start : start + AT_A_TIME]
