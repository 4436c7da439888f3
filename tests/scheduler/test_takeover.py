"""Killed, taken over or claimed by another: a message goes out once."""

import asyncio
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS, POST, Limits
from scheduler.lanes import SendingRules
from scheduler.ports import Call
from storage import leases, pacing, sending, settling
from storage.tables.deliveries import Delivery, State
from storage.tables.lanes import Lane as LaneRow
from storage.tables.people import Person
from tests.scheduler.couriers import Killed
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World, at


@pytest.mark.parametrize("arrived", [True, False], ids=["after it arrived", "before it arrived"])
async def test_killed_in_the_middle_of_a_send_it_arrives_once(office: Office, arrived: bool) -> None:
    rows = await planned(office.world, people=3)
    (office.courier.after if arrived else office.courier.before)[rows[1].id] = [Killed()]
    with pytest.raises(Killed):
        await office.send()
    kill(office)
    assert fate(office.world, rows[1]) is State.SENDING
    assert await office.send("b") == 0  # the dead one's lease still runs
    office.clock.wind_to(office.clock.now() + timedelta(seconds=31))
    await office.send("b")
    assert fate(office.world, rows[1]) is State.UNKNOWN
    for _ in range(3):
        office.clock.wind_to(office.clock.now() + timedelta(seconds=60))
        await office.send("b")
    assert sorted(office.courier.ids) == [row.id for row in rows]
    assert {fate(office.world, row) for row in rows} == {State.SENT}


def kill(office: Office) -> None:
    """Undo what `Lane.run` tidies up on its way out: a killed process does not release its lease."""
    now = office.clock.now()
    office.world.store.write_now(
        lambda session: leases.acquire(session, office.world.workspace, office.holder, now=now, seconds=30)
    )


async def test_a_holder_that_comes_back_late_settles_what_it_sent(office: Office) -> None:
    """Stopped for longer than its lease; meanwhile the lane was taken over and the message marked unknown."""
    world = office.world
    (row,) = await planned(world)
    claimed = world.store.write_now(lambda session: sending.claim(session, row.id, SLOT))
    assert claimed is not None
    await office.send("b")
    assert fate(world, row) is State.UNKNOWN
    world.store.write_now(
        lambda session: settling.settle_sent(session, claimed, conversation_id="C", message_id="M", now=SLOT)
    )
    assert fate(world, row) is State.SENT


async def test_a_holder_that_comes_back_after_it_was_sent_again_changes_nothing(office: Office) -> None:
    world = office.world
    (row,) = await planned(world)
    claimed = world.store.write_now(lambda session: sending.claim(session, row.id, SLOT))
    assert claimed is not None
    for _ in range(2):
        await office.go_on(seconds=60)
    await office.go_on(seconds=60)
    assert (office.courier.ids, fate(world, row)) == ([row.id], State.SENT)
    world.settle(world.look_up(Delivery, row.id), State.UNKNOWN)
    again: dict[str, Any] = {"conversation_id": "C", "message_id": "M", "now": SLOT}
    assert not world.store.write_now(lambda session: settling.settle_sent(session, claimed, **again))
    assert fate(world, row) is State.UNKNOWN


async def test_a_process_that_stood_still_between_the_mark_and_the_call_sends_nothing(office: Office) -> None:
    """Somebody else may have seen to it meanwhile. It surely did not go out from here, so it is tried again."""
    (row,) = await planned(office.world)
    compose = office.courier.compose

    def stand_still(session: Session, delivery_id: int, now: datetime) -> Call:
        office.clock.wind_to(SLOT + timedelta(seconds=31))
        return compose(session, delivery_id, now)

    office.courier.compose = stand_still  # type: ignore[method-assign]
    await office.send()
    assert (office.courier.received, fate(office.world, row)) == ([], State.PLANNED)
    office.courier.compose = compose  # type: ignore[method-assign]
    await office.go_on(seconds=5)
    assert office.courier.ids == [row.id]


async def test_a_new_holder_goes_on_at_the_pace_where_the_old_one_was_killed(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=60), in_flight=1, lease_seconds=1))
    rows = await planned(world, people=12)
    office.courier.after[rows[7].id] = [Killed()]
    with pytest.raises(Killed):
        await office.send()
    kill(office)
    while len(office.courier.received) < 12:
        await office.go_on(seconds=0.1, holder="b")
    moments = [moment for _, moment in office.courier.received]
    between = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert min(between) >= 1


