"""The inbox: events kept before they are acknowledged, handled once and in order for each person, erased in the
transaction that handles them.

*In order*: an event is handled only when nothing that the same person did earlier waits. Whether it does is asked in
the transaction that handles it, so it holds over any number of processes. Earlier is what was kept earlier: what had
been acknowledged before the other came is always handled before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Insert,
    Select,
    String,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)  # fmt: skip
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.inbox import InboxEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEvent:
    """An event that has come in. `workspace` and `person` are the platform's own ids; `kind` is for operators."""

    platform: str
    workspace: str
    key: str
    person: str
    body: str
    received_at: datetime
    kind: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEvent:
    """An event that waits to be handled, and has been tried in vain so often."""

    id: int
    body: str
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """An event that is ours to handle, and whether we have met whoever it is from."""

    has_met: bool


class NotItsTurn(Exception):
    """Something that the same person did earlier has not been handled yet."""


def keep_all(session: Session, events: Sequence[NewEvent]) -> list[int | None]:
    """Keep events that came together. Return the id of each, or None where one by that key has been kept before."""
    together = _as_json if session.get_bind().dialect.name == "sqlite" else _as_lists
    rows = _KEEP.rows(session, **together(events))
    kept = {(row.platform, row.workspace, row.key): int(row.id) for row in rows}
    # Of two by the same key, the first is the one that was kept.
    return [kept.pop((event.platform, event.workspace, event.key), None) for event in events]


def settle(session: Session, event_id: int, *, now: datetime) -> Settled | None:
    """Mark an event handled and erase its body. None: somebody else has, or has set it aside, so there is nothing to
    do. Raises NotItsTurn, having done nothing."""
    row = _SETTLE.first(session, event_id=event_id, now=now)
    if row is not None:
        return Settled(has_met=bool(row.has_met))
    # Not: is there an earlier one? Another process may have handled that since the statement above looked.
    if _STILL_WAITS.scalar(session, event_id=event_id):
        raise NotItsTurn
    return None


def newest(session: Session) -> int:
    """Return the id of the event that was kept last; 0 when there is none."""
    return session.connection().execute(select(func.max(InboxEvent.id))).scalar() or 0


def unhandled(session: Session, *, up_to: int, after: int = 0, most: int = 500) -> list[KeptEvent]:
    """Return events that wait, with ids from above `after` to `up_to`, in the order they came."""
    return _kept(session, col(InboxEvent.id) > after, col(InboxEvent.id) <= up_to, most=most)


def before(session: Session, event_id: int, *, most: int = 50) -> list[KeptEvent]:
    """Return what waits of what the same person did before an event."""
    later = _inbox.alias("later")
    same_person = select(later.c.id).where(later.c.id == event_id, *_same_person(later))
    return _kept(session, col(InboxEvent.id) < event_id, exists(same_person), most=most)


def failed(session: Session, event_id: int, *, error: str, is_last: bool, now: datetime) -> int | None:
    """Count one more failed try; the last sets the event aside with the class of its error. Return how many tries there
    have been, by all processes, or None when the event does not wait any more."""
    aside = {"set_aside_at": now, "set_aside_reason": error} if is_last else {}
    return session.connection().execute(
        update(InboxEvent)
        .where(col(InboxEvent.id) == event_id, *_WAITS)
        .values(tries=InboxEvent.tries + 1, **aside)
        .returning(col(InboxEvent.tries))
    ).scalar_one_or_none()  # fmt: skip


def withdraw(session: Session, event_id: int) -> None:
    """Forget that an event came, in the transaction that settled it: a form that was refused may be sent again just as
    it was."""
    session.connection().execute(delete(InboxEvent).where(col(InboxEvent.id) == event_id))


def take_back(session: Session, event_id: int) -> bool:
    """Forget an event that waits. False: it does not, somebody has handled it."""
    return session.connection().execute(delete(InboxEvent).where(col(InboxEvent.id) == event_id, *_WAITS)).rowcount > 0


def forget(session: Session, *, kept_before: datetime, most: int = 5000) -> int:
    """Delete what was kept before a moment and has been handled or set aside, of the oldest so many events: whoever
    wants to be acknowledged waits no longer for it, and no more is read than that. Return how many."""
    done = col(InboxEvent.handled_at).is_not(None) | col(InboxEvent.set_aside_at).is_not(None)
    oldest = select(col(InboxEvent.id)).order_by(col(InboxEvent.id)).limit(most)
    gone = delete(InboxEvent).where(col(InboxEvent.id).in_(oldest), col(InboxEvent.received_at) < kept_before, done)
    return session.connection().execute(gone).rowcount


