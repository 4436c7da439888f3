"""A promise goes out once, at the permitted pace, and what the platform says decides what comes next."""

import asyncio
from datetime import timedelta

import pytest

from scheduler.buckets import NO_LIMITS, POST, SEARCH, Limits, take
from scheduler.lanes import SendingRules
from scheduler.ports import Disconnected, NotNeeded, NotSent, RateLimited, Refused, Unknown, Unreachable
from storage import leases, pacing
from storage.tables.answers import FollowUp, FollowUpState
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Pace, Person, Workspace
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import MONDAY, World, at


async def test_each_message_arrives_once_and_is_settled(office: Office) -> None:
    rows = await planned(office.world, people=5)
    assert await office.send() == 5
    assert office.courier.ids == [row.id for row in rows]
    sent = office.world.look_up(Delivery, rows[0].id)
    assert (sent.state, sent.conversation_id, sent.message_id) == (State.SENT, f"C{sent.id}", f"M{sent.id}")
    assert sent.sent_at == SLOT
    assert [attempt.outcome for attempt in office.world.attempts()] == ["sent"] * 5
    assert await office.send() == 0


async def test_what_is_shown_because_of_a_message_waits_until_that_is_written_down(office: Office) -> None:
    rows, seen = await planned(office.world, people=2), dict[int, State]()

    async def look(delivery_id: int) -> None:
        seen[delivery_id] = office.world.look_up(Delivery, delivery_id).state

    office.courier.afterwards = look
    office.courier.before[rows[1].id] = [Refused("too_long")]
    await office.send()
    assert seen == {rows[0].id: State.SENT}, "and nothing because of one that did not arrive"


async def test_a_nudge_that_arrived_counts_as_unanswered_until_there_is_a_sign_of_life(office: Office) -> None:
    (row,) = await planned(office.world)
    await office.send()
    person = office.world.look_up(Person, row.person_id)
    assert (person.unanswered, person.last_sent_on, person.conversation_id) == (1, MONDAY, f"C{row.id}")


async def test_a_gathered_week_counts_as_one_nudge(office: Office) -> None:
    rows = await planned(office.world, pace=Pace.MONDAYS)
    await office.send()
    assert len(office.courier.received) == 1
    assert {fate(office.world, row) for row in rows} == {State.SENT}
    assert office.world.look_up(Person, rows[0].person_id).unanswered == 1


async def test_what_rides_along_arrives_with_it(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    follow_up = world.follow_up(person, MONDAY, cohort=cohort)
    world.plan_of(person, MONDAY)
    await world.plan(SLOT)
    await office.send()
    assert len(office.courier.received) == 1
    assert [row.state for row in world.deliveries(person)] == [State.SENT] * 3
    asked = world.look_up(FollowUp, follow_up)
    assert (asked.state, asked.asked) == (FollowUpState.ASKED, 1)


async def test_a_welcome_and_a_farewell_are_remembered(office: Office) -> None:
    world = office.world
    newcomer = world.person(world.cohort(), welcomed=False, now=at("2026-03-01 12:00"))
    silent = world.person(world.cohort(), unanswered=20)
    await world.plan(at("2026-03-01 12:00"))
    await world.plan(SLOT)
    await office.send()
    assert world.look_up(Person, newcomer).welcomed_at == SLOT
    assert world.look_up(Person, silent).stopped_at == SLOT


async def test_an_exercise_that_arrives_welcomes_whoever_no_welcome_reached(office: Office) -> None:
    world = office.world
    newcomer = world.person(world.cohort(), welcomed=False, now=at("2026-02-26 07:00"))
    await world.plan(at("2026-02-26 07:00"))
    (welcome,) = world.deliveries(newcomer, Kind.WELCOME)
    office.courier.before[welcome.id] = [Unreachable("BotNotInConversationRoster")]
    office.clock.wind_to(welcome.due_at)
    await office.send()
    assert world.look_up(Person, newcomer).welcomed_at is None
    world.change(Person, newcomer, unreachable_at=None)
    await world.plan(SLOT)
    office.clock.wind_to(SLOT)
    await office.send()
    assert world.look_up(Person, newcomer).welcomed_at == SLOT


async def test_a_rate_limit_pauses_its_bucket_and_nothing_is_lost(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(), in_flight=1))
    rows = await planned(world, people=3)
    until = SLOT + timedelta(seconds=30)
    office.courier.before[rows[0].id] = [RateLimited("ratelimited", until=until, bucket=POST)]
    await office.send()
    await office.go_on(seconds=60)
    assert sorted(office.courier.ids) == [row.id for row in rows]
    assert min(moment for _, moment in office.courier.received) >= until
    assert {fate(world, row) for row in rows} == {State.SENT}


