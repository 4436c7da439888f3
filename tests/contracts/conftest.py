"""A workplace that misbehaves, and one platform after the other in it (`name`)."""

from collections.abc import AsyncIterator

import pytest

from bot.clocks import RemoteClock
from tests.contracts.pretend import Pretend, pretend_workplace
from tests.contracts.stages import STAGES, Stage


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


@pytest.fixture
async def clock(pretend: Pretend) -> RemoteClock:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    return clock


@pytest.fixture
async def stage(pretend: Pretend, clock: RemoteClock, name: str) -> AsyncIterator[Stage]:
    async with STAGES[name](pretend, clock) as stage:
        yield stage
