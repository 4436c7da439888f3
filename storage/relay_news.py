"""What the channel of a relay's team hears: each thing once, by its number."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import Executable, Integer, bindparam, func, literal_column, null, or_, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared
from storage.promise_rows import channel_row, insert_rows, said
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority

_delivery = metadata.tables["delivery"]
_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_team = metadata.tables["team"]


class News(IntEnum):
    """Which message of a leg it is, by its `occurrence`. That of a follow-up is its weeks; a day that is chosen for the
    closing meeting is told each time it is another, so those of CLOSING_DAY are counted on from it."""

    ARRIVED = 1
    """To the team whose turn it is: what was handed over, or the relay's question."""
    REMINDED = 2
    """Nobody of the team has said that it has come."""
    STALLED = 3
    """The team's days are over, and nothing has been handed over: what can be done."""
    PASSED_ON = 4
    """It has gone on to another team, without new words of this one's."""
    ACKNOWLEDGED = 5
    """To the team that handed over: the next one has it."""
    LAST = 6
    """The last leg is over: the day it closes."""
    CLOSING = 7
    """The whole chain, and what the team's organisation goes on with."""
    ENDED_EARLY = 8
    CLOSING_DAY = 100
    """The day that whoever coordinates has chosen for the closing meeting."""


def news_of(occurrence: int) -> News:
    return News(min(occurrence, News.CLOSING_DAY))


def promise(
    session: Session, leg_id: int, kind: Kind, occurrence: int, *, day: date, due_at: datetime, late_after: datetime
) -> int:
    """Promise it to the channel of the leg's team, once. Return how many promises were new: none where there is no
    such team any more, or it has no channel."""
    return _PROMISE.run(
        session, leg=leg_id, kind=kind, occurrence=int(occurrence), day=day, due_at=due_at, late_after=late_after,
        priority=int(Priority.TODAY),
    )  # fmt: skip


def put_off(session: Session, leg_id: int, news: News, *, until: datetime, late_after: datetime) -> bool:
    """Let what nobody has claimed yet wait, and be worth telling until another moment; that it has failed before is
    nothing against it then. False: it is on its way."""
    return _PUT_OFF.run(session, leg=leg_id, news=int(news), until=until, late_after=late_after) == 1


def sent_message(session: Session, leg_id: int, news: News) -> tuple[str, str] | None:
    """Return the conversation and message that said it, by the platform's own ids; None while nothing has."""
    row = _SENT.first(session, leg=leg_id, news=int(news))
    return None if row is None else (row.conversation_id, row.message_id)


def next_of_closing_day(session: Session, leg_id: int, *, is_another: bool) -> int | None:
    """Return the number by which the leg's team hears of a day for the closing meeting: CLOSING_DAY itself of the first
    there is, and not where it `is_another`. None: a message that is still to be sent tells it, and nobody sends that
    one meanwhile."""
    if _WAITS_TO_TELL_IT.rows(session, leg=leg_id):
        return None
    told = _TOLD_LAST.scalar(session, leg=leg_id)
    return int(News.CLOSING_DAY) + is_another if told is None else int(told) + 1


def has_told_closing_day(session: Session, leg_id: int) -> bool:
    """Return whether the leg's team has been told of a day for the closing meeting, or that there is none any more; or
    is about to be."""
    return _TOLD_LAST.scalar(session, leg=leg_id) is not None


def _promise(dialect: str) -> Executable:
    rows = (
        select(*channel_row(_relay.c.organisation_id, _team.c.workspace_id, _leg.c.id))
        .select_from(_leg)
        .join(_relay, _relay.c.id == _leg.c.relay_id)
        .join(_team, _team.c.id == _leg.c.team_id)
        .where(
            _leg.c.id == bindparam("leg", type_=Integer), _team.c.channel_id.is_not(None), _team.c.ended_at.is_(None)
        )
    )
    return insert_rows(dialect, rows, "relay_leg_id")


_PROMISE = Prepared(_promise)
_OF_LEG = (
    _delivery.c.relay_leg_id == bindparam("leg", type_=Integer),
    _delivery.c.kind == said(Kind.RELAY),
)
_SENT = Prepared(
    select(_delivery.c.conversation_id, _delivery.c.message_id).where(
        *_OF_LEG,
        _delivery.c.occurrence == bindparam("news", type_=Integer),
        _delivery.c.state == said("sent"),
        _delivery.c.message_id.is_not(None),
    )
)
_PUT_OFF = Prepared(
    update(_delivery)
    .where(*_OF_LEG, _delivery.c.occurrence == bindparam("news", type_=Integer), _delivery.c.state == said("planned"))
    .values(
        try_at=bindparam("until", type_=UTCDateTime()),
        late_after=bindparam("late_after", type_=UTCDateTime()),
        error=null(),
    )
)
_IS_CLOSING_DAY = _delivery.c.occurrence >= literal_column(str(int(News.CLOSING_DAY)))
_IS_LAST = _delivery.c.occurrence == literal_column(str(int(News.LAST)))
_WAITS_TO_TELL_IT = Prepared(
    select(_delivery.c.id)
    .where(*_OF_LEG, or_(_IS_CLOSING_DAY, _IS_LAST), _delivery.c.state == said("planned"))
    .with_for_update()
)
_TOLD_LAST = Prepared(select(func.max(_delivery.c.occurrence)).where(*_OF_LEG, _IS_CLOSING_DAY))
