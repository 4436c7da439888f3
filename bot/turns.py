"""One thing at a time for each person, in the order it came; different people side by side."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Any

Job = Callable[[], Awaitable[None]]


class Turns:
    """`give_way` is awaited before each job that is not urgent, and bounds how long it waits itself."""

    def __init__(self, *, side_by_side: int, give_way: Callable[[], Awaitable[None]] | None = None) -> None:
        self._side_by_side = side_by_side
        self._give_way = give_way
        self._waiting: dict[str, deque[tuple[Job, bool]]] = {}
        """Each person's jobs, and whether they are urgent."""
        self._ready: OrderedDict[str, None] = OrderedDict()
        """Who has something to do and nothing being done, the longest waiting first."""
        self._urgent: Counter[str] = Counter()
        """How many urgent jobs wait for each person."""
        self._working = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._given_up = False

    def queue(self, whose: str, job: Job, *, urgent: bool = False) -> None:
        """Do the job when its turn comes. Jobs see to their own errors.

        An urgent one waits for what the same person did before, and for nobody else: that becomes urgent with it.
        """
        if whose in self._waiting:
            self._waiting[whose].append((job, urgent))
        else:
            self._waiting[whose] = deque([(job, urgent)])
            self._ready[whose] = None
        if urgent:
            self._urgent[whose] += 1
        self._begin_what_may()

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
        self._given_up = bool(self._tasks)
        for task in list(self._tasks):
            task.cancel()

    def _begin_what_may(self) -> None:
        if self._given_up:
            return
        for whose in [whose for whose in self._urgent if whose in self._ready]:
            self._begin(whose)
        while self._ready and self._working < self._side_by_side:
            self._begin(next(iter(self._ready)))

    def _begin(self, whose: str) -> None:
        del self._ready[whose]
        self._working += 1
        self._start(self._work(whose))

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _work(self, whose: str) -> None:
        """Do the person's next job, then let whoever has waited longest have the place."""
        try:
            if self._give_way is not None and whose not in self._urgent:
                await self._give_way()
            job, urgent = self._waiting[whose].popleft()
            if urgent:
                self._one_less_urgent(whose)
            await job()
        finally:
            self._working -= 1
            if self._waiting[whose]:
                self._ready[whose] = None
            else:
                del self._waiting[whose]
            self._begin_what_may()

    def _one_less_urgent(self, whose: str) -> None:
        self._urgent[whose] -= 1
        if not self._urgent[whose]:
            del self._urgent[whose]
