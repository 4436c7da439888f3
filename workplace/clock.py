"""The one clock of a demo: it runs like any other and can be wound on, never back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class ClockGoesBack(ValueError):
    """Someone asked for a moment that has already passed."""


class Clock:
    """Starts at `start` (or at the real time) and runs at the pace of real time."""

    def __init__(
        self, *, start: datetime | None, zone: ZoneInfo, seconds_passed: Callable[[], float] = time.monotonic
    ) -> None:
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._seconds_passed = seconds_passed
        self._began = seconds_passed()
        self._wound = timedelta()
        self.zone = zone

    def now(self) -> datetime:
        """Return this moment, in UTC."""
        return self._start + timedelta(seconds=self._seconds_passed() - self._began) + self._wound

    def local(self) -> datetime:
        """Return this moment in the zone of the workplace."""
        return self.now().astimezone(self.zone)

    def seconds(self) -> float:
        """Return this moment as seconds since 1970."""
        return self.now().timestamp()

    def advance(self, span: timedelta) -> None:
        """Wind the clock on by `span`; raises ClockGoesBack for a negative one."""
        if span < timedelta():
            raise ClockGoesBack("the clock can be wound on, never back")
        self._wound += span

    def wind_to(self, moment: datetime) -> None:
        """Wind the clock on to `moment` (aware); raises ClockGoesBack when it has passed."""
        if moment.tzinfo is None:
            raise ValueError("the moment must say its offset, as in 2026-03-03T08:14:00+01:00")
        self.advance(moment - self.now())
