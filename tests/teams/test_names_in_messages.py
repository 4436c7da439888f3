"""Whom a message is about: Teams tells a bot what somebody is called only when it is asked, so the channel they are in
is asked before the message goes out. Once, for all messages that follow."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.clocks import RemoteClock
from bot.conversation.cards import Card, People
from bot.ports import Address
from bot.teams.platform import TeamsPlatform
from scheduler.ports import NotSent
from tests.contracts.pretend import PretendTeams, pretend_workplace
from tests.teams.calling import TENANT, teams_at
from workplace.municipality import EMILY, MATS, SOFIA

CHANNEL = "19:ledning-alvsunda@thread.tacv2"
NOBODY = "0a000099-0000-4000-8000-000000000099"
MEMBERS = "GET conversations/pagedmembers"


def about(*people: str, channel: str | None = CHANNEL) -> Card:
    return Card(summary="Fika", parts=(People("Du ska fika med", people, found_in=channel),))


def to(person: str) -> Address:
    return Address(workspace=TENANT, person=person, conversation=None)


async def read_by(pretend: PretendTeams, who: str) -> str:
    """The newest message in somebody's chat, as it is shown."""
    return str((await pretend.look(f"people/{who}"))["personal"]["messages"][-1]["card"])


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


@pytest.fixture
async def teams(pretend: PretendTeams) -> AsyncIterator[TeamsPlatform]:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    async with teams_at(pretend.service_url, clock=clock) as platform:
        yield platform


async def test_whoever_is_in_the_channel_is_called_by_name_and_it_is_read_once(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    await asyncio.gather(*(teams.send(to(who), about(EMILY), delivery_id=id) for id, who in ((1, MATS), (2, SOFIA))))
    await teams.send(to(MATS), about(SOFIA), delivery_id=3)
    assert "Emily Turner" in await read_by(pretend, SOFIA)
    assert "Emily Turner" not in await read_by(pretend, MATS), "there the one after it is the newest"
    assert await pretend.calls(MEMBERS) == 1


async def test_a_message_about_nobody_reads_no_channel(teams: TeamsPlatform, pretend: PretendTeams) -> None:
    await teams.send(to(MATS), about(EMILY, channel=None), delivery_id=1)
    assert await pretend.calls(MEMBERS) == 0


async def test_for_somebody_who_is_not_in_it_the_channel_is_not_read_for_every_message(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    for id in range(3):
        await teams.send(to(MATS), about(NOBODY), delivery_id=id)
    assert await pretend.calls(MEMBERS) == 1


async def test_a_channel_that_cannot_be_read_keeps_no_message(teams: TeamsPlatform, pretend: PretendTeams) -> None:
    await pretend.misbehave({"method": MEMBERS, "kind": "error", "status": 403, "error": "BotNotInConversationRoster"})
    with capture_logs() as lines:
        await teams.send(to(MATS), about(EMILY), delivery_id=1)
    assert len(await pretend.received(MATS)) == 1
    assert [line["event"] for line in lines] == ["names_not_learnt"]


async def test_when_it_is_not_known_whether_it_was_read_nothing_is_sent_yet(
    teams: TeamsPlatform, pretend: PretendTeams
) -> None:
    """A message whose fate is unknown is given up in Teams: it must not be because of a name."""
    await pretend.misbehave({"method": MEMBERS, "kind": "error", "status": 500, "error": "ServiceError"})
    with pytest.raises(NotSent):
        await teams.send(to(MATS), about(EMILY), delivery_id=1)
    assert await pretend.received(MATS) == []
