"""Rate limits as Microsoft documents them, by the workplace's own clock."""

from math import ceil

import pytest

from tests.workplace.conftest import Hands
from tests.workplace.teams.conftest import Bot, Desk, message
from workplace.municipality import ASA, MATS, SOFIA
from workplace.teams.limits import Limits, LimitSettings


@pytest.mark.parametrize(("many", "seconds"), [(7, 1), (8, 2), (60, 30), (1800, 3600)], ids=str)
def test_each_window_holds_so_many_and_one_more_waits(many: int, seconds: int) -> None:
    limits = Limits(LimitSettings(posts=((many, seconds),), tenant=()))

    def post(at: float, to: str = "a:1") -> int | None:
        return limits.retry_after_seconds(kind="conversation", conversation=to, now=at)

    assert [post(100 + number * 0.0001) for number in range(many)] == [None] * many
    assert post(100.5) == max(1, ceil(seconds - 0.5))
    assert post(100.5, to="a:2") is None
    assert post(100 + seconds - 0.01) == 1
    assert post(100 + seconds) is None


def test_what_was_called_before_a_window_counts_in_it_no_more() -> None:
    limits = Limits(LimitSettings())
    moments = [0.0] * 5 + [10.0] * 7
    answers = [limits.retry_after_seconds(kind="conversation", conversation="a:1", now=at) for at in moments]
    assert answers == [None] * 12
    assert limits.retry_after_seconds(kind="conversation", conversation="a:1", now=10.5) == 1


async def test_the_eighth_message_in_a_second_is_too_many(bot: Bot, desk: Desk, hands: Hands) -> None:
    chat = await desk.chat()
    for _ in range(7):
        await bot.say(chat)
    url = f"{bot.address}/teams/emea/v3/conversations/{chat}/activities"
    async with bot.session.post(url, json=message(), headers={"Authorization": f"Bearer {bot.token}"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert (await response.json())["error"]["code"] == "TooManyRequests"
    await bot.say(await desk.chat(SOFIA))
    await hands.post("/clock", {"advance_seconds": 2})
    await bot.say(chat)
    assert (await desk.get("state"))["ratelimited"] == {"total": 1, "by_limit": {"conversation": 1}}


async def test_the_tenant_takes_fifty_calls_a_second_of_any_kind(bot: Bot, desk: Desk) -> None:
    await desk.post("limits", posts=[], members=[])
    chat = await desk.chat()
    sent = await bot.say(chat)
    statuses = [(await bot.call("PUT", f"/{chat}/activities/{sent}", message()))[0] for _ in range(49)]
    assert set(statuses) == {200}
    assert (await bot.call("GET", f"/{await desk.chat(ASA)}/members"))[0] == 429
    assert (await desk.get("state"))["ratelimited"]["by_limit"] == {"tenant": 1}


async def test_changing_a_message_is_no_message(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat)
    for _ in range(10):
        assert (await bot.call("PUT", f"/{chat}/activities/{sent}", message()))[0] == 200


async def test_reading_members_has_limits_of_its_own(bot: Bot, desk: Desk) -> None:
    path = f"/{await desk.chat()}/members"
    assert [(await bot.call("GET", path))[0] for _ in range(15)] == [200] * 14 + [429]
    await bot.say(await desk.chat())


async def test_beginning_the_same_chat_again_and_again_is_too_many(bot: Bot) -> None:
    body = {"members": [{"id": MATS}], "tenantId": "7e57a1d0-0000-4000-8000-00000000a1d0"}
    assert [(await bot.call("POST", "", body))[0] for _ in range(8)] == [201] * 7 + [429]


async def test_limits_can_be_switched_off_and_the_rest_stays(bot: Bot, desk: Desk) -> None:
    answer = await desk.post("limits", enabled=False)
    assert (answer["enabled"], answer["tenant"]) == (False, [[50, 1]])
    chat = await desk.chat()
    for _ in range(60):
        await bot.say(chat)
