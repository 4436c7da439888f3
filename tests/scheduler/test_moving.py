"""Whoever changes rhythm or joins in the middle of a week gets every step of it once."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar, on
from scheduler.planner import plan
from storage.humane import HOURS
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Cadence, Pace, Person, Shift
from storage.tables.programmes import Enrolment
from tests.in_memory import in_memory
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at


async def test_a_later_slot_chosen_before_the_old_one_moves_todays_message(world: World) -> None:
    person = world.person(world.cohort())
    world.move(person, now=at("2026-03-02 08:00"), slot="12:45")
    await world.plan(at("2026-03-02 08:15"))
    assert world.deliveries(person) == []
    await world.plan(at("2026-03-02 12:45"))
    assert world.steps(person) == [(1, "mon", State.PLANNED)]


async def test_a_later_slot_chosen_after_todays_message_sends_nothing_more_today(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 09:00"), slot="12:45")
    await world.plan_until(at("2026-03-02 09:00"), at("2026-03-06 18:00"))
    days = ["mon", "tue", "wed", "thu", "fri"]
    assert world.steps(person) == [(step, day, State.PLANNED) for step, day in enumerate(days, start=1)]


async def test_an_earlier_slot_that_has_passed_sends_todays_message_now(world: World) -> None:
    world.person(slot="08:15")  # the other rhythm exists, and has been planned for today
    person = world.person(world.cohort(), slot="12:45")
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 10:00"), slot="08:15")
    await world.plan_until(at("2026-03-02 10:00"), at("2026-03-03 18:00"))
    monday, tuesday = world.deliveries(person)[:2]
    assert (monday.step, monday.due_at) == (1, at("2026-03-02 10:00"))
    assert (tuesday.step, tuesday.due_at) == (2, at("2026-03-03 08:15"))


async def test_at_night_nothing_is_sent_for_a_slot_that_has_passed(world: World) -> None:
    """The old slot would have been tomorrow's; the new one in Tokyo has passed, and it is evening there."""
    person = world.person(world.cohort(), slot="15:00")
    world.person(slot="08:15", zone="Asia/Tokyo")
    await world.plan(at("2026-03-02 10:00"))
    world.move(person, now=at("2026-03-02 10:30"), slot="08:15", zone="Asia/Tokyo")
    await world.plan_until(at("2026-03-02 10:30"), at("2026-03-06 18:00"))
    assert Counter(step for step, _, _ in world.steps(person)) == dict.fromkeys(range(1, 6), 1)
    for row in world.deliveries(person):
        if row.state is State.PLANNED:
            assert row.due_at == at(f"{row.day} 08:15", "Asia/Tokyo")


