"""A message that may have arrived is asked about before it is sent again."""

from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS, SEARCH, Limits, pause
from scheduler.lanes import SendingRules
from scheduler.ports import Unknown
from storage.tables.answers import Answer, AnswerKind
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.people import Person
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import World, at


async def test_an_unknown_message_that_arrived_is_found_and_never_sent_again(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.after[row.id] = [Unknown("timeout")]
    await office.send()
    assert fate(office.world, row) is State.UNKNOWN
    await office.go_on(seconds=59)
    assert office.courier.searches == []
    await office.go_on(seconds=1)
    assert (office.courier.ids, fate(office.world, row)) == ([row.id], State.SENT)
    assert office.world.look_up(Person, row.person_id).unanswered == 1


async def test_where_nobody_can_search_what_is_unknown_is_explained_and_never_sent_again(office: Office) -> None:
    (arrived, lost) = await planned(office.world, people=2)
    office.courier.can_be_asked = False
    office.courier.after[arrived.id], office.courier.before[lost.id] = [Unknown("http_504")], [Unknown("timeout")]
    await office.send()
    await office.go_on(seconds=60)
    for row in (arrived, lost):
        assert fate(office.world, row) is Reason.OUTCOME_UNKNOWN
    await office.go_on(hours=1)
    assert office.courier.ids == [arrived.id]


async def test_an_unknown_message_not_found_twice_is_sent_once_more(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unknown("timeout")]
    await office.send()
    await office.go_on(seconds=60)
    assert office.courier.ids == []
    await office.go_on(seconds=59)
    assert len(office.courier.searches) == 1
    await office.go_on(seconds=1)
    assert (office.courier.ids, fate(office.world, row)) == ([row.id], State.SENT)


async def test_what_stays_unknown_after_one_more_send_is_explained(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unknown("timeout"), Unknown("timeout"), Unknown("timeout")]
    for _ in range(8):
        await office.go_on(seconds=60)
    assert fate(office.world, row) is Reason.OUTCOME_UNKNOWN
    assert len(office.courier.before[row.id]) == 1
    assert [attempt.outcome for attempt in office.world.attempts()] == ["unknown", "unknown"]


async def test_a_platform_that_cannot_be_asked_leaves_it_unknown_for_good(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unknown("timeout")]
    office.courier.blind = True
    await office.send()
    await office.go_on(hours=1)
    assert fate(office.world, row) is State.UNKNOWN
    await office.go_on(hours=4)
    assert (fate(office.world, row), office.courier.ids) == (Reason.OUTCOME_UNKNOWN, [])


@pytest.mark.parametrize("can_be_asked", [True, False])
async def test_whoever_answered_an_unknown_message_has_got_it(office: Office, can_be_asked: bool) -> None:
    world = office.world
    office.courier.can_be_asked = can_be_asked
    (row,) = await planned(world)
    assert row.person_id is not None
    office.courier.before[row.id] = [Unknown("timeout")]
    await office.send()
    world._add(
        Answer(
            organisation_id=world.organisation,
            person_id=row.person_id,
            delivery_id=row.id,
            lesson_id="L01",
            kind=AnswerKind.DOING,
            given_at=SLOT,
        )
    )
    await office.go_on(seconds=60)
    assert fate(world, row) is State.SENT


async def test_what_is_found_missing_too_late_is_explained_and_not_sent(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unknown("timeout")]
    await office.send()
    await office.go_on(hours=5)
    await office.go_on(minutes=2)
    assert (fate(office.world, row), office.courier.ids) == (Reason.TOO_LATE, [])


async def test_searches_wait_for_what_is_due(world: World) -> None:
    """Twenty to ask about, at one search in 1.2 seconds: the morning's nudges do not stand in that queue."""
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=None, searches_per_minute=50), in_flight=1))
    rows = await planned(world, people=25)
    for row in rows[:20]:
        world.change(Delivery, row.id, state=State.UNKNOWN, started_at=SLOT, attempts=1)
        office.courier.received.append((row.id, SLOT))
    await office.send()
    sent = [moment for id, moment in office.courier.received if id in {row.id for row in rows[20:]}]
    assert sent == [SLOT] * 5
    searched = [moment for _, moment in office.courier.searches]
    assert len(searched) == 20
    pauses = [later - earlier for earlier, later in pairwise(searched)]
    assert timedelta(seconds=1.2) <= min(pauses) <= max(pauses) < timedelta(seconds=2)
    assert {fate(world, row) for row in rows} == {State.SENT}


async def test_a_pause_for_searches_holds_no_message_back(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=None), in_flight=1))
    (lost,) = await planned(world)
    office.courier.before[lost.id] = [Unknown("timeout")]
    await office.send()
    until = SLOT + timedelta(minutes=5)
    await pause(world.store, world.workspace, SEARCH, until=until)
    late = world.person(world.cohort(), slot="08:17", now=SLOT)
    office.clock.wind_to(at("2026-03-02 08:17"))
    await world.plan(office.clock.now())
    await office.send()
    (row,) = world.deliveries(late)
    assert fate(world, row) is State.SENT
    assert [moment for id, moment in office.courier.received if id == row.id] == [at("2026-03-02 08:17")]
    assert min(moment for _, moment in office.courier.searches) >= until


async def test_an_unknown_outcome_is_logged_as_such(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unknown("timeout")]
    with capture_logs() as lines:
        await office.send()
    assert [line["event"] for line in lines if line.get("delivery_id") == row.id] == ["message_unknown"]


async def test_one_search_of_a_message_at_a_time_however_soon_it_may_be_asked_about_again(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=1, reconcile_after_seconds=0))
    (row,) = await planned(world)
    office.courier.before[row.id] = [Unknown("timeout")]
    office.courier.blind = True
    await office.send()
    assert len(office.courier.searches) == 1


async def test_what_is_in_doubt_is_asked_about_again_while_a_long_slot_goes_on(memory: World) -> None:
    office = Office(memory, SendingRules(limits=Limits(posts_per_minute=60), in_flight=1))
    rows = await planned(memory, people=180)
    office.courier.before[rows[0].id] = [Unknown("timeout")]
    await office.send()
    asked = [(moment - SLOT).total_seconds() for _, moment in office.courier.searches]
    assert [60 <= asked[0] < 70, 120 <= asked[1] < 140, len(asked)] == [True, True, 2]
    assert fate(memory, rows[0]) is State.SENT
