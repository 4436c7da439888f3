"""Whether the SQLite file has become too large or too busy: cheap to ask, once a night and by the doctor.

The limits are what was measured, and not where it breaks. With ten million promises in 4 GB every hot statement still
took milliseconds (docs/query-plans.md); but a file is backed up whole, and an upgrade may write a whole table anew
while Knuff is stopped. One process on two cores handled 580 events a second at the least (docs/measured.md); a quarter
of that, for a whole minute, leaves room for what nobody foresaw.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.tables.inbox import InboxEvent

LARGEST_FILE_GB = 4.0
MOST_EVENTS_A_MINUTE = 9_000
LOOKS_BACK = timedelta(days=1)
MOST_EVENTS_READ = 200_000
"""The latest, found by their ids: a month of them is kept, and a day of more is busy in its last minutes too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSize:
    """How large the file is, and how many events its busiest minute of the last day had."""

    gigabytes: float
    events_a_minute: int

    @property
    def is_too_large(self) -> bool:
        return self.gigabytes >= LARGEST_FILE_GB

    @property
    def is_too_busy(self) -> bool:
        return self.events_a_minute >= MOST_EVENTS_A_MINUTE

    @property
    def is_outgrown(self) -> bool:
        return self.is_too_large or self.is_too_busy


def file_size(session: Session, now: datetime) -> FileSize | None:
    """Return what the file holds; None for a PostgreSQL, which has room."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return None
    pages, page = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "page_size")
    )
    newest = select(func.max(col(InboxEvent.id))).scalar_subquery()
    minute = func.strftime("%Y-%m-%dT%H:%M", col(InboxEvent.received_at))
    busiest = connection.execute(
        select(func.count())
        .where(col(InboxEvent.id) > newest - MOST_EVENTS_READ, col(InboxEvent.received_at) > now - LOOKS_BACK)
        .group_by(minute)
        .order_by(func.count().desc())
        .limit(1)
    ).scalar()
    return FileSize(gigabytes=pages * page / 1e9, events_a_minute=busiest or 0)
