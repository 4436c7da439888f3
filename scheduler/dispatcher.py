"""The dispatcher takes the lanes that have work and lets them send.

Any number of processes may: each takes a few at a time, in an order of its own, so that they share them. It looks when
it is woken, when the next message is due or somebody's lease ends, and every few seconds whatever it was told.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import SystemRandom
from time import monotonic
from uuid import uuid4

import structlog

from scheduler.clock import Clock
from scheduler.generation import Generation
from scheduler.lanes import Lane, SendingRules
from scheduler.ports import Courier
from scheduler.resting import rest
from storage import leases, work
from storage.database import Store
from storage.work import Work

log = structlog.get_logger()

POLL_SECONDS = 5.0
"""A notification may be missed: so long a lane waits for us at most."""
A_FEW = 4
NEXT_FEW_SECONDS = 0.02
"""Between two looks, so that other processes get some too."""
A_PART = 20
"""Of many lanes that are free, one in so many is taken at once: each look reads them all."""
SAY_SECONDS = 60.0
AGAIN_SECONDS = 1.0
"""Before a lane that sent nothing, or failed, is taken once more."""


@dataclass(kw_only=True)
class Dispatcher:
    """`run` it until `stop`; `look` may also be called by hand."""

    store: Store
    courier: Courier
    clock: Clock
    rules: SendingRules = field(default_factory=SendingRules)
    rules_on: Mapping[str, SendingRules] = field(default_factory=dict)
    """By platform, where they are others."""
    poll_seconds: float = POLL_SECONDS
    holder: str = field(default_factory=lambda: uuid4().hex)
    """Who we are: unique for each process."""
    seconds_passed: Callable[[], float] = monotonic
    """For the health check, and for what is not to be done at once again: the clock may stand still or be wound on."""
    generation: Generation = field(default_factory=Generation)
    """That of the process, where others look at it too."""
    _lanes: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    _not_before: dict[int, float] = field(default_factory=dict)
    """When a lane may be taken again, by `seconds_passed`."""
    _unreadable_said_at: dict[int, float] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _looked_at: float | None = None

    def wake(self) -> None:
        """Something is due, or may be: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Look for work and have it done, until told to stop."""
        self._looked_at = self.seconds_passed()
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                seconds = await self.look()
            except Exception:  # one look: the database may be away for a moment, and the next look must come
                log.exception("lanes_not_looked_at")
                seconds = AGAIN_SECONDS
            await rest(self.clock, seconds, event=self._woken)
            await asyncio.sleep(NEXT_FEW_SECONDS)

    async def stop(self) -> None:
        """Take no more lanes, let what is on its way arrive, and give the lanes back."""
        self._stopping.set()
        self._woken.set()
        await asyncio.gather(*self._lanes.values())

    def seconds_since_tick(self) -> float | None:
        """Return how long ago a look went through, or looking began; None before that."""
        return None if self._looked_at is None else self.seconds_passed() - self._looked_at

    async def look(self) -> float:
        """Take a few of the lanes that have work. Return how many seconds later to look again, if nobody wakes us."""
        if not await self.generation.is_ours(self.store):
            return self.poll_seconds
        now = self.clock.now()
        free, seconds = [], self.poll_seconds
        found = await self.store.read(work.overview)
        self._say_unreadable(found.unreadable)
        for one in found.work:
            if one.workspace_id in self._lanes:
                continue  # its end wakes us
            wait = self._seconds_until(one, now)
            if wait > 0:
                seconds = min(seconds, wait)
            else:
                free.append(one)
        SystemRandom().shuffle(free)
        few = max(A_FEW, len(free) // A_PART)
        for one in free[:few]:
            self._take(one)
        self._looked_at = self.seconds_passed()
        return 0 if len(free) > few else seconds

    def _say_unreadable(self, workspaces: list[int]) -> None:
        """Once a minute each."""
        now = self.seconds_passed()
        for id in workspaces:
            if now - self._unreadable_said_at.get(id, float("-inf")) >= SAY_SECONDS:
                self._unreadable_said_at[id] = now
                log.error("workspace_unreadable", workspace_id=id)

    def _seconds_until(self, one: Work, now: datetime) -> float:
        """Return how long it is until the lane has work that we may do; 0 or less: it has."""
        rules = self.rules_on.get(one.platform, self.rules)
        wait = (one.next_at - now).total_seconds()
        held_until = leases.held_until(
            one.holder, one.leased_until, by=self.holder, now=now, seconds=rules.lease_seconds
        )
        if held_until is not None:
            wait = max(wait, (held_until - now).total_seconds() + NEXT_FEW_SECONDS)
        return max(wait, self._not_before.get(one.workspace_id, 0) - self.seconds_passed())

    def _take(self, one: Work) -> None:
        if not self._stopping.is_set():
            self._lanes[one.workspace_id] = asyncio.create_task(self._run_lane(one))

    async def _run_lane(self, one: Work) -> None:
        lane = Lane(
            store=self.store,
            courier=self.courier,
            clock=self.clock,
            rules=self.rules_on.get(one.platform, self.rules),
            workspace_id=one.workspace_id,
            holder=self.holder,
            stopping=self._stopping,
            generation=self.generation,
        )
        settled = 0
        try:
            settled = await lane.run()
        except Exception:  # one lane: it is taken again in a while, and the others must not notice
            log.exception("lane_failed", workspace_id=one.workspace_id)
        finally:
            del self._lanes[one.workspace_id]
            self._not_before[one.workspace_id] = self.seconds_passed() + (0 if settled else AGAIN_SECONDS)
            self.wake()