def waiting(session: Session) -> tuple[int, int]:
    """Return how many events wait, and how many have been set aside."""
    waits = select(func.count()).select_from(InboxEvent).where(*_WAITS).scalar_subquery()
    aside = select(func.count()).where(col(InboxEvent.set_aside_at).is_not(None)).scalar_subquery()
    number, number_aside = session.connection().execute(select(waits, aside)).one()
    return number, number_aside


def _kept(session: Session, *which: ColumnElement[bool], most: int) -> list[KeptEvent]:
    rows = session.connection().execute(
        select(col(InboxEvent.id), col(InboxEvent.body), col(InboxEvent.tries))
        .where(*_WAITS, *which)
        .order_by(col(InboxEvent.id))
        .limit(most)
    )
    return [KeptEvent(id=row.id, body=row.body or "", tries=row.tries) for row in rows]


def _as_lists(events: Sequence[NewEvent]) -> dict[str, object]:
    """As PostgreSQL is given them: one list for each column."""
    return {name: [getattr(event, name) for event in events] for name in _GIVEN}


def _as_json(events: Sequence[NewEvent]) -> dict[str, object]:
    """As SQLite is given them: one text, for which it takes a third less time than for a statement each."""
    rows = [
        (event.platform, event.workspace, event.key, event.person, event.kind, event.body, _MOMENT(event.received_at))
        for event in events
    ]
    return {"events": orjson.dumps(rows).decode()}


def _keep(dialect: str) -> Insert:
    rows = (_from_json if dialect == "sqlite" else _from_lists)()
    insert = insert_for(dialect, _inbox).from_select([*_GIVEN, "tries"], rows, include_defaults=False)
    return insert.on_conflict_do_nothing().returning(_inbox.c.id, _inbox.c.platform, _inbox.c.workspace, _inbox.c.key)


def _from_lists() -> Select[Any]:
    given = func.unnest(*(bindparam(name, type_=ARRAY(_inbox.c[name].type)) for name in _GIVEN)).table_valued(
        *(column(name, _inbox.c[name].type) for name in _GIVEN), with_ordinality="place"
    )
    given = given.render_derived()
    return select(*(given.c[name] for name in _GIVEN), literal_column("0")).order_by(given.c.place)


def _from_json() -> Select[Any]:
    given = func.json_each(bindparam("events", type_=String)).table_valued("key", "value")
    values = [func.json_extract(given.c.value, literal_column(f"'$[{place}]'")) for place in range(len(_GIVEN))]
    # SQLite takes the ON of ON CONFLICT for a join's unless there is a WHERE.
    return select(*values, literal_column("0")).where(literal_column("true"))


def _same_person(other: FromClause) -> list[ColumnElement[bool]]:
    return [other.c[name] == _inbox.c[name] for name in ("platform", "workspace", "person")]


# Built once: building these costs more than running them, and they run for every event.
_inbox = metadata.tables["inbox_event"]
_MOMENT: Any = _inbox.c.received_at.type.dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())
"""Writes a moment as SQLite keeps it."""
_WAITS = (_inbox.c.handled_at.is_(None), _inbox.c.set_aside_at.is_(None))
_GIVEN = ("platform", "workspace", "key", "person", "kind", "body", "received_at")
_KEEP = Prepared(_keep)
# In words of SQL: for SQLite, SQLAlchemy leaves out the tables' names in everything that is returned, here too. The
# CASTs: there, SQLite does not know that these columns are text, and would read through everybody instead of an index.
_HAS_MET: ColumnElement[bool] = literal_column(
    "EXISTS (SELECT 1 FROM person JOIN workspace ON workspace.id = person.workspace_id"
    " WHERE workspace.platform = CAST(inbox_event.platform AS TEXT)"
    " AND workspace.external_id = CAST(inbox_event.workspace AS TEXT)"
    " AND person.external_id = CAST(inbox_event.person AS TEXT))"
)
_earlier = _inbox.alias("earlier")
_SETTLE = Prepared(
    update(_inbox)
    .where(
        _inbox.c.id == bindparam("event_id"),
        *_WAITS,
        ~exists(
            select(_earlier.c.id).where(
                *_same_person(_earlier),
                _earlier.c.id < _inbox.c.id,
                _earlier.c.handled_at.is_(None),
                _earlier.c.set_aside_at.is_(None),
            )
        ),
    )
    .values(handled_at=bindparam("now"), body=None)
    .returning(_HAS_MET.label("has_met"))
)
_STILL_WAITS = Prepared(select(_inbox.c.id).where(_inbox.c.id == bindparam("event_id"), *_WAITS))
