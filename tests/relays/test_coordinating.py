"""Whoever coordinates a relay begins it and moves its start. Skipping, closing and ending are with their own ends."""

from datetime import date

import pytest
from sqlmodel import select

from scheduler import relay_coordinating
from scheduler.relay_timeline import CannotLayOut
from storage.relays import NotDone
from storage.rounds import RoundUnderWay
from storage.tables.relays import LegState, Relay, RelayState
from storage.tables.rounds import Round
from storage.teams import TeamNotFound
from tests.relays.builders import RelayWorld
from tests.scheduler.world import at


@pytest.fixture
def world(memory: RelayWorld) -> RelayWorld:
    """What is about days, and not about databases."""
    return memory


def move(world: RelayWorld, relay: int, day: date) -> NotDone | None:
    where = world.organisation
    return world.run(lambda session: relay_coordinating.move_start(session, where, relay, day, world.now))


def planned(world: RelayWorld, relay: int) -> list[tuple[date, date]]:
    return [(leg.planned_on, leg.deadline) for leg in world.chain(relay).legs]


async def test_a_relay_that_has_not_begun_begins_on_another_day_with_all_its_legs(world: RelayWorld) -> None:
    relay = world.relay()
    assert move(world, relay, date(2026, 3, 5)) is None
    chain = world.chain(relay)
    assert (chain.starts_on, chain.legs[0].starts_on) == (date(2026, 3, 5), date(2026, 3, 5))
    assert planned(world, relay) == [
        (date(2026, 3, 5), date(2026, 3, 6)),
        (date(2026, 3, 9), date(2026, 3, 10)),
        (date(2026, 3, 11), date(2026, 3, 12)),
    ]
    await world.ticks_until("2026-03-05 09:59")
    assert world.chain(relay).state is RelayState.PLANNED
    await world.ticks_until("2026-03-05 10:00")
    assert world.chain(relay).state is RelayState.RUNNING


async def test_a_relay_that_has_begun_is_not_moved(world: RelayWorld) -> None:
    relay = world.relay()
    world.now = at("2026-03-02 10:00")
    assert move(world, relay, date(2026, 3, 5)) is NotDone.DONE, "its hour has come, whether anybody has planned it"
    await world.tick()
    assert move(world, relay, date(2026, 3, 5)) is NotDone.DONE
    assert world.chain(relay).starts_on == date(2026, 3, 2)


async def test_a_day_that_does_not_do_changes_nothing(world: RelayWorld) -> None:
    relay = world.relay()
    before = planned(world, relay)
    with pytest.raises(CannotLayOut):
        move(world, relay, date(2026, 4, 3))
    assert (planned(world, relay), world.chain(relay).starts_on) == (before, date(2026, 3, 2))


async def test_a_leg_that_was_skipped_before_the_start_stays_so_when_the_start_moves(world: RelayWorld) -> None:
    relay = world.relay(world.teams(4))
    assert world.skip(world.leg(relay, 2)) is None
    assert move(world, relay, date(2026, 3, 9)) is None
    assert world.states(relay)[1] is LegState.SKIPPED
    assert [day for day, _last in planned(world, relay)] == [
        date(2026, 3, 9), date(2026, 3, 4), date(2026, 3, 11), date(2026, 3, 13)
    ]  # fmt: skip


async def test_a_first_team_that_is_busy_begins_no_relay(world: RelayWorld) -> None:
    teams = world.teams()
    world.another_round(teams[0], at("2026-03-06 16:30"))
    with pytest.raises(RoundUnderWay):
        world.relay(teams)
    assert world.run(lambda session: session.exec(select(Relay)).first()) is None


async def test_a_team_that_is_not_there_begins_no_relay(world: RelayWorld) -> None:
    with pytest.raises(TeamNotFound):
        world.relay([*world.teams(2), 1000])
    assert world.run(lambda session: session.exec(select(Round)).first()) is None
