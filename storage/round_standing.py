"""How a round stands, for whoever coordinates it: numbers for teams of five or more, for smaller ones only whether
enough has come. Never who."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select
from sqlmodel import Session

from storage import teams
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.rounds import Asks, Round

FEWEST = 5
"""The smallest team of which a number is told."""

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
    """So many have handed in or voted that the step counts."""
    come: int | None
    """How many have handed in or voted; of anonymous ones, how many proposals. None for a team too small, and
    where whoever wants to hands in."""
    members: int | None
    """Of how many; None for a team too small."""


def standing(session: Session, round_: Round, now: datetime) -> list[Standing]:
    """Return how each step stands, in their order."""
    members = teams.number_of_members(session, round_.team_id, now)
    is_told = members >= FEWEST
    return [
        Standing(
            key=row.key,
            day=row.day,
            asks=row.asks,
            begun=row.prompted_at is not None,
            closed=row.closed_at is not None or row.opened_at is not None,
            reached=_come(row) >= row.least,
            come=_come(row) if is_told and row.least else None,
            members=members if is_told and row.least else None,
        )
        for row in _STANDING.rows(session, round=round_.id)
    ]


def _come(row: Any) -> int:
    if row.asks is Asks.VOTE and row.outcome is not None:
        return int(row.outcome["cast"])  # counted, and gone
    return int(row.come)


def _in_step(table: Any, what: Any) -> Any:
    return select(func.count(what)).where(table.c.round_step_id == _step.c.id).scalar_subquery()


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
    )
    .where(_step.c.round_id == bindparam("round"))
    .order_by(_step.c.day, _step.c.id)
)
