"""Promises, set by set: each function is one INSERT … SELECT for everybody it concerns, safe to run twice.

A promise that falls away for a person is inserted as explained, with the reason the person's own row gives.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    FromClause,
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
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import COUNTING, insert_for
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]

NO_REASON = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quietness:
    """Whom the back-off lets through on a day: facts about the day that are the same for everybody of a cadence."""

    previous_working_day: date
    """2–4 unanswered: every other working day, so nobody who got something then."""
    is_one_of_three: bool
    """5–9 unanswered: Monday, Tuesday, Thursday."""
    is_first_of_week: bool
    """From 10 unanswered on: the first working day of the week."""
    is_weekly: bool
    """The rhythm is gathered on Mondays: as quiet as it gets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    due_at: datetime
    late_after: datetime
    try_at: datetime


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


def promise_step(
    session: Session, promise: StepPromise, quietness: Quietness, *, falls_away: Reason | None = None
) -> int:
    """Promise a step as the day's message. Return how many were new.

    Somebody's own reason comes first; then `falls_away`, for everybody; then the back-off and one message a day.
    Planned together with a welcome, it rides on that.
    """
    return run(
        session,
        _step_statement,
        _of(promise) | quietness_values(quietness) | {"falls_away": falls_away or NO_REASON},
    )


def explain_step(session: Session, promise: StepPromise, reason: Reason) -> int:
    """Promise a step that has no day of its own, explained for everybody alike."""
    return run(session, _explained_statement, _of(promise) | {"falls_away": reason})


def promise_riding_step(session: Session, promise: StepPromise, *, carrier_step: int) -> int:
    """Promise a step that rides on another step of the same day and shares its state (gathered on Mondays)."""
    return run(session, _riding_statement, _of(promise) | {"carrier_step": carrier_step})


def promise_farewells(session: Session, promise: StepPromise, quietness: Quietness) -> int:
    """Promise a last message to whoever of the group left twenty nudges unanswered, on the first day of a week."""
    if not quietness.is_first_of_week:
        return 0
    return run(session, _farewell_statement, _of(promise))


FIRST_QUIET, SECOND_QUIET, WEEKLY, FAREWELL = 2, 5, 10, 20
"""Nudges in a row without a sign of life, from which the back-off gets quieter."""

COLUMNS = [
    "organisation_id",
    "workspace_id",
    "person_id",
    "cohort_id",
    "enrolment_id",
    "kind",
    "step",
    "lesson_id",
    "subject_id",
    "occurrence",
    "day",
    "due_at",
    "late_after",
    "try_at",
    "state",
    "reason",
    "rides_on",
    "attempts",
    "searches",
]


def own_reason() -> ColumnElement[Any]:
    """Why nothing goes to this person at all on :day, as a CASE to go on with; NULL when nothing speaks against it."""
    return case(*own_reasons(), else_=null())


def own_reasons() -> list[tuple[ColumnElement[bool], Any]]:
    day = bindparam("day", type_=Date)
    return [
        (_person.c.left_at.is_not(None), said(Reason.LEFT)),
        (_person.c.stopped_at.is_not(None), said(Reason.STOPPED)),
        (
            and_(
                _person.c.paused_from <= day,
                or_(_person.c.paused_until.is_(None), _person.c.paused_until >= day),
            ),
            said(Reason.PAUSED),
        ),
        (_workspace.c.disconnected_at.is_not(None), said(Reason.WORKSPACE_DISCONNECTED)),
        (_person.c.unreachable_at.is_not(None), said(Reason.NOT_REACHABLE)),
    ]


def is_too_quiet() -> ColumnElement[bool]:
    """The back-off: whether this person gets nothing today because of earlier silence."""
    silent = _person.c.unanswered
    one_of_three = bindparam("is_one_of_three", type_=Integer)
    first_of_week = bindparam("is_first_of_week", type_=Integer)
    return or_(
        silent >= FAREWELL,
        and_(
            bindparam("is_weekly", type_=Integer) == 0,
            or_(
                and_(silent >= WEEKLY, first_of_week == 0),
                and_(silent.between(SECOND_QUIET, WEEKLY - 1), one_of_three == 0),
                and_(
                    silent.between(FIRST_QUIET, SECOND_QUIET - 1),
                    _person.c.last_sent_on >= bindparam("previous_working_day", type_=Date),
                ),
            ),
        ),
    )


def todays_message(alias: str, person_id: ColumnElement[int] = _person.c.id) -> tuple[FromClause, ColumnElement[bool]]:
    """The message a person already has on :day, to join with. Spelled so that the unique index is used."""
    message = _delivery.alias(alias)
    return message, and_(
        message.c.person_id == person_id,
        message.c.day == bindparam("day", type_=Date),
        message.c.rides_on.is_(None),
        message.c.state != literal_column("'explained'"),
    )


def moments_columns() -> list[ColumnElement[Any]]:
    return [bindparam(name, type_=UTCDateTime()).label(name) for name in ("due_at", "late_after", "try_at")]


