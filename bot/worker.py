"""What runs in one process of `knuff worker`: lanes, and nothing else. Whoever plans, listens and looks at night serves
(`bot.bootstrap`); any number of both share one PostgreSQL."""

import asyncio
import signal

import structlog

from bot.background import Background
from bot.bootstrap import attached, dispatcher_of, house_of, open_clock
from bot.clocks import RemoteClock
from bot.libraries import open_library
from bot.settings import Settings, require_platforms, require_shared_database
from scheduler.clock import Clock
from storage import waking, workspaces
from storage.database import open_store, upgrade

LOOK_SECONDS = 1.0
log = structlog.get_logger()


async def work_until_stopped(settings: Settings) -> int:
    """Send until a signal, or until a part of us fails. Returns the exit code. Raises SettingsFault and ContentError
    before anything has begun."""
    worker = Worker(settings, clock=await open_clock(settings, start_at=None))
    worker.start()
    try:
        return await worker.run()
    finally:
        await worker.stop()


class Worker:
    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        require_shared_database(settings)
        require_platforms(settings)
        self._clock = clock
        house = house_of(settings, open_library(settings))
        upgrade(settings.database_url)
        self._store = open_store(settings.database_url)
        self._attached = attached(settings, store=self._store, clock=clock)
        self._dispatcher = dispatcher_of(self._attached, store=self._store, house=house, clock=clock)
        self._asked_to_stop = asyncio.Event()
        self._background = Background(on_failure=self._asked_to_stop.set)

    def start(self) -> None:
        if isinstance(self._clock, RemoteClock):
            self._background.begin(self._clock.follow(), "clock")
        self._background.begin(self._send(), "lanes")
        self._background.begin(waking.listen(self._store.engine, self._dispatcher.wake), "waking")

    async def run(self) -> int:
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_number, self._asked_to_stop.set)
        await self._asked_to_stop.wait()
        return 1 if self._background.has_failed else 0

    async def stop(self) -> None:
        await self._dispatcher.stop()
        await self._background.end()
        for one in self._attached.values():
            await one.close()
        self._store.close()

    async def _send(self) -> None:
        await self._met()
        log.info("worker_ready", platforms=sorted(self._attached))
        await self._dispatcher.run()

    async def _met(self) -> None:
        """Wait until `knuff serve` has connected to a workspace: a worker asks no platform who we are."""
        told = False
        while not await self._store.read(workspaces.are_known):
            if not told:
                log.warning("worker_waits_for_serve", platforms=sorted(self._attached))
            told = True
            await asyncio.sleep(LOOK_SECONDS)
