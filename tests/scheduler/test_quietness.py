"""Silence makes us quieter."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace, Person
from tests.scheduler.world import MONDAY, World, at

WEEK = [MONDAY + timedelta(days=offset) for offset in range(5)]


async def live_through_the_week(world: World, person: int) -> list[str]:
    """Every message of the week arrives and is left unanswered. Return the days on which something came."""
    days = []
    for day in WEEK:
        await world.plan(at(f"{day} 08:15"))
        for row in world.deliveries(person):
            if row.state is State.PLANNED:
                world.settle(row)
                silent = world.look_up(Person, person).unanswered
                world.change(Person, person, last_sent_on=day, unanswered=silent + 1)
                days.append(f"{day:%a}".lower())
    return days


@pytest.mark.parametrize(
    ("unanswered", "days"),
    [
        (0, ["mon", "tue", "thu"]),  # the second unanswered one makes it every other day
        (2, ["mon", "wed", "fri"]),
        (4, ["mon", "tue", "thu"]),
        (5, ["mon", "tue", "thu"]),
        (9, ["mon"]),
        (10, ["mon"]),
        (19, ["mon"]),
    ],
)
async def test_silence_makes_messages_fewer(world: World, unanswered: int, days: list[str]) -> None:
    person = world.person(world.cohort(), unanswered=unanswered)
    assert await live_through_the_week(world, person) == days
    others = [reason for _, day, reason in world.steps(person) if day not in days]
    assert set(others) == {Reason.BACKED_OFF}
    assert len(world.steps(person)) == 5


@pytest.mark.parametrize(
    ("works", "days"),
    [(0b10100, ["wed", "fri"]), (0b00100, ["wed"]), (0b11110, ["tue", "thu", "fri"]), (0b11011, ["mon", "tue", "thu"])],
    ids=["wed fri", "wed", "tue to fri", "not wed"],
)
async def test_three_a_week_of_whoever_works_other_days_is_on_theirs(world: World, works: int, days: list[str]) -> None:
    """Also when it is silence that makes it three a week: nobody falls silent for ever."""
    silent, chosen = (
        world.person(world.cohort(), days=works, **how) for how in ({"unanswered": 5}, {"pace": Pace.THREE})
    )
    assert await live_through_the_week(world, silent) == days
    for day in WEEK:
        await world.plan(at(f"{day} 08:15"))
    assert [f"{row.day:%a}".lower() for row in world.deliveries(chosen) if row.state is State.PLANNED] == days


async def test_every_other_day_skips_closed_days_when_it_counts(world: World) -> None:
    person = world.person(world.cohort(starts_on=date(2026, 3, 30)), unanswered=2, last_sent_on=date(2026, 4, 2))
    await world.plan_until(at("2026-04-02 18:00"), at("2026-04-08 18:00"))
    sent = [row.day for row in world.deliveries(person) if row.state is State.PLANNED and row.day > date(2026, 4, 2)]
    # Thursday 2 April was the last working day before Tuesday 7 April.
    assert sent[0] == date(2026, 4, 8)


async def test_after_a_closed_monday_the_weekly_message_comes_on_the_first_working_day(world: World) -> None:
    person = world.person(world.cohort(starts_on=date(2026, 3, 30)), unanswered=12)
    await world.plan_until(at("2026-04-06 06:00"), at("2026-04-10 18:00"))
    sent = [row.day for row in world.deliveries(person) if row.state is State.PLANNED and row.day > date(2026, 4, 5)]
    assert sent == [date(2026, 4, 7)]


async def test_after_twenty_there_is_one_farewell(world: World) -> None:
    person = world.person(world.cohort(), unanswered=20)
    days = await live_through_the_week(world, person)
    (farewell,) = world.deliveries(person, Kind.FAREWELL)
    assert days == ["mon"]
    assert farewell.day == MONDAY
    assert {reason for _, _, reason in world.steps(person)} == {Reason.BACKED_OFF}


@pytest.mark.parametrize("fields", [{"stopped_at": at("2026-03-01 12:00")}, {"left_at": at("2026-03-01 12:00")}])
async def test_nobody_who_is_gone_gets_a_farewell(world: World, fields: dict[str, Any]) -> None:
    person = world.person(world.cohort(), unanswered=20, **fields)
    await world.plan(at("2026-03-02 08:15"))
    assert world.deliveries(person, Kind.FAREWELL) == []


async def test_a_weekly_rhythm_is_quiet_enough_until_the_farewell(world: World) -> None:
    cohort = world.cohort()
    silent = world.person(cohort, pace=Pace.MONDAYS, unanswered=12, last_sent_on=date(2026, 2, 23))
    gone = world.person(cohort, pace=Pace.MONDAYS, unanswered=20)
    await world.plan(at("2026-03-02 08:15"))
    assert [row.state for row in world.deliveries(silent)] == [State.PLANNED] * 5
    assert [row.kind for row in world.deliveries(gone) if row.state is State.PLANNED] == [Kind.FAREWELL]
