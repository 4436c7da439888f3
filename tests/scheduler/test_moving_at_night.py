"""Nothing we start reaches anybody at night, on a weekend or after a half eve's noon where they are by then."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.buckets import Limits
from scheduler.calendar import Calendar
from scheduler.lanes import Lane, SendingRules
from storage.humane import HOURS, humane_moment
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Cadence, Pace, Person, Shift
from tests.in_memory import in_memory
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import World, at

NEW_YORK = "America/New_York"
RULES = SendingRules(limits=Limits(posts_per_minute=None), in_flight=1)


async def send(world: World, courier: PaperCourier, now: datetime) -> None:
    clock = TrialClock(now)
    await Lane(
        store=world.store, courier=courier, clock=clock, rules=RULES, workspace_id=world.workspace, holder="us"
    ).run()


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-03-05 07:29", "2026-03-05 07:30"),
        ("2026-03-05 07:30", "2026-03-05 07:30"),
        ("2026-03-05 16:30", "2026-03-05 16:30"),
        ("2026-03-05 16:31", "2026-03-06 07:30"),
        ("2026-03-06 23:59", "2026-03-09 07:30"),
        ("2026-03-07 05:00", "2026-03-09 07:30"),
        ("2026-03-08 12:00", "2026-03-09 07:30"),
    ],
)
def test_the_next_humane_moment(now: str, moment: str) -> None:
    assert humane_moment(at(now, NEW_YORK), NEW_YORK) == at(moment, NEW_YORK)


async def test_what_is_due_before_dawn_where_they_landed_waits_for_the_morning(world: World) -> None:
    person, courier = world.person(world.cohort(), slot="12:45"), PaperCourier()
    await world.plan(at("2026-03-02 12:45"))
    world.move(person, now=at("2026-03-02 12:45"), zone=NEW_YORK)  # a quarter to seven there
    await send(world, courier, at("2026-03-02 12:46"))
    assert courier.received == []
    (row,) = world.deliveries(person)
    assert (row.due_at, row.try_at) == (at("2026-03-02 12:45"), at("2026-03-02 07:30", NEW_YORK))
    await send(world, courier, at("2026-03-02 07:30", NEW_YORK))
    assert courier.ids == [row.id]


@pytest.mark.parametrize(
    ("here", "slot", "there"),
    [
        ("Europe/Stockholm", "08:15", NEW_YORK),
        ("Europe/Stockholm", "12:45", "Asia/Tokyo"),
    ],
    ids=["night", "evening"],
)
async def test_what_cannot_wait_for_their_morning_is_explained(world: World, here: str, slot: str, there: str) -> None:
    person, courier = world.person(world.cohort(), slot=slot, zone=here), PaperCourier()
    slot_at = at(f"2026-03-02 {slot}", here)
    await world.plan(slot_at)
    world.move(person, now=slot_at, zone=there)
    await send(world, courier, slot_at)
    assert courier.received == []
    assert world.steps(person) == [(1, "mon", Reason.TOO_LATE)]


async def test_friday_afternoon_here_may_be_saturday_there(world: World) -> None:
    person, courier = world.person(world.cohort(), slot="13:30", zone="Pacific/Honolulu"), PaperCourier()
    friday = at("2026-03-06 13:30", "Pacific/Honolulu")
    await world.plan(friday)
    world.move(person, now=friday, zone="Pacific/Auckland")
    await send(world, courier, friday)
    assert courier.received == []
    assert {what for _, _, what in world.steps(person)} == {Reason.KNUFF_WAS_DOWN, Reason.TOO_LATE}


async def test_a_half_eve_ends_at_noon_where_they_are(world: World) -> None:
    valborg = date(2026, 4, 30)
    person, courier = world.person(world.cohort(starts_on=valborg)), PaperCourier()
    await world.plan(at(f"{valborg} 08:15"))
    world.move(person, now=at(f"{valborg} 08:16"), zone="Europe/Helsinki")
    await world.plan(at(f"{valborg} 08:16"))
    await send(world, courier, at(f"{valborg} 12:30", "Europe/Helsinki"))  # not yet noon in Stockholm
    assert courier.received == []
    assert world.deliveries(person)[0].reason is Reason.TOO_LATE


async def test_a_day_off_chosen_that_morning_holds_also_in_a_week_promised_ahead(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-03 07:00"), days=0b11110, slot="08:00")
    await world.plan(at("2026-03-03 08:00"))
    world.move(person, now=at("2026-03-05 07:00"), days=0b10110)  # not on Thursdays either
    await world.plan_until(at("2026-03-05 07:00"), at("2026-03-06 18:00"))
    assert [day for _, day, what in world.steps(person) if what is State.PLANNED] == ["mon", "tue", "wed", "fri"]
    assert sorted(step or 0 for step, _, _ in world.steps(person)) == [1, 2, 3, 4, 5]


async def test_a_zone_that_is_there_and_back_again_costs_no_step(world: World) -> None:
    person = world.person(world.cohort())
    world.move(person, now=at("2026-03-02 08:14"), zone="Asia/Tokyo")
    await world.plan(at("2026-03-02 08:14"))
    world.move(person, now=at("2026-03-02 08:16"), zone="Europe/Stockholm")
    await world.plan_until(at("2026-03-02 08:16"), at("2026-03-06 18:00"))
    days = ["mon", "tue", "wed", "thu", "fri"]
    assert world.steps(person) == [(step, day, State.PLANNED) for step, day in enumerate(days, start=1)]


async def test_a_new_day_that_another_cohort_only_had_ahead_is_free(world: World) -> None:
    """Both cohorts take their promises back before either makes new ones."""
    short, long = world.cohort(weeks=(3,)), world.cohort(weeks=(5,))
    person = world.person(short, long)
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-03 07:00"), days=0b11110, slot="08:00")  # the long one is promised ahead
    await world.plan(at("2026-03-03 08:00"))
    world.move(person, now=at("2026-03-03 20:00"), days=0b01100, slot="08:00")  # and now both: Wednesday and Thursday
    await world.plan_until(at("2026-03-03 20:00"), at("2026-03-06 18:00"))
    rows = world.deliveries(person)
    assert [row.step for row in rows if row.cohort_id == short and row.state is State.PLANNED] == [1, 2, 3]
    assert sorted(row.step or 0 for row in rows if row.cohort_id == long) == [1, 2, 3, 4, 5]


async def test_a_new_slot_takes_the_welcome_and_the_first_exercise_with_it(world: World) -> None:
    person = world.person(world.cohort(), welcomed=False, now=at("2026-03-01 12:00"))
    await world.plan(at("2026-03-01 12:00"))
    world.move(person, now=at("2026-03-02 08:00"), slot="10:00")
    await world.plan_until(at("2026-03-02 08:00"), at("2026-03-02 18:00"), every=timedelta(hours=1))
    (welcome,) = world.deliveries(person, Kind.WELCOME)
    (nudge,) = world.deliveries(person, Kind.NUDGE)
    assert welcome.due_at == welcome.try_at == at("2026-03-02 10:00")
    assert (nudge.step, nudge.rides_on, nudge.state) == (1, welcome.id, State.PLANNED)


zones = st.sampled_from(["Europe/Stockholm", "Europe/Helsinki", "Asia/Tokyo", NEW_YORK, "Pacific/Honolulu"])
rhythms = st.fixed_dictionaries(
    {},
    optional={
        "zone": zones,
        "slot": st.sampled_from(["07:45", "08:15", "12:45", "15:00", "19:00", "22:15"]),
        "shift": st.sampled_from(Shift),
        "days": st.integers(1, 31),
        "pace": st.sampled_from(list(Pace)),
    },
)


@settings(max_examples=25)
@given(
    changes=st.lists(st.tuples(st.integers(0, 4 * 24 * 10), rhythms), min_size=3, max_size=8), cohorts=st.integers(1, 2)
)
async def test_wherever_somebody_goes_nothing_comes_at_night(
    changes: list[tuple[int, dict[str, Any]]], cohorts: int
) -> None:
    store = in_memory()
    try:
        world, courier = World(store), PaperCourier()
        starts_on = date(2026, 4, 27)  # Valborg, a half eve, and the first of May are in this week
        person = world.person(
            *(world.cohort(weeks=(5, 5), starts_on=starts_on) for _ in range(cohorts)),
            welcomed=False,
            now=at("2026-04-24 06:00"),
        )
        now, ends = at("2026-04-24 06:00"), at("2026-05-12 12:00")
        later = sorted(
            ((now + wait * timedelta(minutes=15), rhythm) for wait, rhythm in changes), key=lambda one: one[0]
        )
        while now < ends:
            while later and later[0][0] <= now:
                world.move(person, now=now, **later.pop(0)[1])
            await world.plan(now)
            cadence = world.look_up(Cadence, world.look_up(Person, person).cadence_id)
            there, hours = ZoneInfo(cadence.zone), HOURS[cadence.shift]
            before = len(courier.received)
            await send(world, courier, now)
            for _, moment in courier.received[before:]:
                local = moment.astimezone(there)
                assert Calendar().why_closed(local.date(), local.time()) is None
                assert hours.begin <= local.time() <= Calendar().day_ends(local.date(), hours)
            moments = [world.next_moment(), later[0][0] if later else None, ends]
            now = max(now + timedelta(seconds=1), min(moment for moment in moments if moment is not None))
        rows = world.deliveries(person)
        assert {row.state for row in rows} <= {State.SENT, State.EXPLAINED}
        steps = [(row.enrolment_id, row.step) for row in rows if row.kind is Kind.NUDGE]
        assert len(steps) == len(set(steps)) == 10 * cohorts
        days = [world.look_up(Delivery, id).day for id in courier.ids]
        assert len(days) == len(set(days))
    finally:
        store.close()
