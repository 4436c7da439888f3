"""Events that could not be handled and were set aside: listed for operators without a word of anybody's, and put back
to be handled once more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables.inbox import InboxEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """`kind` is None for what an older Knuff kept; `reason` is the class of the last error."""

    id: int
    platform: str
    kind: str | None
    received_at: datetime
    set_aside_at: datetime
    tries: int
    reason: str
    can_be_replayed: bool
    """Whether what was said is still kept: whoever it is from may have deleted their data."""


class Replayed(StrEnum):
    """What became of an event that was to be replayed."""

    REPLAYED = "replayed"
    """It waits again, with all its tries before it."""
    UNKNOWN = "unknown"
    HANDLED = "handled"
    WAITS = "waits"
    """It has not been set aside: it is about to be handled."""
    ERASED = "erased"
    OVERTAKEN = "overtaken"
    """Something that the same person did later has been handled: the same again, perhaps, or the opposite."""


def set_aside(session: Session) -> list[SetAside]:
    """Return everything that is set aside, the oldest first."""
    columns = (
        InboxEvent.id, InboxEvent.platform, InboxEvent.kind, InboxEvent.received_at, InboxEvent.set_aside_at,
        InboxEvent.tries, InboxEvent.set_aside_reason, _HAS_BODY,
    )  # fmt: skip
    rows = session.connection().execute(
        select(*columns).where(col(InboxEvent.set_aside_at).is_not(None)).order_by(col(InboxEvent.id))  # type: ignore[call-overload]
    )
    return [
        SetAside(
            id=row.id, platform=row.platform, kind=row.kind, received_at=row.received_at,
            set_aside_at=row.set_aside_at, tries=row.tries, reason=row.set_aside_reason or "",
            can_be_replayed=bool(row.has_body),
        )
        for row in rows
    ]  # fmt: skip


def replay(session: Session, event_id: int) -> Replayed:
    """Put an event that was set aside back where it stood, before what the same person did later and that still waits.
    What has been handled never is, nor what something later has been handled of: the conditions are in the statement.
    """
    # What came later is read by its id: tens of milliseconds among 100,000 events, for something an operator does now
    # and then. An index would be written for every event that is handled.
    later = aliased(InboxEvent)
    put_back = session.connection().execute(
        update(InboxEvent)
        .where(
            col(InboxEvent.id) == event_id,
            col(InboxEvent.set_aside_at).is_not(None),
            col(InboxEvent.handled_at).is_(None),
            col(InboxEvent.body).is_not(None),
            ~exists().where(
                col(later.platform) == col(InboxEvent.platform),
                col(later.workspace) == col(InboxEvent.workspace),
                col(later.person) == col(InboxEvent.person),
                col(later.id) > col(InboxEvent.id),
                col(later.handled_at).is_not(None),
            ),
        )
        .values(tries=0, set_aside_at=None, set_aside_reason=None)
    )
    return Replayed.REPLAYED if put_back.rowcount else _why_not(session, event_id)


def forget_words(session: Session, *, platform: str, workspace: str, person: str) -> None:
    """Erase what was set aside of somebody, by the platform's own ids. It can never be replayed."""
    session.connection().execute(
        update(InboxEvent)
        .where(
            col(InboxEvent.set_aside_at).is_not(None),
            col(InboxEvent.platform) == platform,
            col(InboxEvent.workspace) == workspace,
            col(InboxEvent.person) == person,
        )
        .values(body=None)
    )


def _why_not(session: Session, event_id: int) -> Replayed:
    row = session.connection().execute(
        select(InboxEvent.handled_at, InboxEvent.set_aside_at, _HAS_BODY).where(InboxEvent.id == event_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return Replayed.UNKNOWN
    if row.handled_at is not None:
        return Replayed.HANDLED
    if row.set_aside_at is None:
        return Replayed.WAITS
    return Replayed.OVERTAKEN if row.has_body else Replayed.ERASED


_HAS_BODY = col(InboxEvent.body).is_not(None).label("has_body")
