"""The tenant is connected as a Slack workspace is: by what our secrets give, and again by itself once it was lost."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.connection import Connection
from bot.teams.connection import identify
from bot.teams.connector import open_session
from bot.teams.credentials import Credentials
from storage import workspaces
from storage.database import Store, open_store
from tests.contracts.pretend import (
    START,
    TEAMS_APP_ID,
    TEAMS_APP_PASSWORD,
    TEAMS_TENANT_ID,
    PretendTeams,
    pretend_workplace,
)
from tests.scheduler.couriers import TrialClock

FIVE_MINUTES = timedelta(minutes=5)
REFUSED = {"method": "POST token", "kind": "token_refused"}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


@pytest.fixture
async def connection(store: Store, pretend: PretendTeams, clock: TrialClock) -> AsyncIterator[Connection]:
    async with open_session() as session:
        credentials = Credentials(
            session, url=pretend.token_url, app_id=TEAMS_APP_ID, password=TEAMS_APP_PASSWORD, clock=clock
        )
        yield Connection(
            platform="teams",
            identify=identify(credentials, tenant=TEAMS_TENANT_ID),
            store=store,
            clock=clock,
            organisation_name="Älvsunda",
        )
        await credentials.close()


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
