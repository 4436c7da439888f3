"""What conversations in Teams are told about this installation."""

from collections.abc import AsyncIterator

import pytest

from bot.bootstrap import house_of
from bot.libraries import open_library
from bot.settings import Settings
from bot.teams.attached import AttachedTeams
from storage.database import open_store
from tests.contracts.pretend import START, TEAMS_APP_ID, TEAMS_TENANT_ID
from tests.scheduler.couriers import TrialClock


@pytest.fixture
async def a_minute(request: pytest.FixtureRequest) -> AsyncIterator[tuple[int, bool]]:
    """How many messages a minute are counted with, and whether channels may be picked."""
    settings = Settings.model_validate(
        {"teams_app_id": TEAMS_APP_ID, "teams_tenant_id": TEAMS_TENANT_ID, "teams_requests_per_second": request.param}
    )
    store = open_store("sqlite://")
    teams = AttachedTeams(settings, store=store, clock=TrialClock(START))
    house = teams.house(house_of(settings, open_library(settings)))
    yield house.posts_per_minute, house.extra_audiences
    await teams.close()
    store.close()


@pytest.mark.parametrize(("a_minute", "counted"), [(50, 3000), (0.01, 1), (0, 0)], indirect=["a_minute"])
async def test_schedules_count_with_the_tenants_own_limit_and_channels_may_be_picked(
    a_minute: tuple[int, bool], counted: int
) -> None:
    assert a_minute == (counted, True)


async def test_fifty_a_second_can_be_sent_though_each_call_takes_a_fifth_of_a_second() -> None:
    settings = Settings.model_validate({"teams_app_id": TEAMS_APP_ID, "teams_tenant_id": TEAMS_TENANT_ID})
    store = open_store("sqlite://")
    teams = AttachedTeams(settings, store=store, clock=TrialClock(START))
    assert teams.rules.in_flight / 0.2 >= 50
    await teams.close()
    store.close()
