"""What somebody chooses about being put together is theirs: kept for them, shown to them, deleted with them."""

from typing import Any

from sqlmodel import Session, SQLModel, select

from storage import exclusions, my_data, sitting_out
from storage.tables.pairs import Exclusion, Paired, SittingOut
from storage.tables.people import Person
from tests.pairs.fika import FIRST_DAY, FikaWorld


def rows(world: FikaWorld, table: type[SQLModel]) -> int:
    return world.run(lambda session: len(session.exec(select(table)).all()))


def test_a_choice_takes_the_place_of_the_one_before_it(world: FikaWorld) -> None:
    me, you, they = world.members(3)
    world.not_with(me, you, they)
    world.not_with(me, they)
    assert world.by(me, exclusions.of_person) == [world.look_up(Person, they).external_id]
    world.not_with(me)
    assert world.by(me, exclusions.of_person) == []


def test_nobody_chooses_themselves_and_somebody_we_have_not_met_may_be_chosen(world: FikaWorld) -> None:
    me, you = world.members(2)
    world.by(me, exclusions.choose, [world.look_up(Person, me).external_id, "U0NEW"])
    assert world.by(me, exclusions.of_person) == ["U0NEW"]
    world.change(Person, you, external_id="U0NEW")
    assert world.run(lambda session: exclusions.among(session, [me, you])) == [(me, you)]


def test_it_holds_both_ways_and_does_not_say_whose_choice_it_was(world: FikaWorld) -> None:
    me, you = world.members(2)
    world.not_with(you, me)
    one = world.run(lambda session: exclusions.among(session, [me, you]))
    world.not_with(you)
    world.not_with(me, you)
    assert world.run(lambda session: exclusions.among(session, [you, me])) == one == [(me, you)]


async def test_my_data_has_my_choices_and_nobody_elses(world: FikaWorld) -> None:
    team, (me, you, *_others), _fika = world.fika(4)
    world.not_with(me, you)
    world.rests(you, team)
    await world.come(FIRST_DAY)
    mine, yours = (world.by(one, my_data.collect) for one in (me, you))
    name = world.look_up(Person, you).external_id
    assert mine["not_paired_with"] == [name]
    assert mine["pairs"] == [{"made_on": "2026-03-02"}]
    assert (yours["not_paired_with"], yours["pairs"], yours["not_paired_in"]) == ([], [], [{"team_id": team}])
    assert world.look_up(Person, me).external_id not in repr(yours)


async def test_my_choices_and_whom_i_met_go_with_my_data(world: FikaWorld) -> None:
    team, (me, you, *others), _fika = world.fika(6)
    world.not_with(me, others[0])
    world.not_with(you, me)
    world.rests(others[1], team)
    await world.come(FIRST_DAY)
    before = rows(world, Paired)
    world.by(me, my_data.erase, FIRST_DAY)
    left: dict[str, Any] = world.by(me, my_data.collect)
    assert (left["not_paired_with"], left["pairs"], left["not_paired_in"]) == ([], [], [])
    assert rows(world, Paired) == before - 1
    assert rows(world, Exclusion) == 1, "yours, which is not mine to delete"
    assert rows(world, SittingOut) == 1


def test_sitting_out_is_for_one_team_and_until_they_come_back(world: FikaWorld) -> None:
    me, you = world.members(2)
    here, there = world.team(me, you), world.team(me, you, channel_id="C2")
    world.rests(me, here)
    world.rests(me, here)

    def sits(session: Session, person: int, team: int) -> bool:
        return sitting_out.sits_out(session, session.get_one(Person, person), team)

    def of(person: int, team: int) -> bool:
        return world.run(lambda session: sits(session, person, team))

    assert [of(me, here), of(me, there), of(you, here)] == [True, False, False]
    world.by(me, sitting_out.come_back, here)
    assert not of(me, here)
