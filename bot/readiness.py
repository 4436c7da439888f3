"""Whether this process can do its work, part by part: what `/ready` answers."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

LONGEST_SECONDS = 2.0
LONGEST_WITHOUT_TICK_SECONDS = 30.0
log = structlog.get_logger()


class Readiness:
    def __init__(
        self,
        *,
        is_connected: Callable[[], Awaitable[bool]],
        seconds_since_tick: Callable[[], float | None],
        listens: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """`is_connected` asks the database, and raises its errors; `seconds_since_tick` is None before the first;
        `listens` asks our socket, where there is one."""
        self._is_connected = is_connected
        self._listens = listens
        self._seconds_since_tick = seconds_since_tick

    async def __call__(self) -> dict[str, bool]:
        since_tick = self._seconds_since_tick()
        ticks = since_tick is not None and since_tick <= LONGEST_WITHOUT_TICK_SECONDS
        parts = {"metronome": ticks, "socket": self._listens is None or await self._listens()}
        try:
            connected = await asyncio.wait_for(self._is_connected(), LONGEST_SECONDS)
        except Exception as error:  # whatever it is: the database cannot be worked with
            log.error("database_not_ready", error=type(error).__name__)
            return {"database": False, "platform": False, **parts}
        return {"database": True, "platform": connected, **parts}
