"""The metronome ticks once a second: plan what is due, wake whoever sends, look at the roster once a night.

APScheduler is only the clockwork: it holds no schedule. What is due is in the database, so nothing is forgotten when we
are down, and any number of processes may tick.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from time import monotonic
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.clock import Clock
from scheduler.generation import Generation
from scheduler.pair_key import PairKey
from scheduler.planner import plan
from scheduler.relays import plan_relays
from scheduler.rounds import plan_rounds
from scheduler.setbacks import Setbacks
from scheduler.window import Paces
from storage import chores, work
from storage.database import Store

log = structlog.get_logger()

AT_NIGHT = time(3, 0)
"""Local time of the nightly look at the roster: before anybody's first message."""

LONGEST_WAIT = timedelta(hours=1)
"""For so long the nightly look lets messages that are due go first."""
ASKS_AGAIN = timedelta(minutes=10)
"""How often we ask whether a nightly look that is not finished is to be taken on anew."""
NIGHTLY = "nightly"

Nightly = Callable[[datetime], Awaitable[None]]


def nobody() -> None:
    """Nobody in this process sends."""


@dataclass(kw_only=True)
class Metronome:
    """What happens by itself, but for sending. `start` and `stop` it; `tick` may also be called by hand."""

    store: Store
    clock: Clock
    wake: Callable[[], None] = nobody
    """Called when something was promised. Other processes that send are woken through the database."""
    paces: Paces = field(default_factory=dict)
    nightly: Nightly | None = None
    zone: str = "Europe/Stockholm"
    pair_key: PairKey | None = None
    """What it is remembered with who has met whom; None: nobody remembers."""
    tick_seconds: float = 1.0
    seconds_passed: Callable[[], float] = monotonic
    """For the health check, which is about this process: the clock may stand still or be wound on."""
    generation: Generation = field(default_factory=Generation)
    """That of the process, where others look at it too."""
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last_night: date | None = None
    """The latest of which we know that somebody has finished it."""
    _asked: tuple[date, datetime] | None = None
    """For which night, and when, we last asked to take it on."""
    _night: "asyncio.Task[None] | None" = None
    _night_since: datetime | None = None
    """Since when this night waits for what is to be sent first."""
    _clockwork: AsyncIOScheduler | None = None
    _at_work: "asyncio.Task[None] | None" = None
    """The latest tick of the clockwork's."""
    _ticked_at: float | None = None
    _ends: bool = False
    _setbacks: Setbacks = field(default_factory=Setbacks)

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._ticked_at = self.seconds_passed()
        self._ends = False
        # Without a grace time APScheduler drops a tick that is a second late; a late tick is as good as any here.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._clockwork = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        self._clockwork.add_job(self._tick_on_time, "interval", seconds=self.tick_seconds)
        self._clockwork.start()

    async def stop(self) -> None:
        """Stop ticking, also in the middle of much to plan; a nightly look that has begun comes to its end. Cancelled,
        it cuts both short, and ends when they have."""
        self._ends = True
        clockwork, self._clockwork = self._clockwork, None
        if clockwork is not None:
            clockwork.pause()
        try:
            await asyncio.gather(*filter(None, (self._at_work, self._night)))
            if self._night is not None:
                await self._night  # that tick may have begun it
        finally:
            if clockwork is not None:
                clockwork.shutdown(wait=False)

    def seconds_since_tick(self) -> float | None:
        """Return how long ago a tick went through, or the ticking began; None before that."""
        return None if self._ticked_at is None else self.seconds_passed() - self._ticked_at

    async def tick(self) -> None:
        """Do what is due now. Nothing is raised."""
        async with self._ticking:
            await self._tick()

    async def _tick_on_time(self) -> None:
        """In a task of our own: shutting down would cancel the clockwork's in the middle of its work, and one that is
        cut short would be a fault to it."""
        if not self._ends:
            self._at_work = asyncio.create_task(self.tick())
            await asyncio.wait({self._at_work})

    async def _tick(self) -> None:
        try:
            now = self.clock.now()
            if not await self.generation.is_ours(self.store):
                return
            planned = await plan(self.store, now, paces=self.paces, setbacks=self._setbacks, ended=lambda: self._ends)
            if planned.promised:
                self.wake()
            planned = await plan_rounds(
                self.store, now, setbacks=self._setbacks, ended=lambda: self._ends, pair_key=self.pair_key
            )
            if planned.promised:
                self.wake()
            planned = await plan_relays(self.store, now, setbacks=self._setbacks, ended=lambda: self._ends)
            if planned.promised:
                self.wake()
            if not self._ends:
                await self._look_at_night(now)
            self._ticked_at = self.seconds_passed()
        except Exception:  # one tick: the database may be away for a moment, and the next tick must come
            log.exception("tick_failed")

    async def _look_at_night(self, now: datetime) -> None:
        """Take on the nightly look once each local day, from 03:00 on; after a start later in the day, at once. Again
        where whoever took it on has not finished it."""
        local = now.astimezone(ZoneInfo(self.zone))
        if self.nightly is None or local.time() < AT_NIGHT or self._last_night == local.date():
            return
        if self._night is not None and not self._night.done():
            return
        if self._asked is not None and self._asked[0] == local.date() and abs(now - self._asked[1]) < ASKS_AGAIN:
            return
        self._night_since = self._night_since or now
        if now < self._night_since + LONGEST_WAIT and await self._is_sending(now):
            return  # whatever is being sent first: only then does yesterday's account balance
        is_ours = await self.store.write(partial(chores.take_on, name=NIGHTLY, day=local.date(), now=now))
        self._asked, self._night_since = (local.date(), now), None
        if is_ours:
            self._night = asyncio.create_task(self._run_nightly(self.nightly, local.date(), now))
        elif (taken := await self.store.read(partial(chores.taken, name=NIGHTLY))) is not None and taken.is_finished:
            self._last_night = local.date()

    async def _is_sending(self, now: datetime) -> bool:
        return bool(await self.store.read(partial(work.due, now=now)))

    async def _run_nightly(self, nightly: Nightly, day: date, now: datetime) -> None:
        try:
            await nightly(now)
            await self.store.write(partial(chores.finish, name=NIGHTLY, day=day))
            self._last_night = day
        except Exception:  # one night: in two hours it is tried again, and sending must not stop for it
            log.exception("nightly_look_failed")
