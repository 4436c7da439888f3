"""Claiming: the mark that makes a promise go out once.

Claim → commit → the call to the platform → settle. A claim marks one message (a carrier and what rides on it) as
`sending`; here, at the last moment, what has become unnecessary or too late is explained instead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlmodel import Session

from storage import relay_messages, round_messages
from storage.asked_by_rounds import asked_by_round, reminders_about, told_alone_by_round
from storage.humane import humane_moment
from storage.prepared import Prepared
from storage.promise_rows import written
from storage.putting_off import put_off
from storage.silence import FAREWELL
from storage.tables import metadata
from storage.tables.answers import FollowUpState
from storage.tables.deliveries import Kind, Priority, Reason, State
from storage.tables.people import Shift
from storage.tables.programmes import CohortState

_delivery = metadata.tables["delivery"]
_person = metadata.tables["person"]
_cadence = metadata.tables["cadence"]
_workspace = metadata.tables["workspace"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_wave = metadata.tables["survey_wave"]

BACK_FROM_DISCONNECTED = timedelta(minutes=5)
"""How soon a disconnected workspace's messages are looked at again."""
UNTIL_PLANNED = timedelta(seconds=3)
"""How soon a welcome is looked at again whose day is not planned yet: a tick or two, and no lane waits for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueMessage:
    delivery_id: int
    conversation_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One promise inside a message."""

    id: int
    kind: Kind
    subject_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A message marked as `sending`: its carrier first, then what rides on it."""

    workspace_id: int
    person_id: int | None
    """None: it goes to a team's channel."""
    day: date
    """The local day it belongs to."""
    parts: tuple[Part, ...]
    started_at: datetime
    attempts: int
    """How many calls there will have been with this one."""

    @property
    def delivery_id(self) -> int:
        return self.parts[0].id

    @property
    def ids(self) -> list[int]:
        return [part.id for part in self.parts]

    def has(self, kind: Kind) -> bool:
        return any(part.kind is kind for part in self.parts)


def due_messages(session: Session, workspace_id: int, now: datetime, limit: int) -> list[DueMessage]:
    """Look at what is due next, without claiming it: by priority, then by when it was to be tried."""
    rows = _DUE.rows(session, workspace_id=workspace_id, now=now, most=limit)
    return [DueMessage(delivery_id=row.id, conversation_id=row.conversation_id) for row in rows]


def claim(session: Session, delivery_id: int, now: datetime) -> Claimed | None:
    """Mark a message as `sending` and return it; None when there is nothing left of it to send now.

    If its carrier falls away and something that rides on it stands, that becomes the message. Where it is night for the
    person, wherever they are by now, it waits for the morning, or is explained if that is too late. Raises
    ClaimedByAnother.
    """
    if session.get_bind().dialect.name == "postgresql":
        _HOLD.rows(session, message=delivery_id)
    rows = _FACTS.rows(session, message=delivery_id, **reminders_about(now))
    if not rows:
        for of_team in (round_messages, relay_messages):
            if (to_channel := of_team.to_channel(session, delivery_id)) is not None:
                return _claim_for_channel(session, to_channel, of_team.why_not_to_channel, now)
    if not rows:
        _EXPLAIN_ALL.run(session, message=delivery_id, why=Reason.LEFT)  # of somebody who is not in the table any more
    if not rows or rows[0].id != delivery_id:
        return None
    moment = humane_moment(now, rows[0].zone, Shift(rows[0].shift))
    standing = []
    for row in rows:
        reason = why_not(row, moment)
        if reason is None and row.round_step_id is not None:
            reason = round_messages.why_not_to_member(session, row)
        if reason is None:
            standing.append(row)
        else:
            explain(session, row.id, reason)
            _ask_for_another_welcome(session, row, reason, now)
    if not standing:
        return None
    if standing[0].id != delivery_id and not make_carrier(session, [row.id for row in standing], now):
        return None
    if rows[0].disconnected_at is not None:
        moment = max(moment, now + BACK_FROM_DISCONNECTED)
    if standing[0].kind == Kind.WELCOME and rows[0].next_at <= now:
        # The day is being planned: its exercise will ride on the welcome, and must not find it gone.
        moment = max(moment, now + UNTIL_PLANNED)
    if moment > now:
        put_off(session, standing[0].id, until=moment)
        return None
    if _MARK.run(session, message=standing[0].id, moment=now) != len(standing):
        raise ClaimedByAnother(delivery_id)
    return Claimed(
        workspace_id=rows[0].workspace_id,
        person_id=rows[0].person_id,
        day=rows[0].day,
        parts=tuple(Part(id=row.id, kind=Kind(row.kind), subject_id=row.subject_id) for row in standing),
        started_at=now,
        attempts=standing[0].attempts + 1,
    )


