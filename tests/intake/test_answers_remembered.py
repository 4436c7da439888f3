"""What reaches us twice is answered twice alike, and what failed may be tried again."""

import asyncio

import pytest

from bot.receiving import Answers


async def given(answers: Answers[str], came: asyncio.Event, *results: str | Exception | None) -> str:
    """Ask for one answer: begun at once, and done with when `came` is set."""

    async def work() -> str | None:
        await came.wait()
        [result] = results
        if isinstance(result, Exception):
            raise result
        return result

    return await answers.given("form:1", work, otherwise="nobody knows")


def now() -> asyncio.Event:
    came = asyncio.Event()
    came.set()
    return came


async def test_what_came_before_is_answered_as_it_was() -> None:
    answers: Answers[str] = Answers()
    assert await given(answers, now(), None) == "nobody knows"
    assert await given(answers, now(), "taken") == "taken"
    assert await given(answers, now(), None) == "taken"


async def test_an_answer_that_failed_is_told_to_whoever_waits_for_it_and_to_nobody_later() -> None:
    answers: Answers[str] = Answers()
    came = asyncio.Event()
    first = asyncio.create_task(given(answers, came, OSError("disk full")))
    second = asyncio.create_task(given(answers, now(), None))
    await asyncio.sleep(0.01)
    came.set()
    for one in (first, second):
        with pytest.raises(OSError, match="disk full"):
            await one
    assert await given(answers, now(), "taken") == "taken"
    assert await given(answers, now(), None) == "taken"


async def test_whoever_comes_after_a_failure_is_not_told_that_it_was_done() -> None:
    answers: Answers[str] = Answers()
    with pytest.raises(OSError, match="disk full"):
        await given(answers, now(), OSError("disk full"))
    assert await given(answers, now(), None) == "nobody knows"


async def test_an_answer_is_remembered_for_a_while_and_no_longer() -> None:
    """A form that was refused comes back with what was written in it."""
    answers: Answers[str] = Answers(seconds=0.5)
    assert await given(answers, now(), "no: Jag tvekade") == "no: Jag tvekade"
    assert await given(answers, now(), None) == "no: Jag tvekade"
    await asyncio.sleep(0.8)
    assert await given(answers, now(), None) == "nobody knows"


async def test_a_later_answer_to_the_same_is_remembered_as_long() -> None:
    answers: Answers[str] = Answers(seconds=2.0)
    await given(answers, now(), "no")
    await asyncio.sleep(1.5)
    await given(answers, now(), "taken")
    await asyncio.sleep(1.0)
    assert await given(answers, now(), None) == "taken"
