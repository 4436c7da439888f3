"""`/ready` says what keeps this process from its work, by name."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.readiness import Readiness
from bot.web.app import web_app
from scheduler.metronome import Metronome
from tests.in_memory import in_memory
from tests.scheduler.couriers import TrialClock
from tests.scheduler.world import at
from tests.web.serving import served

NOON = at("2026-03-02 12:00")


class Passing:
    """Seconds that pass when told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def passing() -> Passing:
    return Passing()


@pytest.fixture
def metronome(passing: Passing) -> Metronome:
    store = in_memory()
    return Metronome(store=store, clock=TrialClock(NOON), seconds_passed=passing)


async def ready(metronome: Metronome, is_connected: Callable[[], Any]) -> tuple[int, dict[str, bool]]:
    readiness = Readiness(
        platforms={"slack": is_connected, "teams": connected}, seconds_since_tick=metronome.seconds_since_tick
    )
    async with (
        served(web_app(slack=None, readiness=readiness)) as address,
        aiohttp.ClientSession() as session,
        session.get(f"{address}/ready") as answer,
    ):
        return answer.status, await answer.json()


async def connected() -> bool:
    return True


async def lost() -> bool:
    return False


async def broken() -> bool:
    raise OSError("the database is away")


async def test_a_metronome_that_stands_still_is_named(metronome: Metronome, passing: Passing) -> None:
    in_order = {"ok": True, "database": True, "slack": True, "teams": True, "metronome": True, "listening": True}
    await metronome.tick()
    passing.seconds += 29
    assert await ready(metronome, connected) == (200, in_order)
    passing.seconds += 2
    assert await ready(metronome, connected) == (503, in_order | {"ok": False, "metronome": False})
    await metronome.tick()
    assert await ready(metronome, connected) == (200, in_order)


async def test_a_tick_that_fails_is_none(metronome: Metronome, passing: Passing) -> None:
    await metronome.tick()
    passing.seconds += 31
    metronome.store = Gone()
    await metronome.tick()
    status, said = await ready(metronome, connected)
    assert (status, said["metronome"]) == (503, False)


async def test_a_clock_wound_on_by_hours_is_no_metronome_that_stands_still(metronome: Metronome) -> None:
    await metronome.tick()
    clock = metronome.clock
    assert isinstance(clock, TrialClock)
    clock.wind_to(NOON + timedelta(hours=20))
    assert (await ready(metronome, connected))[0] == 200


async def test_before_it_ticks_a_process_is_not_ready(metronome: Metronome) -> None:
    status, said = await ready(metronome, lost)
    assert status == 503
    assert said == {
        "ok": False, "database": True, "slack": False, "teams": True, "metronome": False, "listening": True,
    }  # fmt: skip


async def test_whatever_does_not_hear_people_is_named(metronome: Metronome) -> None:
    await metronome.tick()
    readiness = Readiness(
        platforms={"slack": connected}, listen=[connected, lost], seconds_since_tick=metronome.seconds_since_tick
    )
    assert await readiness() == {"database": True, "slack": True, "metronome": True, "listening": False}


async def test_a_database_that_is_away_is_named(metronome: Metronome) -> None:
    await metronome.tick()
    status, said = await ready(metronome, broken)
    assert (status, said["database"], said["metronome"]) == (503, False, True)


async def test_a_database_that_does_not_answer_is_named_within_two_seconds(metronome: Metronome) -> None:
    async def slow() -> bool:
        await asyncio.sleep(60)
        return True

    await metronome.tick()
    async with asyncio.timeout(10):
        assert (await ready(metronome, slow))[1]["database"] is False


class Gone:
    """A database that is away."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("away")


@pytest.mark.parametrize("path", ["/my/", "/health/", "/nowhere/"])
async def test_nobody_is_led_to_the_address_a_request_says_we_have(metronome: Metronome, path: str) -> None:
    readiness = Readiness(platforms={"slack": connected}, seconds_since_tick=metronome.seconds_since_tick)
    async with (
        served(web_app(slack=None, readiness=readiness)) as address,
        aiohttp.ClientSession() as session,
        session.get(f"{address}{path}", headers={"Host": "elsewhere.example"}, allow_redirects=False) as answer,
    ):
        assert answer.status == 404
        assert "Location" not in answer.headers
