"""For how long an event loop stood still: a tick every millisecond, and the longest time between two of them."""

import asyncio
from time import perf_counter
from types import TracebackType

EVERY_SECONDS = 0.001


class LongestHold:
    """Watch the running loop until the end of the block; `milliseconds` is what the longest stop took beyond a tick."""

    def __init__(self) -> None:
        self.milliseconds = 0.0

    async def __aenter__(self) -> "LongestHold":
        self._ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.sleep(EVERY_SECONDS * 2)
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)

    async def _tick(self) -> None:
        before = perf_counter()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            now = perf_counter()
            self.milliseconds = max(self.milliseconds, (now - before - EVERY_SECONDS) * 1000)
            before = now
