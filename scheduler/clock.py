"""What time it is. Read once at the edge and passed on as `now`; everything inside is given it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the moment, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that much time of this clock."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ShiftedClock:
    """Runs at the usual pace from a moment of our choosing, and can be wound on. For trials on loopback only."""

    def __init__(self, start_at: datetime) -> None:
        self._shift = start_at - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def wind_to(self, moment: datetime) -> None:
        """Go on from `moment`. An earlier moment than now changes nothing: time never goes back."""
        self._shift += max(timedelta(0), moment - self.now())

    async def sleep(self, seconds: float) -> None:
        """Sleep in short steps, so that winding the clock on wakes whoever sleeps."""
        until = self.now() + timedelta(seconds=seconds)
        # Polling, since nothing says when somebody winds a clock that may be served by another process.
        while (left := (until - self.now()).total_seconds()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, 0.2))
