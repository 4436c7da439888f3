"""Waiting that can be cut short."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from scheduler.clock import Clock

T = TypeVar("T")


async def unless(event: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work and return what it gave. None when the event comes first: then the work is cancelled."""
    doing = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        waiting.cancel()
        doing.cancel()
        await asyncio.gather(doing, waiting, return_exceptions=True)


async def rest(clock: Clock, seconds: float, *, event: asyncio.Event) -> None:
    """Wait for so much time of the clock, or for the event."""
    if seconds > 0 and not event.is_set():
        await unless(event, clock.sleep(seconds))
