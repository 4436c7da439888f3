"""Whether this process can do its work, part by part: what `/ready` answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

LONGEST_SECONDS = 2.0
LONGEST_WITHOUT_TICK_SECONDS = 30.0
log = structlog.get_logger()


class Readiness:
    def __init__(
        self,
        *,
        platforms: Mapping[str, Callable[[], Awaitable[bool]]],
        seconds_since_tick: Callable[[], float | None],
        listen: Sequence[Callable[[], Awaitable[bool]]] = (),
    ) -> None:
        """`platforms` ask the database whether each lets us in, and raise its errors; `seconds_since_tick` is None
        before the first; `listen` asks whether what people do reaches us."""
        self._platforms = platforms
        self._seconds_since_tick = seconds_since_tick
        self._listen = listen

    async def __call__(self) -> dict[str, bool]:
        since_tick = self._seconds_since_tick()
        ticks = since_tick is not None and since_tick <= LONGEST_WITHOUT_TICK_SECONDS
        parts = {"metronome": ticks, "listening": all([await listens() for listens in self._listen])}
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                connected = {name: await is_connected() for name, is_connected in self._platforms.items()}
        except Exception as error:  # whatever it is: the database cannot be worked with
            log.error("database_not_ready", error=type(error).__name__)
            return {"database": False, **dict.fromkeys(self._platforms, False), **parts}
        return {"database": True, **connected, **parts}
