"""The legs of a relay, led from one state to the next. Each step is a conditional update: whoever comes second is told
so, and changes nothing.

Whoever changes a relay holds it first, so that two of its legs never change at once. What a change brings with it
(rounds, messages) is the scheduler's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, bindparam, or_, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared, one_of
from storage.promise_rows import said
from storage.relays import RelayNotFound
from storage.round_steps import is_member
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.relays import LegState, RelayState
from storage.tables.rounds import RoundState

_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_baton = metadata.tables["baton"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_workspace = metadata.tables["workspace"]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldLeg:
    """A leg as it stands, and as it stays until the unit of work is over: nobody changes its relay meanwhile."""

    id: int
    relay_id: int
    organisation_id: int
    document_id: int
    closing_on: date | None
    relay_state: RelayState
    position: int
    team_id: int
    facilitator_id: int
    state: LegState
    planned_on: date
    begun_at: datetime | None
    round_id: int | None
    """None while the team's other round is under way."""
    round_state: RoundState | None
    remind_at: datetime | None
    acknowledged_at: datetime | None
    stalled_at: datetime | None
    passes_on_at: datetime | None
    approved_at: datetime | None
    """When the team's own words were approved."""
    is_disconnected: bool
    """Whether the team's workspace lets Knuff in no more."""

    @property
    def is_stalled(self) -> bool:
        """Whether it runs, and its round does not any more."""
        return self.state is LegState.RUNNING and self.round_state is RoundState.ENDED

    @property
    def waits_for_its_team(self) -> bool:
        """Whether it runs, and its team is still busy with another round."""
        return self.state is LegState.RUNNING and self.round_id is None


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingLeg:
    id: int
    team_id: int
    planned_on: date


def held_leg(session: Session, leg_id: int) -> HeldLeg | None:
    """Return a leg, and let nobody change its relay meanwhile; None when there is none."""
    relay_id = _RELAY_OF.scalar(session, leg=leg_id)
    if relay_id is None or _HOLD.first(session, relay=relay_id) is None:
        return None
    return _held(_HELD.first(session, leg=leg_id))


def held_legs(session: Session, organisation_id: int, relay_id: int) -> list[HeldLeg]:
    """As `held_leg`: all legs of a relay in their order. Raises RelayNotFound."""
    if _HOLD_OWN.first(session, relay=relay_id, organisation=organisation_id) is None:
        raise RelayNotFound(relay_id)
    return [_held(row) for row in _ALL_HELD.rows(session, relay=relay_id)]


def hold_of_rounds(session: Session, round_ids: Collection[int]) -> None:
    """Let nobody change the relays of which these rounds are legs until the unit of work is over: whoever changes a
    relay holds it before its rounds."""
    _HOLD_OF_ROUNDS.rows(session, rounds=[*round_ids])


def is_theirs(session: Session, person: Person, leg: HeldLeg) -> bool:
    """Whether the person is in the leg's team, or facilitates it."""
    if leg.organisation_id != person.organisation_id:
        return False
    return leg.facilitator_id == person.id or is_member(session, person, leg.team_id)


def waiting(session: Session, relay_id: int) -> list[WaitingLeg]:
    """Return the legs still to come, in their order."""
    return [WaitingLeg(**row._asdict()) for row in _WAITING.rows(session, relay=relay_id)]


def begin(session: Session, leg_id: int, now: datetime, *, remind_at: datetime | None) -> bool:
    """Let a waiting leg run: its team has the baton."""
    return _BEGIN.run(session, leg=leg_id, now=now, remind=remind_at) == 1


def give_round(session: Session, leg_id: int, round_id: int) -> bool:
    """Let a running leg have its round."""
    return _GIVE_ROUND.run(session, leg=leg_id, round=round_id) == 1


def acknowledge(session: Session, leg_id: int, now: datetime) -> bool:
    """Note that what was handed to a running leg has come."""
    return _ACKNOWLEDGE.run(session, leg=leg_id, now=now) == 1


def stall(session: Session, leg_id: int, now: datetime, *, passes_on_at: datetime) -> bool:
    """Note that the leg's days are over and it was not handed over."""
    return _STALL.run(session, leg=leg_id, now=now, passes_on=passes_on_at) == 1


def wait_until(session: Session, leg_id: int, passes_on_at: datetime) -> None:
    """Let a leg that has stalled go on by itself at another moment."""
    _WAIT_UNTIL.run(session, leg=leg_id, passes_on=passes_on_at)


def hand_over(session: Session, leg_id: int, now: datetime) -> bool:
    """Let a running leg be over, with the baton that is kept for it."""
    return _HAND_OVER.run(session, leg=leg_id, now=now) == 1


def skip(session: Session, leg_id: int, now: datetime) -> bool:
    """Let a leg be over without a baton."""
    return _SKIP.run(session, leg=leg_id, now=now) == 1


