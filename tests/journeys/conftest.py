"""What journeys share: a demo of one's own, a page to sit at, and hands on its workplace."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.journeys.demo import demo
from tests.journeys.hands import Hands
from tests.journeys.programs import free_port
from tests.journeys.sitting import Sitting


@pytest.fixture
async def demo_address(tmp_path: Path) -> AsyncIterator[str]:
    """`knuff demo`, running until the test ends."""
    running = demo(free_port(), folder=tmp_path)
    started = await asyncio.to_thread(running.__enter__)
    yield started.address
    await asyncio.to_thread(running.__exit__, None, None, None)


@pytest.fixture
def hands(demo_address: str) -> Hands:
    return Hands(demo_address)


@pytest.fixture
def sitting(page: Page, demo_address: str, request: pytest.FixtureRequest) -> Sitting:
    return Sitting(page, demo_address, story=request.node.name.removeprefix("test_"))
