import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clocks import ClockUnreachable, RemoteClock
from bot.pacing import Tier
from bot.turns import Turns
from tests.contracts.pretend import START, Pretend, pretend_workplace

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


async def test_the_clock_of_the_workplace_is_ours_and_wakes_whoever_sleeps(pretend: Pretend) -> None:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    assert timedelta(0) <= clock.now() - START < timedelta(seconds=10)
    following = asyncio.create_task(clock.follow())
    sleeping = asyncio.create_task(clock.sleep(24 * 3600))
    await asyncio.sleep(0.05)
    assert not sleeping.done()
    await pretend.wind(advance_seconds=25 * 3600)
    await asyncio.wait_for(sleeping, 5)
    assert clock.now() - START > timedelta(hours=25)
    following.cancel()


async def test_a_clock_that_does_not_answer_is_no_clock() -> None:
    with pytest.raises(ClockUnreachable):
        await RemoteClock("http://127.0.0.1:9/clock").start()


def test_a_tier_lets_some_calls_at_once_and_never_more_than_its_minute() -> None:
    tier = Tier(per_minute=50)
    moments = [tier.take(NOW) for _ in range(200)]
    assert moments[:30] == [NOW] * 30
    assert moments == sorted(moments)
    for first, later in zip(moments, moments[81:], strict=False):
        assert later - first > timedelta(minutes=1)


def test_a_pause_holds_and_a_method_without_a_tier_is_free() -> None:
    tier = Tier(per_minute=None)
    assert tier.take(NOW) == NOW
    tier.pause(NOW + timedelta(seconds=30))
    assert tier.take(NOW) == NOW + timedelta(seconds=30)
    assert tier.take(NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=1)


async def test_one_persons_turns_follow_each_other_and_others_do_not_wait() -> None:
    turns, done = Turns(side_by_side=4), list[str]()
    gate = asyncio.Event()

    async def slow() -> None:
        await gate.wait()
        done.append("a1")

    async def quick(name: str) -> None:
        done.append(name)

    turns.queue("a", slow)
    turns.queue("a", lambda: quick("a2"))
    turns.queue("b", lambda: quick("b1"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert done == ["b1"]
    gate.set()
    await turns.finish(2)
    assert done == ["b1", "a1", "a2"]
