"""What runs in one process of `knuff worker`: lanes, and nothing else. Whoever plans, listens and looks at night serves
(`bot.serving`); any number of both share one PostgreSQL."""

import asyncio
import signal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.background import Background
from bot.bootstrap import attached, dispatcher_of, house_of, open_clock
from bot.clocks import RemoteClock
from bot.event_loop import keep_for_good
from bot.libraries import open_library
from bot.settings import Settings, require_platforms, require_shared_database
from scheduler.clock import Clock
from scheduler.generation import Generation
from storage import waking, workspaces
from storage.database import open_store, upgrade

LOOK_SECONDS = 1.0
log = structlog.get_logger()


async def work_until_stopped(settings: Settings) -> int:
    """Send until a signal, or until a part of us fails. Returns the exit code. Raises SettingsFault and ContentError
    before anything has begun."""
    worker = Worker(settings, clock=await open_clock(settings, start_at=None))
    worker.start()
    keep_for_good()
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
        self._dispatcher = dispatcher_of(
            self._attached, store=self._store, house=house, clock=clock, generation=Generation()
        )
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
        told = set[str]()
        while (waits_for := await self._lacks()) is not None:
            if waits_for not in told:
                log.warning(waits_for, platforms=sorted(self._attached))
            told.add(waits_for)
            await asyncio.sleep(LOOK_SECONDS)

    async def _lacks(self) -> str | None:
        try:
            return None if await self._store.read(workspaces.are_known) else "worker_waits_for_serve"
        except SQLAlchemyError:  # away for a moment, as it may be later too
            return "worker_waits_for_database"
