"""The same morning with Knuff: one tick plans everybody who is due, and the lane sends to a platform that takes
everything at once.

    python -m bench.our_morning DATABASE_URL COUNT
"""

import asyncio
import json
import logging
import os
import sys
from time import monotonic

from bench import machine
from bench.engine_process import AtOnce, dispatcher
from bench.population import Population, slot_moment
from bot.event_loop import run
from bot.logs import configure
from scheduler.clock import ShiftedClock
from scheduler.metronome import Metronome
from storage.database import open_store

PATIENCE_SECONDS = 120


async def morning(url: str, count: int) -> None:
    store, platform = open_store(url), AtOnce()
    began = monotonic()
    clock = ShiftedClock(slot_moment(Population(enrolled=count, due=count).day))
    lanes = dispatcher(store, platform, clock, per_minute=0, lease_seconds=30)
    metronome = Metronome(store=store, clock=clock, wake=lanes.wake)
    sending = asyncio.create_task(lanes.run())
    metronome.start()
    while len(platform.sent) < count and monotonic() - began < PATIENCE_SECONDS:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.05)
    await metronome.stop()
    await lanes.stop()
    await sending
    memory = machine.memory_mb(os.getpid())
    store.close()
    seconds = max(at for at, _ in platform.sent) - began
    print(json.dumps({"sent": len(platform.sent), "seconds": seconds, "megabytes": memory}))


if __name__ == "__main__":
    configure(level=logging.WARNING)
    run(morning(sys.argv[1], int(sys.argv[2])))
