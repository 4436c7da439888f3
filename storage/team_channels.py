"""Whether we can write in a team's channel: what we were told, and what sending there has shown. Nothing ends by it: a
round whose next message finds no channel ends then, and until then the channel may be given back."""

from datetime import datetime

from sqlalchemy import bindparam, func, null, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared
from storage.tables import metadata

_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]
_leg = metadata.tables["relay_leg"]
_workspace = metadata.tables["workspace"]


def lost(session: Session, *, platform: str, workspace: str, channel: str, now: datetime) -> None:
    """Note that we can no longer write in a channel, by the platform's own names. The first time counts."""
    _LOST.run(session, platform=platform, workspace=workspace, channel=channel, now=now)


def found(session: Session, *, platform: str, workspace: str, channel: str) -> None:
    """Note that somebody speaks to us there again."""
    _FOUND.run(session, platform=platform, workspace=workspace, channel=channel)


def lost_by(session: Session, delivery_id: int, now: datetime) -> None:
    """As `lost`, of the channel that a message could not be brought to."""
    _LOST_BY.run(session, message=delivery_id, now=now)


def found_by(session: Session, delivery_id: int) -> None:
    """As `found`, of the channel that a message has come to."""
    _FOUND_BY.run(session, message=delivery_id)


_NOW = bindparam("now", type_=UTCDateTime())
_OF_CHANNEL = (
    _team.c.channel_id == bindparam("channel"),
    _team.c.ended_at.is_(None),
    _team.c.workspace_id
    == select(_workspace.c.id)
    .where(_workspace.c.platform == bindparam("platform"), _workspace.c.external_id == bindparam("workspace"))
    .scalar_subquery(),
)
_OF_MESSAGE = _team.c.id == func.coalesce(
    select(_round.c.team_id)
    .join(_step, _step.c.round_id == _round.c.id)
    .join(_delivery, _delivery.c.round_step_id == _step.c.id)
    .where(_delivery.c.id == bindparam("message"))
    .scalar_subquery(),
    select(_leg.c.team_id)
    .join(_delivery, _delivery.c.relay_leg_id == _leg.c.id)
    .where(_delivery.c.id == bindparam("message"))
    .scalar_subquery(),
)
_IS_LOST = _team.c.channel_lost_at.is_not(None)
_LOST = Prepared(update(_team).where(*_OF_CHANNEL, ~_IS_LOST).values(channel_lost_at=_NOW))
_FOUND = Prepared(update(_team).where(*_OF_CHANNEL, _IS_LOST).values(channel_lost_at=null()))
_LOST_BY = Prepared(update(_team).where(_OF_MESSAGE, ~_IS_LOST).values(channel_lost_at=_NOW))
_FOUND_BY = Prepared(update(_team).where(_OF_MESSAGE, _IS_LOST).values(channel_lost_at=null()))
