"""Whether a team's round asks somebody for anything on a day. Then that is the day's message: what else would be one of
its own is explained, or comes on another day.

Read when something is claimed: from the person on, by index, so that it costs next to nothing for who is in no team.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.promise_rows import said
from storage.sitting_out import takes_part
from storage.tables import metadata
from storage.tables.deliveries import ROUND_KINDS
from storage.tables.rounds import AloneTo, Asks

_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]
_contribution = metadata.tables["contribution"]
_vote = metadata.tables["vote"]

HALF_A_DAY = timedelta(hours=12)


def asked_by_round(person_id: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a round's step begins for this person on the day, or they are to be reminded of one between
    :reminds_from and :reminds_until."""
    asked = _is_asked(person_id, day)
    return or_(
        _in_team(_member, _member.c.person_id == person_id, _member.c.left_at.is_(None), takes_part(), asked),
        _in_team(_team, _team.c.mandate_id == person_id, _asks(Asks.MANDATE), asked),
        _in_team(_team, _team.c.facilitator_id == person_id, _asks(Asks.FACILITATOR), asked),
    )


def told_alone_by_round(person_id: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a round has a message of its own for this person on the day, or will have: what else is due then comes
    on another day. What a round says in the channel alone takes nobody's message. Bound as `asked_by_round`."""
    message = _delivery.alias("message")
    has_one = (
        select(literal_column("1"))
        .select_from(message)
        .join(_step, _step.c.id == message.c.round_step_id)
        .join(_round, _round.c.id == _step.c.round_id)
        .where(
            message.c.person_id == person_id,
            message.c.day == day,
            or_(*(message.c.kind == said(kind) for kind in ROUND_KINDS)),
            message.c.state != said("explained"),
            or_(message.c.state != said("planned"), _goes_on()),
        )
        .correlate_except(message, _step, _round)
        .exists()
    )
    reminded = and_(_step.c.reminded_at.is_(None), _reminds(person_id))

    def to(whom: AloneTo, *reminds: Asks) -> ColumnElement[bool]:
        prompted = and_(_step.c.day == day, _step.c.prompted_at.is_(None), _goes_on(), _step.c.alone_to == said(whom))
        return or_(prompted, and_(or_(*map(_asks, reminds)), reminded))

    each = to(AloneTo.MEMBERS, Asks.EACH, Asks.ANONYMOUS, Asks.VOTE)
    return or_(
        has_one,
        _in_team(_member, _member.c.person_id == person_id, _member.c.left_at.is_(None), takes_part(), each),
        _in_team(_team, _team.c.mandate_id == person_id, to(AloneTo.MANDATE, Asks.MANDATE)),
        _in_team(_team, _team.c.facilitator_id == person_id, to(AloneTo.FACILITATOR, Asks.FACILITATOR)),
    )


def reminders_about(now: datetime) -> dict[str, datetime]:
    """What `asked_by_round` is bound to, for the day that `now` is in: a reminder is kept as a moment of working hours,
    wherever they are."""
    return {"reminds_from": now - HALF_A_DAY, "reminds_until": now + HALF_A_DAY}


def has_come(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether nobody need ask this person for the step any more. Of what is anonymous nobody knows."""
    once_for_all = or_(*(_asks(asks) for asks in (Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR)))
    handed_in = select(_contribution.c.id).where(
        _contribution.c.round_step_id == _step.c.id,
        or_(_contribution.c.person_id == person_id, once_for_all),  # from whomever that came
    )
    voted = select(_vote.c.round_step_id).where(_vote.c.round_step_id == _step.c.id, _vote.c.person_id == person_id)
    # Whose person it is may be said several statements further out.
    return or_(handed_in.correlate_except(_contribution).exists(), voted.correlate_except(_vote).exists())


def _in_team(begin: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    team_id = _member.c.team_id if begin is _member else _team.c.id
    return (
        select(literal_column("1"))
        .select_from(begin)
        .join(_round, _round.c.team_id == team_id)
        .join(_step, _step.c.round_id == _round.c.id)
        .where(*conditions)
        .correlate_except(begin, _round, _step)
        .exists()
    )


def _asks(asks: Asks) -> ColumnElement[bool]:
    return _step.c.asks == said(asks)


def _is_asked(person_id: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    return or_(
        and_(_step.c.day == day, or_(_step.c.prompted_at.is_not(None), _goes_on())),
        _reminds(person_id),
    )


def _reminds(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    moment = UTCDateTime()
    return and_(
        _step.c.remind_at > bindparam("reminds_from", type_=moment),
        _step.c.remind_at < bindparam("reminds_until", type_=moment),
        _goes_on(),
        ~_asks(Asks.TEAM),  # the team is reminded in its channel
        ~has_come(person_id),
    )


def _goes_on() -> ColumnElement[bool]:
    return and_(_step.c.closed_at.is_(None), _round.c.state != said("ended"))
