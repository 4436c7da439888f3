"""One thing at a time for each person, in order; different people side by side."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Job = Callable[[], Awaitable[float | None]]
"""Does its work and returns None; or returns after how many seconds it is to be done again. Until then nothing is done
of what comes after it for the same person."""


@dataclass(frozen=True, slots=True)
class Waiting:
    job: Job
    place: int
    urgent: bool


class Turns:
    """`give_way` is awaited before each job that is not urgent, and bounds how long it waits itself."""

    def __init__(self, *, side_by_side: int, give_way: Callable[[], Awaitable[None]] | None = None) -> None:
        self._side_by_side = side_by_side
        self._give_way = give_way
        self._waiting: dict[str, deque[Waiting]] = {}
        """Each person's jobs by place, without the one that is being done."""
        self._ready: OrderedDict[str, None] = OrderedDict()
        """Who has something to do, nothing being done and nothing to rest for, the longest waiting first."""
        self._resting: dict[str, asyncio.Task[None]] = {}
        """Whose next job is to be done again, but not yet."""
        self._urgent: Counter[str] = Counter()
        """How many urgent jobs wait for each person."""
        self._working = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._given_up = False

    def queue(self, whose: str, job: Job, *, place: int | None = None, urgent: bool = False) -> None:
        """Do the job when its turn comes: after the person's jobs whose place is not above its own, and without a place
        after all of them. Jobs see to their own errors.

        An urgent one waits for what the same person did before, and for nobody else: that becomes urgent with it, and
        rests no longer.
        """
        is_new = whose not in self._waiting
        jobs = self._waiting.setdefault(whose, deque())
        after = len(jobs)
        while place is not None and after and jobs[after - 1].place > place:
            after -= 1
        jobs.insert(after, Waiting(job, _last(jobs) if place is None else place, urgent))
        if urgent:
            self._urgent[whose] += 1
        if is_new:
            self._ready[whose] = None
        elif whose in self._resting and (urgent or after == 0):
            self._resting.pop(whose).cancel()
            self._ready[whose] = None
        self._begin_what_may()

    async def finish(self, seconds: float, *, also_what_rests: Callable[[], bool] = lambda: True) -> None:
        """Wait until everything is done, or all but what rests when that is not worth waiting for; at most so long.
        Then give up what is left."""
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            awaited = self._tasks.difference(() if also_what_rests() else self._resting.values())
            if not awaited:
                break
            await asyncio.wait(awaited, timeout=left)
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

    def _start(self, work: Awaitable[None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return task

    async def _work(self, whose: str) -> None:
        """Do the person's next job, then let whoever has waited longest have the place."""
        again: float | None = None
        one: Waiting | None = None
        try:
            if self._give_way is not None and whose not in self._urgent:
                await self._give_way()
            one = self._waiting[whose].popleft()
            if one.urgent:
                self._one_less_urgent(whose)
            again = await one.job()
        finally:
            self._working -= 1
            if one is not None and again is not None:
                self._put_back(whose, one, again)
            elif self._waiting[whose]:
                self._ready[whose] = None
            else:
                del self._waiting[whose]
            self._begin_what_may()

    def _put_back(self, whose: str, one: Waiting, seconds: float) -> None:
        """Have the job done again after so long, or as soon as what has come to stand before it is done."""
        jobs = self._waiting[whose]
        before = sum(1 for other in jobs if other.place < one.place)
        jobs.insert(before, one)
        if one.urgent:
            self._urgent[whose] += 1
        if before:
            self._ready[whose] = None
        else:
            self._resting[whose] = self._start(self._rest(whose, seconds))

    async def _rest(self, whose: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        del self._resting[whose]
        self._ready[whose] = None
        self._begin_what_may()

    def _one_less_urgent(self, whose: str) -> None:
        self._urgent[whose] -= 1
        if not self._urgent[whose]:
            del self._urgent[whose]


def _last(jobs: deque[Waiting]) -> int:
    return jobs[-1].place if jobs else 0