def _claim_for_channel(
    session: Session, message: Any, why_not: Callable[[Any, datetime], Reason | None], now: datetime
) -> Claimed | None:
    """As `claim`, of a message that nothing rides on."""
    moment = humane_moment(now, message.zone)
    if (reason := why_not(message, moment)) is not None:
        explain(session, message.id, reason)
        return None
    if message.disconnected_at is not None:
        moment = max(moment, now + BACK_FROM_DISCONNECTED)
    if moment > now:
        put_off(session, message.id, until=moment)
        return None
    if _MARK.run(session, message=message.id, moment=now) != 1:
        raise ClaimedByAnother(message.id)
    return Claimed(
        workspace_id=message.workspace_id,
        person_id=None,
        day=message.day,
        parts=(Part(id=message.id, kind=Kind(message.kind), subject_id=None),),
        started_at=now,
        attempts=message.attempts + 1,
    )


class ClaimedByAnother(Exception):
    """Somebody marked it meanwhile: the unit of work is undone, nothing was sent."""


def why_not(row: Any, moment: datetime) -> Reason | None:
    """Decide at the moment of sending whether a promise is still to be kept: its reason not to, or None.

    `moment` is when it can go out: now, or when it is day again for its receiver.
    """
    kind = Kind(row.kind)
    if row.left_at is not None:
        return Reason.LEFT
    if row.stopped_at is not None:
        return Reason.STOPPED
    if row.ends_on is not None and row.ends_on <= row.day:
        return Reason.REMOVED
    if (
        row.paused_from is not None
        and row.paused_from <= row.day
        and (not row.paused_until or row.day <= row.paused_until)
    ):
        return Reason.PAUSED
    has_ended = row.ended_on <= row.day if row.ended_on is not None else row.cohort_state == CohortState.ENDED
    if has_ended and not _is_asked_afterwards(kind, row):
        return Reason.COHORT_ENDED
    if row.cohort_state == CohortState.PAUSED and (not row.cohort_paused_from or row.cohort_paused_from <= row.day):
        return Reason.COHORT_PAUSED
    if _is_unnecessary(kind, row):
        return Reason.ALREADY_ANSWERED
    if kind is Kind.FOLLOW_UP and row.follow_up_due_on > row.day:
        return Reason.MOVED
    is_replaced = (row.asked_by_round and kind is Kind.NUDGE) or row.told_alone_by_round
    if is_replaced and row.shift != Shift.NIGHT:  # no question of the day reaches a night
        return Reason.REPLACED_BY_ROUND
    if row.unreachable_at is not None:
        return Reason.NOT_REACHABLE
    if moment > row.late_after:
        return Reason.TOO_LATE if row.disconnected_at is None else Reason.WORKSPACE_DISCONNECTED
    return None


def _is_asked_afterwards(kind: Kind, row: Any) -> bool:
    """Whether it comes though the cohort has ended: a survey does, but for one that was ended with it."""
    if kind is not Kind.SURVEY:
        return False
    return row.ended_on is None or row.wave_closes_on is None or bool(row.wave_closes_on > row.ended_on)


