"""Every call to Slack waits its turn: for all processes together, and after a 429 for as long as it says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.clocks import RemoteClock
from bot.conversation.cards import Card, Form, Paragraph
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.shows import OpenForm
from bot.pacing import BURST_SHARE, SharedPacing, obey
from bot.ports import Address
from bot.settings import Settings
from bot.showing import Showing
from bot.slack.calls import open_session, web_client
from bot.slack.platform import SlackPlatform
from bot.slack.tiers import TIER_OF, per_minute
from scheduler.buckets import NO_LIMITS, POST, Limits, take
from scheduler.clock import Clock, ShiftedClock
from scheduler.ports import RateLimited
from storage import workspaces
from storage.database import Store, open_store
from tests.contracts.pretend import BOT_TOKEN, START, Pretend, pretend_workplace
from tests.scheduler.couriers import TrialClock
from tests.unpaced import Unpaced
from workplace.slack.methods.table import METHODS

WORKSPACE = "T0ALVSUNDA"
KARIN = Address(workspace=WORKSPACE, person="U01KARIN", conversation=None)
CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))
FORM = Form(name="plan", title="Plan", submit=None, close="Stäng", body=(Paragraph("Hej"),))
TIERS = per_minute(Settings().slack_tiers)
LATER_SECONDS = 30


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    opened.write_now(
        lambda session: workspaces.connected(
            session, platform="slack", external_id=WORKSPACE, organisation_name="Älvsunda", now=START
        )
    )
    yield opened
    opened.close()


def a_process(store: Store, clock: Clock, limits: Limits = NO_LIMITS) -> SharedPacing:
    return SharedPacing(store=store, clock=clock, platform="slack", limits=limits, per_minute=TIERS)


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


@pytest.fixture
async def clock(pretend: Pretend) -> AsyncIterator[RemoteClock]:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    following = asyncio.create_task(clock.follow())
    yield clock
    following.cancel()


@pytest.fixture
async def two(store: Store, pretend: Pretend, clock: RemoteClock) -> AsyncIterator[list[SlackPlatform]]:
    """Two processes with one database."""
    async with open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        yield [SlackPlatform(client, clock, a_process(store, clock)) for _ in range(2)]


CALLS: dict[str, Callable[[SlackPlatform], Awaitable[object]]] = {
    "chat.update": lambda slack: slack.update(WORKSPACE, MessageRef(conversation="D01KARIN", message="1.000001"), CARD),
    "views.publish": lambda slack: slack.show_home(KARIN, CARD),
    "chat.postMessage": lambda slack: slack.reply(KARIN, CARD, reply_id="1"),
    "conversations.open": lambda slack: slack.find_reply(KARIN, reply_id="1", since=START),
    "conversations.members": lambda slack: slack.members(WORKSPACE, "C01LEDARE"),
    "usergroups.list": lambda slack: slack.members(WORKSPACE, "@chefer"),
    "usergroups.users.list": lambda slack: slack.members(WORKSPACE, "S01CHEFER"),
    "users.list": lambda slack: slack.profiles(WORKSPACE, ["U01KARIN", "U02ERIK", "U03AMINA", "U04LARS"]),
}
IN_A_HURRY: dict[str, Callable[[SlackPlatform], Awaitable[object]]] = {
    "users.info": lambda slack: slack.profile(WORKSPACE, "U01KARIN"),
    "views.open": lambda slack: slack.open_form(WORKSPACE, FORM, trigger="1.2.abc"),
    "views.update": lambda slack: slack.replace_form(WORKSPACE, FORM, view="V1"),
}


@pytest.mark.parametrize("method", CALLS)
async def test_a_429_keeps_every_process_from_that_method_for_as_long_as_it_says(
    two: list[SlackPlatform], pretend: Pretend, method: str
) -> None:
    await pretend.misbehave({"method": method, "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 1})
    with pytest.raises(RateLimited):
        await CALLS[method](two[0])
    again = [asyncio.ensure_future(CALLS[method](slack)) for slack in two]
    await asyncio.sleep(0.3)
    assert await pretend.calls(method) == 1
    assert not any(one.done() for one in again)
    await pretend.wind(advance_seconds=LATER_SECONDS + 5)
    async with asyncio.timeout(10):
        await asyncio.gather(*again)
    assert await pretend.calls(method) > 1


class Forgetful(Unpaced):
    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        raise ConnectionError("the database is away")


async def test_a_429_is_a_429_also_when_the_database_cannot_keep_it(pretend: Pretend, clock: RemoteClock) -> None:
    await pretend.misbehave({"method": "chat.postMessage", "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 1})
    async with open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        platform = SlackPlatform(client, clock, Forgetful())
        with pytest.raises(RateLimited):
            await platform.send(KARIN, CARD, delivery_id=1)


async def test_what_cannot_be_kept_is_said_without_saying_whose_chat_it_is() -> None:
    limited = RateLimited("rate_limited", until=START, bucket=f"{POST}/D01KARIN")
    with capture_logs() as said:
        await obey(Forgetful(), WORKSPACE, limited)
    assert [(line["event"], line["method"]) for line in said] == [("pause_not_kept", POST)]
    assert "KARIN" not in str(said)


@pytest.mark.parametrize("method", IN_A_HURRY)
async def test_what_somebody_sits_waiting_for_is_refused_at_once_and_slack_is_not_asked(
    two: list[SlackPlatform], pretend: Pretend, method: str
) -> None:
    await pretend.misbehave({"method": method, "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 1})
    for slack in (two[0], two[1], two[0]):
        async with asyncio.timeout(5):
            with pytest.raises(RateLimited):
                await IN_A_HURRY[method](slack)
    assert await pretend.calls(method) == 1


async def test_a_search_of_the_lane_is_put_off_instead_of_holding_up_all_messages(
    two: list[SlackPlatform], pretend: Pretend
) -> None:
    await pretend.misbehave({
        "method": "conversations.open", "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 1,
    })  # fmt: skip
    for slack in (two[0], two[1], two[0]):
        async with asyncio.timeout(5):
            with pytest.raises(RateLimited):
                await slack.find(KARIN, delivery_id=1, since=START)
    assert await pretend.calls("conversations.open") == 1


async def test_whoever_presses_while_no_form_can_be_opened_is_told_in_time(
    two: list[SlackPlatform], pretend: Pretend, clock: RemoteClock
) -> None:
    await pretend.misbehave({"method": "views.open", "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 1})
    press = Pressed(
        key="p", platform="slack", workspace=WORKSPACE, person="U01KARIN", at=clock.now(), action="a", value="",
        trigger="1.2.abc",
    )  # fmt: skip
    for slack in two:
        async with asyncio.timeout(5):
            await Showing(platforms={"slack": slack}, clock=clock).carry_out(
                press, [OpenForm(FORM, too_late="Knappen hann bli gammal.")]
            )
    assert [one["text"] for one in await pretend.received("U01KARIN")] == ["Knappen hann bli gammal."] * 2
    assert await pretend.calls("views.open") == 1


@pytest.mark.parametrize("method", ["chat.update", "views.open", "users.list"])
async def test_two_processes_together_keep_within_a_tier(store: Store, method: str) -> None:
    clock = TrialClock(START)
    processes = [a_process(store, clock), a_process(store, clock)]
    allowed, at_once = TIERS[method], int(TIERS[method] * BURST_SHARE)
    moments = []
    for number in range(2 * int(allowed)):
        await processes[number % 2].wait_for(WORKSPACE, method)
        moments.append(clock.now())
    assert moments[at_once] == START
    most = int(allowed) + at_once + 1
    for first, later in zip(moments, moments[most:], strict=False):
        assert later - first >= timedelta(minutes=1)


async def test_whoever_is_refused_takes_no_place_from_those_who_wait(store: Store) -> None:
    clock = TrialClock(START)
    pacing = a_process(store, clock)
    await pacing.pause(WORKSPACE, "views.open", until=START + timedelta(seconds=20))
    for _ in range(100):
        with pytest.raises(RateLimited):
            await pacing.wait_for(WORKSPACE, "views.open", within_seconds=2)
    await pacing.wait_for(WORKSPACE, "views.open")
    assert clock.now() == START + timedelta(seconds=20)


async def test_a_pause_holds_also_for_those_who_already_have_a_place(store: Store) -> None:
    clock = ShiftedClock(START)
    ours, another = (a_process(store, clock, Limits(posts_per_minute=2)) for _ in range(2))
    await ours.wait_for(WORKSPACE, POST)
    waiting = asyncio.create_task(ours.wait_for(WORKSPACE, POST))
    await asyncio.sleep(0.1)
    await another.pause(WORKSPACE, POST, until=START + timedelta(minutes=5))
    clock.wind_to(START + timedelta(minutes=1))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    clock.wind_to(START + timedelta(minutes=6))
    async with asyncio.timeout(5):
        await waiting


async def test_one_busy_chat_makes_no_other_wait(store: Store) -> None:
    """Ten answers in one chat take ten seconds; all the workspace has to wait is their share of its own limit."""
    clock = TrialClock(START)
    limits = Limits(posts_per_minute=600)
    reserved = [await take(store, 1, limits.posting("D1"), clock.now()) - START for _ in range(10)]
    assert reserved == [timedelta(seconds=number) for number in range(10)]
    assert await take(store, 1, limits.posting("D2"), clock.now()) - START == timedelta(seconds=1)
    assert await take(store, 1, limits.posting("D1"), clock.now()) - START == timedelta(seconds=10)


async def test_a_message_that_waits_for_the_workspace_is_followed_at_its_chats_own_pace(store: Store) -> None:
    limits = Limits(posts_per_minute=6, channel_posts_per_second=0.05)
    reserved = [await take(store, 1, limits.posting(chat), START) - START for chat in ("D1", "D2", "D2")]
    assert reserved == [timedelta(0), timedelta(seconds=10), timedelta(seconds=30)]


async def test_without_a_limit_of_ours_a_pause_still_holds(store: Store) -> None:
    clock = TrialClock(START)
    pacing = SharedPacing(store=store, clock=clock, platform="slack", limits=NO_LIMITS, per_minute={})
    for method in (POST, "chat.update"):
        began = clock.now()
        for _ in range(50):
            await pacing.wait_for(WORKSPACE, method, channel="D1")
        assert clock.now() == began
        await pacing.pause(WORKSPACE, method, until=began + timedelta(seconds=9))
        await pacing.wait_for(WORKSPACE, method, channel="D1")
        assert clock.now() == began + timedelta(seconds=9)


async def test_a_workspace_nobody_has_met_waits_for_nothing(store: Store) -> None:
    clock = TrialClock(START)
    await a_process(store, clock).pause("T0ELSEWHERE", "users.info", until=START + timedelta(hours=1))
    await a_process(store, clock).wait_for("T0ELSEWHERE", "users.info")
    assert clock.now() == START


def test_each_method_is_in_the_tier_slack_says() -> None:
    assert {method: METHODS[method].tier for method in TIER_OF} == TIER_OF
    unlisted = {"chat.postMessage", "conversations.history"}
    assert set(CALLS) | set(IN_A_HURRY) == set(TIER_OF) | unlisted - {"conversations.history"}


def test_a_tier_of_nought_has_no_limit_of_ours() -> None:
    assert "users.list" not in per_minute({2: 0, 3: 50, 4: 100})
