"""Everybody's place in the window that a slot is: from their id alone, so that it is the same every day.

Said twice, in Python and in SQL, and the same in both: one message is planned by itself, a group by one statement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, String, bindparam, cast, func, literal_column
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.tables.deliveries import Priority

# Multiplied by the golden ratio, ids that follow each other lie far apart, and however many of them evenly
# (Knuth, The Art of Computer Programming 3, 6.4). An id of 31 bits times this still fits 63.
CIRCLE = 2**32
GOLDEN = 2_654_435_761
STEP_SECONDS = 10
"""Places lie so far apart: a lane that is woken for one has as many to send as go until the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """When a promise is due, until when it is kind, and when it is tried: everybody at their own place between `try_at`
    and `spread` later."""

    due_at: datetime
    late_after: datetime
    try_at: datetime
    spread: timedelta = timedelta(0)
    priority: Priority = Priority.TODAY

    @property
    def values(self) -> dict[str, Any]:
        """What `due_at`, `late_after` and `try_at_column` are bound to."""
        return {
            "due_at": self.due_at,
            "late_after": self.late_after,
            "first_at": self.try_at,
            "spread_seconds": int(self.spread.total_seconds()),
        }

    def try_at_of(self, person_id: int) -> datetime:
        """Return this person's own moment."""
        seconds = person_id * GOLDEN % CIRCLE * int(self.spread.total_seconds()) // CIRCLE
        return self.try_at + timedelta(seconds=seconds // STEP_SECONDS * STEP_SECONDS)


def try_at_column(dialect: str, person_id: ColumnElement[int]) -> ColumnElement[Any]:
    """As `Moments.try_at_of`, for each row: `first_at` has no fraction of a second."""
    golden, circle, step = (literal_column(str(number), BigInteger) for number in (GOLDEN, CIRCLE, STEP_SECONDS))
    spread = bindparam("spread_seconds", type_=Integer)
    seconds = cast(person_id, BigInteger) * golden % circle * spread // circle // step * step
    first_at = bindparam("first_at", type_=UTCDateTime())
    if dialect == "postgresql":
        return first_at + seconds * literal_column("interval '1 second'")
    # As SQLAlchemy writes moments: with six digits after the point, or they would not compare as text.
    return func.datetime(first_at, cast(seconds, String).concat(literal_column("' seconds'"))).concat(
        literal_column("'.000000'")
    )
