"""A team as coordinators know it: whom they have added, and not taken out since. Who has left by themselves, or joined
in the channel, changes nothing here: so no limit and no number of a coordinator's tells it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, func, null, select, true, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared, one_of
from storage.tables import metadata
from storage.tables.rounds import RoundState

_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_person = metadata.tables["person"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


def add(session: Session, person_ids: Collection[int], team_id: int, now: datetime) -> int:
    """Let people of the team's workspace into it. Whoever has left by themselves stays away, and it looks as if they
    had not. Return how many of them a coordinator may now take for members."""
    _ADD.run(session, team=team_id, people=[*person_ids], now=now)
    return int(_HOW_MANY_OF.scalar(session, team=team_id, people=[*person_ids]))


def take_out(session: Session, person_ids: Collection[int], team_id: int, now: datetime) -> None:
    """Take people out of the team, whether they were in it or not."""
    _TAKE_OUT.run(session, team=team_id, people=[*person_ids], now=now)
    _NOTE.run(session, team=team_id, now=now)


def how_many(session: Session, team_id: int) -> int:
    return int(_HOW_MANY.scalar(session, team=team_id))


def would_be_asked_twice(
    session: Session, organisation_id: int, team_id: int, days: Collection[date], *, besides: int | None = None
) -> bool:
    """Return whether a round of the team would ask somebody on a day on which another round does: never whom.

    `besides`: the round that is moved, which is no hindrance to itself.
    """
    other = _member.alias("other")
    wanted = (
        select(_member.c.person_id)
        .join(_team, _team.c.id == _member.c.team_id)
        .join(other, other.c.person_id == _member.c.person_id)
        .join(_round, _round.c.team_id == other.c.team_id)
        .join(_step, _step.c.round_id == _round.c.id)
        .where(
            _team.c.id == team_id,
            _team.c.organisation_id == organisation_id,
            _member.c.is_added,
            other.c.is_added,
            _round.c.state != RoundState.ENDED,
            _round.c.id.is_distinct_from(besides),
            _step.c.closed_at.is_(None),
            _step.c.day.in_(days),
        )
        .limit(1)
    )
    return session.connection().execute(wanted).first() is not None


_NOW = bindparam("now", type_=UTCDateTime())


def _add(dialect: str) -> Any:
    allowed = (
        select(_team.c.id, _person.c.id, _NOW, true())
        .join(_person, _person.c.workspace_id == _team.c.workspace_id)
        .where(
            _team.c.id == bindparam("team", type_=Integer),
            _team.c.ended_at.is_(None),
            one_of(dialect, _person.c.id, "people"),
            _person.c.left_at.is_(None),
        )
        .order_by(_person.c.id)
    )
    new = insert_for(dialect, _member).from_select(
        ["team_id", "person_id", "joined_at", "is_added"], allowed, include_defaults=False
    )
    return new.on_conflict_do_update(
        index_elements=["team_id", "person_id"],
        set_={
            "is_added": true(),
            "joined_at": case((_member.c.left_at.is_(None), _member.c.joined_at), else_=_NOW),
            "left_at": case((_member.c.has_left, _member.c.left_at), else_=null()),
        },
        where=~_member.c.is_added,
    )


_IN_TEAM = _member.c.team_id == bindparam("team")
_ADD = Prepared(_add)
_TAKE_OUT = Prepared(
    lambda dialect: (
        update(_member)
        .where(_IN_TEAM, one_of(dialect, _member.c.person_id, "people"))
        .values(left_at=func.coalesce(_member.c.left_at, _NOW), is_added=False)
    )
)
_NOTE = Prepared(update(_team).where(_team.c.id == bindparam("team")).values(taken_out_at=_NOW))
_KNOWN = (
    select(func.count())
    .select_from(_member)
    .join(_person, and_(_person.c.id == _member.c.person_id, _person.c.left_at.is_(None)))
    .where(_IN_TEAM, _member.c.is_added)
)
_HOW_MANY = Prepared(_KNOWN)
_HOW_MANY_OF = Prepared(lambda dialect: _KNOWN.where(one_of(dialect, _member.c.person_id, "people")))
