"""A relay as all its teams, and whoever coordinates it, may see it: legs, days, and the words that were handed over.

A baton is seen once its team has handed it over: that is in the statement. Who wrote or approved it is nowhere.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, and_, bindparam, select
from sqlmodel import Session

from storage.moments import local_day
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.relays import RelayNotFound
from storage.tables import metadata
from storage.tables.relays import Afterwards, LegState, RelayEnding, RelayState
from storage.tables.rounds import Ending

_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_baton = metadata.tables["baton"]
_commitment = metadata.tables["relay_commitment"]
_question = metadata.tables["relay_question"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_workspace = metadata.tables["workspace"]


class LegNotFound(LookupError):
    """No such leg in the organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a team says to the next."""

    learning: str
    sign_of_value: str
    question: str
    invitation: str
    tested: bool | None = None
    """Whether it tried what it had chosen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Baton:
    id: int
    words: Words
    written_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """What an organisation goes on with."""

    words: str
    owner_role: str
    due_on: date
    written_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a team is asked so many weeks after the closing day; with none, for its commitment."""

    weeks: int
    due_at: datetime
    asked_at: datetime | None
    said: Afterwards | None
    words: str | None
    said_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    id: int
    position: int
    team_id: int
    team: str
    organisation: str
    """The name that stands on the baton."""
    zone: str
    """The team's: days are its own."""
    can_run: bool
    """Whether there is such a team, with a channel."""
    is_disconnected: bool
    """Whether the team's workspace lets Knuff in no more."""
    state: LegState
    round_id: int | None
    round_ending: Ending | None
    planned_on: date
    starts_on: date | None
    """Its first day: of its round, once it has one."""
    deadline: date
    """Its last day: of its round, once it has one."""
    begun_at: datetime | None
    acknowledged_at: datetime | None
    reminded_at: datetime | None
    stalled_at: datetime | None
    passes_on_at: datetime | None
    ended_at: datetime | None
    is_approved: bool
    """Whether the team has approved of words of its own."""
    baton: Baton | None
    """The team's own words, once they have been handed over."""
    commitment: Commitment | None
    questions: tuple[Question, ...]

    @property
    def passed_on(self) -> bool:
        """Whether it went on with the words it had received."""
        return self.state is LegState.HANDED_OVER and self.baton is None

    @property
    def waits_for_word(self) -> bool:
        """Whether the team was reminded, and has still not said that what was handed to it has come."""
        return self.state is LegState.RUNNING and self.reminded_at is not None and self.acknowledged_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """A relay with all its legs, in their order."""

    id: int
    organisation_id: int
    name: str
    question: str
    document_id: int
    starts_on: date
    closing_on: date | None
    state: RelayState
    ending: RelayEnding | None
    made_at: datetime
    ended_at: datetime | None
    legs: tuple[Leg, ...]

    @property
    def holder(self) -> Leg | None:
        """Who has the baton, or the question that goes before it; None when every leg is over."""
        return next((leg for leg in self.legs if leg.state is LegState.RUNNING), None)

    def received_by(self, leg: Leg) -> Leg | None:
        """Return whose words come to a leg: the latest that were handed over before it. None: the question alone."""
        return next((one for one in self._before(leg) if one.baton is not None), None)

    def handed_to(self, leg: Leg) -> Leg | None:
        """Return who handed over to a leg, whosever words those were; None when nobody did."""
        return next((one for one in self._before(leg) if one.state is LegState.HANDED_OVER), None)

    def leg(self, leg_id: int) -> Leg:
        """Return one of its legs. Raises LegNotFound."""
        for leg in self.legs:
            if leg.id == leg_id:
                return leg
        raise LegNotFound(leg_id)

    def _before(self, leg: Leg) -> tuple[Leg, ...]:
        return self.legs[: leg.position - 1][::-1]


def chain(session: Session, organisation_id: int, relay_id: int) -> Chain:
    """Return a relay of the organisation. Raises RelayNotFound."""
    row = _RELAY.first(session, relay=relay_id, organisation=organisation_id)
    if row is None:
        raise RelayNotFound(relay_id)
    asked = groupby(_QUESTIONS.rows(session, relay=relay_id), key=lambda one: one.leg_id)
    questions = {leg_id: tuple(_question_of(one) for one in rows) for leg_id, rows in asked}
    legs = (_leg_of(one, questions.get(one.id, ())) for one in _LEGS.rows(session, relay=relay_id))
    return Chain(**row._asdict(), legs=tuple(legs))


def leg(session: Session, organisation_id: int, leg_id: int) -> tuple[Chain, Leg]:
    """Return a leg with its relay. Raises LegNotFound."""
    relay_id = _RELAY_OF_LEG.scalar(session, leg=leg_id, organisation=organisation_id)
    if relay_id is None:
        raise LegNotFound(leg_id)
    found = chain(session, organisation_id, relay_id)
    return found, found.leg(leg_id)


def of_round(session: Session, round_id: int) -> tuple[Chain, Leg] | None:
    """Return the leg that a round is, with its relay; None when it is in no relay."""
    row = _LEG_OF_ROUND.first(session, round=round_id)
    return None if row is None else leg(session, row.organisation_id, row.id)


