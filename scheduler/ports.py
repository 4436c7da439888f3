"""What the scheduler needs of the conversation: somebody who delivers one message, and the ways that can fail.

Each error is named after what the lane does next.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from storage.tables.deliveries import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """It arrived; this is where."""

    conversation_id: str
    message_id: str
    afterwards: Callable[[], Awaitable[None]] | None = field(default=None, compare=False)
    """What else is shown because of it, once this is written down. Raises nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotNeeded:
    """Nothing to send any more, decided at the moment of sending: explained with `reason`."""

    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a search gave: `at` is None when it was not found; `complete`: every message since the attempt was read."""

    at: Sent | None
    complete: bool
    can_be_asked: bool = True
    """False: the platform has nothing to search in, so what is unknown stays unknown."""


class DeliveryError(Exception):
    """A delivery did not go as planned. `args[0]` is a short class for operators, never a text or a name."""


class NotSent(DeliveryError):
    """It surely did not arrive."""


class RateLimited(NotSent):
    """Wait until `until`, that bucket only, then try again. Whoever raises it has written the pause down for all who
    call."""

    def __init__(self, error: str, *, until: datetime, bucket: str) -> None:
        super().__init__(error)
        self.until = until
        self.bucket = bucket


class Unreachable(NotSent):
    """This person, not now: stop, explain, heal on their next sign of life."""


class ChannelGone(NotSent):
    """The channel is no more, or closed to us: nobody in it is unreachable for that."""


class Disconnected(NotSent):
    """The whole workspace: pause it, tell the operator."""


class Refused(NotSent):
    """The message itself was refused: our fault, never tried again, an operator must look."""


class Unknown(DeliveryError):
    """It may have arrived: find out before sending again."""


Call = Callable[[], Awaitable[Sent | NotNeeded]]
"""A message that is written and addressed: calling it is one call to the platform. Raises these errors."""


class Courier(Protocol):
    def compose(self, session: Session, delivery_id: int, now: datetime) -> Call:
        """Write one delivery with all that rides on it, in the transaction that claims it. Only the database's own
        errors are raised here; whatever else is wrong comes out of the call, so that it is settled."""
        ...

    async def find(self, delivery_id: int, now: datetime) -> Found:
        """Ask the platform whether an unknown delivery arrived."""
        ...
