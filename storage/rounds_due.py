"""Steps of rounds whose prompts or reminders are due, and the mark that they are promised.

The mark comes first: whoever marks a step promises for it, in the same unit of work.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    false,
    func,
    literal_column,
    select,
    update,
)
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import advisory
from storage.advisory import Lock
from storage.asked_by_rounds import has_come
from storage.prepared import Prepared, one_of
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.rounds import AloneTo, Asks, RoundState

_document = metadata.tables["challenge_document"]
_person = metadata.tables["person"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]

_HAS_CLOSED_NOT = _step.c.closed_at.is_(None)
WAITS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "prompt_at": (_HAS_CLOSED_NOT, _step.c.prompted_at.is_(None)),
    "remind_at": (_HAS_CLOSED_NOT, _step.c.remind_at.is_not(None), _step.c.reminded_at.is_(None)),
    "opens_at": (_HAS_CLOSED_NOT, _step.c.opens_at.is_not(None), _step.c.opened_at.is_(None)),
    "closes_at": (_HAS_CLOSED_NOT, _step.c.closes_at.is_not(None)),
}
"""What a step still waits for, by the moment of it: spelled as each moment's index is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepToPromise:
    """A step whose prompts, or reminders, are due."""

    id: int
    round_id: int
    document_id: int
    digest: str
    """Of the challenge as it was confirmed."""
    key: str
    day: date
    due_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    given_back_from: date | None
    """See `storage.tables.rounds.RoundStep`."""
    asks: Asks
    alone_to: AloneTo | None
    zone: str
    has_channel: bool
    members: int
    """How many are in the team."""
    handed_in: bool
    """What is asked for once has come."""
    pairs_across_units: bool | None
    """See `storage.tables.rounds.Round`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unprompted:
    id: int
    round_id: int
    due_at: datetime


def lock_rounds(session: Session) -> bool:
    """Keep others from planning rounds until the transaction ends. False when somebody does."""
    return advisory.is_free(session, Lock.ROUNDS)


def prompts_due(session: Session, now: datetime, limit: int) -> list[StepToPromise]:
    """Return steps whose moment has come, in the order they were due."""
    return [StepToPromise(**row._asdict()) for row in _PROMPTS_DUE.rows(session, now=now, most=limit)]


def reminders_due(session: Session, now: datetime, limit: int) -> list[StepToPromise]:
    """As above, of reminders."""
    return [StepToPromise(**row._asdict()) for row in _REMINDERS_DUE.rows(session, now=now, most=limit)]


def unprompted(session: Session, now: datetime) -> list[Unprompted]:
    """Return steps whose moment has come and that no team has been told of, in the order they were due."""
    return [Unprompted(**row._asdict()) for row in _UNPROMPTED.rows(session, now=now)]


def held_prompts_due(session: Session, steps: Collection[int], now: datetime) -> list[StepToPromise]:
    """Hold the rounds of these steps until the transaction ends, and return the steps that are due still, as they,
    their rounds and their teams are now."""
    hold_rounds(session, steps)
    return [StepToPromise(**row._asdict()) for row in _PROMPTS_DUE_STILL.rows(session, steps=[*steps], now=now)]


def hold_rounds(session: Session, steps: Collection[int]) -> None:
    """Hold the rounds of these steps until the transaction ends: in one order, or two wait for each other."""
    _HOLD_ROUNDS.rows(session, steps=[*steps])


def give_back(session: Session, round_step_id: int) -> None:
    """Note of a step that nobody could be told of it on its day: before it gets another."""
    _GIVE_BACK.run(session, step=round_step_id)


def mark_prompted(session: Session, steps: Collection[int], now: datetime) -> list[int]:
    """Mark that the steps' prompts are promised, and that their rounds are under way. Return those that were not."""
    hold_rounds(session, steps)
    marked = [row.id for row in _MARK_PROMPTED.rows(session, steps=[*steps], now=now)]
    if marked:
        _BEGUN.run(session, steps=marked)
    return marked