def plan_leg(session: Session, leg_id: int, *, planned_on: date, deadline: date) -> None:
    """Plan a leg that is not over for other days."""
    _PLAN_LEG.run(session, leg=leg_id, planned=planned_on, deadline=deadline)


def _held(row: Any) -> HeldLeg:
    return HeldLeg(**row._asdict())


_NOW = bindparam("now", type_=UTCDateTime())
_THIS_LEG = _leg.c.id == bindparam("leg", type_=Integer)
_IS_WAITING, _RUNS = _leg.c.state == said(LegState.WAITING), _leg.c.state == said(LegState.RUNNING)
_IS_NOT_OVER = or_(_IS_WAITING, _RUNS)
_THIS_RELAY = _relay.c.id == bindparam("relay", type_=Integer)

_RELAY_OF = Prepared(select(_leg.c.relay_id).where(_THIS_LEG))
_HOLD = Prepared(select(_relay.c.id).where(_THIS_RELAY).with_for_update())
_HOLD_OWN = Prepared(
    select(_relay.c.id).where(_THIS_RELAY, _relay.c.organisation_id == bindparam("organisation")).with_for_update()
)
_HOLD_OF_ROUNDS = Prepared(
    lambda dialect: (
        select(_relay.c.id)
        .join(_leg, _leg.c.relay_id == _relay.c.id)
        .where(one_of(dialect, _leg.c.round_id, "rounds"))
        .order_by(_relay.c.id)
        .with_for_update(of=_relay)
    )
)
_LEGS = (
    select(
        *(
            _leg.c[name]
            for name in (
                "id", "relay_id", "position", "team_id", "state", "planned_on", "begun_at", "round_id", "remind_at",
                "acknowledged_at", "stalled_at", "passes_on_at",
            )
        ),
        *(_relay.c[name] for name in ("organisation_id", "document_id", "closing_on")),
        _relay.c.state.label("relay_state"),
        _team.c.facilitator_id,
        _round.c.state.label("round_state"),
        _baton.c.approved_at,
        _workspace.c.disconnected_at.is_not(None).label("is_disconnected"),
    )
    .select_from(_leg)
    .join(_relay, _relay.c.id == _leg.c.relay_id)
    .join(_team, _team.c.id == _leg.c.team_id)
    .join(_workspace, _workspace.c.id == _team.c.workspace_id)
    .outerjoin(_round, _round.c.id == _leg.c.round_id)
    .outerjoin(_baton, _baton.c.leg_id == _leg.c.id)
)  # fmt: skip
_HELD = Prepared(_LEGS.where(_THIS_LEG))
_ALL_HELD = Prepared(_LEGS.where(_leg.c.relay_id == bindparam("relay")).order_by(_leg.c.position))
_WAITING = Prepared(
    select(_leg.c.id, _leg.c.team_id, _leg.c.planned_on)
    .where(_leg.c.relay_id == bindparam("relay"), _IS_WAITING)
    .order_by(_leg.c.position)
)
_BEGIN = Prepared(
    update(_leg)
    .where(_THIS_LEG, _IS_WAITING)
    .values(
        state=LegState.RUNNING,
        begun_at=_NOW,
        remind_at=bindparam("remind", type_=UTCDateTime()),
    )
)
_GIVE_ROUND = Prepared(
    update(_leg).where(_THIS_LEG, _RUNS, _leg.c.round_id.is_(None)).values(round_id=bindparam("round"))
)
_ACKNOWLEDGE = Prepared(
    update(_leg)
    .where(_THIS_LEG, _RUNS, _leg.c.remind_at.is_not(None), _leg.c.acknowledged_at.is_(None))
    .values(acknowledged_at=_NOW)
)
_STALL = Prepared(
    update(_leg)
    .where(_THIS_LEG, _RUNS, _leg.c.stalled_at.is_(None))
    .values(stalled_at=_NOW, passes_on_at=bindparam("passes_on", type_=UTCDateTime()))
)
_WAIT_UNTIL = Prepared(
    update(_leg)
    .where(_THIS_LEG, _RUNS, _leg.c.stalled_at.is_not(None))
    .values(passes_on_at=bindparam("passes_on", type_=UTCDateTime()))
)
_HAND_OVER = Prepared(update(_leg).where(_THIS_LEG, _RUNS).values(state=LegState.HANDED_OVER, ended_at=_NOW))
_SKIP = Prepared(update(_leg).where(_THIS_LEG, _IS_NOT_OVER).values(state=LegState.SKIPPED, ended_at=_NOW))
_PLAN_LEG = Prepared(
    update(_leg)
    .where(_THIS_LEG, _IS_NOT_OVER)
    .values(planned_on=bindparam("planned", type_=Date), deadline=bindparam("deadline", type_=Date))
)
