"""Whoever is asked to stop stops soon, also in the middle of a night's work, or of planning."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from typing import cast

import pytest
from structlog.testing import capture_logs

from bot.serving import stop_within
from scheduler.metronome import Metronome
from storage.database import Store
from tests.in_memory import in_memory
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

    store = in_memory()
    clock = TrialClock(at("2026-03-02 03:00") + timedelta(minutes=1))
    metronome = Metronome(store=store, clock=clock, nightly=a_long_night)
    await metronome.tick()
    await begun.wait()
    began = monotonic()
    with capture_logs() as said:
        await stop_within(0.1, metronome)
    assert monotonic() - began < 2
    assert cut_short.is_set()
    assert [line["event"] for line in said] == ["stopped_before_it_was_done"]
    store.close()


class NoAnswer:
    """A database that is asked something and never answers."""

    def __init__(self) -> None:
        self.asked, self.given_up = asyncio.Event(), asyncio.Event()

    async def read(self, _work: object) -> None:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()


async def test_a_tick_without_an_end_is_cut_short_and_goes_on_into_nothing_that_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = NoAnswer()
    clock = TrialClock(at("2026-03-02 12:00"))
    metronome = Metronome(store=cast(Store, database), clock=clock, tick_seconds=0.01)
    metronome.start()
    await database.asked.wait()
    with capture_logs() as said:
        await stop_within(0.1, metronome)
    assert database.given_up.is_set()
    assert [line["event"] for line in said] == ["stopped_before_it_was_done"]
    database.asked.clear()
    await asyncio.sleep(0.1)
    assert not database.asked.is_set(), "it ticks no more"
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert [record.message for record in caplog.records if record.levelname != "INFO"] == []


async def test_a_tick_that_has_begun_comes_to_its_end_before_it_stops() -> None:
    ended: list[str] = []

    class Slow(NoAnswer):
        async def read(self, _work: object) -> None:
            self.asked.set()
            await asyncio.sleep(0.1)
            ended.append("tick")

    database = Slow()
    metronome = Metronome(store=cast(Store, database), clock=TrialClock(at("2026-03-02 12:00")), tick_seconds=0.01)
    metronome.start()
    await database.asked.wait()
    with capture_logs() as said:
        await stop_within(5, metronome)
    assert ended == ["tick"]
    assert "stopped_before_it_was_done" not in [line["event"] for line in said]
