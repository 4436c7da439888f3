"""One person's promises, row by row: for whoever joins or changes rhythm in the middle of a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select, update
from sqlmodel import Session

from storage.inserting import COUNTING, insert
from storage.movers import Moved
from storage.places import Moments
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority, Reason, State
from storage.unkept_plans import plan_was_promised

_delivery = metadata.tables["delivery"]
_plan = metadata.tables["plan"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PromisedStep:
    step: int
    day: date
    reason: Reason | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Welcome:
    """A welcome that is under way or was sent."""

    id: int
    day: date
    due_at: datetime
    is_untouched: bool
    """Planned, and nobody has tried to send it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDue:
    """An if-then plan whose cue is on a day."""

    id: int
    lesson_id: str
    is_of_enrolment: bool


def promised_steps(session: Session, enrolment_id: int) -> list[PromisedStep]:
    rows = session.connection().execute(_PROMISED, {"enrolment": enrolment_id})
    return [PromisedStep(step=row.step, day=row.day, reason=row.reason and Reason(row.reason)) for row in rows]


def withdraw_steps_ahead(session: Session, enrolment_ids: Sequence[int], now: datetime) -> None:
    """Take back what an earlier move promised ahead and is not due yet, unless something else rides on it."""
    which = {"enrolments": list(enrolment_ids), "now": now}
    connection = session.connection()
    connection.execute(_WITHDRAW_RIDERS, which)
    connection.execute(_WITHDRAW, which)


def todays_message(session: Session, person_id: int, day: date) -> tuple[int, Kind, State] | None:
    """Return id, kind and state of the person's message of that day, or None."""
    row = session.connection().execute(_MESSAGE_OF, {"person": person_id, "on": day}).first()
    return (row.id, Kind(row.kind), State(row.state)) if row else None


def end_sooner(session: Session, moved: Moved, *, last_at: datetime, since: date, now: datetime) -> None:
    """What this cohort promised for the day `since` or later and is due but not out is too late after `last_at`."""
    which = {"person": moved.person_id, "cohort": moved.group.cohort_id, "since": since}
    session.connection().execute(_END_SOONER, which | {"last": last_at, "now": now})


def welcome_of(session: Session, person_id: int) -> Welcome | None:
    """Return the welcome to this person that is under way or was sent, or None."""
    row = session.connection().execute(_WELCOME_TO, {"person": person_id}).first()
    if row is None:
        return None
    untouched = row.state == State.PLANNED and not row.attempts
    return Welcome(id=row.id, day=row.day, due_at=row.due_at, is_untouched=untouched)


def retime_welcome(session: Session, moved: Moved, welcome_id: int, *, day: date, moments: Moments) -> None:
    """Promise a welcome that is not due yet for another moment: what rides on it stays with it."""
    values = {"day_there": day, "due": moments.due_at, "late": moments.late_after}
    values["try"] = moments.try_at_of(moved.person_id)
    session.connection().execute(_RETIME, {"welcome": welcome_id} | values)


def promise_welcome(session: Session, moved: Moved, *, day: date, moments: Moments) -> int:
    earlier = select(func.count()).where(
        _delivery.c.kind == literal_column(f"'{Kind.WELCOME}'"), _delivery.c.subject_id == moved.enrolment_id
    )
    before = session.connection().execute(earlier).scalar_one()
    values = {"kind": Kind.WELCOME, "subject_id": moved.enrolment_id, "occurrence": before + 1}
    return _insert(session, _row(moved, day, moments) | values)


def promise_one_step(
    session: Session,
    moved: Moved,
    *,
    step: int,
    lesson_id: str,
    day: date,
    moments: Moments,
    reason: Reason | None,
    rides_on_step: int | None = None,
) -> int:
    """Promise one step to one person. A day that has its message already explains it; a welcome carries it."""
    values: dict[str, Any] = {"kind": Kind.NUDGE, "step": step, "lesson_id": lesson_id, "reason": reason}
    if reason is None and rides_on_step is not None:
        values |= _riding(session, moved, rides_on_step)
    elif reason is None and (message := todays_message(session, moved.person_id, day)):
        id, kind, state = message
        carries = kind is Kind.WELCOME and state is State.PLANNED
        values |= {"rides_on": id} if carries else {"reason": Reason.ONE_MESSAGE}
    values["state"] = State.PLANNED if values["reason"] is None else State.EXPLAINED
    return _insert(session, _row(moved, day, moments) | values)


def plans_of(session: Session, *, person_id: int, enrolment_id: int, day: date) -> Sequence[PlanDue]:
    """Return the plans for that day that nothing was promised for: of this enrolment, and from the library."""
    rows = session.connection().execute(_PLANS, {"person": person_id, "enrolment": enrolment_id, "on": day})
    return [PlanDue(id=row.id, lesson_id=row.lesson_id, is_of_enrolment=row.delivery_id is not None) for row in rows]


def promise_plan(
    session: Session, moved: Moved, plan: PlanDue, moments: Moments, *, day: date, rides_on: int | None
) -> int:
    """Promise a plan to one person: as the day's message, or riding on it."""
    values = {"kind": Kind.PLAN, "subject_id": plan.id, "lesson_id": plan.lesson_id, "rides_on": rides_on}
    if not plan.is_of_enrolment:
        values |= {"cohort_id": None, "enrolment_id": None}
    return _insert(session, _row(moved, day, moments) | values | {"priority": int(Priority.COMES_BACK)})


