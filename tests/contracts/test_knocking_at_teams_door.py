"""Who may come in from Teams: the workplace's own tokens are real ones, and so are its forgeries."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation.events import Wrote
from tests.contracts.lines import Line, open_line

pytestmark = pytest.mark.contract

NOT_TEAMS = [
    "none", "empty", "malformed", "two_tokens", "expired", "not_yet", "wrong_audience", "wrong_issuer", "unknown_key",
    "unsigned", "shared_secret", "tampered", "wrong_service_url", "unendorsed",
]  # fmt: skip


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line("teams") as line:
        yield line


async def knock(line: Line, token: str) -> tuple[int, str]:
    answer = await line.pretend.arrange("knock", token=token, person=line.hand.person.person)
    return answer["status"], answer["body"] or ""


async def test_a_good_token_comes_in(line: Line) -> None:
    assert (await knock(line, "good"))[0] == 200
    assert len(line.intake.events(Wrote)) == 1


async def test_a_token_that_is_not_teams_own_stays_outside_and_nothing_is_kept(line: Line) -> None:
    assert {token: await knock(line, token) for token in NOT_TEAMS} == dict.fromkeys(NOT_TEAMS, (401, ""))
    assert line.intake.kept == {}


async def test_another_tenant_and_another_address_stay_outside_though_teams_sent_them(line: Line) -> None:
    for token in ("foreign_tenant", "foreign_service_url"):
        assert await knock(line, token) == (403, "")
    assert line.intake.kept == {}


async def test_after_teams_has_changed_its_keys_people_are_heard(line: Line) -> None:
    assert (await line.hand.write("Före"))[1]
    await line.pretend.arrange("rotate_keys")
    assert (await line.hand.write("Efter"))[1]
    assert len(line.intake.events(Wrote)) == 2


async def test_slow_keys_keep_nobody_waiting_whose_key_is_known(line: Line) -> None:
    assert (await line.hand.write("Först"))[1]
    await line.pretend.misbehave({"method": "GET openid", "kind": "keys_slow", "seconds": 3})
    async with asyncio.timeout(10):
        unknown = asyncio.create_task(knock(line, "unknown_key"))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(1.5):
            assert all([(await line.hand.write(f"Svar {number}"))[1] for number in range(5)])
        assert not unknown.done()
        assert await unknown == (401, "")
    assert len(line.intake.events(Wrote)) == 6
