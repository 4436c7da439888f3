"""When a lane posts nothing: the platform said so, or nobody can say whether what was posted last has arrived."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.buckets import POST
from scheduler.clock import Clock
from scheduler.outcomes import Outcome
from scheduler.ports import RateLimited, Unknown

DOUBTS_IN_A_ROW = 5


@dataclass(kw_only=True)
class Pauses:
    """Those of one lane, while somebody holds it."""

    clock: Clock
    wait_after: Callable[[int], timedelta]
    """How long to wait after so many vain tries before the latest."""
    _until: datetime | None = None
    """The latest we heard of: the platform said so, to us or to another process."""
    _in_doubt: int = 0
    """How many in a row may have arrived or not."""

    @property
    def until(self) -> datetime | None:
        """Before this moment nothing is posted. None: there is no pause now."""
        return self._until if self._until is not None and self._until > self.clock.now() else None

    def heard_of(self, until: datetime | None) -> None:
        if until is not None and (self._until is None or until > self._until):
            self._until = until

    def note(self, outcome: Outcome) -> None:
        """Wait when the platform says so; and for longer each time, when nobody can say of several in a row whether
        they arrived: the platform is in trouble, and where it cannot be asked each of them would be lost."""
        if isinstance(outcome, RateLimited) and outcome.bucket == POST:
            self.heard_of(outcome.until)
        if not isinstance(outcome, Unknown):
            self._in_doubt = 0
            return
        self._in_doubt += 1
        if self._in_doubt >= DOUBTS_IN_A_ROW:
            self.heard_of(self.clock.now() + self.wait_after(self._in_doubt - DOUBTS_IN_A_ROW))
