"""All calls to a tenant wait their turn in one queue, and the messages in a chat in one of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from bot.clocks import RemoteClock
from bot.conversation.cards import Card, Paragraph
from bot.conversation.events import MessageRef
from bot.pacing import SharedPacing
from bot.ports import Address
from bot.settings import Settings
from bot.teams.attached import limits_of
from bot.teams.platform import TeamsPlatform
from scheduler.buckets import POST, Limits, take
from scheduler.clock import Clock
from scheduler.ports import RateLimited
from storage import workspaces
from storage.database import Store, open_store
from tests.contracts.pretend import START, PretendTeams, pretend_workplace
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT, teams_at
from workplace.municipality import MATS, SOFIA

CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))
LIMITS = limits_of(Settings())
TEAM = "19:ledning-alvsunda@thread.tacv2"
LATER_SECONDS = 30


def to(person: str) -> Address:
    return Address(workspace=TENANT, person=person, conversation=None)


@pytest.fixture
async def workspace_id(store: Store) -> int:
    [(found, _)] = await store.read(lambda session: workspaces.connected_on(session, "teams"))
    return found


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    opened.write_now(
        lambda session: workspaces.connected(
            session, platform="teams", external_id=TENANT, organisation_name="Älvsunda", now=START
        )
    )
    yield opened
    opened.close()


def a_process(store: Store, clock: Clock, limits: Limits = LIMITS) -> SharedPacing:
    return SharedPacing(store=store, clock=clock, platform="teams", limits=limits, per_minute={})


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


@pytest.fixture
async def clock(pretend: PretendTeams) -> AsyncIterator[RemoteClock]:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    following = asyncio.create_task(clock.follow())
    yield clock
    following.cancel()


@pytest.fixture
async def two(store: Store, pretend: PretendTeams, clock: RemoteClock) -> AsyncIterator[list[TeamsPlatform]]:
    """Two processes with one database."""
    async with (
        teams_at(pretend.service_url, clock=clock, pacing=a_process(store, clock), store=store) as first,
        teams_at(pretend.service_url, clock=clock, pacing=a_process(store, clock), store=store) as second,
    ):
        yield [first, second]


SENDING = "POST conversations/activities"
CALLS: dict[str, Callable[[TeamsPlatform], Awaitable[object]]] = {
    "POST conversations": lambda teams: teams.send(to(SOFIA), CARD, delivery_id=None),
    SENDING: lambda teams: teams.send(to(MATS), CARD, delivery_id=None),
    "PUT conversations/activities": lambda teams: teams.update(
        TENANT, MessageRef(conversation=TEAM, message="1"), CARD
    ),
}


@pytest.mark.parametrize("method", CALLS)
async def test_a_429_that_is_the_tenants_keeps_every_process_from_every_call_for_as_long_as_it_says(
    two: list[TeamsPlatform], pretend: PretendTeams, method: str
) -> None:
    await pretend.misbehave({"method": method, "kind": "ratelimit", "seconds": LATER_SECONDS, "count": 2})
    with pytest.raises(RateLimited):
        await CALLS[method](two[0])
    if method == SENDING:  # it may be about that chat alone, until another is told the same
        with pytest.raises(RateLimited):
            await two[0].send(to(SOFIA), CARD, delivery_id=None)
    await pretend.misbehave()
    before = (await pretend.look())["calls"]
    again = [asyncio.ensure_future(call(teams)) for teams in two for call in CALLS.values()]
    await asyncio.sleep(0.3)
    assert (await pretend.look())["calls"] == before
    assert not any(one.done() for one in again)
    with pytest.raises(RateLimited):  # whoever picks people sits waiting: they are told instead
        await two[1].members(TENANT, TEAM)
    await pretend.wind(advance_seconds=LATER_SECONDS + 5)
    async with asyncio.timeout(15):
        await asyncio.gather(*again)
    assert await pretend.calls(method) > 1


async def test_two_processes_and_all_kinds_of_calls_together_keep_within_the_tenants_limit(store: Store) -> None:
    clock = TrialClock(START)
    processes = [a_process(store, clock), a_process(store, clock)]
    moments = []
    for number in range(200):
        channel = f"a:{number}" if number % 3 else None
        await processes[number % 2].wait_for(TENANT, POST, channel=channel)
        moments.append(clock.now())
    for first, later in zip(moments, moments[50:], strict=False):
        assert later - first >= timedelta(seconds=1.01)
    assert (len(moments) - 1) / (moments[-1] - START).total_seconds() >= 0.98 * 50


async def test_messages_in_one_chat_are_a_second_apart_and_hold_up_no_other_chat(store: Store) -> None:
    clock = TrialClock(START)
    pacing = a_process(store, clock)
    await pacing.wait_for(TENANT, POST, channel="a:1")
    await pacing.wait_for(TENANT, POST, channel="a:2")
    assert clock.now() <= START + timedelta(seconds=0.1)
    await pacing.wait_for(TENANT, POST, channel="a:1")
    assert clock.now() >= START + timedelta(seconds=1)


@pytest.mark.parametrize("full", [f"{POST}/a:1", POST])
async def test_whoever_finds_no_room_is_told_whether_it_is_the_chat_or_the_tenant_that_is_full(
    store: Store, full: str
) -> None:
    pacing = a_process(store, TrialClock(START))
    await pacing.pause(TENANT, full, until=START + timedelta(minutes=5))
    with pytest.raises(RateLimited) as limited:
        await pacing.wait_for(TENANT, POST, channel="a:1", within_seconds=2)
    assert (limited.value.bucket, limited.value.until) == (full, START + timedelta(minutes=5))


async def test_a_busy_chat_is_waited_for_by_the_lane_too(store: Store, workspace_id: int) -> None:
    clock = TrialClock(START)
    until = START + timedelta(seconds=20)
    await a_process(store, clock).pause(TENANT, f"{POST}/a:1", until=until)
    assert await take(store, workspace_id, LIMITS.posting("a:1"), START) == until
    assert await take(store, workspace_id, LIMITS.posting("a:2"), START) < START + timedelta(seconds=1)


def test_the_limits_are_those_that_microsoft_documents_and_none_where_the_operator_says_so() -> None:
    assert LIMITS.posting("a:1") == {POST: pytest.approx(0.02, rel=0.02), f"{POST}/a:1": 1.0}
    none = Settings(teams_requests_per_second=0, teams_channel_posts_per_second=0)
    assert limits_of(none).posting("a:1") == {}
