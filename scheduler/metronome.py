"""The metronome ticks once a second: plan what is due, wake the lanes that have work, look at the roster once a night.

APScheduler is only the clockwork: it holds no schedule. What is due is in the database, so nothing is forgotten when we
are down, and any number of processes may tick.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from time import monotonic
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.clock import Clock
from scheduler.lanes import Lane, SendingRules
from scheduler.planner import plan
from scheduler.ports import Courier
from storage import sending
from storage.database import Store

log = structlog.get_logger()

AT_NIGHT = time(3, 0)
"""Local time of the nightly look at the roster: before anybody's first message."""

Nightly = Callable[[datetime], Awaitable[None]]


@dataclass(kw_only=True)
class Metronome:
    """Everything that happens by itself. `start` and `stop` it; `tick` may also be called by hand."""

    store: Store
    courier: Courier
    clock: Clock
    rules: SendingRules = field(default_factory=SendingRules)
    rules_on: Mapping[str, SendingRules] = field(default_factory=dict)
    """By platform, where they are others."""
    nightly: Nightly | None = None
    zone: str = "Europe/Stockholm"
    tick_seconds: float = 1.0
    seconds_passed: Callable[[], float] = monotonic
    """For the health check, which is about this process: the clock may stand still or be wound on."""
    _holder: str = field(default_factory=lambda: uuid4().hex)
    _lanes: dict[int, "asyncio.Task[int]"] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last_night: date | None = None
    _night: "asyncio.Task[None] | None" = None
    _clockwork: AsyncIOScheduler | None = None
    _ticked_at: float | None = None

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._ticked_at = self.seconds_passed()
        # Without a grace time APScheduler drops a tick that is a second late; a late tick is as good as any here.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._clockwork = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        self._clockwork.add_job(self.tick, "interval", seconds=self.tick_seconds)
        self._clockwork.start()

    async def stop(self) -> None:
        """Stop ticking, let what is on its way arrive, and give the lanes back."""
        self._stopping.set()
        if self._clockwork is not None:
            self._clockwork.pause()
            async with self._ticking:  # shutting down would cancel a tick in the middle of its work
                self._clockwork.shutdown(wait=False)
            self._clockwork = None
        running = [*self._lanes.values(), *([self._night] if self._night else [])]
        await asyncio.gather(*running, return_exceptions=True)

    def seconds_since_tick(self) -> float | None:
        """Return how long ago a tick went through, or the ticking began; None before that."""
        return None if self._ticked_at is None else self.seconds_passed() - self._ticked_at

    async def tick(self) -> None:
        """Do what is due now. Nothing is raised."""
        async with self._ticking:
            await self._tick()

    async def _tick(self) -> None:
        try:
            now = self.clock.now()
            await plan(self.store, now)
            await self._wake_lanes(now)
            self._look_at_night(now)
            self._ticked_at = self.seconds_passed()
        except Exception:  # one tick: the database may be away for a moment, and the next tick must come
            log.exception("tick_failed")

    async def _wake_lanes(self, now: datetime) -> None:
        for workspace_id, platform in await self.store.read(lambda session: sending.workspaces_with_work(session, now)):
            if workspace_id not in self._lanes and not self._stopping.is_set():
                task = asyncio.create_task(self._run_lane(workspace_id, self.rules_on.get(platform, self.rules)))
                self._lanes[workspace_id] = task
                task.add_done_callback(lambda _task, id=workspace_id: self._lanes.pop(id, None))  # type: ignore[misc]

    async def _run_lane(self, workspace_id: int, rules: SendingRules) -> int:
        lane = Lane(
            store=self.store,
            courier=self.courier,
            clock=self.clock,
            rules=rules,
            workspace_id=workspace_id,
            holder=self._holder,
            stopping=self._stopping,
        )
        try:
            return await lane.run()
        except Exception:  # one lane: it is woken again at the next tick, and the others must not notice
            log.exception("lane_failed", workspace_id=workspace_id)
            return 0

    def _look_at_night(self, now: datetime) -> None:
        """Start the nightly look once each local day, from 03:00 on; after a start later in the day, at once."""
        local = now.astimezone(ZoneInfo(self.zone))
        if self._lanes:
            return  # whatever is being sent first: only then does yesterday's account balance
        if self.nightly is None or local.time() < AT_NIGHT or self._last_night == local.date():
            return
        if self._night is not None and not self._night.done():
            return
        self._last_night = local.date()
        self._night = asyncio.create_task(self._run_nightly(self.nightly, now))

    async def _run_nightly(self, nightly: Nightly, now: datetime) -> None:
        try:
            await nightly(now)
        except Exception:  # one night: tomorrow it is tried again, and sending must not stop for it
            log.exception("nightly_look_failed")
