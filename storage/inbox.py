"""The inbox: events kept before they are acknowledged, handled once, erased in the transaction that handles them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.tables.inbox import InboxEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEvent:
    """An event that waits to be handled."""

    id: int
    platform: str
    workspace: str
    person: str
    body: str


def keep(
    session: Session, *, platform: str, workspace: str, key: str, person: str, body: str, at: datetime
) -> int | None:
    """Keep an event and return its id, or None when one by that key has been kept before."""
    row = {
        "platform": platform, "workspace": workspace, "key": key, "person": person, "body": body, "received_at": at,
        "tries": 0,
    }  # fmt: skip
    connection = session.connection()
    kept = connection.execute(_KEEP[connection.dialect.name], row).scalar_one_or_none()
    return None if kept is None else int(kept)


def settle(session: Session, event_id: int, *, now: datetime) -> bool:
    """Mark an event handled and erase its body. False: somebody else has, so there is nothing to do."""
    return session.connection().execute(_SETTLE, {"event_id": event_id, "now": now}).rowcount == 1


def unhandled(session: Session, *, kept_before: datetime, after: int = 0, most: int = 500) -> list[KeptEvent]:
    """Return events that wait, in the order they came, those after an id first."""
    rows = session.connection().execute(
        select(InboxEvent.id, InboxEvent.platform, InboxEvent.workspace, InboxEvent.person, InboxEvent.body)  # type: ignore[call-overload]
        .where(
            col(InboxEvent.handled_at).is_(None),
            col(InboxEvent.set_aside_at).is_(None),
            col(InboxEvent.received_at) <= kept_before,
            col(InboxEvent.id) > after,
        )
        .order_by(col(InboxEvent.id))
        .limit(most)
    )
    return [
        KeptEvent(id=r.id, platform=r.platform, workspace=r.workspace, person=r.person, body=r.body or "") for r in rows
    ]


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
_KEEP = {
    "sqlite": sqlite.insert(InboxEvent).on_conflict_do_nothing().returning(col(InboxEvent.id)),
    "postgresql": postgresql.insert(InboxEvent).on_conflict_do_nothing().returning(col(InboxEvent.id)),
}
_SETTLE = (
    update(InboxEvent)
    .where(col(InboxEvent.id) == bindparam("event_id"), col(InboxEvent.handled_at).is_(None))
    .values(handled_at=bindparam("now"), body=None)
)
