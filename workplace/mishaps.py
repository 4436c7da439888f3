"""Deliveries to the bot that go wrong on request: lost, delayed, twice, out of order. The same for every platform."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from workplace.answers import Answer
from workplace.faults import DELIVERIES, Faults, Rule

Attempt = Callable[[], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """One payload on its way: `go` delivers it; `again` delivers the same once more at once, `later` much later, as
    the platform does when it heard no answer; `lose` writes down that it never arrived."""

    name: str
    go: Attempt
    again: Attempt
    later: Attempt
    lose: Callable[[], Answer]


@dataclass(slots=True)
class Mishaps:
    faults: Faults[Any]
    _running: set[asyncio.Task[Answer]] = field(default_factory=set)
    _held_back: asyncio.Event | None = None

    def send(self, errand: Errand) -> asyncio.Task[Answer]:
        """Start delivering what nobody waits for at the other end: every mishap may strike."""
        rule = self.faults.strike(errand.name, among=DELIVERIES)
        return self.in_background(self._send(errand, rule))

    async def ask(self, errand: Errand) -> Answer:
        """Deliver what a person waits to see answered: it may be lost, delayed or asked twice."""
        rule = self.faults.strike(errand.name, among=DELIVERIES)
        if rule and rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
        if rule and rule.kind == "lose":
            return errand.lose()
        answer = await errand.go()
        if rule and rule.kind == "duplicate":
            await errand.again()
        return answer

    def in_background(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def stop(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _send(self, errand: Errand, rule: Rule | None) -> Answer:
        if rule is None:
            return await self._deliver(errand)
        if rule.kind == "lose":
            return errand.lose()
        if rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
        if rule.kind == "reorder":
            await self._wait_for_the_next(rule.seconds)
        answer = await self._deliver(errand)
        if rule.kind == "duplicate":
            await errand.again()
        if rule.kind == "late":
            self.in_background(_after(rule.seconds, errand.later))
        return answer

    async def _deliver(self, errand: Errand) -> Answer:
        answer = await errand.go()
        self._let_go()
        return answer

    async def _wait_for_the_next(self, longest_seconds: float) -> None:
        """Hold this one back until another one has been delivered, or for so long."""
        self._let_go()
        self._held_back = held = asyncio.Event()
        try:
            await asyncio.wait_for(held.wait(), longest_seconds)
        except TimeoutError:
            return

    def _let_go(self) -> None:
        if self._held_back:
            self._held_back.set()
            self._held_back = None


async def _after(seconds: float, attempt: Attempt) -> Answer:
    await asyncio.sleep(seconds)
    return await attempt()
