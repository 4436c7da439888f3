"""What is Teams' own about sending there: chats, the service address, the token, people; in the pretend workplace."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from bot.clocks import RemoteClock
from bot.conversation.cards import Card, Paragraph, People
from bot.ports import Address
from bot.teams.addresses import Addresses
from bot.teams.people import Chats, Names
from bot.teams.platform import TeamsPlatform
from scheduler.ports import Disconnected, RateLimited, Unknown, Unreachable
from storage import workspaces
from storage.database import Store
from tests.contracts.pretend import START, PretendTeams, pretend_workplace
from tests.in_memory import in_memory
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT, teams_at
from workplace.municipality import BRITT, EMILY, MATS, PETER, SOFIA, generated

CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))
POST = "POST conversations/activities"
LONGEST_DEAF_SECONDS = 0.05


def to(person: str, conversation: str | None = None) -> Address:
    return Address(workspace=TENANT, person=person, conversation=conversation)


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


@pytest.fixture
async def clock(pretend: PretendTeams) -> RemoteClock:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    return clock


@pytest.fixture
async def teams(pretend: PretendTeams, clock: RemoteClock) -> AsyncIterator[TeamsPlatform]:
    async with teams_at(pretend.service_url, clock=clock) as platform:
        yield platform


@pytest.fixture
def store() -> Iterator[Store]:
    opened = in_memory()
    yield opened
    opened.close()


async def test_a_delivery_bears_its_id_for_whoever_audits_and_other_messages_bear_none(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    await teams.send(to(MATS), CARD, delivery_id=12)
    await teams.send(to(MATS), CARD, delivery_id=None)
    assert [message["delivery_id"] for message in await pretend.received(MATS)] == [12, None]


@pytest.mark.parametrize("person", [BRITT, PETER, "0a000099-0000-4000-8000-000000000099"])
async def test_whoever_has_not_installed_us_blocked_us_or_is_nobody_cannot_be_reached(
    teams: TeamsPlatform, person: str
) -> None:
    with pytest.raises(Unreachable):
        await teams.send(to(person), CARD, delivery_id=12)


async def test_whoever_installs_us_again_can_be_reached_again(teams: TeamsPlatform, pretend: PretendTeams) -> None:
    message = await teams.send(to(MATS), CARD, delivery_id=12)
    await pretend.act(MATS, "uninstall")
    with pytest.raises(Unreachable):
        await teams.send(to(MATS, message.conversation), CARD, delivery_id=13)
    await pretend.act(MATS, "install")
    await teams.send(to(MATS), CARD, delivery_id=14)


async def test_people_are_called_what_teams_told_us(pretend: PretendTeams, clock: RemoteClock) -> None:
    names = Names()
    async with teams_at(pretend.service_url, clock=clock, names=names) as teams:
        await teams.members(TENANT, "19:ledning-alvsunda@thread.tacv2")
    assert names[EMILY] == "Emily Turner"
    assert len(names) == 7


async def test_names_are_of_those_we_heard_of_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.people.MOST_NAMES", 2)
    names = Names()
    for person, name in (("1", "Karin"), ("2", "Erik"), ("1", "Karin Berg"), ("3", "Amina"), ("4", "")):
        names.told(person, name)
    assert dict(names) == {"1": "Karin Berg", "3": "Amina"}


async def test_a_big_team_is_read_to_its_last_page(clock: RemoteClock) -> None:
    async with pretend_workplace(seed=generated(1, teams_people=1201)) as workplace:
        async with teams_at(workplace.teams.service_url, clock=clock) as teams:
            members = await teams.members(TENANT, "19:ledning@thread.tacv2")
        assert len(set(members)) == 1201
        assert await workplace.teams.calls("GET conversations/pagedmembers") == 3


async def test_a_team_that_cannot_be_read_is_told_by_its_class_and_nobody_of_it_is_picked(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    await pretend.misbehave({"method": "GET *", "kind": "error", "status": 403, "error": "BotNotInConversationRoster"})
    with capture_logs() as lines:
        [nobody] = await teams.profiles(TENANT, ["19:ledning-alvsunda@thread.tacv2"])
    assert nobody.is_gone
    assert [(line["event"], line["error"]) for line in lines] == [("audience_not_read", "BotNotInConversationRoster")]
    assert "19:ledning" not in str(lines)


async def test_twenty_at_once_fetch_one_token_and_never_hold_up_the_loop(pretend: PretendTeams) -> None:
    """The shortest of three: other programs on the machine hold it up as well."""
    deaf = []
    for _ in range(3):
        await pretend.arrange("limits", enabled=False)
        await pretend.arrange("expire_tokens")
        await pretend.misbehave({"method": "POST token", "kind": "token_slow", "seconds": 1, "count": 1})
        async with teams_at(pretend.service_url, clock=TrialClock(START)) as anew:
            before = (await pretend.look())["tokens"]
            watching = asyncio.create_task(longest_deaf_seconds())
            await asyncio.gather(*(anew.send(to(SOFIA), CARD, delivery_id=None) for _ in range(20)))
            watching.cancel()
            deaf.append(await watching)
            assert (await pretend.look())["tokens"] - before == 1
    assert min(deaf) < LONGEST_DEAF_SECONDS


async def longest_deaf_seconds() -> float:
    """Return the longest time in which the loop did nothing else, once cancelled."""
    loop, longest = asyncio.get_running_loop(), 0.0
    try:
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - before - 0.005)
    except asyncio.CancelledError:
        return longest


async def test_a_token_that_ends_before_its_time_costs_one_wait_and_no_message(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    await teams.send(to(MATS), CARD, delivery_id=12)
    await pretend.arrange("expire_tokens")
    with pytest.raises(RateLimited):
        await teams.send(to(MATS), CARD, delivery_id=13)
    await teams.send(to(MATS), CARD, delivery_id=13)
    assert [message["delivery_id"] for message in await pretend.received(MATS)] == [12, 13]


async def test_a_wrong_secret_is_the_whole_tenants_trouble(pretend: PretendTeams, clock: RemoteClock) -> None:
    async with teams_at(pretend.service_url, clock=clock, password="fel") as teams:
        with pytest.raises(Disconnected, match="invalid_client"):
            await teams.send(to(MATS), CARD, delivery_id=12)
    assert await pretend.calls(POST) == 0


async def test_calls_go_where_the_latest_activity_said_and_every_process_follows(store: Store) -> None:
    clock = TrialClock(START)
    ours, another = (Addresses(store, clock, otherwise="https://smba.trafficmanager.net/teams/") for _ in range(2))
    assert await ours.of(TENANT) == "https://smba.trafficmanager.net/teams"
    await ours.note(TENANT, "https://smba.trafficmanager.net/emea/")  # before we have met the tenant
    assert await another.of(TENANT) == "https://smba.trafficmanager.net/teams"
    store.write_now(
        lambda session: workspaces.connected(
            session, platform="teams", external_id=TENANT, organisation_name="Älvsunda", now=START
        )
    )
    await ours.note(TENANT, "https://smba.trafficmanager.net/emea/")
    assert await ours.of(TENANT) == "https://smba.trafficmanager.net/emea"
    clock.wind_to(START.replace(minute=2))
    assert await another.of(TENANT) == "https://smba.trafficmanager.net/emea"
    await another.note(TENANT, "https://smba.trafficmanager.net/amer/")
    clock.wind_to(START.replace(minute=4))
    assert await ours.of(TENANT) == "https://smba.trafficmanager.net/amer"


async def test_an_address_that_is_known_is_not_written_again(store: Store) -> None:
    store.write_now(
        lambda session: workspaces.connected(
            session, platform="teams", external_id=TENANT, organisation_name="Älvsunda", now=START
        )
    )
    addresses = Addresses(store, TrialClock(START), otherwise="https://smba.trafficmanager.net/teams/")
    await addresses.note(TENANT, "https://smba.trafficmanager.net/emea/")
    store.close()
    for _ in range(3):
        await addresses.note(TENANT, "https://smba.trafficmanager.net/emea/")


async def test_people_in_a_card_bear_their_names_and_strangers_the_beginning_of_their_id(
    pretend: PretendTeams, clock: RemoteClock
) -> None:
    names = Names()
    names.told(EMILY, "Emily Turner")
    card = Card(summary="Vilka är med?", parts=(People("Med", (EMILY, MATS)),))
    async with teams_at(pretend.service_url, clock=clock, names=names) as teams:
        await teams.send(to(SOFIA), card, delivery_id=None)
    shown = str((await pretend.look(f"people/{SOFIA}"))["personal"]["messages"][-1]["card"])
    assert "Emily Turner" in shown
    assert MATS[:8] in shown


async def test_whoever_was_heard_of_is_answered_in_their_chat_without_opening_it(
    pretend: PretendTeams, clock: RemoteClock
) -> None:
    """What is sent from a dialog does not say where to answer."""
    chats = Chats()
    async with teams_at(pretend.service_url, clock=clock, chats=chats) as teams:
        chat = (await teams.send(to(MATS), CARD, delivery_id=None)).conversation
    assert await pretend.calls("POST conversations") == 1
    told = Chats()
    told[MATS] = chat
    async with teams_at(pretend.service_url, clock=clock, chats=told) as another_process:
        assert (await another_process.send(to(MATS), CARD, delivery_id=None)).conversation == chat
    assert await pretend.calls("POST conversations") == 1


def test_chats_are_of_those_we_heard_of_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.people.MOST_CHATS", 2)
    chats = Chats()
    for person, chat in (("1", "a:1"), ("2", "a:2"), ("1", "a:1"), ("3", "a:3")):
        chats[person] = chat
    assert [chats.get(person) for person in ("1", "2", "3")] == ["a:1", None, "a:3"]


async def test_whoever_asks_again_for_a_big_team_goes_on_where_it_broke_off(clock: RemoteClock) -> None:
    method = "GET conversations/pagedmembers"
    async with (
        pretend_workplace(seed=generated(1, teams_people=1201)) as workplace,
        teams_at(workplace.teams.service_url, clock=clock) as teams,
    ):

        async def broken_off_after_one_page() -> None:
            await workplace.teams.misbehave({"method": method, "kind": "error502", "nth": 2})
            with pytest.raises(Unknown):
                await teams.members(TENANT, "19:ledning@thread.tacv2")
            await workplace.teams.misbehave()

        await broken_off_after_one_page()
        before = await workplace.teams.calls(method)
        assert len(set(await teams.members(TENANT, "19:ledning@thread.tacv2"))) == 1201
        assert await workplace.teams.calls(method) - before == 2
        assert len(await teams.members(TENANT, "19:ledning@thread.tacv2")) == 1201
        assert await workplace.teams.calls(method) - before == 5