@pytest.mark.parametrize("in_flight", [1, 4])
async def test_without_a_limit_for_the_workspace_each_chat_still_has_its_own(world: World, in_flight: int) -> None:
    limits = Limits(posts_per_minute=None)
    office = Office(world, SendingRules(limits=limits, in_flight=in_flight))
    answered, other = await planned(world, people=2)
    world.change(Person, answered.person_id, conversation_id="D1")
    world.change(Person, other.person_id, conversation_id="D2")
    await take(world.store, world.workspace, limits.posting("D1"), SLOT)
    assert await office.send() == 2
    moments = {delivery_id: moment - SLOT for delivery_id, moment in office.courier.received}
    assert moments == {answered.id: timedelta(seconds=1), other.id: timedelta(0)}
    free_at = {chat: await take(world.store, world.workspace, limits.posting(chat), SLOT) for chat in ("D1", "D2")}
    assert free_at == {"D1": SLOT + timedelta(seconds=2), "D2": SLOT + timedelta(seconds=1)}


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=None), Limits(posts_per_minute=600)])
async def test_a_429_holds_up_all_that_is_not_yet_on_its_way(world: World, limits: Limits, in_flight: int) -> None:
    office = Office(world, SendingRules(limits=limits, in_flight=in_flight))
    rows = await planned(world, people=20)
    until = SLOT + timedelta(seconds=30)
    office.courier.before[rows[0].id] = [RateLimited("ratelimited", until=until, bucket=POST)]
    await office.send()
    await office.go_on(seconds=60)
    early = [row_id for row_id, moment in office.courier.received if moment < until]
    assert len(early) - office.courier.received_before_trouble < in_flight
    assert sorted(office.courier.ids) == [row.id for row in rows]


@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(posts_per_minute=None), Limits()])
async def test_a_429_that_came_to_another_process_holds_here_too(world: World, limits: Limits) -> None:
    office = Office(world, SendingRules(limits=limits, in_flight=1))
    await planned(world, people=3)
    until = SLOT + timedelta(seconds=30)
    world.store.write_now(lambda session: pacing.pause(session, world.workspace, POST, until=until))
    assert await office.send() == 3
    assert min(moment for _, moment in office.courier.received) == until


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("posts_per_minute", [3000, None])
async def test_one_chat_that_was_told_to_wait_holds_up_no_other(
    world: World, posts_per_minute: float | None, in_flight: int
) -> None:
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=posts_per_minute), in_flight=in_flight))
    rows = await planned(world, people=12)
    for number, row in enumerate(rows):
        world.change(Person, row.person_id, conversation_id=f"D{number}")
    until = SLOT + timedelta(seconds=300)
    world.store.write_now(lambda session: pacing.pause(session, world.workspace, f"{POST}/D0", until=until))
    assert await office.send() == 11
    assert rows[0].id not in office.courier.ids
    assert max(moment for _, moment in office.courier.received) <= SLOT + timedelta(seconds=1)
    await office.go_on(seconds=301)
    assert fate(world, rows[0]) is State.SENT
    assert world.look_up(Delivery, rows[0].id).attempts == 1


