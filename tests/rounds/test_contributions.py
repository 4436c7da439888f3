"""What people hand in: theirs to change until it opens, and then everybody's, without a name."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import contributions, teams
from storage.contributions import About
from storage.round_steps import NotTaken
from storage.tables.rounds import Asks, Contribution, Ending
from tests.rounds.builders import NEXT_DAY, NOON, OPENS, PROMPT, SOON, TeamWorld, a_step

MINE = {"need": "Schemat på natten"}
OTHERS = {"need": "Nyckelskåpet"}


def words_shown(world: TeamWorld, step: int, now: datetime = OPENS) -> list[dict[str, Any]]:
    found = world.run(lambda session: contributions.shown(session, world.organisation, step, now))
    return [one.inputs for one in found]


def test_what_each_hands_in_is_changed_and_taken_back_until_it_opens(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you, most_each=2)
    first = world.by(me, contributions.hand_in, step, MINE, NOON)
    second = world.by(me, contributions.hand_in, step, OTHERS, NOON)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert world.by(me, contributions.hand_in, step, MINE, NOON) is NotTaken.ENOUGH
    assert world.by(me, contributions.change, first, {"need": "Schemat"}, NOON + SOON) is None
    assert world.by(me, contributions.withdraw, second, NOON) is None
    [mine] = world.by(me, contributions.own, step)
    assert (mine.inputs, mine.written_at) == ({"need": "Schemat"}, NOON + SOON)
    world.opened(step)
    assert world.by(me, contributions.change, first, MINE, OPENS) is NotTaken.OPENED
    assert world.by(me, contributions.withdraw, first, OPENS) is NotTaken.OPENED
    assert words_shown(world, step) == [{"need": "Schemat"}]


def test_nobody_touches_what_is_anothers(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    theirs = world.by(you, contributions.hand_in, step, OTHERS, NOON)
    assert isinstance(theirs, int)
    assert world.by(me, contributions.change, theirs, MINE, NOON) is NotTaken.NOT_YOURS
    assert world.by(me, contributions.withdraw, theirs, NOON) is NotTaken.NOT_YOURS
    assert world.by(me, contributions.own, step) == []
    assert [one.inputs for one in world.by(you, contributions.own, step)] == [OTHERS]


def test_it_is_taken_from_when_it_is_asked_until_it_closes_also_late(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    assert world.by(me, contributions.hand_in, step, MINE, PROMPT - SOON) is NotTaken.NOT_YET
    world.opened(step)
    assert isinstance(world.by(me, contributions.hand_in, step, MINE, NEXT_DAY), int), "late is better than never"
    assert words_shown(world, step, NEXT_DAY) == [MINE]
    world.ended(step, Ending.FINISHED, NEXT_DAY)
    assert world.by(you, contributions.hand_in, step, OTHERS, NEXT_DAY) is NotTaken.CLOSED


def test_it_is_taken_from_those_who_are_asked(world: TeamWorld) -> None:
    me, you, stranger, mandate = world.members(4)
    team = world.team(me, you, mandate=mandate)
    kinds = (Asks.EACH, Asks.TEAM, Asks.FACILITATOR, Asks.MANDATE, Asks.NOTHING, Asks.ANONYMOUS, Asks.VOTE)
    steps = world.steps_of(world.round(team, *(a_step(kind.value, asks=kind) for kind in kinds)))
    taken = {
        step.asks: {
            who
            for who, person in (("me", me), ("you", you), ("stranger", stranger), ("mandate", mandate))
            if isinstance(world.by(person, contributions.hand_in, step.id, MINE, NOON), int)
        }
        for step in steps
    }
    assert taken == {
        Asks.NOTHING: set(),
        Asks.ANONYMOUS: set(),
        Asks.VOTE: set(),
        Asks.EACH: {"me", "you"},
        Asks.TEAM: {"me", "you"},
        Asks.FACILITATOR: {"me"},
        Asks.MANDATE: {"mandate"},
    }


def test_whoever_has_left_the_team_hands_nothing_in_and_keeps_what_they_did(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you, most_each=2)
    world.by(me, contributions.hand_in, step, MINE, NOON)
    world.by(me, teams.leave, world.round_of(step).team_id, NOON)
    assert world.by(me, contributions.hand_in, step, MINE, NOON) is NotTaken.NOT_YOURS
    assert len(world.by(me, contributions.own, step)) == 1


def test_what_is_asked_of_the_team_once_is_what_was_written_last(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you, asks=Asks.TEAM)
    first = world.by(me, contributions.hand_in, step, MINE, NOON)
    assert world.by(you, contributions.hand_in, step, OTHERS, NOON) == first
    assert words_shown(world, step, NOON) == [OTHERS]
    assert (world.by(me, contributions.own, step), len(world.by(you, contributions.own, step))) == ([], 1)


def test_an_answer_to_each_of_what_came_before_is_about_that_and_only_when_it_has_opened(world: TeamWorld) -> None:
    me, you, mandate = world.members(3)
    team = world.team(me, you, mandate=mandate)
    idea, answer = world.steps_of(world.round(team, a_step("idea"), a_step("answer", asks=Asks.MANDATE)))
    ids = [world.by(one, contributions.hand_in, idea.id, words, NOON) for one, words in ((me, MINE), (you, OTHERS))]
    about = [About(contribution_id=one) for one in ids if isinstance(one, int)]
    yes = {"answer": "yes"}
    assert world.by(mandate, contributions.hand_in, answer.id, yes, NOON, about=about[0]) is NotTaken.NO_SUCH_CHOICE
    world.opened(idea.id)
    for one in (*about, about[0]):
        assert isinstance(world.by(mandate, contributions.hand_in, answer.id, yes, OPENS, about=one), int)
    found = world.run(lambda session: contributions.shown(session, world.organisation, answer.id, OPENS))
    assert [one.about for one in found] == about, "one about each"
    elsewhere = world.step(*world.members(2), asks=Asks.TEAM)
    assert world.by(me, contributions.hand_in, elsewhere, yes, OPENS, about=about[0]) is NotTaken.NOT_YOURS


def test_who_wrote_it_is_told_only_when_they_chose_to_be_named(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    world.by(me, contributions.hand_in, step, MINE, NOON)
    world.by(you, contributions.hand_in, step, OTHERS, NOON, is_named=True)
    world.opened(step)
    found = world.run(lambda session: contributions.shown(session, world.organisation, step, OPENS))
    assert [(one.inputs, one.person_id) for one in found] == [(MINE, None), (OTHERS, you)]


def test_another_organisation_sees_nothing(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    world.by(me, contributions.hand_in, step, MINE, NOON)
    world.opened(step)
    assert world.run(lambda session: contributions.shown(session, world.organisation + 1, step, OPENS)) == []


def test_what_each_writes_cannot_be_asked_for_without_an_hour_to_open_it(world: TeamWorld) -> None:
    for asks in (Asks.EACH, Asks.ANONYMOUS):
        with pytest.raises(IntegrityError, match="ck_round_step_opens"):
            world.step(*world.members(2), asks=asks, opens_at=None)


def test_deleting_my_data_takes_my_name_and_what_nobody_has_seen(world: TeamWorld) -> None:
    me, you = world.members(2)
    team = world.team(me, you)
    steps = world.steps_of(world.round(team, a_step("opened"), a_step("hidden"), a_step("once", asks=Asks.TEAM)))
    for step in steps:
        for person, words in ((you, OTHERS), (me, MINE)):
            world.by(person, contributions.hand_in, step.id, words, NOON, is_named=True)
    world.opened(steps[0].id)
    world.by(me, contributions.forget_author)
    rows = world.run(lambda session: session.exec(select(Contribution).order_by(col(Contribution.id))).all())
    assert [(row.round_step_id, row.person_id, row.inputs) for row in rows] == [
        (steps[0].id, you, OTHERS),
        (steps[0].id, None, MINE),
        (steps[1].id, you, OTHERS),
        (steps[2].id, None, MINE),
    ]
    assert not any(row.is_named for row in rows if row.person_id is None)
    later = OPENS + timedelta(hours=1)
    assert words_shown(world, steps[0].id, later) == [OTHERS, MINE]
