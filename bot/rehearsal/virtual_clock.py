"""Time that goes as fast as we like: nobody waits, the clock is put forward."""

from datetime import UTC, datetime, timedelta


class VirtualClock:
    """A `scheduler.clock.Clock` for one task. Sleeping puts the clock forward and returns at once."""

    def __init__(self, start_at: datetime) -> None:
        self._now = start_at.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(0.0, seconds))

    def go_to(self, moment: datetime) -> None:
        """Go on from `moment` (UTC). An earlier moment than now changes nothing: time never goes back."""
        if moment > self._now:
            self._now = moment
