"""Promises of rounds, set by set: one INSERT … SELECT for all steps that say the same at the same moment, safe to run
twice. Which steps, `storage.rounds_due` says.
"""

from collections.abc import Collection
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
    bindparam,
    case,
    delete,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.asked_by_rounds import has_come
from storage.notes_taken_back import is_planned_note
from storage.places import Moments
from storage.prepared import Prepared, one_of
from storage.promise_rows import insert_rows, own_reasons, said, todays_message
from storage.round_notes import NOTES
from storage.sitting_out import takes_part
from storage.tables import metadata
from storage.tables.deliveries import ROUND_KINDS, Kind, Reason, State
from storage.tables.rounds import AloneTo

_cadence = metadata.tables["cadence"]
_delivery = metadata.tables["delivery"]
_person = metadata.tables["person"]
_workspace = metadata.tables["workspace"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]

NO_REASON = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundPromise:
    """The same message of the same day for so many steps."""

    kind: Kind
    steps: Collection[int]
    day: date
    moments: Moments
    falls_away: Reason | None
    people: int | None = None
    """How many people are asked; None where only the statement knows."""

    @property
    def values(self) -> dict[str, Any]:
        return {
            "steps": [*self.steps],
            "day": self.day,
            "weekday": 1 << self.day.weekday(),
            "kind": self.kind,
            "falls_away": self.falls_away or NO_REASON,
            "priority": int(self.moments.priority),
            **self.moments.values,
        }


def promise(session: Session, promised: RoundPromise, alone_to: AloneTo | None = None) -> int:
    """Promise to the channels, or alone to whom it names. Return how many were new.

    Somebody's own reason comes first, then `falls_away`, then one message a day.
    """
    if alone_to is None:
        return _TO_CHANNELS.run(session, **promised.values)
    statement = _TO_PEOPLE[promised.kind, alone_to]
    new = statement.run(session, **promised.values)
    if promised.people is None or new < promised.people:
        # In several of these teams: one of them asks, and with that the day has its message.
        new += statement.run(session, **promised.values)
    return new


@dataclass(frozen=True, kw_only=True, slots=True)
class Displaced:
    """A note that was promised for a day which has a question now: see `storage.round_notes`."""

    id: int
    round_step_id: int
    person_id: int
    occurrence: int


def make_way(session: Session, promised: RoundPromise, alone_to: AloneTo) -> list[Displaced]:
    """Explain what these people were promised for the day already and has not gone out: what the round says to them
    alone takes its place. A welcome stays, with what rides on it. A note is taken back, for another day: return those,
    as they were promised."""
    if session.get_bind().dialect.name == "postgresql":  # in the order of their ids, as everybody locks them
        _HOLD[promised.kind, alone_to].rows(session, steps=[*promised.steps], day=promised.day)
    _MAKE_WAY[promised.kind, alone_to].run(session, steps=[*promised.steps], day=promised.day)
    displaced = _DISPLACE[promised.kind, alone_to].rows(session, steps=[*promised.steps], day=promised.day)
    return sorted((Displaced(**row._asdict()) for row in displaced), key=lambda one: one.id)


def _to_channels(dialect: str) -> Executable:
    falls_away = bindparam("falls_away", type_=String)
    rows = (
        select(
            _round.c.organisation_id,
            _round.c.workspace_id,
            null(),
            *_what(bindparam("first_at", type_=UTCDateTime())),
            case((falls_away == NO_REASON, said("planned")), else_=said("explained")),
            case((falls_away != NO_REASON, falls_away), else_=null()),
            *_rest(_step.c.id),
        )
        .select_from(_step)
        .join(_round, _round.c.id == _step.c.round_id)
        .where(one_of(dialect, _step.c.id, "steps"))
        .order_by(_step.c.id)
    )
    return insert_rows(dialect, rows, "round_step_id")


def _to_people(dialect: str, kind: Kind, alone_to: AloneTo) -> Executable:
    message, same_day = todays_message("message")
    falls_away = bindparam("falls_away", type_=String)
    reason = case(
        *own_reasons(),
        (_is_day_off(), said(Reason.OWN_DAY_OFF)),
        (falls_away != NO_REASON, falls_away),
        (message.c.id.is_not(None), said(Reason.ONE_MESSAGE)),
        else_=null(),
    )
    due = (
        _asked(
            dialect,
            kind,
            alone_to,
            _person.c.organisation_id,
            _person.c.workspace_id,
            _person.c.id.label("person_id"),
            _step.c.id.label("round_step_id"),
            reason.label("reason"),
        )
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .join(_cadence, _cadence.c.id == _person.c.cadence_id)
        .outerjoin(message, same_day)
        .subquery("due")
    )
    rows = select(
        due.c.organisation_id,
        due.c.workspace_id,
        due.c.person_id,
        *_what(bindparam("first_at", type_=UTCDateTime())),
        case((due.c.reason.is_(None), said("planned")), else_=said("explained")),
        due.c.reason,
        *_rest(due.c.round_step_id),
    ).order_by(due.c.person_id, due.c.round_step_id)
    return insert_rows(dialect, rows, "round_step_id")


