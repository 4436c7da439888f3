"""A promise goes out once, or is explained, whatever happens on the way."""

import asyncio
import threading
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from scheduler.buckets import NO_LIMITS, POST, Limits
from scheduler.lanes import Lane, SendingRules
from scheduler.ports import Disconnected, NotNeeded, NotSent, RateLimited, Refused, Unknown, Unreachable
from storage import leases, sending, settling
from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Plan
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Pace, Person, Workspace
from storage.tables.programmes import Cohort, CohortState, Enrolment
from tests.scheduler.couriers import Killed, PaperCourier, TrialClock
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 08:15")
UNLIMITED = SendingRules(limits=NO_LIMITS, in_flight=1)


class Office:
    """A world with one lane of its own clock and courier."""

    def __init__(self, world: World, rules: SendingRules = UNLIMITED, holder: str = "a") -> None:
        self.world = world
        self.clock = TrialClock(SLOT)
        self.courier = PaperCourier()
        self.rules = rules
        self.holder = holder

    def lane(self, holder: str | None = None) -> Lane:
        return Lane(
            store=self.world.store,
            courier=self.courier,
            clock=self.clock,
            rules=self.rules,
            workspace_id=self.world.workspace,
            holder=holder or self.holder,
        )

    async def send(self, holder: str | None = None) -> int:
        return await self.lane(holder).run()

    async def go_on(self, **span: float) -> int:
        self.clock.wind_to(self.clock.now() + timedelta(**span))
        return await self.send()


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


async def planned(world: World, people: int = 1, **fields: Any) -> list[Delivery]:
    """Promise Monday's nudge to so many people, and return the promises."""
    cohort = world.cohort()
    for _ in range(people):
        world.person(cohort, **fields)
    await world.plan(SLOT)
    return world.deliveries()


def fate(world: World, row: Delivery) -> State | Reason:
    found: Delivery = world.look_up(Delivery, row.id)
    return found.reason or found.state


async def test_each_message_arrives_once_and_is_settled(office: Office) -> None:
    rows = await planned(office.world, people=5)
    assert await office.send() == 5
    assert office.courier.ids == [row.id for row in rows]
    sent = office.world.look_up(Delivery, rows[0].id)
    assert (sent.state, sent.conversation_id, sent.message_id) == (State.SENT, f"C{sent.id}", f"M{sent.id}")
    assert sent.sent_at == SLOT
    assert [attempt.outcome for attempt in office.world.attempts()] == ["sent"] * 5
    assert await office.send() == 0


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


# What has become unnecessary or too late is decided at the moment of sending.


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"left_at": SLOT}, Reason.LEFT),
        ({"stopped_at": SLOT}, Reason.STOPPED),
        ({"paused_from": MONDAY, "paused_until": MONDAY}, Reason.PAUSED),
        ({"unreachable_at": SLOT}, Reason.NOT_REACHABLE),
    ],
)
async def test_what_happened_to_the_person_meanwhile_counts(
    office: Office, change: dict[str, Any], reason: Reason
) -> None:
    (row,) = await planned(office.world)
    office.world.change(Person, row.person_id, **change)
    await office.send()
    assert office.courier.received == []
    assert fate(office.world, row) is reason


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (Cohort, {"state": CohortState.PAUSED, "paused_from": MONDAY}, Reason.COHORT_PAUSED),
        (Cohort, {"state": CohortState.ENDED, "ended_on": MONDAY}, Reason.COHORT_ENDED),
        (Enrolment, {"ends_on": MONDAY}, Reason.REMOVED),
    ],
)
async def test_what_happened_to_the_cohort_meanwhile_counts(
    office: Office, table: type[Any], change: dict[str, Any], reason: Reason
) -> None:
    (row,) = await planned(office.world)
    office.world.change(table, 1, **change)
    await office.send()
    assert (office.courier.received, fate(office.world, row)) == ([], reason)


async def test_too_late_is_too_late(office: Office) -> None:
    on_time, late = await planned(office.world, people=2)
    office.world.change(Delivery, late.id, late_after=SLOT - timedelta(seconds=1))
    await office.send()
    assert (fate(office.world, on_time), fate(office.world, late)) == (State.SENT, Reason.TOO_LATE)


