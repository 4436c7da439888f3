"""What a tick could not do, so that the next ones neither stumble over it nor fill the log with it."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(minutes=10)
LEFT_FOR_LONG = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Setback:
    until: datetime
    wait: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class _Left:
    since: datetime
    latest: datetime
    is_told: bool = False


@dataclass
class Setbacks:
    """Of one process, in memory: whoever starts anew tries everything at once, and loses nothing by it."""

    _known: dict[Hashable, _Setback] = field(default_factory=dict)
    _left: dict[str, _Left] = field(default_factory=dict)
    """Work that somebody else is at whenever we come to it."""

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

    def is_past_hope(self, what: Hashable) -> bool:
        """Whether it has failed whenever it was tried, until its wait was the longest: for a quarter of an hour."""
        known = self._known.get(what)
        return known is not None and known.wait == LONGEST

    def has_failed(self, what: Hashable, now: datetime) -> bool:
        """Whether it was tried at this very moment, and failed."""
        known = self._known.get(what)
        return known is not None and known.until - known.wait == now

    def left(self, work: str, now: datetime) -> datetime | None:
        """Somebody else is at this work. Return since when, where they have been whenever we came to it, for a minute:
        once."""
        known = self._left.get(work)
        if known is None or now > known.latest + LEFT_FOR_LONG:  # there was nothing to do meanwhile
            known = _Left(since=now, latest=now)
        tells = not known.is_told and now >= known.since + LEFT_FOR_LONG
        self._left[work] = replace(known, latest=now, is_told=known.is_told or tells)
        return known.since if tells else None

    def was_ours(self, work: str) -> None:
        """We have been at this work, whether or not anything came of it."""
        self._left.pop(work, None)

    def _forget(self, now: datetime) -> None:
        """What has not failed again for long after its wait is mended, or another process saw to it."""
        self._known = {what: known for what, known in self._known.items() if now < known.until + LONGEST}