async def test_two_lanes_never_send_the_same(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=3))
    office.courier.slowness_seconds = 0.01
    rows = await planned(world, people=20)
    await asyncio.gather(*(office.send(f"holder {number}") for number in range(4)))
    assert sorted(office.courier.ids) == [row.id for row in rows]


async def test_a_message_claimed_by_another_is_left_alone(office: Office) -> None:
    (row,) = await planned(office.world)
    store = office.world.store
    together = threading.Barrier(4, timeout=1)

    def claim(session: Session) -> sending.Claimed | None:
        with suppress(threading.BrokenBarrierError):  # SQLite lets one in at a time, so they never meet
            together.wait()
        return sending.claim(session, row.id, SLOT)

    tried = await asyncio.gather(*(store.write(claim) for _ in range(4)), return_exceptions=True)
    assert len([one for one in tried if isinstance(one, sending.Claimed)]) == 1
    assert office.world.look_up(Delivery, row.id).attempts == 1


async def test_a_holder_whose_clock_was_set_back_hears_that_it_has_lost_its_lane(office: Office) -> None:
    """By its own clock its lease would run for another hour, and others have taken the lane meanwhile."""
    world = office.world
    rows = await planned(world, people=3)
    deliver = office.courier._deliver

    async def set_back(delivery_id: int, now: datetime) -> Any:
        office.clock.set_back(timedelta(minutes=20))
        world.change(LaneRow, world.workspace, holder="another")
        return await deliver(delivery_id, now)

    office.courier._deliver = set_back  # type: ignore[method-assign]
    office.clock.wind_to(SLOT + timedelta(minutes=30))
    with capture_logs() as said:
        assert await office.send() == 1
    assert "lane_lost" in [line["event"] for line in said]
    assert office.courier.ids == [rows[0].id]


async def test_a_lane_that_stops_gives_its_lease_back_at_once(office: Office) -> None:
    rows = await planned(office.world, people=2)
    lane = office.lane("a")
    lane.stopping.set()
    assert await lane.run() == 0
    assert await office.send("b") == len(rows)


async def test_a_lane_that_stops_before_a_post_leaves_its_place_to_the_next(world: World) -> None:
    """Most likely it is for the same message, whose chat has had none."""
    rows = await planned(world, people=3)
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=6), in_flight=1))
    for number, row in enumerate(rows):
        world.change(Person, row.person_id, conversation_id=f"D{number}")
    lane = office.lane("a")
    sleep = office.clock.sleep

    async def stop_meanwhile(seconds: float) -> None:
        if len(office.courier.received) == 2:
            lane.stopping.set()
            await asyncio.Event().wait()
        await sleep(seconds)

    office.clock.sleep = stop_meanwhile  # type: ignore[method-assign]
    assert await lane.run() == 2
    office.clock.sleep = sleep  # type: ignore[method-assign]
    assert await office.send("b") == 1
    assert [moment - SLOT for _, moment in office.courier.received] == [timedelta(seconds=10 * n) for n in range(3)]


async def test_a_place_that_somebody_reserved_after_is_not_given_back_to_the_next(world: World) -> None:
    world.store.write_now(lambda session: _given_back_after_another(session, world.workspace))


def _given_back_after_another(session: Session, workspace: int) -> None:
    posting = Limits(posts_per_minute=60, channel_posts_per_second=0.5).posting("D1")
    ours = pacing.take(session, workspace, posting, SLOT)
    pacing.take(session, workspace, {POST: 1.0}, SLOT)
    pacing.give_back(session, workspace, posting, ours)
    assert pacing.take(session, workspace, {POST: 1.0}, SLOT) == SLOT + timedelta(seconds=2)
    chat = {name: seconds for name, seconds in posting.items() if name != POST}
    assert pacing.take(session, workspace, chat, SLOT) == SLOT


async def test_a_welcome_waits_for_the_exercise_that_will_ride_on_it(office: Office) -> None:
    """Another process plans the day while the lane has seen that the welcome is due: they go out as one message."""
    world = office.world
    newcomer = world.person(world.cohort(), welcomed=False, now=at("2026-03-01 20:00"))
    await world.plan(at("2026-03-01 20:00"))
    assert await office.send() == 0
    await world.plan(SLOT)
    await office.go_on(seconds=4)
    assert [row.state for row in world.deliveries(newcomer)] == [State.SENT, State.SENT]
    assert len(office.courier.ids) == 1
