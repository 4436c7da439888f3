"""Teams: made, joined and left. Whom coordinators add and take out is in `storage.known_members`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, false, func, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from sqlmodel import select as select_rows
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.teams import Team, TeamMember

_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_person = metadata.tables["person"]
_round = metadata.tables["round"]


class TeamNotFound(LookupError):
    """No such team in the organisation."""


class ChannelTaken(Exception):
    """Another team has the channel. `args[0]` is the platform's id of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTeam:
    name: str
    channel_id: str | None
    language: str
    zone: str
    slot: str
    calendar: dict[str, Any]


def make(session: Session, facilitator: Person, new: NewTeam, now: datetime, *, mandate: Person | None = None) -> Team:
    """Make a team in the facilitator's workspace, with nobody in it yet. Raises ChannelTaken."""
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
    try:
        with session.begin_nested():
            session.add(team)
    except IntegrityError as taken:
        raise ChannelTaken(new.channel_id) from taken
    return team


def find(session: Session, organisation_id: int, team_id: int) -> Team:
    """Return a team of the organisation. Raises TeamNotFound."""
    team = session.get(Team, team_id)
    if team is None or team.organisation_id != organisation_id:
        raise TeamNotFound(team_id)
    return team


def held(session: Session, organisation_id: int, team_id: int) -> Team:
    """As `find`: it stays as it is until the unit of work is over, and nobody begins a round of it or ends it."""
    wanted = select_rows(Team).where(Team.id == team_id, Team.organisation_id == organisation_id).with_for_update()
    team = session.exec(wanted, execution_options={"populate_existing": True}).first()
    if team is None:
        raise TeamNotFound(team_id)
    return team


def in_channel(session: Session, workspace_id: int, channel_id: str) -> Team | None:
    """Return the team whose channel it is; None when it is nobody's."""
    return session.exec(
        select_rows(Team).where(
            Team.workspace_id == workspace_id, Team.channel_id == channel_id, col(Team.ended_at).is_(None)
        )
    ).first()


def join(session: Session, person: Person, team_id: int, now: datetime) -> bool:
    """Let somebody of the team's workspace into it. Return whether they are in: not when it has ended, or is another
    workspace's. Who comes back looks to coordinators, and to the round under way, as if they had never left."""
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
    """Return how many were in the team at a moment: for what goes on in it, never for showing."""
    return int(_HOW_MANY.scalar(session, team=team_id, at=at))


def members(session: Session, team_id: int, at: datetime) -> list[int]:
    """Return the ids of those who were in the team at a moment: for asking them, never for showing."""
    return [row.person_id for row in _MEMBERS.rows(session, team=team_id, at=at)]


def give_mandate(session: Session, team: Team, holder: Person) -> None:
    """Let somebody of the organisation say yes or no for the team, in place of whoever did before."""
    if holder.organisation_id != team.organisation_id:
        raise ValueError("who holds the mandate is in the same organisation")
    _GIVE_MANDATE.run(session, team=team.id, person=holder.id)
    session.refresh(team)


def end(session: Session, organisation_id: int, team_id: int, now: datetime) -> bool:
    """End a team that has no round under way. Return whether it has ended now. Raises TeamNotFound."""
    held(session, organisation_id, team_id)
    return _END.run(session, organisation=organisation_id, team=team_id, now=now) == 1


# Whoever goes out and in again changes no number: it would tell that they had been away.
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


def _join(dialect: str) -> Any:
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
    new = insert_for(dialect, _member).from_select(
        ["team_id", "person_id", "joined_at"], allowed, include_defaults=False
    )
    return new.on_conflict_do_update(
        index_elements=["team_id", "person_id"],
        set_={
            "joined_at": case((or_(_member.c.is_added, _was_confirmed_with), _member.c.joined_at), else_=now),
            "left_at": None,
            "has_left": false(),
        },
        where=_member.c.left_at.is_not(None),
    )


def _were_in(member: Any, at: Any) -> tuple[Any, ...]:
    return member.c.joined_at <= at, or_(member.c.left_at.is_(None), member.c.left_at > at)


_JOIN = Prepared(_join)
_IN_TEAM = _member.c.team_id == bindparam("team")
_MINE = _member.c.person_id == bindparam("person")
_IS_IN = Prepared(select(_member.c.person_id).where(_IN_TEAM, _MINE, _member.c.left_at.is_(None)))
_LEAVE = Prepared(
    update(_member)
    .where(_IN_TEAM, _MINE)
    .values(left_at=func.coalesce(_member.c.left_at, bindparam("now", type_=UTCDateTime())), has_left=True)
)
_GIVE_MANDATE = Prepared(
    update(_team)
    .where(_team.c.id == bindparam("team"), _team.c.ended_at.is_(None))
    .values(mandate_id=bindparam("person", type_=Integer))
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
