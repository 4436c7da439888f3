"""Many messages of which nobody knows whether they arrived: asked about at the permitted pace, beside what is due."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from scheduler.buckets import NO_LIMITS, Limits
from scheduler.lanes import SendingRules
from scheduler.ports import Found
from storage.tables.deliveries import Delivery, Reason, State
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World

MANY = 25
A_MINUTE = 10


async def lost(world: World, people: int) -> list[Delivery]:
    """So many that may have arrived, and as many due now."""
    rows = await planned(world, people=2 * people)
    for row in rows[:people]:
        world.change(Delivery, row.id, state=State.UNKNOWN, started_at=SLOT, attempts=1)
    return rows[:people]


def ask_office(world: World) -> Office:
    limits = Limits(posts_per_minute=None, channel_posts_per_second=None, searches_per_minute=A_MINUTE)
    return Office(world, SendingRules(limits=limits, in_flight=1))


async def test_what_is_due_waits_for_no_search_and_searches_keep_their_pace(memory: World) -> None:
    office = ask_office(memory)
    unknown = {row.id for row in await lost(memory, MANY)}
    await office.send()
    due = [moment for id, moment in office.courier.received if id not in unknown]
    assert due == [SLOT] * MANY
    searched = [moment for _, moment in office.courier.searches]
    for begin in searched:
        assert sum(begin <= moment < begin + timedelta(minutes=1) for moment in searched) <= A_MINUTE


@pytest.mark.parametrize("sees", ["nothing is there", "never everything", "nobody can be asked"])
async def test_each_is_asked_about_a_dozen_times_at_most_and_comes_to_its_end(memory: World, sees: str) -> None:
    office = ask_office(memory)
    rows = await lost(memory, MANY)
    office.courier.blind = sees == "never everything"
    office.courier.can_be_asked = sees != "nobody can be asked"
    for _ in range(60):
        await office.go_on(minutes=5)
    asked = Counter(id for id, _ in office.courier.searches)
    assert max(asked.values()) <= 12
    fates = {fate(memory, row) for row in rows}
    arrived = [id for id in office.courier.ids if id in asked]
    if sees == "nothing is there":
        assert fates == {State.SENT}
        assert sorted(arrived) == [row.id for row in rows]
    else:
        assert (fates, arrived) == ({Reason.OUTCOME_UNKNOWN}, [])


async def test_an_incomplete_search_is_repeated_more_and_more_seldom_and_for_the_last_time_when_it_is_too_late(
    memory: World,
) -> None:
    office = Office(memory)
    (row,) = await lost(memory, 1)
    office.courier.blind = True
    while fate(memory, row) is State.UNKNOWN:
        await office.go_on(seconds=30)
    waits = [int((moment - SLOT).total_seconds() / 60) for _, moment in office.courier.searches]
    assert waits == [0, 1, 3, 6, 12, 24, 48, 96, 192, 240]


async def test_a_search_that_hangs_holds_no_message_up(memory: World) -> None:
    office = Office(memory, SendingRules(limits=NO_LIMITS, in_flight=2))
    rows = await lost(memory, 3)
    ended = asyncio.Event()

    async def hang(delivery_id: int, now: datetime) -> Found:
        office.courier.searches.append((delivery_id, now))
        await ended.wait()
        return Found(at=None, complete=False)

    office.courier.find = hang  # type: ignore[method-assign]
    sending = asyncio.create_task(office.send())
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(office.courier.received) == 3
    assert len(office.courier.searches) == 1
    ended.set()
    await sending
    assert {fate(memory, row) for row in rows} == {State.UNKNOWN}
