"""Promises, set by set: each function is one INSERT … SELECT for everybody it concerns, safe to run twice.

A promise that falls away for a person is inserted as explained, with the reason the person's own row gives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlmodel import Session

from storage.places import Moments
from storage.prepared import Prepared, one_of
from storage.promise_rows import insert_rows, moments_columns, own_reason, own_reasons, said, todays_message, written
from storage.silence import FAREWELL, Quietness, is_too_quiet, quietness_values
from storage.tables import metadata
from storage.tables.deliveries import ROUND_KINDS, Kind, Priority, Reason
from storage.tables.programmes import Role

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]

NO_REASON = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepPromise:
    """One step for everybody of a cadence, cohort and day one."""

    cadence_id: int
    cohort_id: int
    starts_on: date
    step: int
    lesson_id: str
    day: date
    moments: Moments
    roles: Sequence[Role] | None = None
    """Whom of them it is for, where the programme gives others something else that week; None is everybody."""


def promise_step(
    session: Session, promise: StepPromise, quietness: Quietness, *, falls_away: Reason | None = None
) -> int:
    """Promise a step as the day's message. Return how many were new.

    Somebody's own reason comes first; then `falls_away`, for everybody; then the back-off and one message a day.
    Planned together with a welcome, it rides on that.
    """
    values = _of(promise) | quietness_values(quietness)
    return _STEP[_is_for_some(promise)].run(session, **values, falls_away=falls_away or NO_REASON)


def explain_step(session: Session, promise: StepPromise, reason: Reason) -> int:
    """Promise a step that has no day of its own, explained for everybody alike."""
    return _EXPLAINED_STEP[_is_for_some(promise)].run(session, **_of(promise), falls_away=reason)


def promise_riding_step(session: Session, promise: StepPromise, *, carrier_step: int) -> int:
    """Promise a step that rides on another step of the same day and shares its state (gathered on Mondays)."""
    return _RIDING_STEP[_is_for_some(promise)].run(session, **_of(promise), carrier_step=carrier_step)


def promise_farewells(session: Session, promise: StepPromise, quietness: Quietness) -> int:
    """Promise a last message to whoever of the group left twenty nudges unanswered, on the first day of a week."""
    if not quietness.is_first_of_week:
        return 0
    return _FAREWELLS[_is_for_some(promise)].run(session, **_of(promise))


def _step_statement(dialect: str, *, of_roles: bool) -> Executable:
    message, same_day = todays_message("message")
    welcomes = and_(message.c.kind == said(Kind.WELCOME), message.c.state == said("planned"))
    falls_away = bindparam("falls_away", type_=String)
    reason = case(
        *own_reasons(),
        (falls_away != NO_REASON, falls_away),
        (is_too_quiet(), said(Reason.BACKED_OFF)),
        (or_(*(message.c.kind == said(kind) for kind in ROUND_KINDS)), said(Reason.REPLACED_BY_ROUND)),
        (and_(message.c.id.is_not(None), ~welcomes), said(Reason.ONE_MESSAGE)),
        else_=null(),
    )
    due = (
        _group(
            *_enrolled_columns(),
            reason.label("reason"),
            case((welcomes, message.c.id), else_=null()).label("welcome_id"),
            among=_roles(dialect, of_roles),
        )
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .outerjoin(message, same_day)
        .subquery("due")
    )
    rows = select(
        *(due.c[name] for name in ("organisation_id", "workspace_id", "person_id", "cohort_id", "enrolment_id")),
        said(Kind.NUDGE),
        *_step_columns(dialect, due.c.person_id),
        case((due.c.reason.is_(None), said("planned")), else_=said("explained")),
        due.c.reason,
        case((due.c.reason.is_(None), due.c.welcome_id), else_=null()),
        literal_column("0"),
        literal_column("0"),
    ).order_by(due.c.enrolment_id)
    return insert_rows(dialect, rows)


def _explained_statement(dialect: str, *, of_roles: bool) -> Executable:
    rows = _group(
        *_enrolled_columns(),
        said(Kind.NUDGE),
        *_step_columns(dialect, _person.c.id),
        said("explained"),
        bindparam("falls_away", type_=String),
        null(),
        literal_column("0"),
        literal_column("0"),
        among=_roles(dialect, of_roles),
    ).order_by(_enrolment.c.id)
    return insert_rows(dialect, rows)


def _riding_statement(dialect: str, *, of_roles: bool) -> Executable:
    carrier = _delivery.alias("carrier")
    planned = carrier.c.state == said("planned")
    rows = (
        _group(
            *_enrolled_columns(),
            said(Kind.NUDGE),
            *_step_columns(dialect, _person.c.id),
            case((planned, said("planned")), else_=said("explained")),
            # Whatever became of the carrier before this: what cannot ride any more was moved out of this message.
            case((planned, null()), else_=func.coalesce(carrier.c.reason, said(Reason.ONE_MESSAGE))),
            case((planned, func.coalesce(carrier.c.rides_on, carrier.c.id)), else_=null()),
            literal_column("0"),
            literal_column("0"),
            among=_roles(dialect, of_roles),
        )
        .join(
            carrier,
            and_(
                carrier.c.enrolment_id == _enrolment.c.id,
                carrier.c.kind == said(Kind.NUDGE),
                carrier.c.step == bindparam("carrier_step", type_=Integer),
                carrier.c.occurrence == literal_column("1"),
            ),
        )
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows)


def _farewell_statement(dialect: str, *, of_roles: bool) -> Executable:
    message, same_day = todays_message("message")
    earlier = _delivery.alias("earlier")
    # Not how many there have been: those of a cohort that was over long ago may have been disposed of.
    last = select(func.max(earlier.c.occurrence)).where(
        earlier.c.kind == said(Kind.FAREWELL), earlier.c.subject_id == _person.c.id
    )
    before = func.coalesce(last.scalar_subquery(), literal_column("0"))
    rows = (
        _group(
            *_enrolled_columns(),
            said(Kind.FAREWELL),
            null(),
            null(),
            _person.c.id,
            before + 1,
            bindparam("day", type_=Date),
            *moments_columns(dialect, _person.c.id),
            written(Priority.COMES_BACK),
            said("planned"),
            null(),
            null(),
            literal_column("0"),
            literal_column("0"),
            among=_roles(dialect, of_roles),
        )
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .outerjoin(message, same_day)
        .where(_person.c.unanswered >= FAREWELL, own_reason().is_(None), message.c.id.is_(None))
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows)


def _roles(dialect: str, of_roles: bool) -> tuple[ColumnElement[bool], ...]:
    return (one_of(dialect, _enrolment.c.role, "roles", String),) if of_roles else ()


def _group(*columns: ColumnElement[Any], among: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Everybody enrolled in the group on :day, with their person."""
    day = bindparam("day", type_=Date)
    return (
        select(*columns)
        .select_from(_enrolment)
        .join(_person, _person.c.id == _enrolment.c.person_id)
        .where(
            _enrolment.c.cadence_id == bindparam("cadence_id", type_=Integer),
            _enrolment.c.cohort_id == bindparam("cohort_id", type_=Integer),
            _enrolment.c.starts_on == bindparam("starts_on", type_=Date),
            _enrolment.c.first_day <= day,
            or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > day),
            *among,
        )
    )


