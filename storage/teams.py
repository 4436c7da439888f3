"""Teams: made, joined and left. Who is in several is nobody's to know: of that, only how many."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, literal_column, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.rounds import RoundState
from storage.tables.teams import Team, TeamMember

_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_person = metadata.tables["person"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]

FEWEST = 5
"""The smallest team of which a number is told."""


class TeamNotFound(LookupError):
    """No such team in the organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTeam:
    name: str
    channel_id: str | None
    language: str
    zone: str
    slot: str
    calendar: dict[str, Any]


def make(session: Session, facilitator: Person, new: NewTeam, now: datetime, *, mandate: Person | None = None) -> Team:
    """Make a team in the facilitator's workspace, with nobody in it yet."""
    if mandate is not None and mandate.organisation_id != facilitator.organisation_id:
        raise ValueError("who holds the mandate is in the same organisation")
    team = Team(
        organisation_id=facilitator.organisation_id,
        workspace_id=facilitator.workspace_id,
        name=new.name,
        channel_id=new.channel_id,
        language=new.language,
        zone=new.zone,
        slot=new.slot,
        calendar=new.calendar,
        facilitator_id=facilitator.id,
        mandate_id=mandate.id if mandate is not None else None,
        made_at=now,
    )
    session.add(team)
    session.flush()
    return team


def find(session: Session, organisation_id: int, team_id: int) -> Team:
    """Return a team of the organisation. Raises TeamNotFound."""
    team = session.get(Team, team_id)
    if team is None or team.organisation_id != organisation_id:
        raise TeamNotFound(team_id)
    return team


def in_channel(session: Session, workspace_id: int, channel_id: str) -> Team | None:
    """Return the team whose channel it is, the newest when there are several; None when it is nobody's."""
    return session.exec(
        select_rows(Team)
        .where(Team.workspace_id == workspace_id, Team.channel_id == channel_id, col(Team.ended_at).is_(None))
        .order_by(col(Team.id).desc())
    ).first()


def join(session: Session, person: Person, team_id: int, now: datetime) -> bool:
    """Let somebody of the team's workspace into it. Return whether they are in: not when it has ended, or is another
    workspace's. Whoever was in it when the round under way was confirmed is in that round as if they had never left."""
    _JOIN.run(session, team=team_id, person=person.id, now=now)
    return _IS_IN.first(session, team=team_id, person=person.id) is not None


def leave(session: Session, person: Person, team_id: int, now: datetime) -> None:
    """Let somebody leave. Nobody is told, and nothing shows it."""
    _LEAVE.run(session, team=team_id, person=person.id, now=now)


def of_person(session: Session, person: Person) -> list[Team]:
    """Return the person's own teams that have not ended, in the order they were made."""
    mine = select_rows(Team).join(TeamMember, col(TeamMember.team_id) == Team.id)
    return list(
        session.exec(
            mine.where(
                TeamMember.person_id == person.id, col(TeamMember.left_at).is_(None), col(Team.ended_at).is_(None)
            ).order_by(col(Team.id))
        )
    )


def number_of_members(session: Session, team_id: int, at: datetime) -> int:
    """Return how many were in the team at a moment."""
    return int(_HOW_MANY.scalar(session, team=team_id, at=at))


def has_at_least(session: Session, team_id: int, number: int, at: datetime) -> bool:
    """Return whether so many were in the team: what may be told of its size. Two exact sizes would tell who left."""
    return number_of_members(session, team_id, at) >= number


def members(session: Session, team_id: int, at: datetime) -> list[int]:
    """Return the ids of those who were in the team at a moment: for asking them, never for showing."""
    return [row.person_id for row in _MEMBERS.rows(session, team=team_id, at=at)]


