"""One thing at a time for each person, in the order it came; different people side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

Job = Callable[[], Awaitable[None]]


class Turns:
    def __init__(self, *, side_by_side: int) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._room = asyncio.Semaphore(side_by_side)

    def queue(self, whose: str, job: Job) -> None:
        """Do the job when its turn comes. Jobs see to their own errors."""
        if whose in self._waiting:
            self._waiting[whose].append(job)
            return
        self._waiting[whose] = deque([job])
        self._start(self._work_off(whose))

    def queue_later(self, whose: str, job: Job, *, after: Awaitable[None]) -> None:
        """As `queue`, once something else has come to its end."""

        async def wait() -> None:
            await after
            self.queue(whose, job)

        self._start(wait())

    async def finish(self, seconds: float) -> None:
        """Wait until everything is done, at most so long; then give up what is left."""
        until = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(list(self._tasks), timeout=left)
        for task in list(self._tasks):
            task.cancel()

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, whose: str) -> None:
        jobs = self._waiting[whose]
        try:
            while jobs:
                async with self._room:
                    await jobs.popleft()()
        finally:
            del self._waiting[whose]
