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
    """How many in a row may have arrived or not; of those that were on their way together when a pause began, the one
    it began with is the last that counts."""
    _begun: int = 0
    """How many pauses we began ourselves."""

    @property
    def until(self) -> datetime | None:
        """Before this moment nothing is posted. None: there is no pause now."""
        return self._until if self._until is not None and self._until > self.clock.now() else None

    @property
    def in_trouble(self) -> bool:
        """Whether nothing but doubt came back lately: after the pause one message goes first, and the others when it
        has been answered."""
        return self._in_doubt >= DOUBTS_IN_A_ROW

    @property
    def so_far(self) -> int:
        """A mark to be kept with a call that begins now. No moment: a clock may be set back meanwhile."""
        return self._begun

    def heard_of(self, until: datetime | None) -> None:
        if until is not None and (self._until is None or until > self._until):
            self._until = until

    def note(self, outcome: Outcome, *, begun_after: int) -> None:
        """Wait when the platform says so; and for longer each time, when nobody can say of several in a row whether
        they arrived: the platform is in trouble, and where it cannot be asked each of them would be lost.

        `begun_after`: `so_far` when the call began. What was on its way when a pause began says nothing new of it.
        """
        if isinstance(outcome, RateLimited) and outcome.bucket == POST:
            self.heard_of(outcome.until)
        if not isinstance(outcome, Unknown):
            self._in_doubt = 0
            return
        if begun_after != self._begun:
            return
        self._in_doubt += 1
        if self.in_trouble:
            self._begun += 1
            self.heard_of(self.clock.now() + self.wait_after(self._in_doubt - DOUBTS_IN_A_ROW))