async def test_a_pause_that_begins_while_a_message_waits_for_its_pace_holds_for_it(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(), in_flight=1))
    await planned(world, people=3)
    until = SLOT + timedelta(seconds=30)
    sleep = office.clock.sleep

    async def pause_meanwhile(seconds: float) -> None:
        world.store.write_now(lambda session: pacing.pause(session, world.workspace, POST, until=until))
        await sleep(seconds)

    office.clock.sleep = pause_meanwhile  # type: ignore[method-assign]
    assert await office.send() == 3
    assert [moment for _, moment in office.courier.received] == [SLOT, until, until + timedelta(seconds=1)]


async def test_without_a_limit_of_ours_a_paused_search_is_not_made(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=1))
    (row,) = await planned(world)
    office.courier.before[row.id] = [Unknown("timeout")]
    await office.send()
    until = SLOT + timedelta(seconds=90)
    world.store.write_now(lambda session: pacing.pause(session, world.workspace, SEARCH, until=until))
    await office.go_on(seconds=61)
    assert [moment for _, moment in office.courier.searches if moment < until] == []
    assert office.courier.searches


async def test_somebody_unreachable_is_explained_and_left_in_peace(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Unreachable("cannot_dm_bot")]
    await office.send()
    person = office.world.look_up(Person, row.person_id)
    assert fate(office.world, row) is Reason.NOT_REACHABLE
    assert (person.unreachable_at, person.unreachable_reason, person.unanswered) == (SLOT, "cannot_dm_bot", 0)


async def test_a_refused_message_is_never_tried_again(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [Refused("invalid_blocks")]
    await office.send()
    await office.go_on(hours=1)
    assert (fate(office.world, row), office.courier.received) == (Reason.REFUSED, [])
    assert office.world.look_up(Delivery, row.id).error == "invalid_blocks"


async def test_a_disconnected_workspace_waits_and_goes_on_when_it_is_back(office: Office) -> None:
    world = office.world
    rows = await planned(world, people=3)
    office.courier.before[rows[0].id] = [Disconnected("token_revoked")]
    await office.send()
    assert office.courier.received == []
    assert world.look_up(Workspace, world.workspace).disconnected_reason == "token_revoked"
    world.change(Workspace, world.workspace, disconnected_at=None)
    await office.go_on(minutes=6)
    assert {fate(world, row) for row in rows} == {State.SENT}


async def test_what_a_disconnected_workspace_did_not_get_in_time_is_explained(office: Office) -> None:
    rows = await planned(office.world, people=2)
    office.courier.before[rows[0].id] = [Disconnected("token_revoked")]
    await office.send()
    await office.go_on(hours=5)
    assert {fate(office.world, row) for row in rows} == {Reason.WORKSPACE_DISCONNECTED}


async def test_what_surely_did_not_arrive_is_tried_again_later_and_later(office: Office) -> None:
    (row,) = await planned(office.world)
    office.courier.before[row.id] = [NotSent("connection_refused") for _ in range(3)]
    waits = []
    while fate(office.world, row) is State.PLANNED:
        await office.send()
        waits.append((office.world.look_up(Delivery, row.id).try_at - office.clock.now()).total_seconds())
        office.clock.wind_to(office.world.look_up(Delivery, row.id).try_at)
    assert waits[:3] == [5, 10, 20]
    assert (fate(office.world, row), office.courier.ids) == (State.SENT, [row.id])
    assert office.world.look_up(Delivery, row.id).due_at == SLOT


async def test_a_message_that_is_not_needed_leaves_what_rode_on_it_standing(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    world.follow_up(person, MONDAY, cohort=cohort)
    await world.plan(SLOT)
    nudge = world.deliveries(person, Kind.NUDGE)[0]
    office.courier.before[nudge.id] = [NotNeeded(reason=Reason.ALREADY_ANSWERED)]
    await office.send()
    assert {row.kind: row.reason or row.state for row in world.deliveries(person)} == {
        Kind.NUDGE: Reason.ALREADY_ANSWERED,
        Kind.FOLLOW_UP: State.SENT,
    }


async def test_a_fault_of_our_own_in_one_message_stops_no_other(office: Office) -> None:
    rows = await planned(office.world, people=3)
    office.courier.before[rows[0].id] = [KeyError("a bug")]
    await office.send()
    assert [fate(office.world, row) for row in rows] == [State.UNKNOWN, State.SENT, State.SENT]


async def test_messages_go_out_at_the_permitted_pace(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=30), in_flight=1))
    await planned(world, people=10)
    await office.send()
    moments = [moment for _, moment in office.courier.received]
    assert moments == [SLOT + timedelta(seconds=2 * number) for number in range(10)]