def _enrolled_columns() -> list[ColumnElement[Any]]:
    return [
        _enrolment.c.organisation_id,
        _person.c.workspace_id,
        _person.c.id.label("person_id"),
        _enrolment.c.cohort_id,
        _enrolment.c.id.label("enrolment_id"),
    ]


def _step_columns(dialect: str, person_id: ColumnElement[int]) -> list[ColumnElement[Any]]:
    return [
        bindparam("step", type_=Integer),
        bindparam("lesson_id", type_=String),
        null(),
        literal_column("1"),
        bindparam("day", type_=Date),
        *moments_columns(dialect, person_id),
        bindparam("priority", type_=Integer),
    ]


def _of(promise: StepPromise) -> dict[str, Any]:
    return {
        "cadence_id": promise.cadence_id,
        "cohort_id": promise.cohort_id,
        "starts_on": promise.starts_on,
        "step": promise.step,
        "lesson_id": promise.lesson_id,
        "day": promise.day,
        "priority": int(promise.moments.priority),
        "roles": promise.roles and [role.value for role in promise.roles],
        **promise.moments.values,
    }


def _is_for_some(promise: StepPromise) -> bool:
    return promise.roles is not None


def _for_all_and_some(statement: Callable[..., Executable]) -> Mapping[bool, Prepared]:
    """Written twice: who is in a programme that is the same for all pays nothing for those in which roles differ."""
    return {of_roles: Prepared(partial(statement, of_roles=of_roles)) for of_roles in (False, True)}


_STEP = _for_all_and_some(_step_statement)
_EXPLAINED_STEP = _for_all_and_some(_explained_statement)
_RIDING_STEP = _for_all_and_some(_riding_statement)
_FAREWELLS = _for_all_and_some(_farewell_statement)
