"""What happens by itself: planning, waking whoever sends, and the nightly look, from one tick to the next."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from scheduler.buckets import POST, Limits, pause, take
from scheduler.metronome import Metronome
from scheduler.planner import plan
from scheduler.troubles import look_around
from storage.tables.deliveries import Delivery, State
from tests.scheduler.couriers import TrialClock
from tests.scheduler.world import STOCKHOLM, World, at

SLOT = at("2026-03-02 08:15")
NIGHT = at("2026-03-03 03:00")
Look = Callable[[datetime], Awaitable[None]]


def metronome(world: World, clock: TrialClock, look: Look | None = None) -> Metronome:
    return Metronome(store=world.store, clock=clock, nightly=look)


async def tick(*processes: Metronome) -> None:
    for one in processes:
        await one.tick()
        if one._night is not None:
            await asyncio.wait([one._night], timeout=0.2)


async def test_whoever_sends_is_woken_when_something_was_promised_and_only_then(world: World) -> None:
    world.person(world.cohort())
    woken: list[datetime] = []
    clock = TrialClock(SLOT - timedelta(seconds=1))
    ticking = metronome(world, clock)
    ticking.wake = lambda: woken.append(clock.now())
    for moment in (SLOT - timedelta(seconds=1), SLOT, SLOT + timedelta(seconds=1)):
        clock.wind_to(moment)
        await ticking.tick()
    assert woken == [SLOT]


async def test_a_stop_in_the_middle_of_much_to_plan_leaves_the_rest_to_whoever_plans_next(world: World) -> None:
    cohort = world.cohort()
    for slot in ("07:45", "08:00", "08:15"):
        world.person(cohort, slot=slot)
    asked = iter([False, True])
    assert (await plan(world.store, SLOT, ended=lambda: next(asked))).promised == 1

    nights: list[datetime] = []

    async def look(now: datetime) -> None:
        nights.append(now)

    stopped = metronome(world, TrialClock(SLOT), look)
    await stopped.stop()
    await tick(stopped)
    assert nights == []
    assert (await plan(world.store, SLOT)).promised == 2


async def test_the_nightly_look_comes_once_a_night_and_after_a_start_later_in_the_day(world: World) -> None:
    nights: list[datetime] = []

    async def look(now: datetime) -> None:
        nights.append(now)

    clock = TrialClock(at("2026-03-02 10:00"))
    one = metronome(world, clock, look)
    for hours in (0, 1, 16, 17, 18, 40):
        clock.wind_to(at("2026-03-02 10:00") + timedelta(hours=hours))
        await tick(one)
    await one.stop()
    assert nights == [at("2026-03-02 10:00"), NIGHT]


async def test_over_all_processes_and_restarts_the_nightly_look_comes_once(world: World) -> None:
    nights: list[str] = []

    def process(name: str) -> Metronome:
        async def look(_now: datetime) -> None:
            nights.append(name)

        return metronome(world, clock, look)

    clock = TrialClock(NIGHT)
    first, second = process("first"), process("second")
    await tick(second, first)
    await tick(process("started again"))
    clock.wind_to(NIGHT + timedelta(days=1))
    await tick(first, second)
    assert nights == ["second", "first"]


@pytest.mark.parametrize(("days", "looks"), [(1, 0), (3, 1)])
async def test_a_clock_that_was_days_ahead_puts_no_nightly_look_off(world: World, days: int, looks: int) -> None:
    """A day ahead it may be the same night, told by another zone."""
    nights: list[datetime] = []

    async def look(now: datetime) -> None:
        nights.append(now)

    await tick(metronome(world, TrialClock(NIGHT + timedelta(days=days)), look))
    nights.clear()
    await tick(metronome(world, TrialClock(NIGHT), look))
    assert len(nights) == looks


async def test_what_is_being_sent_comes_before_the_nightly_look_but_not_for_ever(world: World) -> None:
    """Whoever sends may be another process, and what it cannot send must not keep the night from coming."""
    nights: list[datetime] = []

    async def look(now: datetime) -> None:
        nights.append(now)

    world.person(world.cohort())
    await world.plan(SLOT)
    clock = TrialClock(SLOT)
    one, another = metronome(world, clock, look), metronome(world, clock, look)
    await tick(one)
    (row,) = world.deliveries()
    world.change(Delivery, row.id, state=State.SENDING, started_at=SLOT)
    clock.wind_to(SLOT + timedelta(minutes=59))
    await tick(one)
    assert nights == []
    clock.wind_to(SLOT + timedelta(minutes=60))
    await tick(another, one)
    assert nights == [clock.now()]


async def test_a_nightly_look_that_fails_is_tried_again_a_few_times_and_told(world: World) -> None:
    looks: list[datetime] = []

    async def fail(now: datetime) -> None:
        looks.append(now)
        raise RuntimeError("the disk is full")

    clock = TrialClock(NIGHT)
    one, another = metronome(world, clock, fail), metronome(world, clock, fail)
    for hours in range(24):
        clock.wind_to(NIGHT + timedelta(hours=hours, minutes=5))
        await tick(one, another)
    assert [now - NIGHT for now in looks] == [timedelta(hours=hours, minutes=5) for hours in (0, 3, 6)]
    assert await night_troubles(world, clock) == ["night_failed"]

    async def look(now: datetime) -> None:
        looks.append(now)

    clock.wind_to(NIGHT + timedelta(days=1))
    last = metronome(world, clock, look)
    await tick(last)
    await last.stop()
    assert looks[3:] == [clock.now()]
    assert await night_troubles(world, clock) == []


async def test_a_nightly_look_whose_process_was_killed_is_taken_on_by_another_and_once(world: World) -> None:
    looks: list[str] = []

    async def never_ends(_now: datetime) -> None:
        looks.append("killed")
        await asyncio.Event().wait()

    async def look(_now: datetime) -> None:
        looks.append("finished")

    clock = TrialClock(NIGHT)
    killed, others = metronome(world, clock, never_ends), [metronome(world, clock, look) for _ in range(2)]
    await tick(killed, *others)
    assert killed._night is not None
    killed._night.cancel()
    assert await night_troubles(world, clock) == [], "it may still be at it"
    for minutes in (60, 119):
        clock.wind_to(NIGHT + timedelta(minutes=minutes))
        await tick(*others)
    assert looks == ["killed"]
    clock.wind_to(NIGHT + timedelta(minutes=121))
    assert await night_troubles(world, clock) == ["night_failed"]
    for minutes in (131, 400, 800):
        clock.wind_to(NIGHT + timedelta(minutes=minutes))
        await tick(*others)
    for one in others:
        await one.stop()
    assert looks == ["killed", "finished"]
    assert await night_troubles(world, clock) == []


async def night_troubles(world: World, clock: TrialClock) -> list[str]:
    outlook = await look_around(world.store, clock.now(), zone=STOCKHOLM, lease_seconds=30)
    return [trouble.name for trouble in outlook.troubles if "night" in trouble.name]


async def test_a_nightly_look_that_fails_stops_nothing(world: World) -> None:
    async def fail(_now: datetime) -> None:
        raise RuntimeError("the platform is away")

    world.person(world.cohort())
    clock = TrialClock(SLOT - timedelta(hours=1))
    one = metronome(world, clock, fail)
    await tick(one)
    clock.wind_to(SLOT)
    await tick(one)
    await one.stop()
    assert [row.state for row in world.deliveries()] == [State.PLANNED]


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