def asked_twice(
    session: Session,
    organisation_id: int,
    team_id: int,
    days: Collection[date],
    at: datetime,
    *,
    besides: int | None = None,
) -> int:
    """Return how many of the team would be asked by two rounds on one of the days, were it to begin one: never whom.

    `besides`: the round that is moved, which is no hindrance to itself.
    """
    other = _member.alias("other")
    wanted = (
        select(func.count(_member.c.person_id.distinct()))
        .select_from(_member)
        .join(_team, _team.c.id == _member.c.team_id)
        .join(other, other.c.person_id == _member.c.person_id)
        .join(_round, _round.c.team_id == other.c.team_id)
        .join(_step, _step.c.round_id == _round.c.id)
        .where(
            _team.c.id == team_id,
            _team.c.organisation_id == organisation_id,
            *_were_in(_member, at),
            *_were_in(other, at),
            _round.c.state != RoundState.ENDED,
            _round.c.id.is_distinct_from(besides),
            _step.c.closed_at.is_(None),
            _step.c.day.in_(days),
        )
    )
    return int(session.connection().execute(wanted).scalar_one())


def end(session: Session, organisation_id: int, team_id: int, now: datetime) -> bool:
    """End a team that has no round under way. Return whether it has ended now."""
    return _END.run(session, organisation=organisation_id, team=team_id, now=now) == 1


# Whoever goes out and in again changes no number of a round: it would tell that they had been away.
_was_confirmed_with = (
    select(_round.c.id)
    .where(
        _round.c.team_id == _member.c.team_id,
        _round.c.state != literal_column("'ended'"),
        _round.c.confirmed_at >= _member.c.joined_at,
        _round.c.confirmed_at < _member.c.left_at,
    )
    .correlate(_member)
    .exists()
)


def _join_statement(dialect: str) -> Any:
    now = bindparam("now", type_=UTCDateTime())
    allowed = (
        select(_team.c.id, _person.c.id, now)
        .join(_person, _person.c.workspace_id == _team.c.workspace_id)
        .where(
            _team.c.id == bindparam("team", type_=Integer),
            _team.c.ended_at.is_(None),
            _person.c.id == bindparam("person", type_=Integer),
            _person.c.left_at.is_(None),
        )
    )
    new = insert_for(dialect, _member).from_select(["team_id", "person_id", "joined_at"], allowed)
    return new.on_conflict_do_update(
        index_elements=["team_id", "person_id"],
        set_={"joined_at": case((_was_confirmed_with, _member.c.joined_at), else_=now), "left_at": None},
        where=_member.c.left_at.is_not(None),
    )


def _were_in(member: Any, at: Any) -> tuple[Any, ...]:
    return member.c.joined_at <= at, or_(member.c.left_at.is_(None), member.c.left_at > at)


_JOIN = Prepared(_join_statement)
_IN_TEAM = _member.c.team_id == bindparam("team")
_MINE = _member.c.person_id == bindparam("person")
_IS_IN = Prepared(select(_member.c.person_id).where(_IN_TEAM, _MINE, _member.c.left_at.is_(None)))
_LEAVE = Prepared(
    update(_member)
    .where(_IN_TEAM, _MINE, _member.c.left_at.is_(None))
    .values(left_at=bindparam("now", type_=UTCDateTime()))
)
_AT = bindparam("at", type_=UTCDateTime())
# Whoever has left the workspace is in no team: a number must not be told of five when there are four.
_WERE_THERE = (_IN_TEAM, *_were_in(_member, _AT), or_(_person.c.left_at.is_(None), _person.c.left_at > _AT))
_WITH_PERSON = select(_member.c.person_id).join(_person, _person.c.id == _member.c.person_id)
_HOW_MANY = Prepared(_WITH_PERSON.with_only_columns(func.count()).where(*_WERE_THERE))
_MEMBERS = Prepared(_WITH_PERSON.where(*_WERE_THERE).order_by(_member.c.person_id))
_END = Prepared(
    update(_team)
    .where(
        _team.c.id == bindparam("team"),
        _team.c.organisation_id == bindparam("organisation"),
        _team.c.ended_at.is_(None),
        ~select(_round.c.id)
        .where(_round.c.team_id == _team.c.id, _round.c.state != literal_column("'ended'"))
        .exists(),
    )
    .values(ended_at=bindparam("now", type_=UTCDateTime()))
)
