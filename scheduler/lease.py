"""A lane's lease: taken, kept while we work, given back. It is only pacing: that nothing goes out twice is in each
message's own mark."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from scheduler.clock import Clock
from storage import leases, unknown, waking
from storage.database import Store


class LaneLost(Exception):
    """Somebody else took the lane: stop at once, the marks on each message keep everything right."""


@dataclass(kw_only=True)
class Lease:
    """That of one holder on one lane."""

    store: Store
    clock: Clock
    workspace_id: int
    holder: str
    seconds: float
    """How long the lane is kept from others after its holder was last heard of."""
    _until: datetime | None = None

    async def take(self, *, reconcile_after_seconds: float) -> int | None:
        """Take the lane, and in the same transaction what its last holder left behind: of no holder whose lease still
        runs.

        Return how many messages that were; None when somebody else holds the lane.
        """
        now = self.clock.now()
        ask_at = now + timedelta(seconds=reconcile_after_seconds)

        def take(session: Session) -> int | None:
            if not leases.acquire(session, self.workspace_id, self.holder, now=now, seconds=self.seconds):
                return None
            return unknown.take_over(session, self.workspace_id, ask_at=ask_at, now=now)

        left = await self.store.write(take)
        if left is not None:
            self._until = now + timedelta(seconds=self.seconds)
        return left

    async def keep(self) -> None:
        """Renew it when a third of it has passed. Raises LaneLost."""
        now, seconds = self.clock.now(), self.seconds
        soon, longest = now + timedelta(seconds=2 * seconds / 3), now + timedelta(seconds=seconds)
        if self._until is not None and soon < self._until <= longest:
            return  # later than that: the clock was set back, and others may think that we are gone
        if not await self.store.write(
            lambda session: leases.renew(session, self.workspace_id, self.holder, now=now, seconds=seconds)
        ):
            raise LaneLost(self.workspace_id)
        self._until = now + timedelta(seconds=seconds)

    async def give_back(self, *, wake: bool) -> None:
        """`wake`: there may be work left, which the others do not know of."""

        def give_back(session: Session) -> None:
            leases.release(session, self.workspace_id, self.holder)
            if wake:
                waking.wake_lanes(session)

        await self.store.write(give_back)
