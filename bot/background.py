"""The parts of one process, side by side: each runs until it is cancelled, and if one fails all of them end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.attached import Parts
from bot.logs import where

log = structlog.get_logger()


class Background:
    def __init__(self, *, on_failure: Callable[[], None]) -> None:
        """`on_failure` ends the process: half a Knuff keeps no promises."""
        self._on_failure = on_failure
        self._tasks: list[asyncio.Task[None]] = []
        self.has_failed = False

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def begin_all(self, platform: str, parts: Parts) -> None:
        for name, part in parts.items():
            self.begin(part(), f"{platform} {name}")

    async def end(self) -> None:
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("part_failed", part=task.get_name(), error=where(error))
            self.has_failed = True
            self._on_failure()
