"""Who stays in a team and is put together with nobody there: each chooses for themselves, and nobody else sees it."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, literal_column, or_, select
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person

_sitting_out = metadata.tables["sitting_out"]
_round = metadata.tables["round"]
_member = metadata.tables["team_member"]


def sit_out(session: Session, person: Person, team_id: int) -> None:
    """Put the person together with nobody in this team, until they say otherwise."""
    _SIT_OUT.run(session, team=team_id, person=person.id)


def come_back(session: Session, person: Person, team_id: int) -> None:
    _COME_BACK.run(session, team=team_id, person=person.id)


def sits_out(session: Session, person: Person, team_id: int) -> bool:
    return _FOUND.first(session, team=team_id, person=person.id) is not None


def takes_part() -> ColumnElement[bool]:
    """Whether a member is asked by a round of their team: not where people are put together and they sit out. Part of
    statements with `round` and `team_member` in them."""
    found = (
        select(literal_column("1"))
        .where(_sitting_out.c.team_id == _member.c.team_id, _sitting_out.c.person_id == _member.c.person_id)
        .correlate_except(_sitting_out)
        .exists()
    )
    return or_(_round.c.pairs_across_units.is_(None), ~found)


def _sit_out(dialect: str) -> Any:
    values: dict[str, Any] = {"team_id": bindparam("team"), "person_id": bindparam("person")}
    return insert_for(dialect, _sitting_out).values(**values).on_conflict_do_nothing()


_THIS = (_sitting_out.c.team_id == bindparam("team"), _sitting_out.c.person_id == bindparam("person"))
_SIT_OUT = Prepared(_sit_out)
_COME_BACK = Prepared(delete(_sitting_out).where(*_THIS))
_FOUND = Prepared(select(_sitting_out.c.team_id).where(*_THIS))