async def test_a_welcome_that_came_too_late_is_promised_again(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort(), welcomed=False, now=at("2026-02-26 07:00"))
    await world.plan(at("2026-02-26 07:00"))
    office.clock.wind_to(at("2026-02-26 16:31"))
    await office.send()
    await world.plan(at("2026-02-26 16:32"))
    first, second = world.deliveries(person, Kind.WELCOME)
    assert (first.reason, second.due_at) == (Reason.TOO_LATE, at("2026-02-27 08:15"))


async def test_what_was_answered_or_moved_meanwhile_is_not_asked(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    answered, moved = (world.follow_up(person, MONDAY, cohort=cohort) for _ in range(2))
    await world.plan(SLOT)
    world.change(FollowUp, answered, state=FollowUpState.ANSWERED)
    world.change(FollowUp, moved, due_on=date(2026, 3, 6))
    await office.send()
    (nudge,) = world.deliveries(person, Kind.NUDGE)
    assert nudge.state is State.SENT
    assert {row.subject_id: row.reason for row in world.deliveries(person, Kind.FOLLOW_UP)} == {
        answered: Reason.ALREADY_ANSWERED,
        moved: Reason.MOVED,
    }


async def test_when_the_carrier_falls_away_what_rode_on_it_becomes_the_message(office: Office) -> None:
    world = office.world
    person = world.person()
    first, second = world.follow_up(person, date(2026, 2, 27)), world.follow_up(person, MONDAY)
    await world.plan(SLOT)
    world.change(FollowUp, first, state=FollowUpState.LET_GO)
    await office.send()
    rows = {row.subject_id: row for row in world.deliveries(person)}
    assert rows[first].reason is Reason.ALREADY_ANSWERED
    assert (rows[second].state, rows[second].rides_on) == (State.SENT, None)
    assert office.courier.ids == [rows[second].id]


async def test_of_several_that_rode_along_one_becomes_the_message_and_the_others_ride_on_it(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    first, second = (world.follow_up(person, MONDAY, cohort=cohort) for _ in range(2))
    await world.plan(SLOT)
    world.change(Enrolment, 1, ends_on=MONDAY)
    await office.send()
    rows = {row.subject_id: row for row in world.deliveries(person, Kind.FOLLOW_UP)}
    assert world.deliveries(person, Kind.NUDGE)[0].reason is Reason.REMOVED
    assert (rows[first].state, rows[first].rides_on) == (State.SENT, None)
    assert (rows[second].state, rows[second].rides_on) == (State.SENT, rows[first].id)
    assert office.courier.ids == [rows[first].id]


async def test_a_plan_that_was_put_aside_falls_out_of_the_message(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort())
    plan = world.plan_of(person, MONDAY)
    await world.plan(SLOT)
    world.change(Plan, plan, closed_at=SLOT)
    await office.send()
    assert {row.kind: row.reason or row.state for row in world.deliveries(person)} == {
        Kind.NUDGE: State.SENT,
        Kind.PLAN: Reason.ALREADY_ANSWERED,
    }


async def test_whoever_came_back_gets_no_farewell(office: Office) -> None:
    world = office.world
    person = world.person(world.cohort(), unanswered=20)
    await world.plan(SLOT)
    world.change(Person, person, unanswered=0)
    await office.send()
    (farewell,) = world.deliveries(person, Kind.FAREWELL)
    assert farewell.reason is Reason.ALREADY_ANSWERED
    assert world.look_up(Person, person).stopped_at is None


# What the platform says.


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


# What is unknown is found out.


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


async def test_whoever_answered_an_unknown_message_has_got_it(office: Office) -> None:
    world = office.world
    (row,) = await planned(world)
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


# Killed and taken over.


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
    world.change(Delivery, row.id, state=State.UNKNOWN)
    again: dict[str, Any] = {"conversation_id": "C", "message_id": "M", "now": SLOT}
    assert not world.store.write_now(lambda session: settling.settle_sent(session, claimed, **again))
    assert fate(world, row) is State.UNKNOWN


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


async def test_a_lane_that_stops_gives_its_lease_back_at_once(office: Office) -> None:
    rows = await planned(office.world, people=2)
    lane = office.lane("a")
    lane.stopping.set()
    assert await lane.run() == 0
    assert await office.send("b") == len(rows)


# The pace.


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
