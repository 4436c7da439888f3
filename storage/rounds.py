"""Rounds: confirmed, under way, ended. What is due is found by index and done once, whoever comes first."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, insert, literal_column, or_, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import ballots, documents, notes_taken_back, proposals, round_numbers, teams
from storage.prepared import Prepared, one_of
from storage.rounds_due import WAITS
from storage.tables import metadata
from storage.tables.rounds import Afterwards, AloneTo, Asks, Ending, Round, RoundState

_document = metadata.tables["challenge_document"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]
_team = metadata.tables["team"]
_delivery = metadata.tables["delivery"]
_contribution = metadata.tables["contribution"]
_proposal = metadata.tables["proposal"]


class RoundNotFound(LookupError):
    """No such round in the organisation."""


class TeamHasEnded(Exception):
    """What has ended begins nothing. `args[0]` is the team's id."""


class RoundUnderWay(Exception):
    """A team does one round at a time. `args[0]` is the team's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewStep:
    """A step on its day, with its moments: see `storage.tables.rounds.RoundStep`."""

    key: str
    day: date
    last_day: date
    prompt_at: datetime
    asks: Asks = Asks.NOTHING
    alone_to: AloneTo | None = None
    most_each: int = 1
    least: int = 1
    opens_with: int = 0
    remind_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRound:
    team_id: int
    challenge_id: str
    body: str
    """The challenge, as text: it stays as it is now."""
    starts_on: date
    ends_at: datetime
    steps: tuple[NewStep, ...]
    pairs_across_units: bool | None = None
    """See `storage.tables.rounds.Round`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueStep:
    id: int
    round_id: int
    asks: Asks
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRound:
    id: int
    organisation_id: int
    due_at: datetime

    @property
    def round_id(self) -> int:
        return self.id


def confirm(
    session: Session, organisation_id: int, new: NewRound, now: datetime, *, begun_by: int | None = None
) -> Round:
    """Keep a round with its challenge and all its steps. `begun_by`: who is told if it ends by itself. Raises
    TeamNotFound, TeamHasEnded and RoundUnderWay."""
    team = teams.held(session, organisation_id, new.team_id)
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    if is_under_way(session, team.id):
        raise RoundUnderWay(team.id)
    kept = Round(
        organisation_id=organisation_id,
        workspace_id=team.workspace_id,
        team_id=team.id,
        document_id=_keep_document(session, organisation_id, new, now),
        starts_on=new.starts_on,
        ends_at=new.ends_at,
        begun_by=begun_by,
        confirmed_at=now,
        pairs_across_units=new.pairs_across_units,
    )
    session.add(kept)
    session.flush()
    session.connection().execute(insert(_step), [asdict(step) | {"round_id": kept.id} for step in new.steps])
    return kept


def is_under_way(session: Session, team_id: int) -> bool:
    """Whether a round of the team has been confirmed and has not ended."""
    return _UNDER_WAY.first(session, team=team_id) is not None


def find(session: Session, organisation_id: int, round_id: int) -> Round:
    """Return a round of the organisation. Raises RoundNotFound."""
    found = session.get(Round, round_id)
    if found is None or found.organisation_id != organisation_id:
        raise RoundNotFound(round_id)
    return found


def held(session: Session, organisation_id: int, round_id: int) -> Round:
    """As above, as it is now; nobody else changes it until the transaction ends."""
    session.get(Round, round_id, with_for_update=True, populate_existing=True)
    return find(session, organisation_id, round_id)


def hold(session: Session, round_ids: Collection[int]) -> None:
    """Let nobody else change these rounds until the transaction ends: all at once, in the order of everybody."""
    _HOLD.rows(session, rounds=[*round_ids])


def document_body(session: Session, document_id: int) -> str:
    """Return a challenge as it was confirmed."""
    return str(_BODY.scalar(session, document=document_id))


def document_digest(session: Session, document_id: int) -> str:
    return str(_DIGEST.scalar(session, document=document_id))


def due_openings(session: Session, now: datetime, limit: int) -> list[DueStep]:
    """Return steps to open, of which enough has come, in the order they were due. Done with each: `open_step`. Prompts
    and reminders are in `storage.rounds_due`."""
    return _due(session, _TO_OPEN, now, limit)


def due_closings(session: Session, now: datetime, limit: int) -> list[DueStep]:
    """As above, of steps to close: votes with `ballots.close`, others with `close_step`."""
    return _due(session, _TO_CLOSE, now, limit)


def due_ends(session: Session, now: datetime, limit: int) -> list[DueRound]:
    """Return rounds whose last day is over, in that order. Done with each: `end`."""
    return [DueRound(**row._asdict()) for row in _TO_END.rows(session, now=now, most=limit)]


def next_moment(session: Session) -> datetime | None:
    """Return when something of a round is due next; None when nothing is under way. What waits for more to come is due
    when more has come."""
    return min((moment for moment in _NEXT.first(session) if moment is not None), default=None)


def open_step(session: Session, round_step_id: int, now: datetime) -> bool:
    """Open what was hidden. False: not yet, not enough of it, or somebody has opened it."""
    if _OPEN.run(session, step=round_step_id, now=now) != 1:
        return False
    round_numbers.keep(session, round_step_id)
    proposals.forget_forms(session, round_step_id)
    return True


def close_step(session: Session, round_step_id: int, now: datetime) -> bool:
    """Take nothing more. False: it is not due, it is a vote, or somebody has closed it."""
    if _CLOSE.run(session, step=round_step_id, now=now) != 1:
        return False
    proposals.forget_forms(session, round_step_id)
    return True


