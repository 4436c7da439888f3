"""Lanes that go on one wait at a time, in the order a test chooses: frozen, killed and overtaken without processes.

A `Worker` runs the real `Lane`. Whatever the lane waits for (a commit, the platform's answer, a search, time) stands in
`worker.waits` until somebody lets it go on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from scheduler.lanes import Lane, SendingRules
from scheduler.ports import Call, Found, NotNeeded, Sent
from storage.database import Store
from tests.scheduler.couriers import Killed

T = TypeVar("T")


@dataclass(eq=False, kw_only=True, slots=True)
class Wait:
    kind: str
    """"commit", "committed" (it is, and the lane has not heard), "call", "search" or "sleep"."""
    done: "asyncio.Future[Any]"
    until: datetime | None = None
    """When sleep ends."""
    about: Any = None
    """The call or the search."""


class Surroundings(Protocol):
    """What lies around the lanes."""

    now: datetime
    store: Store

    def commit(self, worker: "Worker", who: str, work: Callable[[], Any]) -> Any:
        """Run a unit of work and watch what it does."""
        ...

    def composed(self, worker: "Worker", session: Session, delivery_id: int) -> Any:
        """Note what a message is about, when it is written."""
        ...

    def called(self, worker: "Worker", composed: Any) -> None: ...
    def searching(self, worker: "Worker", delivery_id: int) -> Any:
        """A search begins. Returns what it is waited for by, or at once what was Found."""
        ...


@dataclass(eq=False, kw_only=True)
class Worker:
    """One process: alive, frozen (nobody lets it go on) or dead."""

    around: Surroundings = field(repr=False)
    name: str
    rules: SendingRules
    clock_differs: timedelta = timedelta(0)
    waits: list[Wait] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    lane: "asyncio.Task[int] | None" = None
    is_dead: bool = False
    freezes: bool = False
    """Stand still after the next commit, before anything else is done."""
    who: "dict[asyncio.Task[Any] | None, str]" = field(default_factory=dict)
    """What the next commit of a task is for, where it is not the lane's own."""

    @property
    def is_busy(self) -> bool:
        return self.lane is not None and not self.lane.done()

    def take_up(self, workspace_id: int) -> None:
        """Begin to send, as a tick of the metronome does."""
        self.stopping = asyncio.Event()
        lane = Lane(
            store=SteppedStore(self),
            courier=SteppedCourier(self),
            clock=SteppedClock(self),
            rules=self.rules,
            workspace_id=workspace_id,
            holder=self.name,
            stopping=self.stopping,
        )
        self.lane = asyncio.get_running_loop().create_task(lane.run())
        self.lane.add_done_callback(lambda lane: lane.exception())  # a killed one's is no news to anybody

    def ready(self) -> Wait | None:
        """Return what can go on now: a commit, or sleep that is over."""
        for wait in self.waits:
            if wait.kind in ("commit", "committed"):
                return wait
            if wait.kind == "sleep" and wait.until is not None and wait.until <= self.around.now:
                return wait
        return None

    async def wait(self, kind: str, *, until: datetime | None = None, about: Any = None) -> Any:
        """Wait until somebody lets us go on. Raises Killed when the process is gone instead."""
        if self.is_dead:
            raise Killed
        wait = Wait(kind=kind, done=asyncio.get_running_loop().create_future(), until=until, about=about)
        self.waits.append(wait)
        try:
            return await wait.done
        finally:
            self.waits.remove(wait)

    def waits_for(self, about: Any) -> Wait | None:
        """Return the wait for a call or a search; None when nobody waits for it any more."""
        return next((wait for wait in self.waits if wait.about is about), None)

    def die(self) -> None:
        """Be gone at this very moment: nothing is settled, nothing is released."""
        self.is_dead = True
        for wait in list(self.waits):
            if not wait.done.done():
                wait.done.set_exception(Killed())


class SteppedStore:
    """A store whose every commit waits for its turn, and comes to nothing in a dead process."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.engine = worker.around.store.engine

    async def write(self, work: Callable[[Session], T], *, patient: bool = False) -> T:
        worker = self._worker
        await worker.wait("commit")
        who = worker.who.pop(asyncio.current_task(), "lane")
        result: T = worker.around.commit(worker, who, lambda: worker.around.store.write_now(work))
        if worker.freezes:
            worker.freezes = False
            await worker.wait("committed")
        return result

    async def read(self, work: Callable[[Session], T]) -> T:
        if self._worker.is_dead:
            raise Killed
        return self._worker.around.store.write_now(work)

    def write_now(self, work: Callable[[Session], T]) -> T:
        raise NotImplementedError("a lane is asynchronous")

    def close(self) -> None:
        pass


class SteppedClock:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def now(self) -> datetime:
        return self._worker.around.now + self._worker.clock_differs

    async def sleep(self, seconds: float) -> None:
        await self._worker.wait("sleep", until=self._worker.around.now + timedelta(seconds=seconds))


class SteppedCourier:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def compose(self, session: Session, delivery_id: int, now: datetime) -> Call:
        return partial(self._call, self._worker.around.composed(self._worker, session, delivery_id))

    async def _call(self, composed: Any) -> Sent | NotNeeded:
        self._worker.around.called(self._worker, composed)
        try:
            outcome: Sent | NotNeeded = await self._worker.wait("call", about=composed)
        finally:
            self._worker.who[asyncio.current_task()] = "settle"
        return outcome

    async def find(self, delivery_id: int, now: datetime) -> Found:
        begun = self._worker.around.searching(self._worker, delivery_id)
        try:
            found: Found = begun if isinstance(begun, Found) else await self._worker.wait("search", about=begun)
        finally:
            self._worker.who[asyncio.current_task()] = "search"
        return found


async def all_came_to_wait() -> None:
    """Return when every lane waits for something that only a test can give it."""
    ready: Any = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    while ready:  # noqa: ASYNC110 - what the loop has in hand is the very thing that is looked at
        await asyncio.sleep(0)
