import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clocks import ClockUnreachable, RemoteClock
from bot.turns import Turns
from tests.contracts.pretend import START, Pretend, pretend_workplace


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
