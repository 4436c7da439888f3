"""Those who work shifts are written to within their own shift, and at no other hour."""

from datetime import date

import pytest

from scheduler.buckets import Limits
from scheduler.lanes import Lane, SendingRules
from storage.humane import humane_moment
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace, Shift
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import STOCKHOLM, World, at

RULES = SendingRules(limits=Limits(posts_per_minute=None), in_flight=1)
HALF_EVE = date(2026, 4, 30)


@pytest.mark.parametrize(
    ("shift", "now", "moment"),
    [
        (Shift.MORNING, "2026-03-05 06:59", "2026-03-05 07:00"),
        (Shift.MORNING, "2026-03-05 15:01", "2026-03-06 07:00"),
        (Shift.EVENING, "2026-03-05 08:15", "2026-03-05 13:30"),
        (Shift.EVENING, "2026-03-05 21:00", "2026-03-05 21:00"),
        (Shift.EVENING, "2026-03-06 21:01", "2026-03-09 13:30"),
        (Shift.NIGHT, "2026-03-05 00:30", "2026-03-05 21:30"),
        (Shift.NIGHT, "2026-03-05 23:30", "2026-03-05 23:30"),
        (Shift.NIGHT, "2026-03-06 23:31", "2026-03-09 21:30"),
    ],
)
def test_the_next_moment_within_ones_own_shift(shift: Shift, now: str, moment: str) -> None:
    assert humane_moment(at(now), STOCKHOLM, shift) == at(moment)


@pytest.mark.parametrize(
    ("shift", "slot", "pace", "late_after"),
    [
        (Shift.MORNING, "07:00", Pace.DAILY, "11:00"),
        (Shift.MORNING, "14:30", Pace.DAILY, "15:00"),
        (Shift.EVENING, "13:30", Pace.DAILY, "17:30"),
        (Shift.EVENING, "20:30", Pace.DAILY, "21:00"),
        (Shift.NIGHT, "21:30", Pace.MONDAYS, "23:30"),
    ],
)
async def test_an_exercise_is_due_on_the_shift_and_too_late_when_it_ends(
    world: World, shift: Shift, slot: str, pace: Pace, late_after: str
) -> None:
    person = world.person(world.cohort(), slot=slot, shift=shift, pace=pace)
    await world.plan(at(f"2026-03-02 {slot}"))
    (row,) = (row for row in world.deliveries(person, Kind.NUDGE) if row.rides_on is None)
    assert (row.due_at, row.late_after) == (at(f"2026-03-02 {slot}"), at(f"2026-03-02 {late_after}"))


async def test_after_downtime_the_exercise_still_comes_on_the_shift_but_not_after_it(world: World) -> None:
    in_time, too_late = (world.person(world.cohort(), slot="13:30", shift=Shift.EVENING) for _ in range(2))
    courier = PaperCourier()
    await world.plan(at("2026-03-02 20:59"))
    await send(world, courier, "2026-03-02 20:59")
    assert [row.state for row in world.deliveries(in_time)] == [State.SENT]
    await world.plan(at("2026-03-03 21:01"))
    await send(world, courier, "2026-03-03 21:01")
    assert {row.reason for row in world.deliveries(too_late) if row.day == date(2026, 3, 3)} == {Reason.KNUFF_WAS_DOWN}


async def test_whoever_has_changed_to_evenings_is_not_written_to_in_the_morning(world: World) -> None:
    person, courier = world.person(world.cohort(), slot="08:15"), PaperCourier()
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 08:15"), shift=Shift.EVENING)
    await send(world, courier, "2026-03-02 08:16")
    assert courier.received == []
    await send(world, courier, "2026-03-02 13:30")
    assert [row.state for row in world.deliveries(person) if row.day == date(2026, 3, 2)] == [State.EXPLAINED]
    assert courier.received == [], "four hours late is too late, on any shift"


async def test_evenings_and_nights_are_free_on_a_half_eve(world: World) -> None:
    cohort = world.cohort(starts_on=date(2026, 4, 27))
    evening = world.person(cohort, slot="13:30", shift=Shift.EVENING)
    morning = world.person(cohort, slot="07:00", shift=Shift.MORNING)
    for now in ("2026-04-30 07:00", "2026-04-30 13:30"):
        await world.plan(at(now))
    reasons = {row.reason for row in world.deliveries(evening) if row.day == HALF_EVE}
    assert reasons == {Reason.EVE}
    assert {row.late_after for row in world.deliveries(morning) if row.day == HALF_EVE} == {at("2026-04-30 11:00")}


async def send(world: World, courier: PaperCourier, now: str) -> None:
    clock = TrialClock(at(now))
    await Lane(
        store=world.store, courier=courier, clock=clock, rules=RULES, workspace_id=world.workspace, holder="us"
    ).run()
