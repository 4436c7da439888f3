"""Whoever is asked to stop stops soon, also in the middle of a night's work."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic

from structlog.testing import capture_logs

from bot.serving import stop_within
from scheduler.metronome import Metronome
from storage.database import open_store, upgrade_engine
from tests.scheduler.couriers import TrialClock
from tests.scheduler.world import at


async def test_a_night_without_an_end_is_cut_short() -> None:
    begun, cut_short = asyncio.Event(), asyncio.Event()

    async def a_long_night(_now: datetime) -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            cut_short.set()

    store = open_store("sqlite://")
    upgrade_engine(store.engine)
    clock = TrialClock(at("2026-03-02 03:00") + timedelta(minutes=1))
    metronome = Metronome(store=store, clock=clock, nightly=a_long_night)
    await metronome.tick()
    await begun.wait()
    began = monotonic()
    with capture_logs() as said:
        await stop_within(0.1, metronome)
    assert monotonic() - began < 2
    assert cut_short.is_set()
    assert [line["event"] for line in said] == ["stopped_in_the_middle_of_the_night"]
    store.close()