def mark_reminded(session: Session, steps: Collection[int], now: datetime) -> list[int]:
    """As above, of reminders."""
    hold_rounds(session, steps)
    return [row.id for row in _MARK_REMINDED.rows(session, steps=[*steps], now=now)]


def _due(moment: str, handed_in: ColumnElement[bool]) -> Select[Any]:
    in_team = (
        select(func.count())
        .select_from(_member)
        .join(_person, _person.c.id == _member.c.person_id)
        .where(_member.c.team_id == _round.c.team_id, _member.c.left_at.is_(None), _person.c.left_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            _step.c.id,
            _step.c.round_id,
            _round.c.document_id,
            _document.c.digest,
            _step.c.key,
            _step.c.day,
            _step.c[moment].label("due_at"),
            _step.c.opens_at,
            _step.c.closes_at,
            _step.c.given_back_from,
            _step.c.asks,
            _step.c.alone_to,
            _team.c.zone,
            _team.c.channel_id.is_not(None).label("has_channel"),
            in_team.label("members"),
            handed_in.label("handed_in"),
            _round.c.pairs_across_units,
        )
        .join(_round, _round.c.id == _step.c.round_id)
        .join(_team, _team.c.id == _round.c.team_id)
        .join(_document, _document.c.id == _round.c.document_id)
        .where(
            *WAITS[moment],
            _step.c[moment] <= bindparam("now", type_=UTCDateTime()),
            _round.c.state != said("ended"),
        )
        .order_by(_step.c[moment], _step.c.id)
    )


def _mark(column: str, moment: str) -> Prepared:
    now = bindparam("now", type_=UTCDateTime())
    # A round may have been moved since it was seen to be due.
    is_due = (_step.c[column].is_(None), _HAS_CLOSED_NOT, _step.c[moment] <= now)
    return Prepared(
        lambda dialect: (
            update(_step)
            .where(one_of(dialect, _step.c.id, "steps"), *is_due)
            .values({column: now})
            .returning(_step.c.id)
        )
    )


def _hold_rounds(dialect: str) -> Executable:
    """Whoever ends a round holds it before its steps: all others too, or both wait for each other."""
    rounds = select(_step.c.round_id).where(one_of(dialect, _step.c.id, "steps"))
    return select(_round.c.id).where(_round.c.id.in_(rounds)).order_by(_round.c.id).with_for_update()


def _begun(dialect: str) -> Executable:
    rounds = select(_step.c.round_id).where(one_of(dialect, _step.c.id, "steps"))
    return (
        update(_round)
        .where(_round.c.id.in_(rounds), _round.c.state == said("planned"))
        .values(state=RoundState.RUNNING)
    )


_MOST = bindparam("most", type_=Integer)
_PROMPTS_DUE = Prepared(_due("prompt_at", false()).limit(_MOST))
_PROMPTS_DUE_STILL = Prepared(lambda dialect: _due("prompt_at", false()).where(one_of(dialect, _step.c.id, "steps")))
_UNPROMPTED = Prepared(
    select(_step.c.id, _step.c.round_id, _step.c.prompt_at.label("due_at"))
    .where(*WAITS["prompt_at"], _step.c.prompt_at <= bindparam("now", type_=UTCDateTime()))
    .order_by(_step.c.prompt_at, _step.c.id)
)
_REMINDERS_DUE = Prepared(_due("remind_at", has_come(literal_column("0", Integer))).limit(_MOST))
_GIVE_BACK = Prepared(
    update(_step)
    .where(_step.c.id == bindparam("step"), _step.c.given_back_from.is_(None))
    .values(given_back_from=_step.c.day)
)
_MARK_PROMPTED = _mark("prompted_at", "prompt_at")
_MARK_REMINDED = _mark("reminded_at", "remind_at")
_HOLD_ROUNDS = Prepared(_hold_rounds)
_BEGUN = Prepared(_begun)
