"""The one place that introduces everybody to each other: the store, the library, the platforms, what plans and sends,
the web."""

import asyncio
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import structlog
import uvicorn
from starlette.routing import BaseRoute

from bot.attached import Attached, Parts
from bot.clocks import ClockUnreachable, RemoteClock
from bot.conversation.visiting import House
from bot.courier import ChatCourier
from bot.handling import Handling
from bot.intake import Intake
from bot.libraries import open_library
from bot.logs import where
from bot.nightly import ZONE, at_night
from bot.readiness import Readiness
from bot.settings import Settings, SettingsFault, require_platforms
from bot.showing import Showing
from bot.web.app import web_app
from bot.web.pages import routes as page_routes
from bot.web.visits import Visits
from lessons.library import Library
from scheduler.clock import Clock, ShiftedClock, SystemClock
from scheduler.metronome import Metronome
from storage.database import Store, open_store, upgrade

CLOCK_TRIES = 50
STOP_SECONDS = 5
BACKLOG = 2048
IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than whoever stands before us keeps it, or a request meets its end."""
log = structlog.get_logger()


def house_of(settings: Settings, library: Library) -> House:
    return House(
        library=library,
        organisation_name=settings.organisation,
        contact=settings.contact,
        coordinators=settings.coordinators,
        page_address=settings.page_address,
        saves_text=settings.saves_text,
    )


async def open_clock(settings: Settings, *, start_at: datetime | None) -> Clock:
    """Return the clock to run by; one of another process must answer within a few seconds. Raises SettingsFault."""
    if settings.clock_url is None:
        return ShiftedClock(start_at) if start_at else SystemClock()
    clock = RemoteClock(settings.clock_url)
    for _ in range(CLOCK_TRIES):
        try:
            await clock.start()
        except ClockUnreachable:
            await asyncio.sleep(0.1)
        else:
            return clock
    raise SettingsFault(f"KNUFF_CLOCK_URL names {settings.clock_url}, and nothing answers there.")


async def serve_until_stopped(settings: Settings, *, clock_start: datetime | None) -> int:
    """Run until a signal stops it. Returns the exit code. Raises SettingsFault and ContentError before anything has
    begun."""
    clock = await open_clock(settings, start_at=clock_start)
    service = Service(settings, clock=clock)
    await service.start()
    try:
        sys.stdout.write(f"knuff: {service.address}\n")
        sys.stdout.flush()
        return await service.run()
    finally:
        await service.stop()


def attached(settings: Settings, *, store: Store, clock: Clock) -> dict[str, Attached]:
    """Return the platforms that are set, by name. Each is imported only where it is used: botbuilder alone takes half a
    second."""
    found: dict[str, Attached] = {}
    if settings.has_slack:
        from bot.slack.attached import AttachedSlack

        found["slack"] = AttachedSlack(settings, store=store, clock=clock)
    if settings.has_teams:
        from bot.teams.attached import AttachedTeams

        found["teams"] = AttachedTeams(settings, store=store, clock=clock)
    return found


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
        self._settings = settings
        self._clock = clock
        library = open_library(settings)
        upgrade(settings.database_url)
        self.store: Store = open_store(settings.database_url)
        self._house = house_of(settings, library)
        self._tasks: list[asyncio.Task[None]] = []
        self._failed = False
        self._metronome: Metronome | None = None

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
        self.intake = Intake(store=self.store, handling=handling, showing=showing, clock=self._clock)
        endpoints = {name: one.endpoint(self.intake) for name, one in self._attached.items()}
        readiness = Readiness(
            platforms={name: one.connection.is_connected for name, one in self._attached.items()},
            listen=[one.is_listening for one in self._attached.values()],
            seconds_since_tick=lambda: self._metronome.seconds_since_tick() if self._metronome else None,
        )
        app = web_app(
            slack=endpoints.get("slack"), teams=endpoints.get("teams"), readiness=readiness, pages=self._pages()
        )
        self._server = Server(
            uvicorn.Config(
                app, access_log=False, log_config=None, lifespan="off", server_header=False, ws="none",
                timeout_graceful_shutdown=STOP_SECONDS, timeout_keep_alive=IDLE_SECONDS,
            )
        )  # fmt: skip
        if isinstance(self._clock, RemoteClock):
            self._begin(self._clock.follow(), "clock")
        connected = asyncio.Event()
        for name, one in self._attached.items():
            self._begin_all(name, one.from_the_start())
            self._begin(self._connect(name, one, connected), name)
        self._begin(self._work(connected), "work")

    async def run(self) -> int:
        """Answer requests until a signal, or until a part of us fails. Returns the exit code."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_number, self._server.handle_exit, signal_number, None)
        await self._server.serve(sockets=[self._socket])
        return 1 if self._failed else 0

    async def stop(self) -> None:
        self._server.should_exit = True
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._metronome is not None:
            await self._metronome.stop()
        await self.intake.finish(STOP_SECONDS)
        for one in self._attached.values():
            await one.close()
        self._socket.close()
        self.store.close()

    async def _connect(self, name: str, one: Attached, connected: asyncio.Event) -> None:
        """Have a platform let us in, then watch that it still does. One that does not keeps no other from its work."""
        await one.connection.connect()
        connected.set()
        self._begin_all(name, one.once_connected())
        await one.connection.watch()

    async def _work(self, connected: asyncio.Event) -> None:
        """Everything that needs a platform to know us: the inbox, planning and sending."""
        await connected.wait()
        self._begin(self.intake.run(), "intake")
        self._metronome = self._open_metronome()
        self._metronome.start()

    def _open_metronome(self) -> Metronome:
        courier = ChatCourier(store=self.store, house=self._house, platforms=self.platforms)

        return Metronome(
            store=self.store,
            courier=courier,
            clock=self._clock,
            rules_on={name: one.rules for name, one in self._attached.items()},
            nightly=partial(at_night, self.store, self.platforms),
            zone=ZONE,
        )

    def _pages(self) -> list[BaseRoute]:
        """Return our own page, where people can reach it."""
        address = self._settings.page_address
        if address is None:
            return []
        visits = Visits(store=self.store, house=self._house, clock=self._clock, secure=address.startswith("https://"))
        return page_routes(visits, self.intake)

    def _begin_all(self, platform: str, parts: Parts) -> None:
        for name, part in parts.items():
            self._begin(part(), f"{platform} {name}")

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a part in the background. If it fails, the whole process ends: half a Knuff keeps no promises."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("part_failed", part=task.get_name(), error=where(error))
            self._failed = True
            self._server.should_exit = True


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
