"""Votes: one each, changeable until it closes. Then the numbers stay, and who voted for what is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, literal_column, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import round_numbers
from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.round_steps import HeldStep, NotTaken, held_by_all, held_step, is_member, is_shown
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.rounds import Asks

_vote = metadata.tables["vote"]
_step = metadata.tables["round_step"]
_contribution = metadata.tables["contribution"]
_proposal = metadata.tables["proposal"]

LOWEST, HIGHEST = 1, 3

Candidate = int | str
"""The id of a contribution (a number) or of a proposal (a text)."""
Scores = dict[str, list[int]]
"""For each candidate, by its id as text: 1 to 3 on each criterion, in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How it went, without anybody in it."""

    cast: int
    """How many voted."""
    votes: dict[str, int]
    """How many chose what, by the candidate's id as text; empty where scores were given. Who got none is not in it."""
    scores: dict[str, list[list[int]]]
    """For each candidate and criterion: how many gave 1, how many 2, how many 3."""

    @property
    def outcome(self) -> dict[str, Any]:
        return {"cast": self.cast, "votes": self.votes, "scores": self.scores}


def cast(session: Session, person: Person, round_step_id: int, candidate: Candidate, now: datetime) -> NotTaken | None:
    """Vote for one, or for another than before. Return why not, or None when it is done."""
    step = held_step(session, person, round_step_id)
    if step is None or (why_not := _why_not(session, person, step, now)) is not None:
        return NotTaken.NO_SUCH_STEP if step is None else why_not
    if str(candidate) not in _candidates(session, step, now):
        return NotTaken.NO_SUCH_CHOICE
    chosen = {
        "contribution": candidate if isinstance(candidate, int) else None,
        "proposal": candidate if isinstance(candidate, str) else None,
    }
    _CAST.run(session, step=step.id, person=person.id, now=now, scores=None, **chosen)
    return None


def cast_scores(
    session: Session, person: Person, round_step_id: int, scores: Scores, now: datetime, *, criteria: int
) -> NotTaken | None:
    """Give each candidate its scores, or others than before. Return why not, or None when it is done."""
    step = held_step(session, person, round_step_id)
    if step is None or (why_not := _why_not(session, person, step, now)) is not None:
        return NotTaken.NO_SUCH_STEP if step is None else why_not
    if not scores or not scores.keys() <= _candidates(session, step, now):
        return NotTaken.NO_SUCH_CHOICE
    if any(len(given) != criteria or not all(LOWEST <= one <= HIGHEST for one in given) for given in scores.values()):
        return NotTaken.NO_SUCH_CHOICE
    _CAST.run(session, step=step.id, person=person.id, now=now, scores=scores, contribution=None, proposal=None)
    return None


def own_vote(session: Session, person: Person, round_step_id: int) -> Candidate | Scores | None:
    """Return what the person has voted for; None when they have not, or it has closed."""
    row = _OWN.first(session, step=round_step_id, person=person.id)
    if row is None:
        return None
    chosen: Candidate | Scores | None = next((one for one in row if one is not None), None)
    return chosen


def close(session: Session, round_step_id: int, now: datetime) -> Tally | None:
    """Close a vote that is due: count it, keep the numbers, and delete who voted for what. None: it is not due, or
    somebody has closed it."""
    step = held_by_all(session, round_step_id)
    if step is None or step.asks is not Asks.VOTE or step.closes_at is None or step.closes_at > now:
        return None
    return close_now(session, round_step_id, now)


def close_now(session: Session, round_step_id: int, now: datetime) -> Tally | None:
    """As `close`, whether it is due or not: its round has ended."""
    if _CLOSE.run(session, step=round_step_id, now=now) != 1:
        return None
    tally = _counted(_CAST_VOTES.rows(session, step=round_step_id))
    _KEEP.run(session, step=round_step_id, outcome=tally.outcome)
    round_numbers.keep(session, round_step_id)
    _FORGET.run(session, step=round_step_id)
    return tally


def _why_not(session: Session, person: Person, step: HeldStep, now: datetime) -> NotTaken | None:
    if step.asks is not Asks.VOTE:
        return NotTaken.NO_SUCH_STEP
    if (why_not := step.why_not_now(now)) is not None:
        return why_not
    return None if is_member(session, person, step.team_id) else NotTaken.NOT_YOURS


def _candidates(session: Session, step: HeldStep, now: datetime) -> set[str]:
    """Return everything in the round that is to be seen: of which step, the challenge says."""
    where = {"round": step.round_id, "now": now}
    return {str(row.id) for one in (_CONTRIBUTIONS, _PROPOSALS) for row in one.rows(session, **where)}


def _counted(rows: Sequence[Any]) -> Tally:
    votes: dict[str, int] = {}
    scores: dict[str, list[list[int]]] = {}
    for row in rows:
        if row.scores is None:
            chosen = str(row.contribution_id if row.contribution_id is not None else row.proposal_id)
            votes[chosen] = votes.get(chosen, 0) + 1
        for candidate, given in (row.scores or {}).items():
            counts = scores.setdefault(candidate, [[0] * HIGHEST for _ in given])
            for criterion, score in enumerate(given):
                counts[criterion][score - LOWEST] += 1
    return Tally(cast=len(rows), votes=dict(sorted(votes.items())), scores=dict(sorted(scores.items())))


def _cast_statement(dialect: str) -> Any:
    said = {
        "contribution_id": bindparam("contribution", type_=Integer),
        "proposal_id": bindparam("proposal", type_=_vote.c.proposal_id.type),
        "scores": bindparam("scores", type_=_vote.c.scores.type),
        "cast_at": bindparam("now", type_=UTCDateTime()),
    }
    new = insert_for(dialect, _vote).values(round_step_id=bindparam("step"), person_id=bindparam("person"), **said)
    return new.on_conflict_do_update(index_elements=["round_step_id", "person_id"], set_=said)


def _to_be_seen(table: Any) -> Select[Any]:
    return (
        select(table.c.id)
        .join(_step, _step.c.id == table.c.round_step_id)
        .where(_step.c.round_id == bindparam("round"), is_shown())
    )


_OF_STEP = _vote.c.round_step_id == bindparam("step")
_CAST = Prepared(_cast_statement)
_CONTRIBUTIONS = Prepared(_to_be_seen(_contribution))
_PROPOSALS = Prepared(_to_be_seen(_proposal))
_OWN = Prepared(
    select(_vote.c.contribution_id, _vote.c.proposal_id, _vote.c.scores).where(
        _OF_STEP, _vote.c.person_id == bindparam("person")
    )
)
_CAST_VOTES = Prepared(select(_vote.c.contribution_id, _vote.c.proposal_id, _vote.c.scores).where(_OF_STEP))
_CLOSE = Prepared(
    update(_step)
    .where(
        _step.c.id == bindparam("step"),
        _step.c.asks == literal_column(f"'{Asks.VOTE}'"),
        _step.c.closed_at.is_(None),
    )
    .values(closed_at=bindparam("now", type_=UTCDateTime()))
)
_KEEP = Prepared(
    update(_step)
    .where(_step.c.id == bindparam("step"))
    .values(outcome=bindparam("outcome", type_=_step.c.outcome.type))
)
_FORGET = Prepared(delete(_vote).where(_OF_STEP))
