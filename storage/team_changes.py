"""A team that is changed: by whoever has seen it as it is."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.teams import Team
from storage.teams import ChannelTaken

_team = metadata.tables["team"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamAsChosen:
    """Everything about a team that a coordinator decides, but who is in it."""

    name: str
    channel_id: str | None
    language: str
    slot: str
    calendar: dict[str, Any]
    facilitator_id: int
    mandate_id: int | None


def change(
    session: Session, team: Team, chosen: TeamAsChosen, now: datetime, *, channel_lost_at: datetime | None = None
) -> bool:
    """Change a team that is held. A new channel is one we can write in until we learn otherwise, but with
    `channel_lost_at`. False: it has ended. Raises ChannelTaken, and then the unit of work is undone to where it was
    nested."""
    values: dict[str, Any] = asdict(chosen)
    if chosen.channel_id != team.channel_id:
        values["channel_lost_at"] = channel_lost_at
    if chosen.facilitator_id != team.facilitator_id:
        values["facilitator_since"] = now
    if chosen.mandate_id != team.mandate_id:
        values["mandate_since"] = now
    wanted = update(_team).where(_team.c.id == team.id, _team.c.ended_at.is_(None)).values(**values)
    try:
        changed = session.connection().execute(wanted)
    except IntegrityError as taken:
        raise ChannelTaken(chosen.channel_id) from taken
    session.refresh(team)
    return changed.rowcount == 1
