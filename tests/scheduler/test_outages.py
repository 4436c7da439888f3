"""The platform is in trouble: nobody can say whether what was sent has arrived."""

import asyncio
from datetime import datetime

import pytest

from scheduler.buckets import NO_LIMITS, Limits
from scheduler.lanes import SendingRules
from scheduler.pauses import DOUBTS_IN_A_ROW
from scheduler.ports import NotNeeded, Sent, Unknown
from storage.tables.deliveries import State
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World

RULES = SendingRules(limits=NO_LIMITS, in_flight=1, retry_after_seconds=5)


async def test_an_outage_costs_a_few_messages_and_not_the_whole_morning(memory: World) -> None:
    rows = await planned(memory, people=40)
    office = Office(memory, RULES)
    office.courier.can_be_asked = False
    in_trouble = rows[: DOUBTS_IN_A_ROW + 2]
    for row in in_trouble:
        office.courier.before[row.id] = [Unknown("http_503")]
    await office.send()
    waited = [int((moment - SLOT).total_seconds()) for _, moment in office.courier.received]
    assert waited == [5 + 10 + 20] * (len(rows) - len(in_trouble))
    assert {fate(memory, row) for row in rows[len(in_trouble) :]} == {State.SENT}


async def test_a_message_in_doubt_now_and_then_holds_nothing_up(memory: World) -> None:
    rows = await planned(memory, people=40)
    office = Office(memory, RULES)
    for row in rows:
        if row.id % DOUBTS_IN_A_ROW:
            office.courier.before[row.id] = [Unknown("http_503")]
    await office.send()
    assert {moment for _, moment in office.courier.received} == {SLOT}


@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=600_000, channel_posts_per_second=None)])
async def test_of_what_was_on_its_way_together_the_pause_grows_once_and_then_one_message_goes_first(
    memory: World, limits: Limits
) -> None:
    """As in Teams, with sixteen on their way: they fail together, then for two minutes nothing is answered."""
    rows = await planned(memory, people=40)
    office = Office(memory, SendingRules(limits=limits, in_flight=16, retry_after_seconds=5))
    office.courier.can_be_asked = False
    begun: list[int] = []
    all_begun = asyncio.Event()
    deliver = office.courier._deliver

    async def fail_together(delivery_id: int, now: datetime) -> Sent | NotNeeded:
        begun.append(round((now - SLOT).total_seconds()))
        if len(begun) == 16:
            asyncio.get_running_loop().call_later(0.01, all_begun.set)
        if all_begun.is_set():
            await asyncio.sleep(0.01)  # time enough for others to be let go beside it
        else:
            await all_begun.wait()  # one after the other, however slow the machine, the first four would let others go
        if (office.clock.now() - SLOT).total_seconds() < 120:
            raise Unknown("http_503")
        return await deliver(delivery_id, now)

    office.courier._deliver = fail_together  # type: ignore[method-assign]
    await office.send()
    assert begun[:21] == [0] * 16 + [5, 15, 35, 75, 155]
    assert begun[21:] == [155] * (len(rows) - 21)
    assert [fate(memory, row) for row in rows].count(State.SENT) == len(rows) - 20