def _is_day_off() -> ColumnElement[bool]:
    """Whether the day is none of the person's own working days, whatever the team's are."""
    return _cadence.c.days.bitwise_and(bindparam("weekday", type_=Integer)) == literal_column("0")


def _hold(dialect: str, kind: Kind, alone_to: AloneTo) -> Executable:
    return (
        select(_delivery.c.id)
        .where(
            _delivery.c.person_id.in_(_asked(dialect, kind, alone_to, _person.c.id)),
            _delivery.c.day == bindparam("day", type_=Date),
            text("delivery.state = 'planned' AND delivery.rides_on IS NULL"),
        )
        .order_by(_delivery.c.id)
        .with_for_update(of=_delivery)
    )


def _make_way(dialect: str, kind: Kind, alone_to: AloneTo) -> Executable:
    carrier = _delivery.alias("carrier")
    rides_on_welcome = (
        select(literal_column("1"))
        .select_from(carrier)
        .where(carrier.c.id == _delivery.c.rides_on, carrier.c.kind == said(Kind.WELCOME))
        .exists()
    )
    return (
        update(_delivery)
        .where(
            _delivery.c.person_id.in_(_asked(dialect, kind, alone_to, _person.c.id)),
            _delivery.c.day == bindparam("day", type_=Date),
            _delivery.c.state == said("planned"),
            or_(*(_delivery.c.kind == said(kind) for kind in (Kind.NUDGE, Kind.FOLLOW_UP, Kind.PLAN, Kind.SURVEY))),
            ~rides_on_welcome,
        )
        .values(state=State.EXPLAINED, reason=Reason.REPLACED_BY_ROUND, rides_on=null())
    )


def _displace(dialect: str, kind: Kind, alone_to: AloneTo) -> Executable:
    return (
        delete(_delivery)
        .where(
            _delivery.c.person_id.in_(_asked(dialect, kind, alone_to, _person.c.id)),
            _delivery.c.day == bindparam("day", type_=Date),
            is_planned_note(*NOTES),
        )
        .returning(*(_delivery.c[name] for name in ("id", "round_step_id", "person_id", "occurrence")))
    )


def _asked(dialect: str, kind: Kind, alone_to: AloneTo, *columns: Any) -> Select[Any]:
    """The people of these steps who are asked: reminded only where nothing has come from them."""
    steps = select(*columns).select_from(_step).join(_round, _round.c.id == _step.c.round_id)
    match alone_to:
        case AloneTo.MEMBERS:
            people = steps.join(_member, _member.c.team_id == _round.c.team_id)
            people = people.join(_person, _person.c.id == _member.c.person_id)
            people = people.where(_member.c.left_at.is_(None), takes_part())
        case AloneTo.MANDATE:
            people = _of_team(steps, _team.c.mandate_id)
        case AloneTo.FACILITATOR:
            people = _of_team(steps, _team.c.facilitator_id)
    found = people.where(one_of(dialect, _step.c.id, "steps"), _person.c.left_at.is_(None))
    return found.where(~has_come(_person.c.id)) if kind is Kind.ROUND_REMINDER else found


def _of_team(steps: Select[Any], person_id: ColumnElement[Any]) -> Select[Any]:
    return steps.join(_team, _team.c.id == _round.c.team_id).join(_person, _person.c.id == person_id)


def _what(try_at: ColumnElement[Any]) -> list[Any]:
    due_at, late_after = (bindparam(name, type_=UTCDateTime()) for name in ("due_at", "late_after"))
    return [
        null(),
        null(),
        bindparam("kind", type_=String),
        null(),
        null(),
        null(),
        literal_column("1"),
        bindparam("day", type_=Date),
        due_at,
        late_after,
        try_at,
        bindparam("priority", type_=Integer),
    ]


def _rest(step: ColumnElement[int]) -> list[Any]:
    return [null(), literal_column("0"), literal_column("0"), step]


_TO_CHANNELS = Prepared(_to_channels)
_EACH = [(kind, to) for kind in ROUND_KINDS for to in AloneTo]
_TO_PEOPLE = {(kind, to): Prepared(partial(_to_people, kind=kind, alone_to=to)) for kind, to in _EACH}
_HOLD = {(kind, to): Prepared(partial(_hold, kind=kind, alone_to=to)) for kind, to in _EACH}
_DISPLACE = {(kind, to): Prepared(partial(_displace, kind=kind, alone_to=to)) for kind, to in _EACH}
_MAKE_WAY = {(kind, to): Prepared(partial(_make_way, kind=kind, alone_to=to)) for kind, to in _EACH}
