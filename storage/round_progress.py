"""How far a round has come, as it is now: for what goes on in it. Whoever coordinates it is never shown this: the
moment at which it is enough would be somebody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select
from sqlmodel import Session

from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.rounds import Asks

_step = metadata.tables["round_step"]
_contribution = metadata.tables["contribution"]
_proposal = metadata.tables["proposal"]
_vote = metadata.tables["vote"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far one step has come."""

    id: int
    key: str
    asks: Asks
    reached: bool
    """So many have handed in or voted that the step counts; of what is answered once for all, everything has an
    answer."""


def progress(session: Session, round_id: int) -> list[Progress]:
    """Return how far each step of a round has come, in their order."""
    return [_progress(row) for row in _PROGRESS.rows(session, round=round_id)]


def reached(steps: Sequence[Progress]) -> set[str]:
    """Return the keys of those in which enough has come, on one of their days at least."""
    return {one.key for one in steps if one.reached}


def _progress(row: Any) -> Progress:
    is_reached = _come(row) >= row.least and not row.has_unanswered
    return Progress(id=row.id, key=row.key, asks=row.asks, reached=is_reached)


def _come(row: Any) -> int:
    if row.asks is Asks.VOTE and row.outcome is not None:
        return int(row.outcome["cast"])  # counted, and gone
    return int(row.come)


def _in_step(table: Any, what: Any) -> Any:
    return select(func.count(what)).where(table.c.round_step_id == _step.c.id).scalar_subquery()


_answer = _contribution.alias("answer")
_named_step, _its_step = _step.alias("named_step"), _step.alias("its_step")


def _unanswered(table: Any, about: str) -> Any:
    """Whether something of what this step answers, as the team sees it, has no answer. What it answers is known by the
    answers there are: without any it has not come anyway. `about` is the column by which an answer says of which of the
    table it is."""
    named, asked_about = table.alias("named"), table.alias("asked_about")
    answers = _answer.c.round_step_id == _step.c.id
    key = (
        select(_named_step.c.key)
        .join(named, named.c.round_step_id == _named_step.c.id)
        .join(_answer, _answer.c[about] == named.c.id)
        .where(answers)
        .correlate(_step)
    )
    answered = select(_answer.c[about]).where(answers, _answer.c[about] == asked_about.c.id)
    return (
        select(literal_column("1"))
        .select_from(asked_about)
        .join(_its_step, _its_step.c.id == asked_about.c.round_step_id)
        .where(
            _its_step.c.round_id == _step.c.round_id,
            _its_step.c.key.in_(key),
            or_(_its_step.c.opens_at.is_(None), _its_step.c.opened_at.is_not(None)),
            ~answered.correlate(_step, asked_about).exists(),
        )
        .correlate(_step)
        .exists()
    )


_ONCE_FOR_ALL = or_(*(_step.c.asks == said(asks) for asks in (Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR)))
# Somebody who has deleted their data since still counts: each of what they left as one.
_WHO = func.coalesce(_contribution.c.person_id, -_contribution.c.id).distinct()
_PROGRESS = Prepared(
    select(
        *(_step.c[name] for name in ("id", "key", "asks", "least", "outcome")),
        case(
            (_step.c.asks == said(Asks.VOTE), _in_step(_vote, _vote.c.person_id)),
            (_step.c.asks == said(Asks.ANONYMOUS), _in_step(_proposal, _proposal.c.id)),
            (_step.c.asks == said(Asks.EACH), _in_step(_contribution, _WHO)),
            (_step.c.asks == said(Asks.NOTHING), literal_column("0")),
            else_=_in_step(_contribution, _contribution.c.id),
        ).label("come"),
        and_(
            _ONCE_FOR_ALL,
            or_(_unanswered(_contribution, "about_id"), _unanswered(_proposal, "about_proposal_id")),
        ).label("has_unanswered"),
    )
    .where(_step.c.round_id == bindparam("round"))
    .order_by(_step.c.day, _step.c.id)
)
