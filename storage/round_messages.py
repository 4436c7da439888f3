"""A message of a team's round at the moment it is to be sent: to the team's channel, or to one member alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, and_, bindparam, case, func, literal_column, or_, select
from sqlmodel import Session

from storage import round_notes
from storage.asked_by_rounds import has_come
from storage.contributions import ONCE_FOR_ALL
from storage.prepared import Prepared
from storage.round_news import AFTER_THE_END, News
from storage.round_notes import NOTES, Note
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason
from storage.tables.rounds import Ending, RoundState

_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


def to_channel(session: Session, delivery_id: int) -> Any:
    """Return what claiming must know of a planned message to a team's channel; None when it is not one."""
    return _TO_CHANNEL.first(session, message=delivery_id)


def why_not_to_channel(message: Any, moment: datetime) -> Reason | None:
    """Return why it is not to be sent at that moment any more, or None. A channel is reminded only of what it is asked
    for once."""
    if message.team_ended_at is not None:
        return Reason.ROUND_ENDED
    if message.kind == Kind.ROUND_FOLLOW_UP:
        return _why_not_ever(message, moment)
    if message.round_state == RoundState.ENDED and not _is_said_after_the_end(message):
        return Reason.ROUND_ENDED
    if message.occurrence == News.WRAP_UP and message.approved_at is not None:
        return Reason.ALREADY_ANSWERED
    if message.kind == Kind.ROUND_REMINDER and message.has_come:
        return Reason.ALREADY_ANSWERED
    if message.closed_at is not None and message.occurrence == News.MORNING:
        return Reason.TOO_LATE
    return _why_not_ever(message, moment)


def why_not_to_member(session: Session, message: Any) -> Reason | None:
    """Return why a member is not to be asked, or reminded, any more, beside what speaks for the person: or None.

    Whoever was asked for something anonymous is reminded whether they have handed it in or not: nobody knows.
    """
    facts = _TO_MEMBER.first(session, step=message.round_step_id, person=message.person_id)
    if message.kind == Kind.ROUND and message.occurrence in NOTES:
        return _why_not_note(session, message, facts)
    if facts.round_state == RoundState.ENDED or facts.team_ended_at is not None:
        return Reason.ROUND_ENDED
    if not facts.belongs:
        return Reason.LEFT_TEAM
    if message.kind == Kind.ROUND_REMINDER and facts.has_come:
        return Reason.ALREADY_ANSWERED
    return Reason.TOO_LATE if facts.closed_at is not None else None


def _why_not_note(session: Session, message: Any, facts: Any) -> Reason | None:
    """Somebody else may have the part by now, or they may have been told with a question in between."""
    if message.occurrence == Note.HAS_ENDED:
        return None
    if facts.round_state == RoundState.ENDED or facts.team_ended_at is not None:
        return Reason.ROUND_ENDED
    note = Note(message.occurrence)
    leads = note is Note.FACILITATES
    has_it = facts.facilitates if leads else facts.has_mandate
    since = facts.facilitator_since if leads else facts.mandate_since
    if not has_it or since is None:
        return Reason.LEFT_TEAM
    was_told = round_notes.was_told(
        session, facts.round_id, message.person_id, note, since=since, before=message.due_at
    )
    return Reason.ALREADY_ANSWERED if was_told else None


def _is_said_after_the_end(message: Any) -> bool:
    """Also what was handed in for all of the team in its last minutes: who did so was told that it is read there. Not
    where somebody has ended the round: then nothing more was to come."""
    if message.occurrence in AFTER_THE_END:
        return True
    is_handed_in = message.kind == Kind.ROUND and message.occurrence == News.OPENED and message.asks in ONCE_FOR_ALL
    return is_handed_in and message.ending in (Ending.FINISHED, Ending.NOT_MADE)


def _why_not_ever(message: Any, moment: datetime) -> Reason | None:
    if message.channel_id is None:
        return Reason.NOT_REACHABLE
    if moment > message.late_after:
        return Reason.TOO_LATE if message.disconnected_at is None else Reason.WORKSPACE_DISCONNECTED
    return None


def channel_of(round_step_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """The channel that a step is done in, for a statement about something else."""
    return (
        select(_team.c.channel_id)
        .join(_round, _round.c.team_id == _team.c.id)
        .join(_step, _step.c.round_id == _round.c.id)
        .where(_step.c.id == round_step_id)
        .scalar_subquery()
    )


_TO_CHANNEL = Prepared(
    select(
        *(_delivery.c[name] for name in ("id", "workspace_id", "kind", "occurrence", "day", "late_after", "attempts")),
        _workspace.c.disconnected_at,
        _step.c.asks,
        _step.c.closed_at,
        _round.c.state.label("round_state"),
        _round.c.ending,
        _round.c.approved_at,
        _team.c.zone,
        _team.c.channel_id,
        _team.c.ended_at.label("team_ended_at"),
        has_come(literal_column("0", Integer)).label("has_come"),
    )
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .join(_step, _step.c.id == _delivery.c.round_step_id)
    .join(_round, _round.c.id == _step.c.round_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .where(
        _delivery.c.id == bindparam("message"),
        _delivery.c.person_id.is_(None),
        _delivery.c.state == literal_column("'planned'"),
    )
)

_PERSON = bindparam("person", type_=Integer)
_TO_MEMBER = Prepared(
    select(
        _step.c.closed_at,
        _step.c.round_id,
        _round.c.state.label("round_state"),
        _team.c.ended_at.label("team_ended_at"),
        (_team.c.facilitator_id == _PERSON).label("facilitates"),
        _team.c.facilitator_since,
        (func.coalesce(_team.c.mandate_id, literal_column("0")) == _PERSON).label("has_mandate"),
        _team.c.mandate_since,
        case(
            (_member.c.person_id.is_not(None), _member.c.left_at.is_(None)),
            else_=or_(_team.c.facilitator_id == _PERSON, func.coalesce(_team.c.mandate_id, 0) == _PERSON),
        ).label("belongs"),
        has_come(_PERSON).label("has_come"),
    )
    .select_from(_step)
    .join(_round, _round.c.id == _step.c.round_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .outerjoin(_member, and_(_member.c.team_id == _team.c.id, _member.c.person_id == _PERSON))
    .where(_step.c.id == bindparam("step"))
)
