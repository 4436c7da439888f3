"""What is due in relays, by the moment of each thing, and the marks that it is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, and_, bindparam, case, func, literal_column, or_, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared
from storage.promise_rows import said
from storage.relay_news import News
from storage.tables import metadata
from storage.tables.deliveries import Kind, State
from storage.tables.relays import LegState, RelayState
from storage.tables.rounds import RoundState

_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_question = metadata.tables["relay_question"]
_round = metadata.tables["round"]
_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_workspace = metadata.tables["workspace"]


NEAR = timedelta(days=1)
"""So long before a leg's end it is looked at whether the next ones are in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRelay:
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayWithDay:
    """A relay that goes on, with a day chosen for its closing meeting."""

    id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DueLeg:
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DueQuestion:
    id: int
    """Of the leg."""
    weeks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    starts: list[DueRelay]
    """Relays of which the first team has begun."""
    rounds: list[DueLeg]
    """Legs whose team was busy with another round, and is not any more."""
    stalls: list[DueLeg]
    """Legs whose round has ended, and that were not handed over."""
    unreached: list[DueLeg]
    """Legs that have stalled, and whose team is still to hear so: its workspace has been disconnected since, or is
    connected again."""
    passes: list[DueLeg]
    """Legs that go on by themselves."""
    reminders: list[DueLeg]
    """Legs of which nobody has said that what was handed over has come."""
    questions: list[DueQuestion]


def due(session: Session, now: datetime) -> Due:
    """Return what is due. All in the order of relays, so that two processes never hold them crosswise."""
    return Due(
        starts=[DueRelay(id=row.id) for row in _STARTS.rows(session)],
        rounds=[DueLeg(id=row.id) for row in _ROUNDS.rows(session)],
        stalls=[DueLeg(id=row.id) for row in _STALLS.rows(session)],
        unreached=[DueLeg(id=row.id) for row in _UNREACHED.rows(session)],
        passes=[DueLeg(id=row.id) for row in _PASSES.rows(session, now=now)],
        reminders=[DueLeg(id=row.id) for row in _REMINDERS.rows(session, now=now)],
        questions=[DueQuestion(id=row.leg_id, weeks=row.weeks) for row in _QUESTIONS.rows(session, now=now)],
    )


def due_ends(session: Session) -> list[DueRelay]:
    """Return relays of which every team has been asked everything."""
    return [DueRelay(id=row.id) for row in _ENDS.rows(session)]


def may_miss_its_day(session: Session, now: datetime) -> list[RelayWithDay]:
    """Return the relays that go on, have a day chosen for their closing, and may not be over by then: whether they are
    is worked out from their teams' calendars. A leg is late, or about to be; or one was planned for later since."""
    rows = _MAY_MISS_ITS_DAY.rows(session, soon=now + NEAR)
    return [RelayWithDay(id=row.id, organisation_id=row.organisation_id) for row in rows]


def held_with_day(session: Session, team_id: int) -> list[RelayWithDay]:
    """Return the relays of a team that go on and have a day chosen for their closing. Nobody changes them until the
    unit of work is over: whoever holds the team as well holds it after them, as a hand-over does."""
    return [
        RelayWithDay(id=row.id, organisation_id=row.organisation_id) for row in _WITH_DAY.rows(session, team=team_id)
    ]


def mark_reminded(session: Session, leg_id: int, now: datetime) -> bool:
    """Mark that a leg's team is reminded. False: it need not be any more, or has been."""
    return _MARK_REMINDED.run(session, leg=leg_id, now=now) == 1


def put_off_reminder(session: Session, leg_id: int, now: datetime, until: datetime) -> None:
    """Let a leg's team be reminded later, if it is to be."""
    _PUT_OFF_REMINDER.run(session, leg=leg_id, now=now, until=until)


def mark_asked(session: Session, question: DueQuestion, now: datetime) -> bool:
    """Mark that a team is asked. False: it has been, or is to be asked later."""
    return _MARK_ASKED.run(session, leg=question.id, weeks=question.weeks, now=now) == 1


def next_moment(session: Session) -> datetime | None:
    """Return when something of a relay is due next, beside what its rounds are; None when nothing is. May lie in the
    past."""
    return min((moment for moment in _NEXT.first(session) if moment is not None), default=None)


_NOW = bindparam("now", type_=UTCDateTime())
_BY_RELAY = (_leg.c.relay_id, _leg.c.id)
_RUNS = _leg.c.state == said(LegState.RUNNING)
_HAS_STALLED = (_RUNS, _leg.c.stalled_at.is_(None), _round.c.state == said(RoundState.ENDED))
_other = _round.alias("other")
_is_busy = (
    select(_other.c.id).where(_other.c.team_id == _leg.c.team_id, _other.c.state != said("ended")).correlate(_leg)
)
_CAN_BEGIN = (_RUNS, _leg.c.round_id.is_(None), ~_is_busy.exists())
_IS_SILENT = (
    _RUNS,
    _leg.c.acknowledged_at.is_(None),
    _leg.c.reminded_at.is_(None),
    _leg.c.stalled_at.is_(None),  # that its days are over says more
)
_WAITS = _question.c.asked_at.is_(None)
_GOES_ON = or_(*(_relay.c.state == said(state) for state in (RelayState.PLANNED, RelayState.RUNNING)))
_CLOSES = _relay.c.state == said(RelayState.CLOSING)
_its_question = (
    select(_question.c.leg_id)
    .join(_leg, _leg.c.id == _question.c.leg_id)
    .where(_leg.c.relay_id == _relay.c.id, _WAITS)
    .correlate(_relay)
)
_to_ask = (
    select(_question.c.leg_id, _question.c.weeks)
    .join(_leg, _leg.c.id == _question.c.leg_id)
    .join(_relay, _relay.c.id == _leg.c.relay_id)
    .where(_WAITS, _CLOSES)
)
_legs_with_round = select(_leg.c.id).join(_round, _round.c.id == _leg.c.round_id)

