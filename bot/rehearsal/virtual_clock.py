"""Time that goes as fast as we like: nobody waits, the clock is put forward."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

Meanwhile = Callable[[datetime], Awaitable[None]]


class VirtualClock:
    """A `scheduler.clock.Clock` for one task. Whoever sleeps lets everything else happen first, each at its moment."""

    def __init__(self, start_at: datetime) -> None:
        self._now = start_at.astimezone(UTC)
        self.meanwhile: Meanwhile | None = None
        """Lets happen what happens until a moment. Nothing in it may sleep."""

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        until = self._now + timedelta(seconds=max(0.0, seconds))
        if self.meanwhile is not None:
            await self.meanwhile(until)
        self.go_to(until)

    def go_to(self, moment: datetime) -> None:
        """Go on from `moment` (UTC). An earlier moment than now changes nothing: time never goes back."""
        if moment > self._now:
            self._now = moment