def of_team(session: Session, organisation_id: int, team_id: int) -> list[Chain]:
    """Return the relays that a team is in, newest first."""
    found = _RELAYS_OF_TEAM.rows(session, team=team_id, organisation=organisation_id)
    return [chain(session, organisation_id, row.id) for row in found]


def _leg_of(row: Any, questions: tuple[Question, ...]) -> Leg:
    own = {name: getattr(row, name) for name in _OF_LEG}
    own["deadline"] = local_day(row.round_ends_at, row.zone) if row.round_ends_at is not None else row.deadline
    return Leg(
        **own,
        team=row.team,
        zone=row.zone,
        starts_on=row.starts_on,
        round_ending=row.round_ending,
        can_run=row.team_ended_at is None and row.channel_id is not None,
        is_disconnected=row.is_disconnected,
        is_approved=row.approved_id is not None,
        baton=_baton_of(row),
        commitment=_commitment_of(row),
        questions=questions,
    )


def _baton_of(row: Any) -> Baton | None:
    if row.baton_id is None:
        return None
    words = Words(**{name: getattr(row, name) for name in Words.__dataclass_fields__})
    return Baton(id=row.baton_id, words=words, written_at=row.baton_written_at)


def _commitment_of(row: Any) -> Commitment | None:
    if row.committed_at is None:
        return None
    return Commitment(words=row.commitment, owner_role=row.owner_role, due_on=row.due_on, written_at=row.committed_at)


def _question_of(row: Any) -> Question:
    return Question(**{name: getattr(row, name) for name in Question.__dataclass_fields__})


_OF_RELAY = (
    "id", "organisation_id", "name", "question", "document_id", "starts_on", "closing_on", "state", "ending", "made_at",
    "ended_at",
)  # fmt: skip
_OF_LEG = (
    "id", "position", "team_id", "organisation", "state", "round_id", "planned_on", "deadline", "begun_at",
    "acknowledged_at", "reminded_at", "stalled_at", "passes_on_at", "ended_at",
)  # fmt: skip
_THIS = bindparam("relay", type_=Integer)
_OWN = _relay.c.organisation_id == bindparam("organisation", type_=Integer)
_approved = _baton.alias("approved")
_IS_APPROVED = and_(_approved.c.leg_id == _leg.c.id, _approved.c.approved_at.is_not(None))
_HANDED_OVER = and_(_baton.c.id == _approved.c.id, _leg.c.state == said(LegState.HANDED_OVER))
_RELAY = Prepared(select(*(_relay.c[name] for name in _OF_RELAY)).where(_relay.c.id == _THIS, _OWN))
_LEGS = Prepared(
    select(
        *(_leg.c[name] for name in _OF_LEG),
        _round.c.starts_on,
        _round.c.ends_at.label("round_ends_at"),
        _round.c.ending.label("round_ending"),
        _team.c.name.label("team"),
        _team.c.zone,
        _team.c.channel_id,
        _team.c.ended_at.label("team_ended_at"),
        _workspace.c.disconnected_at.is_not(None).label("is_disconnected"),
        _approved.c.id.label("approved_id"),
        _baton.c.id.label("baton_id"),
        *(_baton.c[name] for name in Words.__dataclass_fields__),
        _baton.c.written_at.label("baton_written_at"),
        _commitment.c.words.label("commitment"),
        _commitment.c.owner_role,
        _commitment.c.due_on,
        _commitment.c.written_at.label("committed_at"),
    )
    .select_from(_leg)
    .join(_team, _team.c.id == _leg.c.team_id)
    .join(_workspace, _workspace.c.id == _team.c.workspace_id)
    .outerjoin(_round, _round.c.id == _leg.c.round_id)
    .outerjoin(_approved, _IS_APPROVED)
    .outerjoin(_baton, _HANDED_OVER)
    .outerjoin(_commitment, _commitment.c.leg_id == _leg.c.id)
    .where(_leg.c.relay_id == _THIS)
    .order_by(_leg.c.position)
)
_QUESTIONS = Prepared(
    select(*_question.c)
    .join(_leg, _leg.c.id == _question.c.leg_id)
    .where(_leg.c.relay_id == _THIS)
    .order_by(_question.c.leg_id, _question.c.weeks)
)
_RELAY_OF_LEG = Prepared(
    select(_leg.c.relay_id)
    .join(_relay, _relay.c.id == _leg.c.relay_id)
    .where(_leg.c.id == bindparam("leg", type_=Integer), _OWN)
)
_LEG_OF_ROUND = Prepared(
    select(_leg.c.id, _relay.c.organisation_id)
    .join(_relay, _relay.c.id == _leg.c.relay_id)
    .where(_leg.c.round_id == bindparam("round", type_=Integer))
)
_RELAYS_OF_TEAM = Prepared(
    select(_relay.c.id)
    .where(
        _relay.c.id.in_(select(_leg.c.relay_id).where(_leg.c.team_id == bindparam("team", type_=Integer))),
        _OWN,
    )
    .order_by(_relay.c.id.desc())
)