_STARTS = Prepared(
    select(_relay.c.id)
    .join(_leg, _leg.c.relay_id == _relay.c.id)
    .join(_round, _round.c.id == _leg.c.round_id)
    .where(_relay.c.state == said(RelayState.PLANNED), _round.c.state != said(RoundState.PLANNED))
    .order_by(_relay.c.id)
)
_ROUNDS = Prepared(select(_leg.c.id).where(*_CAN_BEGIN).order_by(*_BY_RELAY))
_STALLS = Prepared(_legs_with_round.where(*_HAS_STALLED).order_by(*_BY_RELAY))
# What is tried again because it failed has an error: nobody waits longer for it.
_WAITS_FOR_WORKSPACE = and_(_delivery.c.try_at == _leg.c.passes_on_at, _delivery.c.error.is_(None))
_is_untold = (
    select(_delivery.c.id)
    .where(
        _delivery.c.relay_leg_id == _leg.c.id,
        _delivery.c.kind == said(Kind.RELAY),
        _delivery.c.occurrence == literal_column(str(int(News.STALLED))),
        _delivery.c.state == said(State.PLANNED),
        case((_workspace.c.disconnected_at.is_(None), _WAITS_FOR_WORKSPACE), else_=~_WAITS_FOR_WORKSPACE),
    )
    .correlate(_leg, _workspace)
)
_unreached = (
    select(_leg.c.id)
    .join(_team, _team.c.id == _leg.c.team_id)
    .join(_workspace, _workspace.c.id == _team.c.workspace_id)
    .where(_RUNS, _leg.c.stalled_at.is_not(None), _is_untold.exists())
)
_UNREACHED = Prepared(_unreached.order_by(*_BY_RELAY))
_PASSES = Prepared(select(_leg.c.id).where(_RUNS, _leg.c.passes_on_at <= _NOW).order_by(*_BY_RELAY))
_REMINDERS = Prepared(select(_leg.c.id).where(*_IS_SILENT, _leg.c.remind_at <= _NOW).order_by(*_BY_RELAY))
_QUESTIONS = Prepared(_to_ask.where(_question.c.due_at <= _NOW).order_by(*_BY_RELAY, _question.c.weeks))
_ENDS = Prepared(select(_relay.c.id).where(_CLOSES, ~_its_question.exists()).order_by(_relay.c.id))
_IS_LATE = and_(
    _RUNS,
    or_(
        _leg.c.round_id.is_(None),
        _leg.c.stalled_at.is_not(None),
        _round.c.ends_at <= bindparam("soon", type_=UTCDateTime()),
        func.date(_round.c.ends_at) > _leg.c.deadline,
    ),
)
_IS_PLANNED_PAST_IT = and_(_leg.c.ended_at.is_(None), _leg.c.deadline >= _relay.c.closing_on)
_MAY_MISS_ITS_DAY = Prepared(
    select(_relay.c.id, _relay.c.organisation_id)
    .join(_leg, _leg.c.relay_id == _relay.c.id)
    .outerjoin(_round, _round.c.id == _leg.c.round_id)
    .where(_relay.c.closing_on.is_not(None), _GOES_ON, or_(_IS_LATE, _IS_PLANNED_PAST_IT))
    .distinct()
    .order_by(_relay.c.id)
)
_WITH_DAY = Prepared(
    select(_relay.c.id, _relay.c.organisation_id)
    .where(
        _relay.c.closing_on.is_not(None),
        _GOES_ON,
        _relay.c.id.in_(select(_leg.c.relay_id).where(_leg.c.team_id == bindparam("team", type_=Integer))),
    )
    .order_by(_relay.c.id)
    .with_for_update()
)
_to_remind = update(_leg).where(_leg.c.id == bindparam("leg"), *_IS_SILENT, _leg.c.remind_at <= _NOW)
_MARK_REMINDED = Prepared(_to_remind.values(reminded_at=_NOW))
_PUT_OFF_REMINDER = Prepared(_to_remind.values(remind_at=bindparam("until", type_=UTCDateTime())))
_MARK_ASKED = Prepared(
    update(_question)
    .where(
        _question.c.leg_id == bindparam("leg"),
        _question.c.weeks == bindparam("weeks"),
        _WAITS,
        _question.c.due_at <= _NOW,
    )
    .values(asked_at=_NOW)
)
_NEXT = Prepared(
    select(
        *(
            one.scalar_subquery()
            for one in (
                select(func.min(_round.c.ended_at)).join(_leg, _leg.c.round_id == _round.c.id).where(*_HAS_STALLED),
                select(func.min(_leg.c.begun_at)).where(*_CAN_BEGIN),
                _unreached.with_only_columns(func.min(_leg.c.stalled_at)),
                select(func.min(_leg.c.passes_on_at)).where(_RUNS),
                select(func.min(_leg.c.remind_at)).where(*_IS_SILENT),
                _to_ask.with_only_columns(func.min(_question.c.due_at)),
            )
        )
    )
)
