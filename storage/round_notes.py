"""What a round says to one person alone beside its steps: that they have got a part to play in it, or that what they
began is over. A note is the person's message of its day, as a step that asks them is; so it takes a day that has none.
"""

from collections.abc import Collection
from datetime import date, datetime
from enum import IntEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, func, literal_column, null, or_, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.asked_by_rounds import reminders_about
from storage.prepared import Prepared
from storage.promise_rows import insert_rows, said
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority, Reason
from storage.tables.rounds import Asks

_cadence = metadata.tables["cadence"]
_delivery = metadata.tables["delivery"]
_person = metadata.tables["person"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


class Note(IntEnum):
    """Which it is, by its `occurrence`: beyond those of `storage.round_news`."""

    FACILITATES = 11
    """To whoever facilitates from now on."""
    HAS_MANDATE = 12
    """To whoever says yes or no from now on."""
    HAS_ENDED = 13
    """To whoever began it: it has ended, and nobody chose that."""


NOTES = frozenset(Note)
MOST_TOGETHER = 10
"""Endings in one message: a card holds no end of them."""


def own_days(session: Session, person_id: int) -> int:
    """Return the person's own working days, as a cadence has them; none when they are not in the table any more."""
    return int(_OWN_DAYS.scalar(session, person=person_id) or 0)


def promise(
    session: Session,
    round_step_id: int,
    person_id: int,
    note: Note,
    *,
    day: date,
    due_at: datetime,
    late_after: datetime,
) -> bool:
    """Promise it for a day, once. False: the person has another message on that day, or will have; or this one has been
    promised before."""
    values = _values(round_step_id, person_id, note, day=day, due_at=due_at, late_after=late_after)
    return _PROMISE.run(session, **values, **reminders_about(due_at)) == 1


def explain(
    session: Session,
    round_step_id: int,
    person_id: int,
    note: Note,
    reason: Reason,
    *,
    day: date,
    due_at: datetime,
    late_after: datetime,
) -> int:
    """Promise it as explained: `reason` is one that has its own statement, see `_EXPLAIN`. Return how many were new."""
    values = _values(round_step_id, person_id, note, day=day, due_at=due_at, late_after=late_after)
    return _EXPLAIN[reason].run(session, **values)


def join_ending(session: Session, round_step_id: int, person_id: int, now: datetime) -> bool:
    """Let an ending go out with one that the person is to be told of already. False: there is none, or no room, or that
    one is too late by `now`."""
    carrier = _ENDING_TO_TELL.first(session, person=person_id, now=now)
    if carrier is None:
        return False
    moments = {"day": carrier.day, "due_at": carrier.due_at, "late_after": carrier.late_after}
    values = _values(round_step_id, person_id, Note.HAS_ENDED, **moments)
    return _RIDE.run(session, **values, carrier=carrier.id) == 1


def channel_was_told(session: Session, round_id: int, *, since: datetime, before: datetime) -> bool:
    """Return whether the channel heard a step begin that was due after a moment and before another. What was
    explained was not heard."""
    return _CHANNEL_WAS_TOLD.first(session, round=round_id, since=since, before=before) is not None


def was_told(session: Session, round_id: int, person_id: int, note: Note, *, since: datetime, before: datetime) -> bool:
    """As above, of what tells somebody of their part: its note, or what they are asked because of it. What a
    facilitator is asked as a member says it too."""
    wanted = {"round": round_id, "person": person_id, "since": since, "before": before}
    return _WAS_TOLD[note].first(session, **wanted) is not None


def _values(
    round_step_id: int, person_id: int, note: Note, *, day: date, due_at: datetime, late_after: datetime
) -> dict[str, Any]:
    return {
        "round_step": round_step_id,
        "person": person_id,
        "note": int(note),
        "day": day,
        "due_at": due_at,
        "late_after": late_after,
        "priority": int(Priority.TODAY),
    }


def _promise_statement(dialect: str, *, rides: bool = False, reason: Reason | None = None) -> Any:
    moment = UTCDateTime()
    day = bindparam("day", type_=Date)
    due_at = bindparam("due_at", type_=moment)
    rows = (
        select(
            _person.c.organisation_id,
            _person.c.workspace_id,
            _person.c.id,
            null(),
            null(),
            said(Kind.ROUND),
            null(),
            null(),
            null(),
            bindparam("note", type_=Integer),
            day,
            due_at,
            bindparam("late_after", type_=moment),
            due_at,
            bindparam("priority", type_=Integer),
            said("planned" if reason is None else "explained"),
            null() if reason is None else said(reason),
            bindparam("carrier", type_=Integer) if rides else null(),
            literal_column("0"),
            literal_column("0"),
            bindparam("round_step", type_=Integer),
        )
        .select_from(_person)
        .where(_person.c.id == bindparam("person", type_=Integer))
    )
    if not rides and reason is None:
        rows = rows.where(~_may_be_asked(_person.c.id, day))
    return insert_rows(dialect, rows, "round_step_id")


def _may_be_asked(person_id: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a round asks its people alone on the day, or reminds them. What of this they have answered is not looked
    at: a coordinator's press may lead here."""
    begins = and_(_step.c.day == day, _step.c.prompted_at.is_(None), _step.c.alone_to.is_not(None))
    first, last = (bindparam(name, type_=UTCDateTime()) for name in ("reminds_from", "reminds_until"))
    to_come = _step.c.remind_at.between(first, last), _step.c.reminded_at.is_(None)
    reminds = and_(*to_come, _step.c.asks != said(Asks.TEAM))
    is_member = (
        select(literal_column("1"))
        .where(_member.c.team_id == _team.c.id, _member.c.person_id == person_id, _member.c.left_at.is_(None))
        .correlate_except(_member)
        .exists()
    )
    return (
        select(literal_column("1"))
        .select_from(_step)
        .join(_round, _round.c.id == _step.c.round_id)
        .join(_team, _team.c.id == _round.c.team_id)
        .where(
            _step.c.closed_at.is_(None),
            _round.c.state != said("ended"),
            or_(begins, reminds),
            or_(is_member, _team.c.facilitator_id == person_id, _team.c.mandate_id == person_id),
        )
        .correlate_except(_step, _round, _team)
        .exists()
    )


def is_one_of(deliveries: Any, notes: Collection[Note]) -> ColumnElement[bool]:
    return or_(*(deliveries.c.occurrence == literal_column(f"{note:d}", Integer) for note in sorted(notes)))


def _told(*of: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(_delivery.c.id)
        .join(_step, _step.c.id == _delivery.c.round_step_id)
        .where(
            _step.c.round_id == bindparam("round", type_=Integer),
            _delivery.c.kind == said(Kind.ROUND),
            _delivery.c.state != said("explained"),
            _delivery.c.due_at < bindparam("before", type_=UTCDateTime()),
            *of,
        )
        .limit(literal_column("1"))
    )


def _told_alone(note: Note, *asked: ColumnElement[bool]) -> Prepared:
    is_note = and_(_delivery.c.occurrence == literal_column(f"{note:d}", Integer), _delivery.c.due_at >= _SINCE)
    return _told(_delivery.c.person_id == bindparam("person", type_=Integer), or_(is_note, and_(_BEGINS, *asked)))


_SINCE = bindparam("since", type_=UTCDateTime())
# A note is due when it is promised; what was due at that moment already was composed before.
_BEGINS = and_(_delivery.c.occurrence == literal_column("1", Integer), _delivery.c.due_at > _SINCE)
_PROMISE = Prepared(_promise_statement)
_RIDE = Prepared(partial(_promise_statement, rides=True))
_EXPLAIN = {
    reason: Prepared(partial(_promise_statement, reason=reason)) for reason in (Reason.ONE_MESSAGE, Reason.OWN_DAY_OFF)
}
_OWN_DAYS = Prepared(
    select(_cadence.c.days)
    .join(_person, _person.c.cadence_id == _cadence.c.id)
    .where(_person.c.id == bindparam("person", type_=Integer))
)
_with_it = _delivery.alias("with_it")
_ENDING_TO_TELL = Prepared(
    select(_delivery.c.id, _delivery.c.day, _delivery.c.due_at, _delivery.c.late_after)
    .where(
        _delivery.c.person_id == bindparam("person", type_=Integer),
        _delivery.c.rides_on.is_(None),
        _delivery.c.state == said("planned"),
        _delivery.c.kind == said(Kind.ROUND),
        is_one_of(_delivery, [Note.HAS_ENDED]),
        _delivery.c.late_after > bindparam("now", type_=UTCDateTime()),
        select(func.count()).where(_with_it.c.rides_on == _delivery.c.id).scalar_subquery()
        < literal_column(str(MOST_TOGETHER - 1)),
    )
    .order_by(_delivery.c.due_at, _delivery.c.id)
    .limit(literal_column("1"))
    .with_for_update(of=_delivery)  # or it is claimed without what comes to ride on it
)
_CHANNEL_WAS_TOLD = _told(_delivery.c.person_id.is_(None), _BEGINS)
_WAS_TOLD = {
    Note.FACILITATES: _told_alone(Note.FACILITATES),
    Note.HAS_MANDATE: _told_alone(Note.HAS_MANDATE, _step.c.asks == said(Asks.MANDATE)),
}