def _is_unnecessary(kind: Kind, row: Any) -> bool:
    match kind:
        case Kind.FOLLOW_UP:
            return bool(row.follow_up_state != FollowUpState.OPEN)
        case Kind.PLAN:
            return row.plan_id is None or row.plan_closed_at is not None
        case Kind.WELCOME:
            return row.welcomed_at is not None
        case Kind.FAREWELL:
            return bool(row.unanswered < FAREWELL)  # only for who is still silent at the moment of sending
        case _:
            return False


def make_carrier(session: Session, ids: Sequence[int], now: datetime) -> bool:
    """Make the first of these planned promises the message and let the others ride on it.

    False when the person has got another message meanwhile: then they are explained.
    """
    if _OTHER_MESSAGE.first(session, message=ids[0]) is not None:
        for id in ids:
            explain(session, id, Reason.ONE_MESSAGE)
        return False
    _CARRY.run(session, message=ids[0], moment=now)
    for id in ids[1:]:
        _RIDE.run(session, message=id, carrier=ids[0])
    return True


def explain(session: Session, delivery_id: int, reason: Reason) -> None:
    """Explain one planned promise; what rides on it is left alone."""
    _EXPLAIN.run(session, message=delivery_id, why=reason)


def _ask_for_another_welcome(session: Session, row: Any, reason: Reason, now: datetime) -> None:
    """Nobody should meet their first exercise unwelcomed because Knuff was down for a day."""
    if row.kind == Kind.WELCOME and reason in (Reason.TOO_LATE, Reason.WORKSPACE_DISCONNECTED):
        _WELCOME_AGAIN.run(session, enrolment=row.subject_id, moment=now)


# States are written out, not bound: SQLite uses a partial index only for a condition it can read in the statement.
_PLANNED_CARRIER = text("delivery.state = 'planned' AND delivery.rides_on IS NULL")


def _due_of(priority: Priority) -> Select[Any]:
    return (
        select(
            *(_delivery.c[name] for name in ("id", "person_id", "round_step_id", "relay_leg_id", "priority", "try_at"))
        )
        .where(
            _delivery.c.workspace_id == bindparam("workspace_id"),
            _delivery.c.priority == written(priority),
            _PLANNED_CARRIER,
            _delivery.c.try_at <= bindparam("now"),
        )
        .order_by(_delivery.c.try_at, _delivery.c.id)
        .limit(bindparam("most"))
    )


# The first few of each priority, as they lie in the index: in one go, all that is planned for later today with a
# higher priority would be read every time.
_due = union_all(*(select(_due_of(priority).subquery()) for priority in Priority)).subquery("due")
_DUE = Prepared(
    select(
        _due.c.id,
        case(
            (_due.c.relay_leg_id.is_not(None), relay_messages.channel_of(_due.c.relay_leg_id)),
            (_due.c.person_id.is_(None), round_messages.channel_of(_due.c.round_step_id)),
            else_=_person.c.conversation_id,
        ).label("conversation_id"),
    )
    .outerjoin(_person, _person.c.id == _due.c.person_id)  # whoever is gone is found by the claim
    .order_by(_due.c.priority, _due.c.try_at, _due.c.id)
    .limit(bindparam("most"))
)

