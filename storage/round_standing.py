"""How a round stands, for whoever coordinates it: of each step whether enough has come, and of a team of five or more,
once the step is over, how many took part. Never who."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select
from sqlmodel import Session

from storage import round_numbers, teams
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.rounds import Asks, Round

_step = metadata.tables["round_step"]
_contribution = metadata.tables["contribution"]
_proposal = metadata.tables["proposal"]
_vote = metadata.tables["vote"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How one step stands."""

    key: str
    day: date
    asks: Asks
    begun: bool
    closed: bool
    """Or opened: nothing need come any more."""
    reached: bool
    """So many have handed in or voted that the step counts; of what is answered once for all, everything has an
    answer."""
    come: int | None
    """How many had handed in or voted when it opened or closed, of those there when the round was confirmed. None
    until then, for a team too small, where it is anonymous and where whoever wants to hands in."""
    members: int | None
    """Of how many; None where `come` is."""


def standing(session: Session, round_: Round, now: datetime) -> list[Standing]:
    """Return how each step stands, in their order."""
    is_told = teams.has_at_least(session, round_.team_id, teams.FEWEST, now)
    return [_standing(row, is_told=is_told) for row in _STANDING.rows(session, round=round_.id)]


def _standing(row: Any, *, is_told: bool) -> Standing:
    come, members = round_numbers.told(row.outcome) if is_told else (None, None)
    return Standing(
        key=row.key,
        day=row.day,
        asks=row.asks,
        begun=row.prompted_at is not None,
        closed=row.closed_at is not None or row.opened_at is not None,
        reached=_come(row) >= row.least and not row.has_unanswered,
        come=come,
        members=members,
    )


def _come(row: Any) -> int:
    if row.asks is Asks.VOTE and row.outcome is not None:
        return int(row.outcome["cast"])  # counted, and gone
    return int(row.come)


def _in_step(table: Any, what: Any) -> Any:
    return select(func.count(what)).where(table.c.round_step_id == _step.c.id).scalar_subquery()


_named, _asked_about = _contribution.alias("named"), _contribution.alias("asked_about")
_answer = _contribution.alias("answer")
_named_step, _its_step = _step.alias("named_step"), _step.alias("its_step")


def _unanswered() -> Any:
    """Whether something of what this step answers, as the team sees it, has no answer. What it answers is known by the
    answers there are: without any it has not come anyway."""
    answers = _answer.c.round_step_id == _step.c.id
    key = (
        select(_named_step.c.key)
        .join(_named, _named.c.round_step_id == _named_step.c.id)
        .join(_answer, _answer.c.about_id == _named.c.id)
        .where(answers)
        .correlate(_step)
    )
    answered = select(_answer.c.about_id).where(answers, _answer.c.about_id == _asked_about.c.id)
    return (
        select(literal_column("1"))
        .select_from(_asked_about)
        .join(_its_step, _its_step.c.id == _asked_about.c.round_step_id)
        .where(
            _its_step.c.round_id == _step.c.round_id,
            _its_step.c.key.in_(key),
            or_(_its_step.c.opens_at.is_(None), _its_step.c.opened_at.is_not(None)),
            ~answered.correlate(_step, _asked_about).exists(),
        )
        .correlate(_step)
        .exists()
    )


_ONCE_FOR_ALL = or_(*(_step.c.asks == said(asks) for asks in (Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR)))
# Somebody who has deleted their data since still counts: each of what they left as one.
_WHO = func.coalesce(_contribution.c.person_id, -_contribution.c.id).distinct()
_STANDING = Prepared(
    select(
        *(
            _step.c[name]
            for name in ("key", "day", "asks", "least", "prompted_at", "opened_at", "closed_at", "outcome")
        ),
        case(
            (_step.c.asks == said(Asks.VOTE), _in_step(_vote, _vote.c.person_id)),
            (_step.c.asks == said(Asks.ANONYMOUS), _in_step(_proposal, _proposal.c.id)),
            (_step.c.asks == said(Asks.EACH), _in_step(_contribution, _WHO)),
            (_step.c.asks == said(Asks.NOTHING), literal_column("0")),
            else_=_in_step(_contribution, _contribution.c.id),
        ).label("come"),
        and_(_ONCE_FOR_ALL, _unanswered()).label("has_unanswered"),
    )
    .where(_step.c.round_id == bindparam("round"))
    .order_by(_step.c.day, _step.c.id)
)
