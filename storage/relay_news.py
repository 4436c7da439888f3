"""What the channel of a relay's team hears: each thing once, by its number."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import Date, Executable, Integer, String, bindparam, literal_column, null, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import COLUMNS, said
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority

_delivery = metadata.tables["delivery"]
_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_team = metadata.tables["team"]


class News(IntEnum):
    """Which message of a leg it is, by its `occurrence`. That of a follow-up is its weeks."""

    ARRIVED = 1
    """To the team whose turn it is: what was handed over, or the relay's question."""
    REMINDED = 2
    """Nobody of the team has said that it has come."""
    STALLED = 3
    """The team's days are over, and nothing has been handed over: what can be done."""
    PASSED_ON = 4
    """It has gone on without new words of the team's."""
    ACKNOWLEDGED = 5
    """To the team that handed over: the next one has it."""
    LAST = 6
    """To the team of the last leg: the day it closes."""
    CLOSING = 7
    """The whole chain, and what the team's organisation goes on with."""
    ENDED_EARLY = 8


def promise(
    session: Session, leg_id: int, kind: Kind, occurrence: int, *, day: date, due_at: datetime, late_after: datetime
) -> int:
    """Promise it to the channel of the leg's team, once. Return how many promises were new: none where there is no
    such team any more, or it has no channel."""
    return _PROMISE.run(
        session, leg=leg_id, kind=kind, number=int(occurrence), day=day, due_at=due_at, late_after=late_after,
        priority=int(Priority.TODAY),
    )  # fmt: skip


def _promise(dialect: str) -> Executable:
    due_at = bindparam("due_at", type_=UTCDateTime())
    rows = (
        select(
            _relay.c.organisation_id,
            _team.c.workspace_id,
            null(),
            null(),
            null(),
            bindparam("kind", type_=String),
            null(),
            null(),
            null(),
            bindparam("number", type_=Integer),
            bindparam("day", type_=Date),
            due_at,
            bindparam("late_after", type_=UTCDateTime()),
            due_at,
            bindparam("priority", type_=Integer),
            said("planned"),
            null(),
            null(),
            literal_column("0"),
            literal_column("0"),
            _leg.c.id,
        )
        .select_from(_leg)
        .join(_relay, _relay.c.id == _leg.c.relay_id)
        .join(_team, _team.c.id == _leg.c.team_id)
        .where(
            _leg.c.id == bindparam("leg", type_=Integer), _team.c.channel_id.is_not(None), _team.c.ended_at.is_(None)
        )
    )
    new = insert_for(dialect, _delivery).from_select([*COLUMNS, "relay_leg_id"], rows, include_defaults=False)
    return new.on_conflict_do_nothing()


_PROMISE = Prepared(_promise)
