"""What every statement that promises is built from: the columns of a promise, and what may stand in its way."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    String,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.places import try_at_column
from storage.tables import metadata
from storage.tables.deliveries import Priority, Reason

_person = metadata.tables["person"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]

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
    "priority",
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


def todays_message(alias: str, person_id: ColumnElement[int] = _person.c.id) -> tuple[FromClause, ColumnElement[bool]]:
    """The message a person already has on :day, to join with. Spelled so that the unique index is used."""
    message = _delivery.alias(alias)
    return message, and_(
        message.c.person_id == person_id,
        message.c.day == bindparam("day", type_=Date),
        message.c.rides_on.is_(None),
        message.c.state != literal_column("'explained'"),
    )


def moments_columns(dialect: str, person_id: ColumnElement[int]) -> list[ColumnElement[Any]]:
    """When it is due, until when, and when it is tried for this person: bound as `Moments.values`."""
    bound = [bindparam(name, type_=UTCDateTime()).label(name) for name in ("due_at", "late_after")]
    return [*bound, try_at_column(dialect, person_id).label("try_at")]


def said(value: str) -> ColumnElement[str]:
    """A value of a closed set, written out: partial indexes are only used for what can be read in the statement."""
    return literal_column(f"'{value}'", String)


def written(priority: Priority) -> ColumnElement[int]:
    return literal_column(f"{priority:d}", SmallInteger)


def channel_row(
    organisation_id: ColumnElement[Any], workspace_id: ColumnElement[Any], about: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """COLUMNS of what is promised to a team's channel, and what it is about: of :kind and :occurrence, on :day at
    :due_at, until :late_after, with :priority."""
    due_at = bindparam("due_at", type_=UTCDateTime())
    return [
        organisation_id,
        workspace_id,
        null(),
        null(),
        null(),
        bindparam("kind", type_=String),
        null(),
        null(),
        null(),
        bindparam("occurrence", type_=Integer),
        bindparam("day", type_=Date),
        due_at,
        bindparam("late_after", type_=UTCDateTime()),
        due_at,
        bindparam("priority", type_=Integer),
        said("planned"),
        null(),
        null(),
        literal_column("0"),
        literal_column("0"),
        about,
    ]


def insert_rows(dialect: str, rows: Select[Any], *also: str) -> Executable:
    """Insert what is not there yet: COLUMNS, and those that are named `also` after them."""
    new = insert_for(dialect, _delivery).from_select([*COLUMNS, *also], rows, include_defaults=False)
    return new.on_conflict_do_nothing()
