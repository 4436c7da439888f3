"""Plans that cannot come back on their day: accounted for, each with its reason."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, Executable, Integer, and_, bindparam, case, literal_column, null, select
from sqlmodel import Session

from storage.cadence_days import DayOfCadence, keeps_calendar_of
from storage.prepared import Prepared
from storage.promise_rows import insert_rows, moments_columns, own_reasons, said, written
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority, Reason

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]
_plan = metadata.tables["plan"]

WHY_NOT = (
    Reason.COHORT_PAUSED,
    Reason.OWN_DAY_OFF,
    Reason.RED_DAY,
    Reason.EVE,
    Reason.CLOSED_DAY,
    Reason.KNUFF_WAS_DOWN,
)
"""Why a whole cohort's plans do not come back on a day."""
LOOKED_BACK = timedelta(days=7)


def explain_plans(session: Session, day: DayOfCadence) -> int:
    """Account for plans whose cue is today and nothing was promised for: the person's own reason, or the cohort's. Also
    for those of the last week that no rhythm of their person's had a day for, as when it changed meanwhile: a weekend
    is nobody's, and on any other day it was too late for them."""
    closed = {reason: [cohort for cohort, why in day.why_not.items() if why is reason] for reason in WHY_NOT}
    values = day.values | {"after": day.day - LOOKED_BACK, "weekend_begins": _weekend_before(day.day)}
    values["weekend_ends"] = values["weekend_begins"] + timedelta(days=1)
    return _UNKEPT.run(session, **values, **closed, open_cohorts=[*day.open_cohorts])


def _weekend_before(day: date) -> date:
    """Return the last Saturday before a day."""
    return day - timedelta(days=(day.weekday() + 1) % 7 + 1)


def plan_was_promised() -> ColumnElement[bool]:
    """Whether a plan has had its promise: it has one in all."""
    earlier = _delivery.alias("earlier")
    return select(literal_column("1")).select_from(earlier).where(
        earlier.c.kind == said(Kind.PLAN), earlier.c.subject_id == _plan.c.id
    ).exists()  # fmt: skip


def _plans_statement(dialect: str) -> Executable:
    is_left_out = _plan.c.cue_on < bindparam("day", type_=Date)
    is_weekend = _plan.c.cue_on.between(bindparam("weekend_begins", type_=Date), bindparam("weekend_ends", type_=Date))
    rows = (
        select(
            _person.c.organisation_id,
            _person.c.workspace_id,
            _person.c.id,
            _delivery.c.cohort_id,
            _delivery.c.enrolment_id,
            said(Kind.PLAN),
            null(),
            _plan.c.lesson_id,
            _plan.c.id,
            literal_column("1"),
            bindparam("day", type_=Date),
            *moments_columns(dialect, _person.c.id),
            written(Priority.COMES_BACK),
            said("explained"),
            case(
                *own_reasons(),
                (and_(is_left_out, is_weekend), said(Reason.OWN_DAY_OFF)),
                (is_left_out, said(Reason.TOO_LATE)),
                (_enrolment.c.ends_on <= bindparam("day", type_=Date), said(Reason.REMOVED)),
                *((keeps_calendar_of(dialect, reason, _delivery.c.cohort_id), said(reason)) for reason in WHY_NOT),
                (keeps_calendar_of(dialect, "open_cohorts", _delivery.c.cohort_id), said(Reason.ONE_MESSAGE)),
                else_=said(Reason.COHORT_ENDED),
            ),
            null(),
            literal_column("0"),
            literal_column("0"),
        )
        .select_from(_person)
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .join(_plan, _plan.c.person_id == _person.c.id)
        .outerjoin(_delivery, _delivery.c.id == _plan.c.delivery_id)
        .outerjoin(_enrolment, _enrolment.c.id == _delivery.c.enrolment_id)
        .where(
            _person.c.cadence_id == bindparam("cadence_id", type_=Integer),
            _plan.c.cue_on <= bindparam("day", type_=Date),
            _plan.c.cue_on > bindparam("after", type_=Date),
            _plan.c.closed_at.is_(None),
            ~plan_was_promised(),
        )
        .order_by(_plan.c.id)
    )
    return insert_rows(dialect, rows)


_UNKEPT = Prepared(_plans_statement)
