"""A database that another Knuff has brought to a newer schema: refused at the start, left alone when it comes later."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS, Limits
from scheduler.dispatcher import Dispatcher
from scheduler.generation import LOOK_SECONDS, Generation
from scheduler.lanes import SendingRules
from scheduler.metronome import Metronome
from storage.database import Store
from storage.tables.deliveries import State
from storage.tables.lanes import Lane as LaneRow
from tests.breaking.test_starting import typed
from tests.commands.typed import Knuff
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World


def upgrade_by_another(url: str, schema: str = "9999") -> None:
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})
    engine.dispose()


@pytest.mark.parametrize("command", ["serve", "db upgrade"])
def test_a_newer_database_is_refused_with_what_to_do_and_left_as_it_is(
    command: str, database_url: str, knuff: Knuff
) -> None:
    upgrade_by_another(database_url)
    ended = typed(knuff, command, KNUFF_DATABASE_URL=database_url)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "newer than this Knuff" in ended.stderr
    assert "start the Knuff that made it" in ended.stderr


def processes(world: World, office: Office) -> tuple[Metronome, Dispatcher]:
    """What plans and what sends in one process."""
    generation = Generation()
    dispatcher = Dispatcher(
        store=world.store, courier=office.courier, clock=office.clock, rules=SendingRules(limits=NO_LIMITS),
        generation=generation,
    )  # fmt: skip
    return Metronome(store=world.store, clock=office.clock, generation=generation), dispatcher


async def test_a_running_process_plans_and_sends_nothing_more_and_says_so_once_a_minute(
    database_url: str, store: Store
) -> None:
    world = World(store)
    office = Office(world)
    world.person(world.cohort())
    upgrade_by_another(database_url)
    metronome, dispatcher = processes(world, office)
    with capture_logs() as lines:
        for _ in range(5):
            await metronome.tick()
            await dispatcher.look()
    assert (world.deliveries(), office.courier.received) == ([], [])
    (told,) = lines
    assert told["event"] == "database_has_another_schema"
    assert "stop this process" in told["to_do"]


@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=600)])
@pytest.mark.parametrize("in_flight", [1, 4])
async def test_a_lane_that_is_sending_when_another_knuff_upgrades_claims_nothing_more(
    database_url: str, store: Store, in_flight: int, limits: Limits
) -> None:
    world = World(store)
    office = Office(world)
    rows = await planned(world, people=30)
    passed = 0.0
    generation = Generation(seconds_passed=lambda: passed)
    rules = SendingRules(limits=limits, in_flight=in_flight)
    dispatcher = Dispatcher(store=store, courier=office.courier, clock=office.clock, rules=rules, generation=generation)
    deliver = office.courier._deliver

    async def upgrade_after_five(delivery_id: int, now: datetime) -> Any:
        nonlocal passed
        sent = await deliver(delivery_id, now)
        if len(office.courier.received) == 5:
            upgrade_by_another(database_url)
            passed += LOOK_SECONDS
        return sent

    office.courier._deliver = upgrade_after_five  # type: ignore[method-assign]
    with capture_logs() as lines:
        await dispatcher.look()
        await asyncio.gather(*dispatcher._lanes.values())
        assert await dispatcher.look() > 0
    assert 5 <= len(office.courier.received) < 5 + 2 * in_flight
    assert {fate(world, row) for row in rows} == {State.SENT, State.PLANNED}
    assert (world.look_up(LaneRow, world.workspace).holder, dispatcher._lanes) == (None, {})
    assert {line["event"] for line in lines} == {"message_sent", "database_has_another_schema"}


async def test_a_process_whose_database_is_its_own_again_goes_on(database_url: str, store: Store) -> None:
    passed = 0.0
    generation = Generation(seconds_passed=lambda: passed)
    assert await generation.is_ours(store)
    own = store.write_now(
        lambda session: session.connection().exec_driver_sql("SELECT * FROM alembic_version").scalar()
    )
    upgrade_by_another(database_url)
    assert await generation.is_ours(store)  # it is looked at every few seconds only
    passed += LOOK_SECONDS
    assert not await generation.is_ours(store)
    upgrade_by_another(database_url, str(own))
    passed += LOOK_SECONDS
    assert await generation.is_ours(store)


async def test_a_process_that_has_stopped_working_is_not_ready(store: Store, database_url: str) -> None:
    world = World(store)
    office = Office(world)
    passed = 0.0
    metronome, dispatcher = processes(world, office)
    metronome.seconds_passed = dispatcher.seconds_passed = lambda: passed
    await metronome.tick()
    await dispatcher.look()
    upgrade_by_another(database_url)
    metronome.generation = dispatcher.generation = Generation()
    passed += timedelta(minutes=1).total_seconds()
    await metronome.tick()
    await dispatcher.look()
    assert (metronome.seconds_since_tick(), dispatcher.seconds_since_tick()) == (60, 60)
    assert office.clock.now() == SLOT
