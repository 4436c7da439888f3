"""What the tick has read is old when it writes. A round ends by how it is then, since an ending is never undone."""

from collections.abc import Callable

import pytest

from scheduler.rounds import prompt
from storage import known_members, rounds_due
from storage.tables.rounds import Ending, RoundStep
from storage.tables.teams import Team
from tests.scheduler.challenges import challenge, each
from tests.scheduler.rounds_world import begin, messages, people, round_of, step_of, team
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 10:00")
NEXT_DAY = at("2026-03-03 10:00")

Change = Callable[[World, int, int], None]


def nothing(_world: World, _team: int, _step: int) -> None: ...


def another_day(world: World, _team: int, step: int) -> None:
    world.change(RoundStep, step, prompt_at=NEXT_DAY)


def one_more(world: World, team: int, _step: int) -> None:
    [bo] = people(world, 1)
    world.store.write_now(lambda session: known_members.add(session, [bo], team, SLOT))


def channel_again(world: World, team: int, _step: int) -> None:
    world.change(Team, team, channel_id="C0AGAIN")


@pytest.mark.parametrize(
    ("members", "channel", "change", "ending", "promised"),
    [
        (1, "C1", nothing, Ending.TEAM_TOO_SMALL, 0),
        (1, "C1", another_day, None, 0),
        (1, "C1", one_more, None, 3),
        (2, None, nothing, Ending.CHANNEL_GONE, 0),
        (2, None, channel_again, None, 3),
    ],
)
def test_a_round_ends_by_how_its_team_and_its_days_are_when_it_would_end(
    world: World, members: int, channel: str | None, change: Change, ending: Ending | None, promised: int
) -> None:
    team_id = team(world, people(world, members), channel=channel)
    began = begin(world, team_id, challenge(each("need", 1)))
    due = world.store.write_now(lambda session: rounds_due.prompts_due(session, SLOT, 9))
    assert len(due) == 1
    change(world, team_id, step_of(world, began, "need").id)
    world.store.write_now(lambda session: prompt(session, due, SLOT))
    assert round_of(world, began).ending is ending
    assert len(messages(world)) == promised
