"""A courier that works, keeps what it delivered, and gets into trouble on request."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from scheduler.ports import Call, DeliveryError, Found, NotNeeded, Sent


class Killed(BaseException):
    """The process is gone at this very moment: nobody catches it, nothing is settled."""


@dataclass
class PaperCourier:
    """`received` is what people have in their chats: (delivery id, moment), in order."""

    received: list[tuple[int, datetime]] = field(default_factory=list)
    received_before_trouble: int = 0
    """How many had been received when the latest trouble came: on PostgreSQL any of those in flight may be first."""
    before: dict[int, list[DeliveryError | BaseException | NotNeeded]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """What happens instead of delivering, one call after the other."""
    after: dict[int, list[BaseException]] = field(default_factory=lambda: defaultdict(list))
    """What happens although it was delivered."""
    searches: list[tuple[int, datetime]] = field(default_factory=list)
    blind: bool = False
    """A search finds nothing and cannot say that it read everything."""
    can_be_asked: bool = True
    slowness_seconds: float = 0.0
    unreadable: set[int] = field(default_factory=set)
    """The database cannot read what these are about."""
    afterwards: Callable[[int], Awaitable[None]] | None = None
    """What is shown once a message is written down."""

    def compose(self, session: Session, delivery_id: int, now: datetime) -> Call:
        if delivery_id in self.unreadable:
            session.connection().exec_driver_sql("SELECT of_this FROM nowhere")
        return partial(self._deliver, delivery_id, now)

    async def _deliver(self, delivery_id: int, now: datetime) -> Sent | NotNeeded:
        if self.before[delivery_id]:
            trouble = self.before[delivery_id].pop(0)
            self.received_before_trouble = len(self.received)
            if isinstance(trouble, NotNeeded):
                return trouble
            raise trouble
        if self.slowness_seconds:
            await asyncio.sleep(self.slowness_seconds)
        self.received.append((delivery_id, now))
        if self.after[delivery_id]:
            raise self.after[delivery_id].pop(0)
        return Sent(
            conversation_id=f"C{delivery_id}",
            message_id=f"M{delivery_id}",
            afterwards=self._afterwards(delivery_id),
        )

    def _afterwards(self, delivery_id: int) -> Callable[[], Awaitable[None]] | None:
        if self.afterwards is None:
            return None
        return partial(self.afterwards, delivery_id)

    async def find(self, delivery_id: int, now: datetime) -> Found:
        self.searches.append((delivery_id, now))
        if self.blind or not self.can_be_asked:
            return Found(at=None, complete=False, can_be_asked=self.can_be_asked)
        if delivery_id in self.ids:
            return Found(at=Sent(conversation_id=f"C{delivery_id}", message_id=f"M{delivery_id}"), complete=True)
        return Found(at=None, complete=True)

    @property
    def ids(self) -> list[int]:
        return [delivery_id for delivery_id, _ in self.received]


class TrialClock:
    """Stands still until somebody sleeps or winds it."""

    def __init__(self, start_at: datetime) -> None:
        self._now = start_at

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)

    def set_back(self, span: timedelta) -> None:
        self._now -= span

    def wind_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)