async def test_fewer_days_from_the_middle_of_the_week_lose_no_step(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-03 12:00"))
    world.move(person, now=at("2026-03-03 13:00"), days=0b11110)  # not on Mondays from now on
    await world.plan_until(at("2026-03-03 13:00"), at("2026-03-13 18:00"))
    assert world.steps(person)[:5] == [
        (1, "mon", State.PLANNED),
        (2, "tue", State.PLANNED),
        (3, "wed", State.PLANNED),
        (4, "thu", State.PLANNED),
        (5, "fri", State.PLANNED),
    ]
    assert world.steps(person)[5:] == [
        (10, "mon", Reason.OWN_DAY_OFF),
        (6, "tue", State.PLANNED),
        (7, "wed", State.PLANNED),
        (8, "thu", State.PLANNED),
        (9, "fri", State.PLANNED),
    ]


async def test_a_second_change_of_mind_counts_and_not_the_first(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan_until(at("2026-03-02 09:00"), at("2026-03-03 09:00"))
    world.move(person, now=at("2026-03-03 10:00"), days=0b11110)  # the rest of the week is promised ahead
    await world.plan(at("2026-03-03 10:00"))
    world.move(person, now=at("2026-03-03 11:00"), slot="13:00", days=0b10111)
    await world.plan_until(at("2026-03-03 11:00"), at("2026-03-06 18:00"))
    assert [(row.step, row.due_at) for row in world.deliveries(person) if row.state is State.PLANNED] == [
        (1, at("2026-03-02 08:15")),
        (2, at("2026-03-03 08:15")),
        (3, at("2026-03-04 13:00")),
        (4, at("2026-03-06 13:00")),
    ]
    assert (5, "thu", Reason.OWN_DAY_OFF) in world.steps(person)


async def test_gathered_on_mondays_chosen_on_a_wednesday_begins_next_monday(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-04 12:00"))
    world.move(person, now=at("2026-03-04 13:00"), pace=Pace.MONDAYS)
    await world.plan_until(at("2026-03-04 13:00"), at("2026-03-09 18:00"))
    assert [what for _, _, what in world.steps(person)[3:5]] == [Reason.PACE, Reason.PACE]
    week_two = [row for row in world.deliveries(person) if row.day == date(2026, 3, 9)]
    assert [row.step for row in week_two] == [6, 7, 8, 9, 10]


async def test_a_traveller_keeps_the_slot_of_where_they_are(world: World) -> None:
    person = world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.move(person, now=at("2026-03-02 20:00"), zone="America/New_York")
    await world.plan_until(at("2026-03-02 20:00"), at("2026-03-04 22:00"))
    due = [row.due_at for row in world.deliveries(person)]
    assert due == [
        at("2026-03-02 08:15"),
        at("2026-03-03 08:15", "America/New_York"),
        at("2026-03-04 08:15", "America/New_York"),
    ]


async def test_what_nobody_planned_while_the_old_rhythm_waited_is_explained(world: World) -> None:
    """Knuff was down for two weeks in the old rhythm when the person moved to one that was up to date."""
    person = world.person(world.cohort())
    world.move(person, now=at("2026-03-17 12:00"), slot="13:00")
    await world.plan(at("2026-03-17 12:00"))
    await world.plan_until(at("2026-03-17 12:00"), at("2026-03-20 18:00"))
    assert sorted(step for step, _, _ in world.steps(person) if step) == list(range(1, 16))


async def test_moving_is_sorted_out_by_one_process_only(world: World) -> None:
    cohort = world.cohort()
    people = [world.person(cohort) for _ in range(5)]
    await world.plan_until(at("2026-03-02 06:00"), at("2026-03-03 12:00"))
    for person in people:
        world.move(person, now=at("2026-03-03 13:00"), days=0b10101)
    done = await asyncio.gather(*(plan(world.store, at("2026-03-03 13:00")) for _ in range(4)))
    assert not any(each.failed for each in done)
    for person in people:
        assert sorted(step for step, _, _ in world.steps(person) if step) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("joined_at", "first_day", "due_at"),
    [
        (at("2026-02-26 12:00"), MONDAY, at("2026-02-27 08:15")),
        (at("2026-02-27 07:00"), MONDAY, at("2026-02-27 08:15")),
        (at("2026-02-27 10:00"), MONDAY, at("2026-02-27 10:00")),
        (at("2026-02-27 20:00"), MONDAY, at("2026-03-02 08:15")),
        (at("2026-03-01 12:00"), MONDAY, at("2026-03-02 08:15")),
        (at("2026-03-03 12:00"), date(2026, 3, 4), at("2026-03-03 12:00")),
    ],
    ids=["the day before", "that very day", "too late for the slot", "evening", "weekend", "late joiner"],
)
async def test_the_welcome_comes_before_the_first_exercise(
    world: World, joined_at: datetime, first_day: date, due_at: datetime
) -> None:
    cohort = world.cohort()
    person = world.person(cohort, welcomed=False, now=joined_at, first_day=first_day)
    await world.plan(joined_at)
    (welcome,) = world.deliveries(person)
    assert (welcome.kind, welcome.due_at, welcome.rides_on) == (Kind.WELCOME, due_at, None)
    assert await world.plan(joined_at) is not None
    assert len(world.deliveries(person)) == 1


async def test_when_there_is_no_hour_left_the_first_exercise_rides_on_the_welcome(world: World) -> None:
    person = world.person(world.cohort(), welcomed=False, now=at("2026-03-01 12:00"))
    await world.plan_until(at("2026-03-01 12:00"), at("2026-03-02 18:00"))
    welcome, nudge = sorted(world.deliveries(person), key=lambda row: row.id)
    assert (welcome.kind, welcome.rides_on) == (Kind.WELCOME, None)
    assert (nudge.step, nudge.rides_on, nudge.state) == (1, welcome.id, State.PLANNED)


async def test_nobody_is_welcomed_twice(world: World) -> None:
    first, second = world.cohort(), world.cohort()
    newcomer = world.person(first, second, welcomed=False, now=at("2026-02-26 12:00"))
    await world.plan(at("2026-02-26 12:00"))
    assert [row.kind for row in world.deliveries(newcomer)] == [Kind.WELCOME]
    known = world.person(first, now=at("2026-02-26 12:00"))
    world.change(Enrolment, 3, moved_at=at("2026-02-26 12:00"))
    await world.plan(at("2026-02-26 12:00"))
    assert world.deliveries(known) == []


class Lives:
    """Random rhythms, closed days and changes of mind."""

    slot = st.sampled_from(["07:45", "08:15", "12:45", "15:00"])
    zone = st.sampled_from([STOCKHOLM, "Europe/London", "Asia/Tokyo", "America/New_York"])
    days = st.integers(1, 31)
    pace = st.sampled_from(list(Pace))
    rhythm = st.fixed_dictionaries({"slot": slot, "zone": zone, "days": days, "pace": pace})
    change = st.tuples(
        st.integers(0, 24 * 21),
        st.fixed_dictionaries(
            {}, optional={"slot": slot, "zone": zone, "days": days, "pace": pace, "shift": st.sampled_from(Shift)}
        ),
    )
    closed = st.frozensets(st.integers(0, 20).map(lambda offset: MONDAY + timedelta(days=offset)), max_size=4)


@settings(max_examples=40)
@given(rhythm=Lives.rhythm, changes=st.lists(Lives.change, max_size=5), closed=Lives.closed)
async def test_whatever_somebody_changes_each_step_is_promised_once(
    rhythm: dict[str, Any], changes: list[tuple[int, dict[str, Any]]], closed: frozenset[date]
) -> None:
    store = in_memory()
    try:
        world = World(store)
        calendar = Calendar(closed=closed)
        cohort = world.cohort(calendar=calendar.to_choices())
        person = world.person(cohort, now=at("2026-03-01 00:00"), **rhythm)
        now, ends = at("2026-03-01 12:00"), at("2026-03-25 12:00")
        later = sorted(((now + timedelta(hours=hours), rhythm) for hours, rhythm in changes), key=lambda one: one[0])
        while now < ends:
            while later and later[0][0] <= now:
                world.move(person, now=now, **later.pop(0)[1])
            await world.plan(now)
            for row in world.deliveries(person):
                if row.state is State.PLANNED and row.rides_on is None and row.try_at <= now:
                    world.settle(row)
                    check_due(world, person, row.due_at, calendar)
            moments = [world.next_moment(), later[0][0] if later else None, ends]
            now = max(now + timedelta(seconds=1), min(moment for moment in moments if moment is not None))
        steps = Counter(row.step for row in world.deliveries(person, Kind.NUDGE))
        assert steps == Counter(range(1, 16))
        messages = Counter(row.day for row in world.deliveries(person) if row.rides_on is None and row.reason is None)
        assert set(messages.values()) <= {1}
    finally:
        store.close()


def check_due(world: World, person: int, due_at: datetime, calendar: Calendar) -> None:
    """A message is due at a humane hour of an open day, where the person is."""
    cadence = world.look_up(Cadence, world.look_up(Person, person).cadence_id)
    local = due_at.astimezone(ZoneInfo(cadence.zone))
    assert calendar.why_closed(local.date(), local.time()) is None
    hours = HOURS[cadence.shift]
    assert hours.begin <= local.time() <= calendar.day_ends(local.date(), hours)
    assert on(cadence.days, local.date())


async def test_a_welcome_that_lost_its_first_slot_goes_out_with_the_first_exercise(world: World) -> None:
    """Confirmed on Sunday evening, and Knuff was down until just after Monday's slot."""
    person = world.person(world.cohort(), welcomed=False, now=at("2026-03-01 20:00"))
    await world.plan(at("2026-03-02 08:16"))
    (welcome,) = world.deliveries(person, Kind.WELCOME)
    (nudge,) = world.deliveries(person, Kind.NUDGE)
    assert (welcome.day, welcome.rides_on, welcome.due_at) == (MONDAY, None, at("2026-03-02 08:16"))
    assert (nudge.day, nudge.rides_on, nudge.state) == (MONDAY, welcome.id, State.PLANNED)


async def test_a_welcome_that_lost_its_first_slot_carries_it_though_the_others_have_theirs(world: World) -> None:
    cohort = world.cohort()
    world.person(cohort)
    await world.plan(at("2026-03-02 08:15"))
    person = world.person(cohort, welcomed=False, now=at("2026-03-02 09:00"))
    await world.plan(at("2026-03-02 09:00"))
    (welcome,) = world.deliveries(person, Kind.WELCOME)
    first = world.deliveries(person, Kind.NUDGE)[0]
    assert (welcome.day, first.day, first.step, first.rides_on) == (MONDAY, MONDAY, 1, welcome.id)
