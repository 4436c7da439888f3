"""The inbox: events kept before they are acknowledged, handled once, erased in the transaction that handles them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.inbox import InboxEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEvent:
    """An event that has come in. `workspace` and `person` are the platform's own ids."""

    platform: str
    workspace: str
    key: str
    person: str
    body: str
    received_at: datetime


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


def keep_all(session: Session, events: Sequence[NewEvent]) -> list[int | None]:
    """Keep events that came together. Return the id of each, or None where one by that key has been kept before."""
    connection = session.connection()
    rows = [
        {
            "platform": event.platform, "workspace": event.workspace, "key": event.key, "person": event.person,
            "body": event.body, "received_at": event.received_at, "tries": 0,
        }
        for event in events
    ]  # fmt: skip
    kept = {
        (row.platform, row.workspace, row.key): int(row.id)
        for row in connection.execute(_KEEP[connection.dialect.name], rows)
    }
    # Of two by the same key, the first is the one that was kept.
    return [kept.pop((event.platform, event.workspace, event.key), None) for event in events]


def settle(session: Session, event_id: int, *, now: datetime) -> Settled | None:
    """Mark an event handled and erase its body. None: somebody else has, so there is nothing to do."""
    row = _SETTLE.first(session, event_id=event_id, now=now)
    return None if row is None else Settled(has_met=bool(row.has_met))


def unhandled(session: Session, *, kept_before: datetime, after: int = 0, most: int = 500) -> list[KeptEvent]:
    """Return events that wait, in the order they came, those after an id first."""
    rows = session.connection().execute(
        select(col(InboxEvent.id), col(InboxEvent.body), col(InboxEvent.tries))
        .where(
            col(InboxEvent.handled_at).is_(None),
            col(InboxEvent.set_aside_at).is_(None),
            col(InboxEvent.received_at) <= kept_before,
            col(InboxEvent.id) > after,
        )
        .order_by(col(InboxEvent.id))
        .limit(most)
    )
    return [KeptEvent(id=row.id, body=row.body or "", tries=row.tries) for row in rows]


def failed(session: Session, event_id: int, *, error: str, most_tries: int, now: datetime) -> bool:
    """Count one more failed try; after `most_tries` the event is set aside with the class of its error. Return
    whether it was."""
    tries = session.connection().execute(
        update(InboxEvent)
        .where(col(InboxEvent.id) == event_id, col(InboxEvent.handled_at).is_(None))
        .values(tries=InboxEvent.tries + 1)
        .returning(col(InboxEvent.tries))
    ).scalar_one_or_none()  # fmt: skip
    if tries is None or tries < most_tries:
        return False
    session.connection().execute(
        update(InboxEvent)
        .where(col(InboxEvent.id) == event_id)
        .values(set_aside_at=now, set_aside_reason=error, body=None)
    )
    return True


def withdraw(session: Session, event_id: int) -> None:
    """Forget that an event came: a form that was refused may be sent again just as it was."""
    session.connection().execute(delete(InboxEvent).where(col(InboxEvent.id) == event_id))


def forget(session: Session, *, handled_before: datetime) -> int:
    """Delete the keys of events handled or set aside before a moment. Return how many."""
    old = col(InboxEvent.received_at) < handled_before
    done = col(InboxEvent.handled_at).is_not(None) | col(InboxEvent.set_aside_at).is_not(None)
    return session.connection().execute(delete(InboxEvent).where(old, done)).rowcount


def waiting(session: Session) -> tuple[int, int]:
    """Return how many events wait, and how many have been set aside."""
    rows = session.connection().execute(
        select(InboxEvent.set_aside_at).where(col(InboxEvent.handled_at).is_(None))  # type: ignore[call-overload]
    ).all()  # fmt: skip
    aside = sum(1 for row in rows if row.set_aside_at is not None)
    return len(rows) - aside, aside


# Built once: building these costs more than running them, and they run for every event.
_inbox = metadata.tables["inbox_event"]
_ID_AND_KEY = (_inbox.c.id, _inbox.c.platform, _inbox.c.workspace, _inbox.c.key)
_KEEP = {
    "sqlite": sqlite.insert(_inbox).on_conflict_do_nothing().returning(*_ID_AND_KEY),
    "postgresql": postgresql.insert(_inbox).on_conflict_do_nothing().returning(*_ID_AND_KEY),
}
# In words of SQL: for SQLite, SQLAlchemy leaves out the tables' names in everything that is returned, here too. The
# CASTs: there, SQLite does not know that these columns are text, and would read through everybody instead of an index.
_HAS_MET: ColumnElement[bool] = literal_column(
    "EXISTS (SELECT 1 FROM person JOIN workspace ON workspace.id = person.workspace_id"
    " WHERE workspace.platform = CAST(inbox_event.platform AS TEXT)"
    " AND workspace.external_id = CAST(inbox_event.workspace AS TEXT)"
    " AND person.external_id = CAST(inbox_event.person AS TEXT))"
)
_SETTLE = Prepared(
    update(_inbox)
    .where(_inbox.c.id == bindparam("event_id"), _inbox.c.handled_at.is_(None))
    .values(handled_at=bindparam("now"), body=None)
    .returning(_HAS_MET.label("has_met"))
)
