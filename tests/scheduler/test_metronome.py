"""What happens by itself: planning, sending and the nightly look, from one tick to the next."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from scheduler.buckets import NO_LIMITS, POST, Limits, pause, take
from scheduler.clock import ShiftedClock
from scheduler.lanes import SendingRules
from scheduler.metronome import Metronome
from scheduler.ports import NotNeeded, Sent
from storage.tables.deliveries import State
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 08:15")
RULES = SendingRules(limits=NO_LIMITS)


@pytest.fixture
async def metronome(world: World) -> AsyncIterator[Metronome]:
    built = Metronome(
        store=world.store,
        courier=PaperCourier(),
        clock=ShiftedClock(SLOT - timedelta(seconds=0.3)),
        rules=RULES,
        tick_seconds=0.05,
    )
    yield built
    await built.stop()


@dataclass
class Crowd(PaperCourier):
    """Counts how many messages are on their way at once."""

    at_once: int = 0
    most_at_once: int = 0

    async def _deliver(self, delivery_id: int, now: datetime) -> Sent | NotNeeded:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await super()._deliver(delivery_id, now)
        finally:
            self.at_once -= 1


async def until_received(courier: PaperCourier, number: int) -> None:
    async with asyncio.timeout(20):
        while len(courier.received) < number:  # noqa: ASYNC110 - a courier tells nobody
            await asyncio.sleep(0.02)


async def test_messages_go_out_by_themselves_when_the_slot_comes(world: World, metronome: Metronome) -> None:
    cohort = world.cohort()
    for _ in range(3):
        world.person(cohort)
    metronome.start()
    courier = metronome.courier
    assert isinstance(courier, PaperCourier)
    await until_received(courier, 3)
    await metronome.stop()
    assert [row.state for row in world.deliveries()] == [State.SENT] * 3
    assert min(moment for _, moment in courier.received) >= SLOT


async def test_a_stop_lets_what_is_on_its_way_arrive(world: World, metronome: Metronome) -> None:
    courier = metronome.courier
    assert isinstance(courier, PaperCourier)
    courier.slowness_seconds = 0.3
    world.person(world.cohort())
    clock = metronome.clock
    assert isinstance(clock, ShiftedClock)
    clock.wind_to(SLOT)
    await metronome.tick()
    async with asyncio.timeout(20):
        while [row.state for row in world.deliveries()] != [State.SENDING]:  # noqa: ASYNC110 - nor does a table
            await asyncio.sleep(0.01)
    await metronome.stop()
    assert [row.state for row in world.deliveries()] == [State.SENT]


async def test_the_nightly_look_comes_once_a_night_and_after_a_start_later_in_the_day(world: World) -> None:
    nights: list[datetime] = []

    async def look(now: datetime) -> None:
        nights.append(now)

    clock = TrialClock(at("2026-03-02 10:00"))
    metronome = Metronome(store=world.store, courier=PaperCourier(), clock=clock, rules=RULES, nightly=look)
    for hours in (0, 1, 16, 17, 18, 40):
        clock.wind_to(at("2026-03-02 10:00") + timedelta(hours=hours))
        await metronome.tick()
        await asyncio.sleep(0)
    await metronome.stop()
    assert nights == [at("2026-03-02 10:00"), at("2026-03-03 03:00")]


async def test_a_nightly_look_that_fails_stops_nothing(world: World) -> None:
    async def fail(_now: datetime) -> None:
        raise RuntimeError("the platform is away")

    world.person(world.cohort())
    courier = PaperCourier()
    metronome = Metronome(store=world.store, courier=courier, clock=TrialClock(SLOT), rules=RULES, nightly=fail)
    await metronome.tick()
    await until_received(courier, 1)
    await metronome.tick()  # what is being sent comes first
    await metronome.stop()


@pytest.mark.parametrize(("platform", "one_by_one"), [("paper", True), ("another", False)])
async def test_each_platform_is_sent_to_by_its_own_rules(world: World, platform: str, one_by_one: bool) -> None:
    cohort = world.cohort()
    for _ in range(4):
        world.person(cohort)
    courier = Crowd(slowness_seconds=0.1)
    metronome = Metronome(
        store=world.store,
        courier=courier,
        clock=TrialClock(SLOT),
        rules=SendingRules(limits=NO_LIMITS, in_flight=4),
        rules_on={platform: SendingRules(limits=NO_LIMITS, in_flight=1)},
    )
    await metronome.tick()
    await until_received(courier, 4)
    await metronome.stop()
    assert (courier.most_at_once == 1) is one_by_one  # how many the others become is the machine's to say


async def test_a_limit_is_shared_by_everybody_who_calls(world: World) -> None:
    """A lane and answers, in one process or several: sixty a minute are sixty a minute."""
    posting = Limits(posts_per_minute=60).posting(None)
    allowed = await asyncio.gather(*(take(world.store, world.workspace, posting, SLOT) for _ in range(10)))
    assert sorted(allowed) == [SLOT + timedelta(seconds=number) for number in range(10)]


async def test_one_chat_waits_for_itself_and_not_for_the_others(world: World) -> None:
    limits = Limits(posts_per_minute=600, channel_posts_per_second=1)
    first, same, other = [
        await take(world.store, world.workspace, limits.posting(channel), SLOT) for channel in ("D1", "D1", "D2")
    ]
    assert (first, same) == (SLOT, SLOT + timedelta(seconds=1))
    assert other < same + timedelta(seconds=0.2)


async def test_a_pause_that_the_platform_asks_for_holds_its_own_bucket_only(world: World) -> None:
    until = SLOT + timedelta(seconds=30)
    await pause(world.store, world.workspace, POST, until=until)
    await pause(world.store, world.workspace, POST, until=SLOT)  # an older one shortens nothing
    assert await take(world.store, world.workspace, Limits().posting(None), SLOT) == until
    assert await take(world.store, world.workspace, Limits().searching(), SLOT) == SLOT
