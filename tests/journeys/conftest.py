"""What journeys share: a demo of one's own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.demo import demo
from tests.journeys.programs import free_port


@pytest.fixture
async def demo_address(tmp_path: Path) -> AsyncIterator[str]:
    """`knuff demo`, running until the test ends."""
    running = demo(free_port(), folder=tmp_path)
    started = await asyncio.to_thread(running.__enter__)
    yield started.address
    await asyncio.to_thread(running.__exit__, None, None, None)
