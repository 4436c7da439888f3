"""Relays that ended long ago are disposed of, with their batons. Whoever is to keep those has taken them out then."""

from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Integer, Table, bindparam, delete, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared, one_of
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.relays import RelayState

_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_delivery = metadata.tables["delivery"]

AT_ONCE = 20


def forget(session: Session, *, ended_before: datetime, most: int = AT_ONCE) -> int:
    """Dispose of relays that ended before a moment. Return how many; 0 when none is left that can go.

    What was promised of them goes first, as all that was promised does.
    """
    ids = [row.id for row in _OLD.rows(session, before=ended_before, most=most)]
    if not ids:
        return 0
    for of_leg in _OF_LEGS:
        of_leg.run(session, ids=ids)
    _LEGS.run(session, ids=ids)
    return _RELAYS.run(session, ids=ids)


def _of_legs(name: str) -> Prepared:
    table: Table = metadata.tables[name]

    def statement(dialect: str) -> Executable:
        legs: Any = select(_leg.c.id).where(one_of(dialect, _leg.c.relay_id, "ids"))
        return delete(table).where(table.c.leg_id.in_(legs))

    return Prepared(statement)


_is_promised = (
    select(_delivery.c.id)
    .join(_leg, _leg.c.id == _delivery.c.relay_leg_id)
    .where(_leg.c.relay_id == _relay.c.id)
    .correlate(_relay)
)
_OLD = Prepared(
    select(_relay.c.id)
    .where(
        _relay.c.state == said(RelayState.ENDED),
        _relay.c.ended_at < bindparam("before", type_=UTCDateTime()),
        ~_is_promised.exists(),
    )
    .order_by(_relay.c.id)
    .limit(bindparam("most", type_=Integer))
)
_OF_LEGS = [_of_legs(name) for name in ("baton_approval", "baton", "relay_commitment", "relay_question")]
_LEGS = Prepared(lambda dialect: delete(_leg).where(one_of(dialect, _leg.c.relay_id, "ids")))
_RELAYS = Prepared(lambda dialect: delete(_relay).where(one_of(dialect, _relay.c.id, "ids")))