def _riding(session: Session, moved: Moved, carrier_step: int) -> dict[str, Any]:
    carrier = (
        session.connection()
        .execute(
            select(_delivery.c.id, _delivery.c.rides_on, _delivery.c.state, _delivery.c.reason).where(
                _delivery.c.enrolment_id == moved.enrolment_id,
                _delivery.c.kind == literal_column(f"'{Kind.NUDGE}'"),
                _delivery.c.step == carrier_step,
                _delivery.c.occurrence == literal_column("1"),
            )
        )
        .one()
    )
    if carrier.state == State.PLANNED:
        return {"rides_on": carrier.rides_on or carrier.id}
    return {"reason": carrier.reason or Reason.ONE_MESSAGE}


def _row(moved: Moved, day: date, moments: Moments) -> dict[str, Any]:
    return {
        "organisation_id": moved.organisation_id,
        "workspace_id": moved.workspace_id,
        "person_id": moved.person_id,
        "cohort_id": moved.group.cohort_id,
        "enrolment_id": moved.enrolment_id,
        "occurrence": 1,
        "day": day,
        "due_at": moments.due_at,
        "late_after": moments.late_after,
        "try_at": moments.try_at_of(moved.person_id),
        "priority": int(moments.priority),
        "state": State.PLANNED,
        "attempts": 0,
        "searches": 0,
    }


def _insert(session: Session, values: dict[str, Any]) -> int:
    new = insert(session, _delivery).values(values).on_conflict_do_nothing()
    return session.connection().execute(new, execution_options=COUNTING).rowcount


# Built once. States and kinds are written out, so that SQLite sees which small index will do.
_NUDGE = _delivery.c.kind == literal_column(f"'{Kind.NUDGE}'")
_PROMISED = (
    select(_delivery.c.step, _delivery.c.day, _delivery.c.reason)
    .where(_delivery.c.enrolment_id == bindparam("enrolment"), _NUDGE)
    .order_by(_delivery.c.step)
)
_AHEAD = and_(
    _delivery.c.enrolment_id.in_(bindparam("enrolments", expanding=True)),
    _NUDGE,
    _delivery.c.due_at > bindparam("now"),
    _delivery.c.attempts == literal_column("0"),
    _delivery.c.state.in_([literal_column("'planned'"), literal_column("'explained'")]),
)
_rider = _delivery.alias("rider")
_CARRIES_SOMETHING_ELSE = (
    select(literal_column("1"))
    .select_from(_rider)
    .where(_rider.c.rides_on == _delivery.c.id, _rider.c.kind != literal_column(f"'{Kind.NUDGE}'"))
    .exists()
)
_WITHDRAW_RIDERS = delete(_delivery).where(_AHEAD, _delivery.c.rides_on.is_not(None))
_WITHDRAW = delete(_delivery).where(_AHEAD, ~_CARRIES_SOMETHING_ELSE)
_MESSAGE_OF = select(_delivery.c.id, _delivery.c.kind, _delivery.c.state).where(
    _delivery.c.person_id == bindparam("person"),
    _delivery.c.day == bindparam("on"),
    _delivery.c.rides_on.is_(None),
    _delivery.c.state != literal_column("'explained'"),
)
_END_SOONER = (
    update(_delivery)
    .where(
        _delivery.c.person_id == bindparam("person"),
        _delivery.c.day >= bindparam("since"),
        # Not as a bare column: SQLite would take the cohort's index, and read what was promised to everybody in it.
        _delivery.c.cohort_id + literal_column("0") == bindparam("cohort"),
        _delivery.c.state.in_([literal_column(f"'{state}'") for state in ("planned", "sending", "unknown")]),
        _delivery.c.due_at <= bindparam("now"),
        _delivery.c.late_after > bindparam("last"),
    )
    .values(late_after=bindparam("last"))
)
_RETIME = (
    update(_delivery)
    .where(_delivery.c.id == bindparam("welcome"))
    .values(day=bindparam("day_there"), due_at=bindparam("due"), late_after=bindparam("late"), try_at=bindparam("try"))
)
_WELCOME_TO = (
    select(_delivery.c.id, _delivery.c.day, _delivery.c.due_at, _delivery.c.state, _delivery.c.attempts)
    .where(
        _delivery.c.person_id == bindparam("person"),
        _delivery.c.kind == literal_column(f"'{Kind.WELCOME}'"),
        _delivery.c.state != literal_column("'explained'"),
    )
    .limit(1)
)
_source = _delivery.alias("source")
_PLANS = (
    select(_plan.c.id, _plan.c.lesson_id, _plan.c.delivery_id)
    .outerjoin(_source, _source.c.id == _plan.c.delivery_id)
    .where(
        _plan.c.person_id == bindparam("person"),
        _plan.c.cue_on == bindparam("on"),
        _plan.c.closed_at.is_(None),
        or_(_source.c.enrolment_id == bindparam("enrolment"), _source.c.enrolment_id.is_(None)),
        ~plan_was_promised(),
    )
    .order_by(_plan.c.id)
)
