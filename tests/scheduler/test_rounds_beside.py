"""A round beside everything else that is promised to its members: one message a person and day."""

from datetime import timedelta
from typing import Any

import pytest

from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace, Shift
from tests.scheduler.challenges import by, challenge, each, step
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import (
    begin,
    fates,
    messages,
    people,
    plan,
    prompts_a_day,
    team,
)
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
TUESDAY = MONDAY + timedelta(days=1)
NEXT_DAY = at("2026-03-03 10:00")
PLANNED, SENT = State.PLANNED, State.SENT


@pytest.mark.parametrize("slot", ["08:15", "10:00", "13:00"], ids=["before", "with", "after"])
@pytest.mark.parametrize("content", [each("need", 1), step("talk", 1)], ids=["alone", "in the channel"])
async def test_the_days_exercise_is_replaced_by_the_round_whether_it_is_planned_before_or_after(
    office: Office, slot: str, content: dict[str, Any]
) -> None:
    """A member's day with a round in it has the round's prompt and nothing else of ours."""
    world = office.world
    anna, bo = people(world, 2, slot=slot)
    nobodys = world.person(world.cohort(), slot=slot)
    begin(world, team(world, [anna, bo]), challenge(content))
    for clock in ("08:15", "10:00", "13:00"):
        office.clock.wind_to(at(f"2026-03-02 {clock}"))
        await world.plan(office.clock.now())
        await plan(world, office.clock.now())
        await office.send()
    for person in (anna, bo):
        assert fates(world, person)[Kind.NUDGE] is Reason.REPLACED_BY_ROUND
        assert sum(prompts_a_day(world, person).values()) == (1 if "private" in content else 0)
    assert fates(world, nobodys) == {Kind.NUDGE: SENT}
    assert messages(world)[0] == (None, SENT)


async def test_what_has_not_gone_out_yet_makes_way_for_the_round(world: World) -> None:
    """Planned for the same morning and still waiting in its lane."""
    anna, bo = people(world, 2)
    world.follow_up(anna, MONDAY)
    await world.plan(at("2026-03-02 08:15"))
    assert fates(world, anna) == {Kind.NUDGE: PLANNED, Kind.FOLLOW_UP: PLANNED}
    begin(world, team(world, [anna, bo]), challenge(each("need", 1)))
    await plan(world, SLOT)
    replaced = {Kind.NUDGE: Reason.REPLACED_BY_ROUND, Kind.ROUND: PLANNED}
    assert fates(world, anna) == replaced | {Kind.FOLLOW_UP: Reason.REPLACED_BY_ROUND}
    assert fates(world, bo) == replaced
    await world.plan(at("2026-03-03 08:15"))
    again = [row for row in world.deliveries(anna, Kind.FOLLOW_UP) if row.reason is None]
    assert [row.day for row in again] == [TUESDAY]


async def two_days(office: Office) -> None:
    for day in ("2026-03-02", "2026-03-03"):
        for clock in ("08:15", "10:00"):
            office.clock.wind_to(at(f"{day} {clock}"))
            await office.world.plan(office.clock.now())
            await plan(office.world, office.clock.now())
            await office.send()


@pytest.mark.parametrize("slot", ["08:15", "10:00"], ids=["before the round", "with it"])
async def test_a_follow_up_waits_for_a_day_on_which_the_round_asks_nothing_of_its_person_alone(
    office: Office, slot: str
) -> None:
    world = office.world
    anna, bo = people(world, 2, slot=slot)
    world.follow_up(anna, MONDAY)
    begin(world, team(world, [anna, bo]), challenge(each("need", 1)))
    await two_days(office)
    asked = [(row.day, row.reason or row.state) for row in world.deliveries(anna, Kind.FOLLOW_UP)]
    assert asked == [(MONDAY, Reason.REPLACED_BY_ROUND), (TUESDAY, SENT)]


