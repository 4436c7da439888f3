"""The platform is in trouble: nobody can say whether what was sent has arrived."""

from scheduler.buckets import NO_LIMITS
from scheduler.lanes import SendingRules
from scheduler.pauses import DOUBTS_IN_A_ROW
from scheduler.ports import Unknown
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
