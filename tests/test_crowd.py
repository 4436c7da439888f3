"""The people of `make fleet`: enough of them that one sees it send."""

from tools.crowd import crowded
from workplace.municipality import ALVSUNDA
from workplace.seed import Seed


def test_a_fleet_has_everybody_of_the_demo_and_so_many_more_to_send_to() -> None:
    seed = Seed.model_validate_json(crowded(people=30, teams_people=20).model_dump_json())
    assert len(seed.people) == len(ALVSUNDA.people) + 30
    assert len(seed.teams.people) == len(ALVSUNDA.teams.people) + 20
    assert set(ALVSUNDA.people) < set(seed.people)
    [leaders, *_], [led, *_] = seed.channels, seed.teams.teams
    assert len(leaders.members) == len(ALVSUNDA.channels[0].members) + 30
    assert len(led.members) == len(ALVSUNDA.teams.teams[0].members) + 20
    assert leaders.name == "ledare"
