"""What a worker hears of a call after others have taken its message for lost, searched twice and sent it once more."""

from datetime import timedelta

import pytest

from scheduler import outcomes
from scheduler.ports import ChannelGone, DeliveryError, Disconnected, NotSent, Refused, Unknown, Unreachable
from storage import sending
from storage.tables.deliveries import State
from storage.tables.people import Person, Workspace
from tests.scheduler.offices import SLOT, Office, fate, planned


@pytest.mark.parametrize("late", [Unreachable, ChannelGone, Disconnected, Refused, NotSent, Unknown])
async def test_a_late_word_about_a_message_that_was_sent_again_changes_nothing(
    office: Office, late: type[DeliveryError]
) -> None:
    world = office.world
    (row,) = await planned(world)
    claimed = world.store.write_now(lambda session: sending.claim(session, row.id, SLOT))
    assert claimed is not None
    for _ in range(3):
        await office.go_on(seconds=60)
    assert (office.courier.ids, fate(world, row)) == ([row.id], State.SENT)
    now = office.clock.now()
    moments = {"now": now, "ask_at": now + timedelta(seconds=60), "retry_at": now}
    world.store.write_now(lambda session: outcomes.settle(session, claimed, late("late"), **moments))
    await office.go_on(hours=1)
    assert (office.courier.ids, fate(world, row)) == ([row.id], State.SENT)
    assert world.look_up(Person, row.person_id).unreachable_at is None
    assert world.look_up(Workspace, world.workspace).disconnected_at is None
