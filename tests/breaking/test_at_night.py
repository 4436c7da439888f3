"""Whoever travels is written to at a humane hour where they are, also when it was promised before they left."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.buckets import Limits
from scheduler.calendar import DAY_BEGINS
from scheduler.lanes import Lane, SendingRules
from storage.tables.deliveries import Delivery
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import World, at

NEW_YORK = "America/New_York"


async def hours_in_new_york(world: World, *, start: datetime, end: datetime) -> list[tuple[int, time]]:
    """Plan and send from `start` to `end` every quarter of an hour. Return what arrived, by the clock in New York."""
    clock, courier = TrialClock(start), PaperCourier()
    rules = SendingRules(limits=Limits(posts_per_minute=None), in_flight=1)
    while clock.now() <= end:
        await world.plan(clock.now())
        await Lane(
            store=world.store, courier=courier, clock=clock, rules=rules, workspace_id=world.workspace, holder="us"
        ).run()
        clock.wind_to(clock.now() + timedelta(minutes=15))
    return [
        (world.look_up(Delivery, id).day.day, moment.astimezone(ZoneInfo(NEW_YORK)).time())
        for id, moment in courier.received
    ]


async def test_a_week_promised_ahead_follows_the_traveller(memory: World) -> None:
    person = memory.person(memory.cohort())
    await memory.plan(at("2026-03-02 08:15"))
    memory.move(person, now=at("2026-03-03 09:00"), days=0b11110)  # not on Mondays: the week is promised ahead
    await memory.plan(at("2026-03-03 09:00"))
    await memory.plan(at("2026-03-04 08:15"))
    memory.move(person, now=at("2026-03-05 06:00"), zone=NEW_YORK)
    arrived = await hours_in_new_york(memory, start=at("2026-03-05 06:00"), end=at("2026-03-06 18:00"))
    late = [(day, hour) for day, hour in arrived if day >= 5 and not DAY_BEGINS <= hour <= time(16, 30)]
    assert late == []


async def test_a_later_slot_chosen_that_morning_holds_also_in_a_week_promised_ahead(memory: World) -> None:
    person = memory.person(memory.cohort())
    await memory.plan(at("2026-03-02 08:15"))
    memory.move(person, now=at("2026-03-03 09:00"), days=0b11110)
    await memory.plan(at("2026-03-03 09:00"))
    await memory.plan(at("2026-03-04 08:15"))
    memory.move(person, now=at("2026-03-05 08:00"), slot="15:00")
    await memory.plan(at("2026-03-05 08:00"))
    await memory.plan(at("2026-03-05 15:00"))
    (thursday,) = [row for row in memory.deliveries(person) if row.day.day == 5 and row.reason is None]
    assert thursday.due_at == at("2026-03-05 15:00")


async def test_a_welcome_promised_before_somebody_left_comes_by_day_where_they_are(memory: World) -> None:
    person = memory.person(memory.cohort(), welcomed=False, now=at("2026-02-26 12:00"))
    await memory.plan(at("2026-02-26 12:00"))
    memory.move(person, now=at("2026-02-26 20:00"), zone=NEW_YORK)
    arrived = await hours_in_new_york(memory, start=at("2026-02-26 20:00"), end=at("2026-02-28 06:00"))
    assert arrived
    assert all(DAY_BEGINS <= hour <= time(16, 30) for _, hour in arrived)


async def test_a_zone_that_is_there_and_back_again_costs_no_day(memory: World) -> None:
    """A profile that says Tokyo for two minutes: Monday's exercise still comes on Monday."""
    person = memory.person(memory.cohort())
    memory.move(person, now=at("2026-03-02 08:14"), zone="Asia/Tokyo")
    await memory.plan(at("2026-03-02 08:14"))
    await memory.plan(at("2026-03-02 08:15"))
    memory.move(person, now=at("2026-03-02 08:16"), zone="Europe/Stockholm")
    await memory.plan(at("2026-03-02 08:16"))
    mondays = [row.step for row in memory.deliveries(person) if row.day.day == 2 and row.reason is None]
    assert mondays == [1]
