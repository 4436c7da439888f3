"""What a team's channel hears of a step after its prompt: what has opened, how a vote went, that the wrap-up is to be
read, how the round ended, and weeks later what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import Executable, Integer, bindparam, delete, literal_column, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared
from storage.promise_rows import channel_row, insert_rows, said
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority

_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


class News(IntEnum):
    """Which message of a step it is, by its `occurrence`."""

    MORNING = 1
    OPENED = 2
    """What was hidden, how the vote went, or what was handed in once for all of the team."""
    ENDING = 3
    WRAP_UP = 4
    """It is written, and waits for the team's approval."""


AFTER_THE_END = (News.ENDING, News.WRAP_UP)
"""What is said of a round that has ended, too."""


def promise(
    session: Session,
    round_step_id: int,
    news: News,
    *,
    day: date,
    due_at: datetime,
    late_after: datetime,
    kind: Kind = Kind.ROUND,
) -> int:
    """Promise it to the step's channel, once. Return how many promises were new: none where there is no channel."""
    return _PROMISE.run(
        session,
        round_step=round_step_id,
        occurrence=int(news),
        kind=kind,
        day=day,
        due_at=due_at,
        late_after=late_after,
        priority=int(Priority.TODAY),
    )


def sent_message(session: Session, round_step_id: int, news: News) -> tuple[str, str] | None:
    """Return the conversation and message that said it, by the platform's own ids; None while nothing has."""
    row = _SENT.first(session, round_step=round_step_id, news=int(news))
    return None if row is None else (row.conversation_id, row.message_id)


def hold(session: Session, round_step_id: int, news: News) -> None:
    """Let whoever sends it, or writes down that it was sent, wait until the unit of work is over."""
    _HOLD.rows(session, round_step=round_step_id, news=int(news))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """Something a team's channel is to hear, and has not come due."""

    id: int
    round_step_id: int
    kind: Kind
    occurrence: int
    due_at: datetime


def ahead(session: Session, team_id: int, now: datetime) -> list[Ahead]:
    """Return what is promised to the team's channel for later, in the order of when it is due."""
    return [Ahead(**row._asdict()) for row in _AHEAD.rows(session, team=team_id, now=now)]


def take_back(session: Session, delivery_id: int) -> bool:
    """Take back what has not come due, for it to be promised anew. False: it is on its way."""
    return _TAKE_BACK.run(session, message=delivery_id) == 1


def last_step(session: Session, round_id: int) -> int | None:
    """Return the last step the team has heard of; None when the round ended before it began."""
    found = _LAST.scalar(session, round=round_id)
    return None if found is None else int(found)


def _promise_statement(dialect: str) -> Executable:
    rows = (
        select(*channel_row(_round.c.organisation_id, _round.c.workspace_id, _step.c.id))
        .select_from(_step)
        .join(_round, _round.c.id == _step.c.round_id)
        .join(_team, _team.c.id == _round.c.team_id)
        .where(_step.c.id == bindparam("round_step", type_=Integer), _team.c.channel_id.is_not(None))
    )
    return insert_rows(dialect, rows, "round_step_id")


_PROMISE = Prepared(_promise_statement)
_OF_STEP = (
    _delivery.c.kind == said(Kind.ROUND),
    _delivery.c.round_step_id == bindparam("round_step", type_=Integer),
    _delivery.c.occurrence == bindparam("news", type_=Integer),
    _delivery.c.person_id.is_(None),
)
_HOLD = Prepared(select(_delivery.c.id).where(*_OF_STEP).with_for_update())
_SENT = Prepared(
    select(_delivery.c.conversation_id, _delivery.c.message_id).where(
        *_OF_STEP,
        _delivery.c.state == said("sent"),
        _delivery.c.message_id.is_not(None),
    )
)
_AHEAD = Prepared(
    select(*(_delivery.c[name] for name in ("id", "round_step_id", "kind", "occurrence", "due_at")))
    .join(_step, _step.c.id == _delivery.c.round_step_id)
    .join(_round, _round.c.id == _step.c.round_id)
    .where(
        _round.c.team_id == bindparam("team", type_=Integer),
        _delivery.c.person_id.is_(None),
        _delivery.c.state == said("planned"),
        _delivery.c.due_at > bindparam("now", type_=UTCDateTime()),
    )
    .order_by(_delivery.c.due_at, _delivery.c.id)
)
_TAKE_BACK = Prepared(
    delete(_delivery).where(_delivery.c.id == bindparam("message"), _delivery.c.state == said("planned"))
)
_LAST = Prepared(
    select(_step.c.id)
    .where(_step.c.round_id == bindparam("round"), _step.c.prompted_at.is_not(None))
    .order_by(_step.c.day.desc(), _step.c.id.desc())
    .limit(literal_column("1"))
)