async def test_a_slow_platform_is_waited_for_side_by_side(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=5))
    office.courier.slowness_seconds = 0.05
    await planned(world, people=10)
    started = asyncio.get_running_loop().time()
    assert await office.send() == 10
    assert asyncio.get_running_loop().time() - started < 10 * 0.05 + 5


async def test_what_is_explained_costs_no_time(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=1), in_flight=1))
    rows = await planned(world, people=5)
    for row in rows[:4]:
        world.change(Person, row.person_id, stopped_at=SLOT)
    await office.send()
    assert office.clock.now() == SLOT
    assert office.courier.received == [(rows[4].id, SLOT)]


async def test_a_lane_that_waits_for_its_pace_stays_with_its_holder(world: World) -> None:
    """Two minutes between messages and a lease of three seconds: whoever else tries meanwhile is not let in."""
    office = Office(world, SendingRules(limits=Limits(posts_per_minute=0.5), in_flight=1, lease_seconds=3))
    await planned(world, people=3)
    tries: list[int] = []
    sleep = office.clock.sleep

    async def try_the_lane_while_it_sleeps(seconds: float) -> None:
        await sleep(seconds)
        if len(tries) < 5:
            tries.append(await Office.lane(office, "b").run())

    office.clock.sleep = try_the_lane_while_it_sleeps  # type: ignore[method-assign]
    assert await office.send() == 3
    assert tries == [0] * 5
    moments = [moment for _, moment in office.courier.received]
    assert moments[-1] - moments[0] == timedelta(minutes=4)


@pytest.mark.parametrize(("seconds", "sent"), [(2, 2), (10, 1)])
async def test_a_lane_waits_for_what_is_due_in_a_moment_and_gives_itself_back_otherwise(
    office: Office, seconds: int, sent: int
) -> None:
    _, later = await planned(office.world, people=2)
    office.world.change(Delivery, later.id, try_at=SLOT + timedelta(seconds=seconds))
    assert await office.send() == sent


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=3)])
async def test_a_lane_taken_by_a_killed_process_whose_clock_was_ahead_is_free(world: World, ahead: timedelta) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=1, lease_seconds=30))
    await planned(world)
    taken_at = SLOT + ahead
    world.store.write_now(lambda session: leases.acquire(session, world.workspace, "dead", now=taken_at, seconds=30))
    assert await office.send() == 1


async def test_a_lane_held_by_a_machine_whose_clock_differs_a_little_stays_its_own(world: World) -> None:
    office = Office(world, SendingRules(limits=NO_LIMITS, in_flight=1, lease_seconds=30))
    await planned(world)
    taken_at = SLOT + timedelta(seconds=20)
    world.store.write_now(lambda session: leases.acquire(session, world.workspace, "alive", now=taken_at, seconds=30))
    assert await office.send() == 0


async def test_limits_used_and_paused_by_a_clock_that_was_days_ahead_hold_nobody_up(world: World) -> None:
    office = Office(world, SendingRules(limits=Limits(), in_flight=1))
    await planned(world, people=2)
    ahead, until = SLOT + timedelta(days=3), SLOT + timedelta(seconds=30)
    world.store.write_now(lambda session: pacing.take(session, world.workspace, {POST: 1.0}, ahead))
    world.store.write_now(lambda session: pacing.pause(session, world.workspace, POST, until=ahead))
    await office.send()
    assert [moment for _, moment in office.courier.received] == [SLOT, SLOT + timedelta(seconds=1)]
    world.store.write_now(lambda session: pacing.pause(session, world.workspace, POST, until=until))
    assert await take(world.store, world.workspace, {POST: 1.0}, SLOT) == until
