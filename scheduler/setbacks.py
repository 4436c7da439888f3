"""What a tick could not do, so that the next ones neither stumble over it nor fill the log with it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Setback:
    until: datetime
    wait: timedelta


@dataclass
class Setbacks:
    """Of one process, in memory: whoever starts anew tries everything at once, and loses nothing by it."""

    _known: dict[Hashable, _Setback] = field(default_factory=dict)

    def waits(self, what: Hashable, now: datetime) -> bool:
        """Whether it failed and its wait is not over."""
        known = self._known.get(what)
        # A clock that was set back must not make the wait any longer.
        return known is not None and known.until - known.wait <= now < known.until

    def add(self, what: Hashable, now: datetime) -> None:
        """It failed: wait a second, and twice as long each time, up to ten minutes."""
        self._forget(now)
        known = self._known.get(what)
        wait = SHORTEST if known is None else min(2 * known.wait, LONGEST)
        self._known[what] = _Setback(until=now + wait, wait=wait)

    def _forget(self, now: datetime) -> None:
        """What has not failed again for long after its wait is mended, or another process saw to it."""
        self._known = {what: known for what, known in self._known.items() if now < known.until + LONGEST}
