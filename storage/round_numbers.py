"""Whether enough came in a step and how many took part, written down once: when it opens, its vote closes, or its round
ends. Numbers that went on moving would tell two looks apart, and with that what somebody did between them.

Numbers are told of five or more only, as coordinators know the team: whoever has left by themselves is one of those who
have not answered. Of fewer it is told whether it was enough, where that says neither that all took part nor that nobody
did. And nothing in a round from which anybody has been taken out: whoever chooses who is left would read what the last
of them does.
"""

from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, update
from sqlmodel import Session

from storage import round_progress
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.rounds import Asks

FEWEST = 5
"""The smallest team of which a number is told."""
REACHED, COME, MEMBERS = "reached", "come", "members"
"""In a step's outcome: whether it was enough, and how many of how many."""
COUNTED = (Asks.EACH, Asks.VOTE)
TOLD = (*COUNTED, Asks.ANONYMOUS, Asks.TEAM)
"""Of what one person is asked it would tell what that person has done."""

_step = metadata.tables["round_step"]
_round = metadata.tables["round"]
_team = metadata.tables["team"]
_person = metadata.tables["person"]
_member = metadata.tables["team_member"]
_contribution = metadata.tables["contribution"]
_vote = metadata.tables["vote"]


def keep(session: Session, round_step_id: int) -> None:
    """Write down how a step that is over went, where it may be told. A vote's tally must be there already, and its
    votes still be."""
    row = _FACTS.first(session, step=round_step_id)
    if row.asks not in TOLD or not row.least or _was_changed(row):
        return
    is_large = row.members >= FEWEST
    if not is_large and not 1 < row.least < row.members:
        return
    [step] = [one for one in round_progress.progress(session, row.round_id) if one.id == round_step_id]
    found: dict[str, Any] = {REACHED: step.reached}
    if is_large and row.asks in COUNTED:
        found |= {COME: min(row.come, row.members), MEMBERS: row.members}
    _KEEP.run(session, step=round_step_id, outcome=(row.outcome or {}) | found)


def told(outcome: dict[str, Any] | None) -> dict[str, Any]:
    """Return what was written down, by its name. None of what was not."""
    return {name: (outcome or {}).get(name) for name in (REACHED, COME, MEMBERS)}


def _was_changed(row: Any) -> bool:
    return row.taken_out_at is not None and row.taken_out_at >= row.confirmed_at


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


_CONFIRMED = _round.c.confirmed_at
_first = (
    select(func.count())
    .select_from(_member)
    .join(_person, _person.c.id == _member.c.person_id)
    .where(
        _member.c.team_id == _round.c.team_id,
        _member.c.joined_at <= _CONFIRMED,
        or_(_member.c.left_at.is_(None), _member.c.left_at > _CONFIRMED, and_(_member.c.has_left, _member.c.is_added)),
        or_(_person.c.left_at.is_(None), _person.c.left_at > _CONFIRMED),
    )
    .correlate(_round)
    .scalar_subquery()
)
_FACTS = Prepared(
    select(
        _step.c.round_id,
        _step.c.asks,
        _step.c.least,
        _step.c.outcome,
        _round.c.confirmed_at,
        _team.c.taken_out_at,
        _first.label("members"),
        case(
            (_step.c.asks == literal_column(f"'{Asks.VOTE}'"), _of_first(_vote, _vote.c.person_id)),
            else_=_of_first(_contribution, func.coalesce(_contribution.c.person_id, -_contribution.c.id)),
        ).label("come"),
    )
    .join(_round, _round.c.id == _step.c.round_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .where(_step.c.id == bindparam("step"))
)
_KEEP = Prepared(
    update(_step)
    .where(_step.c.id == bindparam("step"))
    .values(outcome=bindparam("outcome", type_=_step.c.outcome.type))
)
