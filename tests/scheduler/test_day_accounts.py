"""The account as an operator reads it: it balances or says so, and points at nobody."""

from datetime import date, timedelta

from scheduler.account import FAULTS_OF_OURS
from scheduler.day_accounts import DayAccount, day_accounts
from storage.tables.deliveries import Delivery, Kind, Reason, State
from tests.scheduler.world import MONDAY, World, at

NIGHT = at("2026-03-03 03:00")


def days_of(world: World, last: date = MONDAY) -> list[DayAccount]:
    return world.store.write_now(
        lambda session: day_accounts(session, organisation_id=world.organisation, first=MONDAY, last=last, now=NIGHT)
    )


def a_morning(world: World, *cohorts: int, people: int, paused: int = 0) -> None:
    """Monday for so many people: all got theirs but the last ones, who had paused."""
    for number in range(people):
        if number < people - paused:
            world.settle(world.look_up(Delivery, world.promise(world.person(*cohorts), step=1)))
        else:
            world.promise(world.person(*cohorts), step=1, reason=Reason.PAUSED)


def test_promised_is_sent_and_explained_for_each_cohort_by_its_number(world: World) -> None:
    first, second = world.cohort(), world.cohort()
    a_morning(world, first, people=12, paused=7)
    a_morning(world, second, people=5)
    [day] = days_of(world)
    assert (day.day, day.is_over, day.balances) == (MONDAY, True, True)
    told = [(one.workspace_id, one.cohort_id, one.promised, one.sent, one.explained) for one in day.groups]
    assert told == [(world.workspace, first, 12, 5, 7), (world.workspace, second, 5, 5, 0)]
    assert [one.faults for one in day.groups] == [{}, {}]


def test_a_day_that_is_over_with_something_on_the_way_does_not_balance(world: World) -> None:
    a_morning(world, world.cohort(), people=6)
    world.settle(world.deliveries()[0], State.UNKNOWN)
    [day] = days_of(world)
    assert (day.balances, day.on_the_way, day.groups[0].sent) == (False, 1, 5)


def test_a_day_that_is_not_over_balances(world: World) -> None:
    cohort = world.cohort()
    a_morning(world, cohort, people=12, paused=7)
    world.promise(world.person(cohort), step=1, late_after=at("2026-03-02 16:30", "Pacific/Honolulu"))
    [day] = days_of(world)
    assert (day.is_over, day.balances, day.on_the_way) == (False, True, 1)
    assert day.groups[0].explained == 7


def test_of_fewer_than_five_people_is_told_only_that_it_balances(world: World) -> None:
    cohort = world.cohort()
    a_morning(world, cohort, people=4, paused=1)
    person = world.person(world.cohort(weeks=(5, 5)))
    for step in range(10, 16):  # many promises to one are still one
        world.promise(person, step=step, reason=Reason.PAUSED)
    [day] = days_of(world)
    assert [(one.promised, one.settled, one.on_the_way) for one in day.groups] == [(4, 4, 0), (6, 6, 0)]
    assert {(one.sent, one.explained) for one in day.groups} == {(None, None)}


def test_faults_of_ours_are_told_at_once_and_of_the_smallest_group_too(world: World) -> None:
    cohort = world.cohort()
    for fault in (*FAULTS_OF_OURS, Reason.REFUSED):
        world.promise(world.person(cohort), step=1, reason=fault)
    world.promise(world.person(world.cohort()), step=1, reason=Reason.OUTCOME_UNKNOWN)
    [day] = days_of(world)
    assert day.groups[0].faults == dict.fromkeys(FAULTS_OF_OURS, 1) | {Reason.REFUSED: 2}
    assert (day.groups[1].explained, day.groups[1].faults) == (None, {Reason.OUTCOME_UNKNOWN: 1})


def test_no_reason_of_anybodys_own_is_told_whoever_had_it(world: World) -> None:
    cohort = world.cohort()
    for reason in set(Reason) - FAULTS_OF_OURS:
        for _ in range(6):
            world.promise(world.person(cohort), step=1, reason=reason)
    [day] = days_of(world)
    assert day.groups[0].faults == {}


def test_days_and_what_belongs_to_no_cohort_are_told_apart(world: World) -> None:
    person = world.person()
    world.promise(person, kind=Kind.WELCOME)
    world.promise(person, day=MONDAY + timedelta(days=1), step=2)
    first, second = days_of(world, MONDAY + timedelta(days=1))
    assert [(one.cohort_id, one.promised) for one in first.groups] == [(None, 1)]
    assert (second.day, second.is_over) == (MONDAY + timedelta(days=1), False)
    assert days_of(world, MONDAY - timedelta(days=1)) == []
