"""The one clock of a demo: it runs like any other and can be wound on, never back."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

FRIDAY = 4
NIGHT_ENDS = time(5)


class ClockGoesBack(ValueError):
    """Someone asked for a moment that has already passed."""


class Clock:
    """Starts at `start` (or at the real time) and runs at the pace of real time."""

    def __init__(
        self, *, start: datetime | None, zone: ZoneInfo, seconds_passed: Callable[[], float] = monotonic
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

    def next_morning_at(self, hour: time) -> datetime:
        """Return `hour`, in the zone of the workplace, on the next Monday to Friday; at night that may be today."""
        local = self.local()
        day = local.date() if local.time() < NIGHT_ENDS else local.date() + timedelta(days=1)
        while (moment := datetime.combine(day, hour, self.zone)) <= self.now() or day.weekday() > FRIDAY:
            day += timedelta(days=1)
        return moment

    def advance(self, span: timedelta) -> None:
        """Wind the clock on by `span`; raises ClockGoesBack for a negative one."""
        if span < timedelta():
            raise ClockGoesBack("the clock can be wound on, never back")
        self._wound += span

    def wind_to(self, moment: datetime) -> None:
        """Wind the clock on to `moment` (aware); raises ClockGoesBack when it has passed."""
        self.advance(moment - self.now())
