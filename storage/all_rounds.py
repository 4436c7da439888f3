"""Every round of an organisation and how it ended: for the report of a rehearsal, whose teams are invented."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.rounds import Ending

_team = metadata.tables["team"]
_round = metadata.tables["round"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundOfTeam:
    team: str
    """Its name."""
    starts_on: date
    ending: Ending | None
    ended_at: datetime | None


def all_rounds(session: Session, organisation_id: int) -> list[RoundOfTeam]:
    """Return every round in the order they were confirmed."""
    rows = session.connection().execute(_EVERY_ROUND.where(_round.c.organisation_id == organisation_id))
    return [RoundOfTeam(**row._mapping) for row in rows]


_EVERY_ROUND = (
    select(_team.c.name.label("team"), _round.c.starts_on, _round.c.ending, _round.c.ended_at)
    .join_from(_round, _team, _team.c.id == _round.c.team_id)
    .order_by(_round.c.id)
)
