"""Tells the page that something is new, so that nobody has to reload."""

import asyncio
from collections.abc import AsyncIterator


class Changes:
    """A version number that only grows, and the ears that listen to it."""

    def __init__(self) -> None:
        self.version = 0
        self._news = asyncio.Event()
        self._is_over = False

    def happened(self) -> None:
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    def end(self) -> None:
        """Nothing more will happen: whoever watches is let go, and need not be waited for."""
        self._is_over = True
        self._news.set()

    async def watch(self, *, heartbeat_seconds: float) -> AsyncIterator[int]:
        """Yield the version now, after each change, and at every heartbeat."""
        while not self._is_over:
            news = self._news
            yield self.version
            try:
                await asyncio.wait_for(news.wait(), heartbeat_seconds)
            except TimeoutError:
                continue