def _step_statement(dialect: str) -> Executable:
    message, same_day = todays_message("message")
    welcomes = and_(message.c.kind == said(Kind.WELCOME), message.c.state == said("planned"))
    falls_away = bindparam("falls_away", type_=String)
    reason = case(
        *own_reasons(),
        (falls_away != NO_REASON, falls_away),
        (is_too_quiet(), said(Reason.BACKED_OFF)),
        (and_(message.c.id.is_not(None), ~welcomes), said(Reason.ONE_MESSAGE)),
        else_=null(),
    )
    due = (
        _group(
            *_enrolled_columns(),
            reason.label("reason"),
            case((welcomes, message.c.id), else_=null()).label("welcome_id"),
        )
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .outerjoin(message, same_day)
        .subquery("due")
    )
    rows = select(
        *(due.c[name] for name in ("organisation_id", "workspace_id", "person_id", "cohort_id", "enrolment_id")),
        said(Kind.NUDGE),
        *_step_columns(),
        case((due.c.reason.is_(None), said("planned")), else_=said("explained")),
        due.c.reason,
        case((due.c.reason.is_(None), due.c.welcome_id), else_=null()),
        literal_column("0"),
        literal_column("0"),
    ).order_by(due.c.enrolment_id)
    return insert_rows(dialect, rows)


def _explained_statement(dialect: str) -> Executable:
    rows = _group(
        *_enrolled_columns(),
        said(Kind.NUDGE),
        *_step_columns(),
        said("explained"),
        bindparam("falls_away", type_=String),
        null(),
        literal_column("0"),
        literal_column("0"),
    ).order_by(_enrolment.c.id)
    return insert_rows(dialect, rows)


def _riding_statement(dialect: str) -> Executable:
    carrier = _delivery.alias("carrier")
    planned = carrier.c.state == said("planned")
    rows = (
        _group(
            *_enrolled_columns(),
            said(Kind.NUDGE),
            *_step_columns(),
            case((planned, said("planned")), else_=said("explained")),
            # Whatever became of the carrier before this: what cannot ride any more was moved out of this message.
            case((planned, null()), else_=func.coalesce(carrier.c.reason, said(Reason.ONE_MESSAGE))),
            case((planned, func.coalesce(carrier.c.rides_on, carrier.c.id)), else_=null()),
            literal_column("0"),
            literal_column("0"),
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


def _farewell_statement(dialect: str) -> Executable:
    message, same_day = todays_message("message")
    earlier = _delivery.alias("earlier")
    before = (
        select(func.count())
        .select_from(earlier)
        .where(earlier.c.kind == said(Kind.FAREWELL), earlier.c.subject_id == _person.c.id)
        .scalar_subquery()
    )
    rows = (
        _group(
            *_enrolled_columns(),
            said(Kind.FAREWELL),
            null(),
            null(),
            _person.c.id,
            before + 1,
            bindparam("day", type_=Date),
            *moments_columns(),
            said("planned"),
            null(),
            null(),
            literal_column("0"),
            literal_column("0"),
        )
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .outerjoin(message, same_day)
        .where(_person.c.unanswered >= FAREWELL, own_reason().is_(None), message.c.id.is_(None))
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows)


def _group(*columns: ColumnElement[Any]) -> Select[Any]:
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


def _step_columns() -> list[ColumnElement[Any]]:
    return [
        bindparam("step", type_=Integer),
        bindparam("lesson_id", type_=String),
        null(),
        literal_column("1"),
        bindparam("day", type_=Date),
        *moments_columns(),
    ]


def said(value: str) -> ColumnElement[str]:
    """A value of a closed set, written out: partial indexes are only used for what can be read in the statement."""
    return literal_column(f"'{value}'", String)


def insert_rows(dialect: str, rows: Select[Any]) -> Executable:
    return insert_for(dialect, _delivery).from_select(COLUMNS, rows, include_defaults=False).on_conflict_do_nothing()


def _of(promise: StepPromise) -> dict[str, Any]:
    return {
        "cadence_id": promise.cadence_id,
        "cohort_id": promise.cohort_id,
        "starts_on": promise.starts_on,
        "step": promise.step,
        "lesson_id": promise.lesson_id,
        "day": promise.day,
        "due_at": promise.moments.due_at,
        "late_after": promise.moments.late_after,
        "try_at": promise.moments.try_at,
    }


def quietness_values(quietness: Quietness) -> dict[str, Any]:
    return {
        "previous_working_day": quietness.previous_working_day,
        "is_one_of_three": int(quietness.is_one_of_three),
        "is_first_of_week": int(quietness.is_first_of_week),
        "is_weekly": int(quietness.is_weekly),
    }


def run(session: Session, statement: Any, values: dict[str, Any]) -> int:
    connection = session.connection()
    prepared = _prepared(statement, connection.dialect.name)
    return connection.execute(prepared, values, execution_options=COUNTING).rowcount


@lru_cache(maxsize=64)
def _prepared(statement: Any, dialect: str) -> Executable:
    """Each statement is built once: building costs more than running it for a small group."""
    built: Executable = statement(dialect)
    return built
