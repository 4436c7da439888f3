"""How many took part in a step, written down once: when it opens, or its vote closes. Numbers that went on moving would
tell two looks apart, and with that what somebody did between them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select, update
from sqlmodel import Session

from storage import teams
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.rounds import Asks

COME, MEMBERS = "come", "members"
"""In a step's outcome: how many of how many."""

_step = metadata.tables["round_step"]
_round = metadata.tables["round"]
_member = metadata.tables["team_member"]
_contribution = metadata.tables["contribution"]
_vote = metadata.tables["vote"]


def keep(session: Session, round_step_id: int, now: datetime) -> None:
    """Write down how many of those who were in the team when the round was confirmed have handed in, or voted. Nothing
    where the team was or is too small, where it is anonymous and where whoever wants to hands in. A vote's tally must
    be there already, and its votes still be."""
    row = _FACTS.first(session, step=round_step_id)
    if row.asks not in (Asks.EACH, Asks.VOTE) or not row.least:
        return
    members = teams.number_of_members(session, row.team_id, row.confirmed_at)
    if members < teams.FEWEST or not teams.has_at_least(session, row.team_id, teams.FEWEST, now):
        return
    _KEEP.run(session, step=round_step_id, outcome=(row.outcome or {}) | {COME: int(row.come), MEMBERS: members})


def told(outcome: dict[str, Any] | None) -> tuple[int | None, int | None]:
    """Return what was written down: how many, of how many. Nothing where nothing may be told."""
    return (None, None) if outcome is None else (outcome.get(COME), outcome.get(MEMBERS))


def _of_first(table: Any, who: Any) -> Any:
    # Who has deleted their data since is not known any more; of what was not opened, nothing is left either.
    joined = table.outerjoin(
        _member, (_member.c.person_id == table.c.person_id) & (_member.c.team_id == _round.c.team_id)
    )
    was_there = table.c.person_id.is_(None) | (_member.c.joined_at <= _round.c.confirmed_at)
    return (
        select(func.count(who.distinct()))
        .select_from(joined)
        .where(table.c.round_step_id == _step.c.id, was_there)
        .correlate(_step, _round)
        .scalar_subquery()
    )


_FACTS = Prepared(
    select(
        _round.c.team_id,
        _round.c.confirmed_at,
        _step.c.asks,
        _step.c.least,
        _step.c.outcome,
        case(
            (_step.c.asks == literal_column(f"'{Asks.VOTE}'"), _of_first(_vote, _vote.c.person_id)),
            else_=_of_first(_contribution, func.coalesce(_contribution.c.person_id, -_contribution.c.id)),
        ).label("come"),
    )
    .join(_round, _round.c.id == _step.c.round_id)
    .where(_step.c.id == bindparam("step"))
)
_KEEP = Prepared(
    update(_step)
    .where(_step.c.id == bindparam("step"))
    .values(outcome=bindparam("outcome", type_=_step.c.outcome.type))
)
