"""What runs in one process of `knuff serve`: it listens, plans, looks at night, and sends unless others do."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import structlog
import uvicorn
from starlette.routing import BaseRoute

from bot.attached import Attached
from bot.background import Background
from bot.bootstrap import attached, dispatcher_of, house_of, open_clock, paces_of
from bot.clocks import RemoteClock
from bot.event_loop import keep_for_good
from bot.handling import Handling
from bot.intake import Intake
from bot.libraries import open_library
from bot.nightly import ZONE, at_night
from bot.readiness import Readiness
from bot.settings import Settings, SettingsFault, require_platforms, require_sender
from bot.showing import Showing
from bot.web.app import web_app
from bot.web.operator import operator_routes
from bot.web.pages import routes as page_routes
from bot.web.visits import Visits
from scheduler.clock import Clock
from scheduler.dispatcher import Dispatcher
from scheduler.generation import Generation
from scheduler.metronome import Metronome
from scheduler.pair_key import PairKey
from storage import waking
from storage.database import Store, open_store, upgrade

log = structlog.get_logger()

STOP_SECONDS = 5
BACKLOG = 2048
IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than whoever stands before us keeps it, or a request meets its end."""


async def serve_until_stopped(settings: Settings, *, clock_start: datetime | None) -> int:
    """Run until a signal stops it. Returns the exit code. Raises SettingsFault and ContentError before anything has
    begun."""
    clock = await open_clock(settings, start_at=clock_start)
    service = Service(settings, clock=clock)
    await service.start()
    keep_for_good()
    try:
        sys.stdout.write(f"knuff: {service.address}\n")
        sys.stdout.flush()
        return await service.run()
    finally:
        await service.stop()


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises them again once it has stopped, which would end the process before the rest
    of it has stopped."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Service:
    """Everything that runs in one process of `knuff serve`."""

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        require_platforms(settings)
        require_sender(settings)
        self._settings = settings
        self._clock = clock
        library = open_library(settings)
        upgrade(settings.database_url)
        self.store: Store = open_store(settings.database_url)
        self._generation = Generation()
        self._house = house_of(settings, library)
        self._background = Background(on_failure=self._ask_to_stop)
        self._metronome: Metronome | None = None
        self._dispatcher: Dispatcher | None = None
        self._stopping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen. Connecting to the platforms goes on in the background: what comes in meanwhile is kept."""
        settings = self._settings
        self._socket = _listening_socket(settings.host, settings.port)
        self.address = f"http://{settings.host}:{self._socket.getsockname()[1]}"
        self._attached = attached(settings, store=self.store, clock=self._clock)
        self.platforms = {name: one.platform for name, one in self._attached.items()}
        showing = Showing(platforms=self.platforms, clock=self._clock)
        handling = Handling(
            store=self.store,
            house=self._house,
            house_on={name: one.house(self._house) for name, one in self._attached.items()},
            platforms=self.platforms,
            clock=self._clock,
        )
        self.intake = Intake(
            store=self.store, handling=handling, showing=showing, clock=self._clock, generation=self._generation
        )
        endpoints = {name: one.endpoint(self.intake) for name, one in self._attached.items()}
        readiness = Readiness(
            platforms={name: one.connection.is_connected for name, one in self._attached.items()},
            listen=[one.is_listening for one in self._attached.values()],
            seconds_since_tick=self._seconds_since_tick,
        )
        app = web_app(
            slack=endpoints.get("slack"),
            teams=endpoints.get("teams"),
            readiness=readiness,
            pages=[*self._pages(), *self._operators_page()],
        )
        self._server = Server(
            uvicorn.Config(
                app, access_log=False, log_config=None, lifespan="off", server_header=False, ws="none",
                timeout_graceful_shutdown=STOP_SECONDS, timeout_keep_alive=IDLE_SECONDS,
            )
        )  # fmt: skip
        if isinstance(self._clock, RemoteClock):
            self._background.begin(self._clock.follow(), "clock")
        connected = asyncio.Event()
        for name, one in self._attached.items():
            self._background.begin_all(name, one.from_the_start())
            self._background.begin(self._connect(name, one, connected), name)
        self._background.begin(self._work(connected), "work")

    async def run(self) -> int:
        """Answer requests until a signal, or until a part of us fails. Returns the exit code."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_number, self._ask_to_stop, signal_number)
        await self._server.serve(sockets=[self._socket])
        return 1 if self._background.has_failed else 0

    async def stop(self) -> None:
        self._ask_to_stop()
        if self._stopping is not None:
            await self._stopping
        await self._background.end()
        if self._metronome is not None:
            await stop_within(STOP_SECONDS, self._metronome)
        await self.intake.finish(STOP_SECONDS)
        for one in self._attached.values():
            await one.close()
        self._socket.close()
        self.store.close()

    def _ask_to_stop(self, signal_number: int = signal.SIGTERM) -> None:
        """End `run`. Lanes are given back at once: others need not wait until requests have been answered."""
        self._server.handle_exit(signal_number, None)
        if self._dispatcher is not None and self._stopping is None:
            self._stopping = asyncio.create_task(self._dispatcher.stop())

    async def _connect(self, name: str, one: Attached, connected: asyncio.Event) -> None:
        """Have a platform let us in, then watch that it still does. One that does not keeps no other from its work."""
        await one.connection.connect()
        connected.set()
        self._background.begin_all(name, one.once_connected())
        await one.connection.watch()

    async def _work(self, connected: asyncio.Event) -> None:
        """Everything that needs a platform to know us: the inbox, planning and sending."""
        await connected.wait()
        if self._server.should_exit:
            return
        self._background.begin(self.intake.run(), "intake")
        self._metronome = self._open_metronome()
        if self._settings.sends:
            self._dispatcher = dispatcher_of(
                self._attached, store=self.store, house=self._house, clock=self._clock, generation=self._generation
            )
            self._metronome.wake = self._dispatcher.wake
            self._background.begin(self._dispatcher.run(), "lanes")
            self._background.begin(waking.listen(self.store.engine, self._dispatcher.wake), "waking")
        self._metronome.start()

    def _open_metronome(self) -> Metronome:
        return Metronome(
            store=self.store,
            clock=self._clock,
            paces=paces_of(self._attached),
            nightly=partial(at_night, self.store, self.platforms),
            zone=ZONE,
            pair_key=PairKey(self._settings.own_secret),
            generation=self._generation,
        )

    def _seconds_since_tick(self) -> float | None:
        """Of planning and of sending, whichever was longer ago; None before the first."""
        since = [part.seconds_since_tick() for part in (self._metronome, self._dispatcher) if part is not None]
        known = [seconds for seconds in since if seconds is not None]
        return max(known, default=None)

    def _pages(self) -> list[BaseRoute]:
        """Return our own page, where people can reach it."""
        address = self._settings.page_address
        if address is None:
            return []
        visits = Visits(store=self.store, house=self._house, clock=self._clock, secure=address.startswith("https://"))
        return page_routes(visits, self.intake)

    def _operators_page(self) -> list[BaseRoute]:
        """Return what operators look at, where they have said what opens it."""
        if self._settings.operator_token is None:
            return []
        return operator_routes(
            self.store,
            self._clock,
            token=self._settings.operator_token,
            organisation=self._settings.organisation,
            zone=ZONE,
            lease_seconds=self._settings.lease_seconds,
            seconds_since_tick=self._seconds_since_tick,
        )


async def stop_within(seconds: float, metronome: Metronome) -> None:
    """Let what it has begun come to its end, if that is soon. What is cut short is taken on again: a night by another
    process or tomorrow, what is due by the next tick."""
    try:
        async with asyncio.timeout(seconds):
            await metronome.stop()
    except TimeoutError:
        log.warning("stopped_before_it_was_done")


def _listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address. Raises SettingsFault when that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SettingsFault(
            f"Knuff cannot listen on {host} port {port} ({error.strerror}): set KNUFF_HOST and KNUFF_PORT to others."
        ) from None
    bound.listen(BACKLOG)  # whoever connects before we are quite ready waits instead of being refused
    bound.set_inheritable(False)
    return bound