@pytest.mark.parametrize("slot", ["08:15", "10:00"], ids=["before the round", "with it"])
@pytest.mark.parametrize("content", [step("talk", 1), by("mandate", "answer", 1)], ids=["channel", "another alone"])
async def test_on_a_day_the_round_says_nothing_to_somebody_alone_their_follow_up_and_plan_come(
    office: Office, slot: str, content: dict[str, Any]
) -> None:
    """A plan comes on its own day or never: what is said in the channel alone must not take it."""
    world = office.world
    anna, bo, boss = people(world, 3, slot=slot)
    world.follow_up(anna, MONDAY)
    world.plan_of(bo, MONDAY)
    begin(world, team(world, [anna, bo], mandate=boss), challenge(content))
    await two_days(office)
    for person, kind in ((anna, Kind.FOLLOW_UP), (bo, Kind.PLAN)):
        monday = {row.kind: row.reason or row.state for row in world.deliveries(person) if row.day == MONDAY}
        assert monday == {Kind.NUDGE: Reason.REPLACED_BY_ROUND, kind: SENT}
        assert max(prompts_a_day(world, person).values()) == 1


async def test_a_welcome_goes_before_the_round(world: World) -> None:
    cohort = world.cohort()
    new, anna = world.person(cohort, welcomed=False), world.person(cohort)
    await world.plan(at("2026-03-02 08:15"))
    begin(world, team(world, [new, anna]), challenge(each("need", 1)))
    await plan(world, SLOT)
    assert fates(world, new) == {
        Kind.WELCOME: PLANNED, Kind.NUDGE: PLANNED, Kind.ROUND: Reason.ONE_MESSAGE,
    }  # fmt: skip


async def test_whoever_is_in_two_teams_is_asked_by_one_of_them(world: World) -> None:
    """The preview refuses such a start; somebody who joins later is not asked twice either."""
    anna, bo, cia = people(world)
    first, second = team(world, [anna, bo]), team(world, [anna, cia], channel="C2")
    same = challenge(each("need", 1))
    begin(world, first, same)
    begin(world, second, same)
    await plan(world, SLOT)
    assert messages(world) == [
        (None, PLANNED), (None, PLANNED), (anna, PLANNED), (anna, Reason.ONE_MESSAGE), (bo, PLANNED), (cia, PLANNED),
    ]  # fmt: skip


async def test_on_their_own_day_off_nobody_is_asked_and_the_reminder_finds_them_at_work(world: World) -> None:
    """A team works on days that one of its members does not."""
    anna, off_on_monday, off_on_tuesday = (
        people(world, 1)[0],
        *(people(world, 1, days=days)[0] for days in (0b11110, 0b11101)),
    )
    begin(world, team(world, [anna, off_on_monday, off_on_tuesday]), challenge(each("need", 1), step("talk", 2)))
    await plan(world, SLOT)
    asked = {one: fates(world, one)[Kind.ROUND] for one in (anna, off_on_monday, off_on_tuesday)}
    assert asked == {anna: PLANNED, off_on_monday: Reason.OWN_DAY_OFF, off_on_tuesday: PLANNED}
    await plan(world, NEXT_DAY)
    reminded = {one: fates(world, one)[Kind.ROUND_REMINDER] for one in (anna, off_on_monday, off_on_tuesday)}
    assert reminded == {anna: PLANNED, off_on_monday: PLANNED, off_on_tuesday: Reason.OWN_DAY_OFF}


@pytest.mark.parametrize("content", [each("need", 1), step("talk", 1)], ids=["alone", "in the channel"])
async def test_the_week_of_whoever_works_nights_is_not_replaced_by_what_does_not_reach_them(
    office: Office, content: dict[str, Any]
) -> None:
    world = office.world
    anna, bo = people(world, 2, slot="21:30", shift=Shift.NIGHT, pace=Pace.MONDAYS)
    world.follow_up(anna, MONDAY)
    begin(world, team(world, [anna, bo]), challenge(content))
    for clock in ("08:15", "10:00", "21:30"):
        office.clock.wind_to(at(f"2026-03-02 {clock}"))
        await world.plan(office.clock.now())
        await plan(world, office.clock.now())
        await office.send()
    for person in (anna, bo):
        came = [row.kind for row in world.deliveries(person) if row.rides_on is None and row.state is SENT]
        assert came == [Kind.NUDGE]
        asked = [row.reason for row in world.deliveries(person, Kind.ROUND)]
        assert asked == ([Reason.TOO_LATE] if "private" in content else [])
    assert fates(world, anna)[Kind.FOLLOW_UP] is SENT
