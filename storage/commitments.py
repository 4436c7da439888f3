"""Promises that come back on a day: follow-ups, if-then plans, and steps moved out of a time when Knuff was down.

Set by set, for everybody of a cadence, on top of what the day's step made. Oldest commitment first; at most two ride on
a message, and without a message the oldest is one itself.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from storage.cadence_days import DayOfCadence, keeps_calendar_of
from storage.prepared import Prepared
from storage.promise_rows import insert_rows, moments_columns, own_reason, said, todays_message, written
from storage.silence import is_too_quiet, quietness_values
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority, Reason
from storage.unkept_plans import plan_was_promised

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]

MOST_RIDERS = 2


def promise_commitments(session: Session, day: DayOfCadence) -> int:
    """Promise what is due: first as a message of its own where the day has none, then as riders. Return how many."""
    if _WAITING.first(session, cadence_id=day.cadence_id, day=day.day) is None:
        return 0
    values = day.values | quietness_values(day.quietness)
    values |= {"asking_cohorts": [*day.asking_cohorts], "open_cohorts": [*day.open_cohorts]}
    return _CARRIERS.run(session, **values) + _RIDERS.run(session, **values)


def _carriers_statement(dialect: str) -> Executable:
    ranked = _ranked(dialect)
    message, same_day = todays_message("message", ranked.c.person_id)
    rows = (
        select(
            *_what(ranked),
            *moments_columns(dialect, ranked.c.person_id),
            _priority(ranked),
            said("planned"),
            *_tail(null()),
        )
        .select_from(ranked)
        .outerjoin(message, same_day)
        .where(ranked.c.place == literal_column("1"), message.c.id.is_(None))
        .order_by(ranked.c.person_id)
    )
    return insert_rows(dialect, rows)


def _riders_statement(dialect: str) -> Executable:
    ranked = _ranked(dialect)
    carrier, same_day = todays_message("carrier", ranked.c.person_id)
    # A commitment that is the message itself leaves room for one more.
    room = case((carrier.c.kind == said(Kind.NUDGE), MOST_RIDERS), else_=MOST_RIDERS - 1)
    rows = (
        select(
            *_what(ranked),
            carrier.c.due_at,
            carrier.c.late_after,
            carrier.c.try_at,
            _priority(ranked),
            said("planned"),
            *_tail(carrier.c.id),
        )
        .select_from(ranked)
        .join(carrier, same_day)
        .where(
            carrier.c.state == said("planned"),
            carrier.c.kind.in_([literal_column(f"'{kind}'") for kind in (Kind.NUDGE, Kind.FOLLOW_UP, Kind.PLAN)]),
            ranked.c.place <= room,
        )
        .order_by(ranked.c.person_id, ranked.c.place)
    )
    return insert_rows(dialect, rows)


def _ranked(dialect: str) -> Subquery:
    """Everything due today, numbered by person, oldest commitment first."""
    due = union_all(_follow_ups(dialect), _plans(dialect), _moved_steps(dialect)).subquery("commitment")
    order = (due.c.since, due.c.kind, due.c.subject_id, due.c.step)
    place = func.row_number().over(partition_by=due.c.person_id, order_by=order).label("place")
    return select(due, place).subquery("ranked")


def _follow_ups(dialect: str) -> Select[Any]:
    open_one = _open_delivery(Kind.FOLLOW_UP, _follow_up.c.id)
    return _of_cadence(
        _follow_up.c.cohort_id,
        _follow_up.c.enrolment_id,
        said(Kind.FOLLOW_UP).label("kind"),
        cast(null(), Integer).label("step"),
        _follow_up.c.lesson_id,
        _follow_up.c.id.label("subject_id"),
        (_last_occurrence(Kind.FOLLOW_UP, _follow_up.c.id) + 1).label("occurrence"),
        _follow_up.c.due_on.label("since"),
    ).join(_follow_up, _follow_up.c.person_id == _person.c.id).outerjoin(
        _enrolment, _enrolment.c.id == _follow_up.c.enrolment_id
    ).where(
        _follow_up.c.state == said("open"),
        _follow_up.c.due_on <= bindparam("day", type_=Date),
        _is_enrolled(),
        keeps_calendar_of(dialect, "asking_cohorts", _follow_up.c.cohort_id),
        ~is_too_quiet(),
        ~open_one,
    )  # fmt: skip


def _plans(dialect: str) -> Select[Any]:
    source = _delivery.alias("source")
    return _of_cadence(
        source.c.cohort_id,
        source.c.enrolment_id,
        said(Kind.PLAN).label("kind"),
        cast(null(), Integer).label("step"),
        _plan.c.lesson_id,
        _plan.c.id.label("subject_id"),
        literal_column("1", Integer).label("occurrence"),
        _plan.c.cue_on.label("since"),
    ).join(_plan, _plan.c.person_id == _person.c.id).outerjoin(source, source.c.id == _plan.c.delivery_id).outerjoin(
        _enrolment, _enrolment.c.id == source.c.enrolment_id
    ).where(
        _plan.c.cue_on == bindparam("day", type_=Date),
        _plan.c.closed_at.is_(None),
        _is_enrolled(),
        keeps_calendar_of(dialect, "open_cohorts", source.c.cohort_id),
        ~plan_was_promised(),
    )  # fmt: skip


def _moved_steps(dialect: str) -> Select[Any]:
    """The oldest moved step of each enrolment: one a day, so that nobody is flooded."""
    moved, again, older, older_again = (_delivery.alias(name) for name in ("moved", "again", "older", "older_again"))
    brought = _delivery.alias("brought")
    brought_today = (
        select(literal_column("1"))
        .select_from(brought)
        .where(
            brought.c.kind == said(Kind.NUDGE),
            brought.c.enrolment_id == moved.c.enrolment_id,
            brought.c.occurrence > literal_column("1"),
            brought.c.day == bindparam("day", type_=Date),
        )
        .exists()
    )
    # Spelled for the small index of moved promises: by kind or cohort, SQLite would read all that was ever promised.
    waits = and_(moved.c.reason == said(Reason.MOVED), moved.c.subject_id.is_(None), ~_carried(moved, again))
    waits_longer = (
        select(literal_column("1"))
        .select_from(older)
        .where(
            older.c.enrolment_id == moved.c.enrolment_id,
            older.c.reason == said(Reason.MOVED),
            older.c.subject_id.is_(None),
            older.c.step < moved.c.step,
            ~_carried(older, older_again),
        )
        .exists()
    )
    return _of_cadence(
        moved.c.cohort_id,
        moved.c.enrolment_id,
        said(Kind.NUDGE).label("kind"),
        moved.c.step,
        moved.c.lesson_id,
        cast(null(), Integer).label("subject_id"),
        (moved.c.occurrence + 1).label("occurrence"),
        moved.c.day.label("since"),
    ).join(_enrolment, _enrolment.c.person_id == _person.c.id).join(
        moved, moved.c.enrolment_id == _enrolment.c.id
    ).where(
        waits,
        ~waits_longer,
        ~brought_today,
        moved.c.day < bindparam("day", type_=Date),
        _is_enrolled(),
        keeps_calendar_of(dialect, "asking_cohorts", _enrolment.c.cohort_id),
        ~is_too_quiet(),
    )  # fmt: skip


def _of_cadence(*columns: ColumnElement[Any]) -> Select[Any]:
    """Everybody of the cadence to whom something may be sent today."""
    return (
        select(_person.c.organisation_id, _person.c.workspace_id, _person.c.id.label("person_id"), *columns)
        .select_from(_person)
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .where(_person.c.cadence_id == bindparam("cadence_id", type_=Integer), own_reason().is_(None))
    )


def _carried(moved: Any, again: Any) -> ColumnElement[bool]:
    return (
        select(literal_column("1"))
        .select_from(again)
        .where(
            again.c.kind == said(Kind.NUDGE),
            again.c.enrolment_id == moved.c.enrolment_id,
            again.c.step == moved.c.step,
            again.c.occurrence > moved.c.occurrence,
        )
        .exists()
    )


def _last_occurrence(kind: Kind, subject: ColumnElement[int]) -> ColumnElement[int]:
    earlier = _delivery.alias("earlier")
    last = select(func.max(earlier.c.occurrence)).where(earlier.c.kind == said(kind), earlier.c.subject_id == subject)
    return func.coalesce(last.scalar_subquery(), literal_column("0"))


def _open_delivery(kind: Kind, subject: ColumnElement[int]) -> ColumnElement[bool]:
    under_way = _delivery.alias("under_way")
    return select(literal_column("1")).select_from(under_way).where(
        under_way.c.kind == said(kind),
        under_way.c.subject_id == subject,
        under_way.c.state.in_([literal_column(f"'{state}'") for state in ("planned", "sending", "unknown")]),
    ).exists()  # fmt: skip


def _is_enrolled() -> ColumnElement[bool]:
    """Whether the enrolment that was joined goes on; so does what belongs to none."""
    return or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > bindparam("day", type_=Date))


def _what(ranked: Subquery) -> list[ColumnElement[Any]]:
    names = ("organisation_id", "workspace_id", "person_id", "cohort_id", "enrolment_id", "kind", "step", "lesson_id")
    return [
        *(ranked.c[name] for name in names),
        ranked.c.subject_id,
        ranked.c.occurrence,
        bindparam("day", type_=Date),
    ]


def _priority(ranked: Subquery) -> ColumnElement[int]:
    """A nudge that comes back is a moved step."""
    moved = ranked.c.kind == said(Kind.NUDGE)
    return case((moved, written(Priority.CATCH_UP)), else_=written(Priority.COMES_BACK))


def _tail(rides_on: Any) -> list[Any]:
    return [null(), rides_on, literal_column("0"), literal_column("0")]


def _waiting() -> Select[Any]:
    """Whether anything might be due: most days of most cadences nothing is, and finding that out should cost little."""
    of_cadence: Select[Any] = select(literal_column("1")).select_from(_person)
    somebody = _person.c.cadence_id == bindparam("cadence_id", type_=Integer)
    asked = of_cadence.join(_follow_up, _follow_up.c.person_id == _person.c.id).where(
        somebody, _follow_up.c.state == said("open"), _follow_up.c.due_on <= bindparam("day", type_=Date)
    )
    planned = of_cadence.join(_plan, _plan.c.person_id == _person.c.id).where(
        somebody, _plan.c.cue_on == bindparam("day", type_=Date), _plan.c.closed_at.is_(None)
    )
    moved = (
        of_cadence.join(_enrolment, _enrolment.c.person_id == _person.c.id)
        .join(_delivery, _delivery.c.enrolment_id == _enrolment.c.id)
        .where(somebody, _delivery.c.reason == said(Reason.MOVED), _delivery.c.subject_id.is_(None))
    )
    return select(literal_column("1")).where(or_(asked.exists(), planned.exists(), moved.exists()))


_WAITING = Prepared(_waiting())
_CARRIERS = Prepared(_carriers_statement)
_RIDERS = Prepared(_riders_statement)
