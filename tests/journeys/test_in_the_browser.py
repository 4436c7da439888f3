"""A leader's first week, lived in a browser with `knuff demo`: what a newcomer without a Slack account meets."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from bot.conversation.texts import Words
from tests.browser import accessibility_faults
from tests.journeys.demo import demo
from tests.journeys.programs import free_port
from tests.journeys.sitting import Sitting

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = Words("sv")


@pytest.fixture
async def demo_address(tmp_path: Path) -> AsyncIterator[str]:
    running = demo(free_port(), folder=tmp_path)
    started = await asyncio.to_thread(running.__enter__)
    yield started.address
    await asyncio.to_thread(running.__exit__, None, None, None)


@pytest.fixture
def sitting(page: Page, demo_address: str, request: pytest.FixtureRequest) -> Sitting:
    return Sitting(page, demo_address, story=request.node.name.removeprefix("test_"))


async def test_a_leader_lives_the_first_week(sitting: Sitting) -> None:
    await _amina_starts_a_cohort(sitting)


async def _amina_starts_a_cohort(sitting: Sitting) -> None:
    await sitting.look_as("Amina Hassan")
    await sitting.write("/knuff")
    await sitting.press(WORDS("coordinating.new_button"))
    form = await sitting.sees_form(WORDS("coordinating.new_title"))
    await sitting.picture("new-cohort")
    await form.get_by_label(WORDS("coordinating.name_label")).fill("Chefer våren 2026")
    for person in ("Karin Lindqvist", "Erik Sandström", "Helen Carter"):
        await form.get_by_role("checkbox", name=person).check()
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("new-cohort-filled")
    await sitting.press(WORDS("coordinating.new_submit"))
    await sitting.sees_form(WORDS("coordinating.preview_title"))
    assert await accessibility_faults(sitting.page) == []
    await sitting.picture("preview")
    await sitting.press(WORDS("coordinating.preview_submit"))
    await sitting.sees(re.compile("Chefer våren 2026"))
    await sitting.picture("started")
    await sitting.press(WORDS("coordinating.close"))
    await sitting.form_goes()
