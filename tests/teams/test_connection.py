"""The tenant is connected as a Slack workspace is: by what our secrets give, and again by itself once it was lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.connection import Connection
from bot.teams.connection import identify
from storage import workspaces
from storage.database import Store
from tests.contracts.pretend import (
    START,
    TEAMS_APP_PASSWORD,
    TEAMS_TENANT_ID,
    PretendTeams,
    pretend_workplace,
)
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import connector_at

FIVE_MINUTES = timedelta(minutes=5)
REFUSED = {"method": "POST token", "kind": "token_refused"}


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


@pytest.fixture
async def connection(store: Store, pretend: PretendTeams, clock: TrialClock) -> AsyncIterator[Connection]:
    async with connector_at(pretend.service_url, clock=clock) as (connector, credentials):
        yield Connection(
            platform="teams",
            identify=identify(credentials, connector, tenant=TEAMS_TENANT_ID),
            store=store,
            clock=clock,
            organisation_name="Älvsunda",
        )


async def test_a_token_for_the_tenant_is_what_connects_us(connection: Connection, store: Store) -> None:
    assert not await connection.is_connected()
    await connection.connect()
    assert await connection.is_connected()
    [(_, tenant)] = await store.read(partial(workspaces.connected_on, platform="teams"))
    assert tenant == TEAMS_TENANT_ID


async def test_whoever_is_refused_or_not_answered_at_start_asks_until_it_is_let_in(
    connection: Connection, pretend: PretendTeams
) -> None:
    await pretend.misbehave(REFUSED | {"count": 1}, {"method": "POST token", "kind": "token_error500", "count": 1})
    with capture_logs() as lines:
        await connection.connect()
    said = [(line["event"], line["platform"], line.get("error")) for line in lines]
    assert said == [
        ("platform_does_not_know_us", "teams", "invalid_client"),
        ("platform_does_not_answer", "teams", "http_500"),
        ("workspace_connected", "teams", None),
    ]
    assert TEAMS_APP_PASSWORD not in str(lines)


async def test_a_tenant_that_was_lost_is_asked_about_every_five_minutes_with_a_new_token_each_time(
    connection: Connection, store: Store, pretend: PretendTeams, clock: TrialClock
) -> None:
    await connection.connect()
    lost = partial(workspaces.disconnected, platform="teams", external_id=TEAMS_TENANT_ID, reason="invalid_client")
    store.write_now(partial(lost, now=START))
    await pretend.misbehave(REFUSED | {"count": 1})
    connected = []
    for minute in (1, 5, 9, 10):
        clock.wind_to(START + timedelta(minutes=minute))
        await connection.look()
        connected.append(await connection.is_connected())
    assert connected == [False, False, False, True]
    assert (await pretend.look())["tokens"] == 2


@pytest.mark.parametrize("reason", ["BotNotRegistered", "InvalidBotApiHost", "tokens_not_accepted"])
async def test_a_bot_that_teams_does_not_know_stays_lost_until_teams_itself_lets_it_in(
    connection: Connection, store: Store, pretend: PretendTeams, clock: TrialClock, reason: str
) -> None:
    await connection.connect()
    lost = partial(workspaces.disconnected, platform="teams", external_id=TEAMS_TENANT_ID, reason=reason)
    store.write_now(partial(lost, now=START))
    members = {"method": "GET conversations/pagedmembers", "count": 1}
    connected = []
    for minute, refusal in (
        (5, {"kind": "error", "status": 401, "error": "BotNotRegistered"}),
        (10, {"kind": "error", "status": 403, "error": "InvalidBotApiHost"}),
        (15, {"kind": "error", "status": 401, "error": "Unauthorized"}),
        (20, {"kind": "error503"}),
        (25, {"kind": "error", "status": 404, "error": "ConversationNotFound"}),
    ):
        await pretend.misbehave(members | refusal)
        clock.wind_to(START + timedelta(minutes=minute))
        await connection.look()
        connected.append(await connection.is_connected())
    assert connected == [False, False, False, False, True]


async def test_the_chat_that_is_asked_about_to_be_let_in_is_nobodys(
    connection: Connection, store: Store, pretend: PretendTeams, clock: TrialClock
) -> None:
    await connection.connect()
    assert await pretend.calls("GET conversations/pagedmembers") == 0
    lost = partial(workspaces.disconnected, platform="teams", external_id=TEAMS_TENANT_ID, reason="BotNotRegistered")
    store.write_now(partial(lost, now=START))
    clock.wind_to(START + FIVE_MINUTES)
    await connection.look()
    assert await connection.is_connected()
    assert await pretend.calls("GET conversations/pagedmembers") == 1