# Before anything is read: whoever puts something on the message now is waited for, and what that is will be seen. On
# SQLite one writer waits for the other anyway.
_HOLD = Prepared(select(_delivery.c.id).where(_delivery.c.id == bindparam("message")).with_for_update())
_GIVES_WAY = (Kind.FOLLOW_UP, Kind.PLAN, Kind.SURVEY)
"""To what a round says to somebody alone."""
_FACTS = Prepared(
    select(
        *(
            _delivery.c[name]
            for name in (
                "id", "workspace_id", "person_id", "round_step_id", "kind", "subject_id", "occurrence", "day", "due_at",
                "late_after", "rides_on", "attempts",
            )
        ),
        *(
            _person.c[name]
            for name in (
                "left_at", "stopped_at", "paused_from", "paused_until", "unreachable_at", "welcomed_at", "unanswered"
            )
        ),
        *(_cadence.c[name] for name in ("zone", "shift", "next_at")),
        _workspace.c.disconnected_at,
        _enrolment.c.ends_on,
        _cohort.c.state.label("cohort_state"),
        _cohort.c.paused_from.label("cohort_paused_from"),
        _cohort.c.ended_on,
        _follow_up.c.state.label("follow_up_state"),
        _follow_up.c.due_on.label("follow_up_due_on"),
        _plan.c.id.label("plan_id"),
        _plan.c.closed_at.label("plan_closed_at"),
        _wave.c.closes_on.label("wave_closes_on"),
        asked_by_round(_delivery.c.person_id, _delivery.c.day).label("asked_by_round"),
        and_(
            or_(*(_delivery.c.kind == literal_column(f"'{kind}'") for kind in _GIVES_WAY)),
            told_alone_by_round(_delivery.c.person_id, _delivery.c.day),
        ).label("told_alone_by_round"),
    )
    .select_from(_delivery)
    .join(_person, _person.c.id == _delivery.c.person_id)
    .join(_cadence, _cadence.c.id == _person.c.cadence_id)
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .outerjoin(_enrolment, _enrolment.c.id == _delivery.c.enrolment_id)
    .outerjoin(_cohort, _cohort.c.id == _delivery.c.cohort_id)
    .outerjoin(
        _follow_up,
        and_(_delivery.c.kind == literal_column("'follow_up'"), _follow_up.c.id == _delivery.c.subject_id),
    )
    .outerjoin(_plan, and_(_delivery.c.kind == literal_column("'plan'"), _plan.c.id == _delivery.c.subject_id))
    .outerjoin(_wave, _wave.c.id == _delivery.c.survey_wave_id)
    .where(
        or_(_delivery.c.id == bindparam("message"), _delivery.c.rides_on == bindparam("message")),
        _delivery.c.state == literal_column("'planned'"),
    )
    .order_by(_delivery.c.rides_on.is_not(None), _delivery.c.id)
)  # fmt: skip

_THE_MESSAGE = or_(_delivery.c.id == bindparam("message"), _delivery.c.rides_on == bindparam("message"))

_MARK = Prepared(
    update(_delivery)
    .where(_THE_MESSAGE, _delivery.c.state == literal_column("'planned'"))
    .values(state=State.SENDING, started_at=bindparam("moment"), attempts=_delivery.c.attempts + 1)
)

_ONE = update(_delivery).where(_delivery.c.id == bindparam("message"))
_CARRY = Prepared(_ONE.values(rides_on=null(), try_at=bindparam("moment")))
_RIDE = Prepared(_ONE.values(rides_on=bindparam("carrier")))
_WELCOME_AGAIN = Prepared(
    update(_enrolment).where(_enrolment.c.id == bindparam("enrolment")).values(moved_at=bindparam("moment"))
)

_EXPLAIN = Prepared(
    update(_delivery)
    .where(_delivery.c.id == bindparam("message"), _delivery.c.state == literal_column("'planned'"))
    .values(state=State.EXPLAINED, reason=bindparam("why"), rides_on=null())
)

_EXPLAIN_ALL = Prepared(
    update(_delivery)
    .where(_THE_MESSAGE, _delivery.c.state == literal_column("'planned'"))
    .values(state=State.EXPLAINED, reason=bindparam("why"), rides_on=null())
)

_other = _delivery.alias("other")
_OTHER_MESSAGE = Prepared(
    select(_other.c.id)
    .join(_delivery, and_(_delivery.c.person_id == _other.c.person_id, _delivery.c.day == _other.c.day))
    .where(
        _delivery.c.id == bindparam("message"),
        _other.c.id != bindparam("message"),
        _other.c.rides_on.is_(None),
        _other.c.state != literal_column("'explained'"),
    )
)
