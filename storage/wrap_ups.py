"""A team's wrap-up: written by its facilitator, approved by so many of the team, and only then shown to others."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, func, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.round_steps import NotTaken, is_member
from storage.tables import metadata
from storage.tables.people import Person

_round = metadata.tables["round"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_person = metadata.tables["person"]
_approval = metadata.tables["wrap_up_approval"]

FEWEST = 2
"""One alone is no team, and approves of nothing for it."""

Lines = dict[str, str]
"""What it says, by the key of each line."""


def write(session: Session, person: Person, round_id: int, lines: Lines) -> NotTaken | None:
    """Keep what the facilitator says in the wrap-up, until it is approved; who approved of other words has to be asked
    again. Return why not, or None when it is done."""
    held = _HELD.first(session, round=round_id, organisation=person.organisation_id)
    if held is None:
        return NotTaken.NO_SUCH_STEP
    if held.facilitator_id != person.id:
        return NotTaken.NOT_YOURS
    if held.approved_at is not None:
        return NotTaken.CLOSED
    _WRITE.run(session, round=round_id, lines=lines)
    _FORGET.run(session, round=round_id)
    return None


def approve(
    session: Session, person: Person, round_id: int, seen: Lines, now: datetime, *, kept: Lines, least: int
) -> NotTaken | None:
    """Approve of the words that were seen: those `kept`, with what the round has come to since. Who approved of other
    words has to be asked again. Return why not, or None when it is done. See `share` for when it is shared."""
    held = _HELD.first(session, round=round_id, organisation=person.organisation_id)
    if held is None:
        return NotTaken.NO_SUCH_STEP
    if held.approved_at is not None:
        return NotTaken.CLOSED
    if not is_member(session, person, held.team_id):
        return NotTaken.NOT_YOURS
    if held.wrap_up is None or held.wrap_up != kept:
        return NotTaken.NO_SUCH_CHOICE
    if seen != kept:
        _WRITE.run(session, round=round_id, lines=seen)
        _FORGET.run(session, round=round_id)
    _APPROVE.run(session, round=round_id, person=person.id)
    share(session, person, round_id, now, least=least)
    return None


def share(session: Session, person: Person, round_id: int, now: datetime, *, least: int) -> bool:
    """While this person looks at it, share the wrap-up as it is kept if `least` of those in the team now have approved
    of it, or all of them where they are fewer: two at the least. Who approved is then forgotten. Return whether it is
    shared now."""
    _HELD.first(session, round=round_id, organisation=person.organisation_id)  # those who are counted approved of it
    found = _HOW_MANY.first(session, round=round_id, organisation=person.organisation_id)
    if found is None or found.approved < max(FEWEST, min(least, found.members)):
        return False
    _FORGET.run(session, round=round_id)
    return _SHARE.run(session, round=round_id, now=now) == 1


def has_approved(session: Session, person: Person, round_id: int) -> bool:
    """Whether the person has approved of it as it stands, for themselves."""
    return _MINE.first(session, round=round_id, person=person.id) is not None


def _approve_statement(dialect: str) -> Any:
    new = insert_for(dialect, _approval).values(round_id=bindparam("round"), person_id=bindparam("person"))
    return new.on_conflict_do_nothing()


_OF_ROUND = _approval.c.round_id == bindparam("round")
_HELD = Prepared(
    select(_round.c.team_id, _round.c.wrap_up, _round.c.approved_at, _team.c.facilitator_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .where(_round.c.id == bindparam("round"), _round.c.organisation_id == bindparam("organisation"))
    .with_for_update(of=_round)
)
_WRITE = Prepared(
    update(_round)
    .where(_round.c.id == bindparam("round"), _round.c.approved_at.is_(None))
    .values(wrap_up=bindparam("lines", type_=_round.c.wrap_up.type))
)
_APPROVE = Prepared(_approve_statement)
_HOW_MANY = Prepared(
    select(
        func.count().label("members"),
        func.count(_approval.c.person_id).label("approved"),
    )
    .select_from(_round)
    .join(_member, and_(_member.c.team_id == _round.c.team_id, _member.c.left_at.is_(None)))
    .join(_person, and_(_person.c.id == _member.c.person_id, _person.c.left_at.is_(None)))
    .outerjoin(_approval, and_(_approval.c.round_id == _round.c.id, _approval.c.person_id == _member.c.person_id))
    .where(
        _round.c.id == bindparam("round"),
        _round.c.organisation_id == bindparam("organisation"),
        _round.c.wrap_up.is_not(None),
        _round.c.approved_at.is_(None),
    )
)
_MINE = Prepared(
    select(_approval.c.person_id).where(_OF_ROUND, _approval.c.person_id == bindparam("person", type_=Integer))
)
_now = bindparam("now", type_=UTCDateTime())
_SHARE = Prepared(
    update(_round)
    .where(_round.c.id == bindparam("round"), _round.c.approved_at.is_(None))
    .values(approved_at=_now, shared_at=_now)
)
_FORGET = Prepared(delete(_approval).where(_OF_ROUND))
