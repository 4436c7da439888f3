"""A team is joined by a button and left quietly; it has a channel of its own."""

from datetime import timedelta

import pytest

from storage import teams
from storage.tables.people import Person
from storage.tables.rounds import Ending
from storage.tables.teams import Team
from storage.teams import ChannelTaken, TeamNotFound
from tests.rounds.builders import NOON, SOON, TeamWorld, a_step


def members(world: TeamWorld, team: int, later: timedelta = timedelta(0)) -> list[int]:
    return world.run(lambda session: teams.members(session, team, NOON + later))


def test_people_join_leave_and_come_back(world: TeamWorld) -> None:
    me, you = world.members(2)
    team = world.team(me)
    assert world.by(you, teams.join, team, NOON)
    assert world.by(you, teams.join, team, NOON + SOON), "twice is once"
    assert members(world, team) == [me, you]
    world.by(me, teams.leave, team, NOON + SOON)
    assert (members(world, team), members(world, team, SOON)) == ([me, you], [you])
    assert [one.id for one in world.by(you, teams.of_person)] == [team]
    assert world.by(me, teams.of_person) == []
    assert world.by(me, teams.join, team, NOON + 2 * SOON)
    assert members(world, team, 2 * SOON) == [me, you]
    assert world.run(lambda session: teams.number_of_members(session, team, NOON + 2 * SOON)) == 2


def test_whoever_has_left_the_workspace_is_counted_in_no_team(world: TeamWorld) -> None:
    me, you = world.members(2)
    team = world.team(me, you)
    world.change(Person, you, left_at=NOON + SOON)
    assert members(world, team) == [me, you]
    assert members(world, team, SOON) == [me]
    counted = [world.run(lambda s, at=at: teams.number_of_members(s, team, at)) for at in (NOON, NOON + SOON)]  # type: ignore[misc]
    assert counted == [2, 1]


def test_nobody_joins_what_has_ended_or_is_another_workspaces(world: TeamWorld) -> None:
    me, you, gone = world.members(3)
    team, ended = world.team(me), world.team(me)
    assert world.run(lambda session: teams.end(session, world.organisation, ended, NOON))
    assert not world.by(you, teams.join, ended, NOON)
    world.change(Person, gone, left_at=NOON)
    assert not world.by(gone, teams.join, team, NOON)
    elsewhere = TeamWorld.__new__(TeamWorld)
    elsewhere.__dict__.update(world.__dict__)
    elsewhere.organisation, elsewhere.workspace = _another(world)
    stranger = elsewhere.person()
    assert not world.by(stranger, teams.join, team, NOON)
    with pytest.raises(TeamNotFound):
        world.run(lambda session: teams.find(session, elsewhere.organisation, team))


def test_a_team_ends_when_its_rounds_have(world: TeamWorld) -> None:
    team = world.team(*world.members(2))
    [step] = world.steps_of(world.round(team, a_step()))
    assert not world.run(lambda session: teams.end(session, world.organisation, team, NOON))
    world.ended(step.id, Ending.ENDED_EARLY, NOON)
    assert world.run(lambda session: teams.end(session, world.organisation, team, NOON))
    assert not world.run(lambda session: teams.end(session, world.organisation, team, NOON))
    assert world.look_up(Team, team).ended_at == NOON


def test_a_channel_has_one_team_that_is_found_by_it_and_another_when_that_has_ended(world: TeamWorld) -> None:
    def found(channel: str) -> int | None:
        team = world.run(lambda session: teams.in_channel(session, world.workspace, channel))
        return team.id if team is not None else None

    me = world.person()
    first = world.team(me, channel_id="C2")
    with pytest.raises(ChannelTaken):
        world.team(me, channel_id="C2")
    assert (found("C2"), found("C3")) == (first, None)
    assert world.run(lambda session: teams.end(session, world.organisation, first, NOON))
    assert found("C2") is None
    second = world.team(me, channel_id="C2")
    assert found("C2") == second
    world.team(me, channel_id=None)
    world.team(me, channel_id=None)


def _another(world: TeamWorld) -> tuple[int, int]:
    from storage.tables.people import Organisation, Platform, Workspace

    organisation = world._add(Organisation(name="Regionen", created_at=NOON))
    there = Workspace(organisation_id=organisation, platform=Platform.PAPER, external_id="T2", created_at=NOON)
    return organisation, world._add(there)
