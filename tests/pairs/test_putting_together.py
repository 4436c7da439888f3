"""Who meets whom in a fika: from its first morning on, and put right on the next for whoever came, left or changed."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlmodel import select

from scheduler.rounds import plan_rounds
from storage import teams
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.pairs import PairMemory
from storage.tables.people import Person
from storage.tables.rounds import Round
from tests.pairs.fika import COFFEE, FIRST_DAY, KEY, LAST_DAY, NEXT, NEXT_FIRST_DAY, FikaWorld, couples
from tests.scheduler.challenges import TEXT, challenge, step
from tests.scheduler.rounds_world import begin
from tests.scheduler.world import MONDAY, at


async def test_everybody_hears_whom_they_meet_and_nobody_of_another(world: FikaWorld) -> None:
    _team, people, fika = world.fika(6)
    await world.come(FIRST_DAY)
    groups = world.groups(fika)
    assert sorted(one for group in groups for one in group) == people
    assert [len(group) for group in groups] == [2, 2, 2]
    assert world.said_alone(fika) == set(people)
    for group in groups:
        for one in group:
            assert world.meets(one, fika) == set(group) - {one}


async def test_of_an_odd_number_three_meet_and_each_is_told_of_both(world: FikaWorld) -> None:
    _team, _people, fika = world.fika(5)
    await world.come(FIRST_DAY)
    assert sorted(len(group) for group in world.groups(fika)) == [2, 3]
    [three] = [group for group in world.groups(fika) if len(group) == 3]
    assert all(len(world.told(one, fika).others) == 2 for one in three)
    assert len({world.told(one, fika).times for one in three}) == 1


async def test_two_processes_put_people_together_once(world: FikaWorld) -> None:
    _team, people, fika = world.fika(8)
    await asyncio.gather(*(plan_rounds(world.store, FIRST_DAY, pair_key=KEY) for _ in range(3)))
    groups = world.groups(fika)
    assert sorted(one for group in groups for one in group) == people
    assert len(world.run(lambda session: session.exec(select(PairMemory)).all())) == 4


async def test_who_is_away_or_sits_out_is_put_together_with_nobody(world: FikaWorld) -> None:
    team, people, fika = world.fika(10)
    paused, stopped, gone, unreachable, resting = people[:5]
    world.change(Person, paused, paused_from=date(2026, 3, 2), paused_until=date(2026, 3, 2))
    world.change(Person, stopped, stopped_at=world.founded_at)
    world.change(Person, gone, left_at=world.founded_at)
    world.change(Person, unreachable, unreachable_at=world.founded_at)
    world.rests(resting, team)
    await world.come(FIRST_DAY)
    assert sorted(one for group in world.groups(fika) for one in group) == people[5:]
    # Whoever sits out is promised nothing; nobody of the others either who cannot be told.
    assert resting not in world.said_alone(fika)
    fates = {one.person_id: one.reason for one in world.deliveries(kind=Kind.ROUND) if one.person_id in people[:5]}
    assert fates == {paused: Reason.PAUSED, stopped: Reason.STOPPED, unreachable: Reason.NOT_REACHABLE}
    await world.come(COFFEE)
    assert {paused} <= {one for group in world.groups(fika) for one in group}, "back from the pause"


async def test_who_sits_out_keeps_the_exercise_of_the_day(world: FikaWorld) -> None:
    cohort = world.cohort()
    people = [world.person(cohort) for _ in range(5)]
    team = world.team(*people)
    world.begin(team)
    world.rests(people[0], team)
    await world.plan(at("2026-03-02 08:15"))
    await world.come(FIRST_DAY)
    rows = [one for one in world.deliveries(kind=Kind.NUDGE) if one.day == MONDAY]
    nudges = {one.person_id: one.reason or one.state for one in rows}
    assert nudges.pop(people[0]) is State.PLANNED
    assert set(nudges.values()) == {Reason.REPLACED_BY_ROUND}


async def test_whoever_is_left_over_is_told_so_and_no_more(world: FikaWorld) -> None:
    _team, people, fika = world.fika(4)
    lonely, *others = people
    world.not_with(lonely, *others)
    await world.come(FIRST_DAY)
    assert world.told(lonely, fika).others == ()
    assert world.told(lonely, fika).times == ()
    assert lonely in world.said_alone(fika)
    assert len(world.groups(fika)) == 1, "the others are three"


async def test_a_partner_who_leaves_is_no_longer_named_and_the_other_joins_a_pair_the_next_day(
    world: FikaWorld,
) -> None:
    team, _people, fika = world.fika(4)
    await world.come(FIRST_DAY)
    [first, second] = world.groups(fika)
    world.leaves(first[0], team, at("2026-03-02 12:00"))
    assert world.told(first[1], fika).others == ()
    await world.come(COFFEE)
    assert world.meets(first[1], fika, step=1) == set(second)
    assert all(world.meets(one, fika, step=1) == {*second, first[1]} - {one} for one in second)
    assert world.told(first[0], fika, step=1).others == (), "nor is whoever left told anything"


async def test_whoever_comes_later_meets_somebody_the_next_day(world: FikaWorld) -> None:
    team, _people, fika = world.fika(4)
    await world.come(FIRST_DAY)
    before = world.groups(fika)
    new, another = world.members(2)
    for one in (new, another):
        world.comes(one, team, at("2026-03-02 13:00"))
    await world.come(COFFEE)
    assert world.groups(fika) == sorted([*before, (new, another)])
    third = world.person()
    world.comes(third, team, at("2026-03-03 13:00"))
    await world.come(LAST_DAY)
    assert third not in {one for group in world.groups(fika) for one in group}, "on the last day nobody is put together"


async def test_whoever_thinks_again_meets_somebody_else_the_next_day_and_is_named_to_nobody(world: FikaWorld) -> None:
    _team, people, fika = world.fika(6)
    await world.come(FIRST_DAY)
    [first, *_others] = world.groups(fika)
    world.not_with(first[0], first[1])
    assert [world.told(one, fika).others for one in first] == [(), ()], "at once, if their message has not gone out"
    await world.come(COFFEE)
    assert [len(group) for group in world.groups(fika)] == [3, 3]
    assert first not in couples(world.groups(fika))
    assert all(world.meets(one, fika, step=1) for one in people), "nobody is left alone by it"


@pytest.mark.parametrize("number", [4, 5])
@pytest.mark.parametrize("who", [0, 1])
async def test_whoever_of_two_thinks_again_both_meet_somebody_else_the_next_day(
    memory: FikaWorld, number: int, who: int
) -> None:
    """Were one of them alone, neither paused nor gone, they could see why."""
    _team, people, fika = memory.fika(number)
    await memory.come(FIRST_DAY)
    two = next(group for group in memory.groups(fika) if len(group) == 2)
    memory.not_with(two[who], two[1 - who])
    await memory.come(COFFEE)
    assert all(memory.meets(one, fika, step=1) for one in people)
    assert two not in couples(memory.groups(fika))


async def test_a_three_gives_one_up_for_whoever_is_alone_and_the_others_still_meet(memory: FikaWorld) -> None:
    _team, people, fika = memory.fika(7)
    await memory.come(FIRST_DAY)
    before = memory.groups(fika)
    [[stays, pauses], other] = [group for group in before if len(group) == 2]
    [three] = [group for group in before if len(group) == 3]
    for one in other:  # so that whoever stays can be no third there
        memory.not_with(one, stays)
    memory.change(Person, pauses, paused_from=MONDAY, paused_until=None)
    await memory.come(COFFEE)
    meets = {one: memory.meets(one, fika, step=1) for one in people}
    assert len(meets[stays]) == 1
    assert meets[stays] < {*three}
    assert all(len(meets[one]) == 1 for one in three)
    assert meets[other[0]] == {other[1]}, "nobody else's fika is touched"


async def test_what_is_said_on_the_second_day_is_remembered_too(memory: FikaWorld) -> None:
    _team, _people, fika = memory.fika(4)
    await memory.come(FIRST_DAY)
    first = couples(memory.groups(fika))
    [one, other] = memory.groups(fika)[0]
    memory.not_with(one, other)
    await memory.come(COFFEE)
    met = first | couples(memory.groups(fika))
    kept = memory.run(lambda session: set(session.exec(select(PairMemory.digest)).all()))
    assert len(met) == 4
    assert kept == {KEY.digest_of(memory.organisation, *two) for two in met}


async def test_knuff_that_was_down_on_the_first_day_puts_people_together_on_the_second(world: FikaWorld) -> None:
    _team, people, fika = world.fika(4)
    await world.come(COFFEE - timedelta(hours=1), COFFEE)
    assert sorted(one for group in world.groups(fika) for one in group) == people
    assert all(len(world.told(one, fika).others) == 1 for one in people)
    assert world.said_alone(fika) == {*people}


async def test_in_the_next_fika_nobody_meets_the_same_again(world: FikaWorld) -> None:
    team, _people, fika = world.fika(6)
    await world.come(FIRST_DAY, COFFEE, LAST_DAY)
    met = couples(world.groups(fika))
    world.change(Round, fika, state="ended", ending="finished", ended_at=LAST_DAY)
    for number in range(4):  # six people have five partners each
        again = world.begin(team, NEXT)
        await world.come(NEXT_FIRST_DAY)
        now = couples(world.groups(again))
        assert not now & met, number
        met |= now
        world.change(Round, again, state="ended", ending="finished", ended_at=NEXT_FIRST_DAY)
    assert len(met) == 15


async def test_people_of_different_units_meet_unless_the_coordinator_says_it_does_not_matter(world: FikaWorld) -> None:
    people = world.members(20)
    world.team(*people[:10], channel_id="C2")
    world.team(*people[10:], channel_id="C3")
    team = world.team(*people)
    across = world.begin(team)
    await world.come(FIRST_DAY)
    assert all((one in people[:10]) != (other in people[:10]) for one, other in couples(world.groups(across)))
    world.change(Round, across, state="ended", ending="finished", ended_at=LAST_DAY)
    whatever = world.begin(team, NEXT, across_units=False)
    assert world.look_up(Round, whatever).pairs_across_units is False
    # Ten of each unit: by lot, hardly ever nobody meets their own.
    await world.come(NEXT_FIRST_DAY)
    assert any((one in people[:10]) == (other in people[:10]) for one, other in couples(world.groups(whatever)))


async def test_a_round_of_another_kind_puts_nobody_together(world: FikaWorld) -> None:
    people = world.members(4)
    round_id = begin(world, world.team(*people), challenge(step("words", 1, private=TEXT)))
    assert world.look_up(Round, round_id).pairs_across_units is None
    await world.come(FIRST_DAY)
    assert world.groups(round_id) == []


def test_who_is_in_a_team_of_two_is_still_a_member_for_the_team(memory: FikaWorld) -> None:
    """Sitting out changes no number that anybody sees."""
    team, people, _fika = memory.fika(5)
    memory.rests(people[0], team)
    assert memory.run(lambda session: teams.number_of_members(session, team, FIRST_DAY)) == 5