def end(session: Session, round_id: int, ending: Ending, now: datetime) -> bool:
    """End a round, and everything in it: votes are counted as they stand, what has not opened stays its author's alone.
    False: it had ended."""
    if _END.run(session, round=round_id, ending=ending, now=now) != 1:
        return False
    for row in _UNDONE.rows(session, round=round_id):
        if row.asks is Asks.VOTE:
            ballots.close_now(session, row.id, now)
        elif row.asks is Asks.TEAM:
            round_numbers.keep(session, row.id)
        proposals.forget_forms(session, row.id)
    _CLOSE_ALL.run(session, round=round_id, now=now)
    notes_taken_back.take_back_parts(session, round_id)
    return True


def say_afterwards(session: Session, round_id: int, said: Afterwards) -> bool:
    """Keep what a team says weeks later, in place of what it said before. False: its round has not ended."""
    return _SAY_AFTERWARDS.run(session, round=round_id, said=said) == 1


def channel_gone(session: Session, delivery_id: int, now: datetime) -> int | None:
    """End the round whose message could not be brought to its channel, and return its id. None: it had ended."""
    round_id = _ROUND_OF.scalar(session, message=delivery_id)
    return round_id if round_id is not None and end(session, round_id, Ending.CHANNEL_GONE, now) else None


def _keep_document(session: Session, organisation_id: int, new: NewRound, now: datetime) -> int:
    digest = hashlib.sha256(new.body.encode()).hexdigest()
    return documents.stored(
        session, _document, organisation_id, challenge_id=new.challenge_id, digest=digest, body=new.body, now=now
    )


def _due(session: Session, which: Prepared, now: datetime, limit: int) -> list[DueStep]:
    return [DueStep(**row._asdict()) for row in which.rows(session, now=now, most=limit)]


_NOW = bindparam("now", type_=UTCDateTime())
_MOST = bindparam("most", type_=Integer)
_IS_UNDER_WAY = _round.c.state != literal_column("'ended'")
_HAS_CLOSED_NOT = _step.c.closed_at.is_(None)
_HAS_COME = (
    select(func.count()).select_from(_contribution).where(_contribution.c.round_step_id == _step.c.id).scalar_subquery()
    + select(func.count()).select_from(_proposal).where(_proposal.c.round_step_id == _step.c.id).scalar_subquery()
)
_ENOUGH_HAS_COME = or_(_step.c.opens_with == literal_column("0"), _step.c.opens_with <= _HAS_COME)


def _to_do(moment: str, *also: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(
            _step.c.id,
            _step.c.round_id,
            _step.c.asks,
            _step.c[moment].label("due_at"),
        )
        .where(*WAITS[moment], _step.c[moment] <= _NOW, *also)
        .order_by(_step.c[moment], _step.c.id)
        .limit(_MOST)
    )


def _mark(column: str, moment: str, *also: ColumnElement[bool]) -> Prepared:
    is_this = _step.c.id == bindparam("step")
    return Prepared(update(_step).where(is_this, *WAITS[moment], _step.c[moment] <= _NOW, *also).values({column: _NOW}))


def _earliest(moment: str) -> Any:
    return select(func.min(_step.c[moment])).where(*WAITS[moment])


_HOLD = Prepared(
    lambda dialect: (
        select(_round.c.id).where(one_of(dialect, _round.c.id, "rounds")).order_by(_round.c.id).with_for_update()
    )
)
_BODY = Prepared(select(_document.c.body).where(_document.c.id == bindparam("document")))
_DIGEST = Prepared(select(_document.c.digest).where(_document.c.id == bindparam("document")))
_TO_OPEN, _TO_CLOSE = _to_do("opens_at", _ENOUGH_HAS_COME), _to_do("closes_at")
_TO_END = Prepared(
    select(_round.c.id, _round.c.organisation_id, _round.c.ends_at.label("due_at"))
    .where(_IS_UNDER_WAY, _round.c.ends_at <= _NOW)
    .order_by(_round.c.ends_at, _round.c.id)
    .limit(_MOST)
)
_NEXT = Prepared(
    select(
        *(
            one.scalar_subquery()
            for one in (
                _earliest("prompt_at"),
                _earliest("remind_at"),
                _earliest("opens_at").where(_ENOUGH_HAS_COME),
                _earliest("closes_at"),
                select(func.min(_round.c.ends_at)).where(_IS_UNDER_WAY),
            )
        )
    )
)
_OPEN = _mark("opened_at", "opens_at", _ENOUGH_HAS_COME)
_CLOSE = _mark("closed_at", "closes_at", _step.c.asks != literal_column(f"'{Asks.VOTE}'"))
_END = Prepared(
    update(_round)
    .where(_round.c.id == bindparam("round"), _IS_UNDER_WAY)
    .values(state=RoundState.ENDED, ending=bindparam("ending", type_=_round.c.ending.type), ended_at=_NOW)
)
_UNDER_WAY = Prepared(select(_round.c.id).where(_round.c.team_id == bindparam("team"), _IS_UNDER_WAY))
_SAY_AFTERWARDS = Prepared(
    update(_round)
    .where(_round.c.id == bindparam("round"), ~_IS_UNDER_WAY)
    .values(afterwards=bindparam("said", type_=_round.c.afterwards.type))
)
_UNDONE = Prepared(
    select(_step.c.id, _step.c.asks).where(_step.c.round_id == bindparam("round"), _HAS_CLOSED_NOT).order_by(_step.c.id)
)
_CLOSE_ALL = Prepared(
    update(_step).where(_step.c.round_id == bindparam("round"), _HAS_CLOSED_NOT).values(closed_at=_NOW)
)
_ROUND_OF = Prepared(
    select(_step.c.round_id)
    .join(_delivery, _delivery.c.round_step_id == _step.c.id)
    .where(_delivery.c.id == bindparam("message"), _delivery.c.person_id.is_(None))
)
