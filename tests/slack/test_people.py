"""Who is who, also for somebody who cannot wait for a long list."""

import asyncio
import gc

import pytest
from structlog.testing import capture_logs

from bot.clocks import RemoteClock
from bot.slack.calls import open_session, web_client
from bot.slack.platform import SlackPlatform
from tests.contracts.pretend import BOT_TOKEN, pretend_workplace
from tests.unpaced import Unpaced

WORKSPACE = "T0ALVSUNDA"
FOUR = ["U01KARIN", "U02ERIK", "U03AMINA", "U04LARS"]


async def test_a_list_nobody_could_wait_for_is_there_at_the_second_try() -> None:
    async with pretend_workplace() as pretend, open_session() as session:
        clock = RemoteClock(pretend.clock_url)
        await clock.start()
        slack = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=pretend.api_url), clock, Unpaced())
        await pretend.misbehave({"method": "users.list", "kind": "slow", "seconds": 0.5})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await slack.profiles(WORKSPACE, FOUR)
        await asyncio.sleep(1.0)
        async with asyncio.timeout(0.3):
            profiles = await slack.profiles(WORKSPACE, FOUR)
        assert [profile.external_id for profile in profiles] == FOUR
        assert await pretend.calls("users.list") == 1


async def test_a_list_that_fails_when_nobody_waits_any_more_is_said_by_its_class() -> None:
    async with pretend_workplace() as pretend, open_session() as session:
        clock = RemoteClock(pretend.clock_url)
        await clock.start()
        slack = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=pretend.api_url), clock, Unpaced())
        await pretend.misbehave({"method": "users.list", "kind": "ratelimit", "seconds": 30, "count": 1})
        never_retrieved: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, about: never_retrieved.append(about["message"]))
        with capture_logs() as said:
            asking = asyncio.create_task(slack.profiles(WORKSPACE, FOUR))
            await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            async with asyncio.timeout(5):
                while not said:  # noqa: ASYNC110 - nobody waits for the listing
                    await asyncio.sleep(0.02)
        del slack
        gc.collect()
        assert [(line["event"], line["error"]) for line in said] == [("people_not_listed", "RateLimited")]
        assert never_retrieved == []
