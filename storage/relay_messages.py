"""A message of a relay to a team's channel: what the courier must know of it, and what claiming must."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, literal_column, select
from sqlmodel import Session

from storage.moments import local_day
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.relay_news import News, news_of
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason
from storage.tables.relays import LegState, RelayEnding, RelayState

_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]
_team = metadata.tables["team"]
_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_question = metadata.tables["relay_question"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayMessage:
    """A message of a relay: what it is about, and the platform's own names of where it goes."""

    kind: Kind
    occurrence: int
    """One of `News`; of a follow-up, its weeks."""
    organisation_id: int
    relay_id: int
    leg_id: int
    platform: str
    workspace: str
    channel: str | None
    since: datetime
    """When it was sent, or is to be."""
    language: str
    """The team's."""


def message(session: Session, delivery_id: int) -> RelayMessage | None:
    """Return a message of a relay; None when the delivery is none, or something else."""
    row = _MESSAGE.first(session, message=delivery_id)
    if row is None:
        return None
    return RelayMessage(**row._asdict() | {"platform": row.platform.value})


def to_channel(session: Session, delivery_id: int) -> Any:
    """Return what claiming must know of a planned message to a team's channel; None when it is not one."""
    return _TO_CHANNEL.first(session, message=delivery_id)


def why_not_to_channel(message: Any, moment: datetime) -> Reason | None:
    """Return why it is not to be sent at that moment any more, or None."""
    if message.team_ended_at is not None or _is_over(message, moment):
        return Reason.ROUND_ENDED
    if message.kind == Kind.RELAY_FOLLOW_UP:
        if message.said_at is not None:
            return Reason.ALREADY_ANSWERED
    elif message.occurrence == News.REMINDED and message.acknowledged_at is not None:
        return Reason.ALREADY_ANSWERED
    if message.channel_id is None:
        return Reason.NOT_REACHABLE
    if moment > message.late_after:
        return Reason.TOO_LATE if message.disconnected_at is None else Reason.WORKSPACE_DISCONNECTED
    return None


def channel_of(relay_leg_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """The channel that a leg's team hears of it in, for a statement about something else."""
    return (
        select(_team.c.channel_id)
        .join(_leg, _leg.c.team_id == _team.c.id)
        .where(_leg.c.id == relay_leg_id)
        .scalar_subquery()
    )


def _is_over(message: Any, moment: datetime) -> bool:
    """Whether what it says is not so any more: the baton has gone on, or the relay was ended; or whether something that
    comes later says it."""
    if message.kind == Kind.RELAY and message.occurrence == News.ENDED_EARLY:
        return False
    if message.relay_state == RelayState.ENDED and message.relay_ending == RelayEnding.ENDED_EARLY:
        return True
    if message.kind != Kind.RELAY:
        return False
    match news_of(message.occurrence):
        case News.REMINDED if message.stalled_at is not None:  # STALLED says it
            return True
        case News.ARRIVED | News.REMINDED | News.STALLED:
            return bool(message.leg_state != LegState.RUNNING)
        case News.PASSED_ON:  # of the last leg, LAST says it
            return message.relay_state in (RelayState.CLOSING, RelayState.ENDED)
        case News.CLOSING_DAY:  # LAST has been promised since, and says it; or on that day, CLOSING does
            has_come = message.closing_on is not None and local_day(moment, message.zone) >= message.closing_on
            return bool(has_come or message.last_leg_is_told_later)
        case _:
            return False


_IS_THIS = _delivery.c.id == bindparam("message")
_MESSAGE = Prepared(
    select(
        *(_delivery.c[name] for name in ("kind", "occurrence", "organisation_id")),
        _leg.c.relay_id,
        _leg.c.id.label("leg_id"),
        _workspace.c.platform,
        _workspace.c.external_id.label("workspace"),
        _team.c.channel_id.label("channel"),
        func.coalesce(_delivery.c.started_at, _delivery.c.due_at).label("since"),
        _team.c.language,
    )
    .select_from(_delivery)
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .join(_leg, _leg.c.id == _delivery.c.relay_leg_id)
    .join(_team, _team.c.id == _leg.c.team_id)
    .where(_IS_THIS)
)
_last = _delivery.alias("last")
_IS_FOLLOWED_BY_LAST = (
    select(_last.c.id)
    .where(
        _last.c.relay_leg_id == _delivery.c.relay_leg_id,
        _last.c.kind == said(Kind.RELAY),
        _last.c.occurrence == literal_column(str(int(News.LAST))),
        _last.c.state != said("explained"),
        _last.c.id > _delivery.c.id,
    )
    .exists()
)
_TO_CHANNEL = Prepared(
    select(
        *(_delivery.c[name] for name in ("id", "workspace_id", "kind", "occurrence", "day", "late_after", "attempts")),
        _workspace.c.disconnected_at,
        _leg.c.state.label("leg_state"),
        _leg.c.acknowledged_at,
        _leg.c.stalled_at,
        _relay.c.state.label("relay_state"),
        _relay.c.ending.label("relay_ending"),
        _relay.c.closing_on,
        _IS_FOLLOWED_BY_LAST.label("last_leg_is_told_later"),
        _question.c.said_at,
        _team.c.zone,
        _team.c.channel_id,
        _team.c.ended_at.label("team_ended_at"),
    )
    .select_from(_delivery)
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .join(_leg, _leg.c.id == _delivery.c.relay_leg_id)
    .join(_relay, _relay.c.id == _leg.c.relay_id)
    .join(_team, _team.c.id == _leg.c.team_id)
    .outerjoin(_question, and_(_question.c.leg_id == _leg.c.id, _question.c.weeks == _delivery.c.occurrence))
    .where(_IS_THIS, _delivery.c.state == literal_column("'planned'"))
)
