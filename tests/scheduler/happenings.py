"""What can happen to a call and to a search, and how long it may take."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tests.scheduler.stepped import Worker

LONGEST_CALL = timedelta(seconds=15)
"""Then whoever called gives up (the clients' own timeouts)."""
LONGEST_ROAD = timedelta(seconds=45)
"""What has not arrived, where a search can see it, so long after the call began never does: the one thing that is taken
on trust about a platform."""


class Answers(StrEnum):
    """How a call goes: for the platform, and for whoever called."""

    ARRIVED = "arrived"
    ARRIVED_UNHEARD = "arrived, and the answer was lost"
    ARRIVES_LATE = "no answer, and it arrives later"
    LOST = "no answer, and it never arrives"
    RATE_LIMITED = "429"
    NOT_CONNECTED = "nobody took the call"
    UNREACHABLE = "the person cannot be written to"
    REFUSED = "the message is refused"
    DISCONNECTED = "the workspace lets nobody in"
    NOT_NEEDED = "there was nothing to send"
    A_BUG = "a fault of our own, after it arrived"


class Sees(StrEnum):
    """How a search goes."""

    EVERYTHING = "everything"
    A_PART = "a part"
    NOTHING = "an error"
    A_PAUSE = "429"


@dataclass(eq=False, kw_only=True)
class Request:
    """One call on its way: the message with all that rides on it."""

    message: int
    ids: frozenset[int]
    person: int
    worker: Worker = field(repr=False)
    began_at: datetime
    arrives_at: datetime | None = None
    has_arrived: bool = False
    is_answered: bool = False
    surely_not_sent: bool = False


@dataclass(eq=False, kw_only=True)
class Searching:
    message: int
    worker: Worker = field(repr=False)
    began_at: datetime
    sees: bool
    """Whether it was there when the search began."""
    is_over: bool = False
