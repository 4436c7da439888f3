"""What coordinators read of a round and a team: numbers that stand still, and nothing that tells who left or wrote."""

from datetime import timedelta

import pytest

from storage import ballots, contributions, known_members, rounds, teams
from storage.round_standing import Standing, standing
from storage.tables.rounds import Asks, Ending
from tests.rounds.builders import NOON, OPENS, SOON, TeamWorld, a_step
from tests.scheduler.world import MONDAY

TUESDAY = MONDAY + timedelta(days=1)
NOTHING = (None, None, None)


def stands(world: TeamWorld, round_id: int) -> list[Standing]:
    return world.run(lambda session: standing(session, rounds.find(session, world.organisation, round_id)))


def told(world: TeamWorld, round_id: int) -> list[tuple[bool | None, int | None, int | None]]:
    return [(one.reached, one.come, one.members) for one in stands(world, round_id)]


def writes(world: TeamWorld, step: int, *people: int) -> None:
    for person in people:
        assert isinstance(world.by(person, contributions.hand_in, step, {"need": "x"}, NOON), int)


def known(world: TeamWorld, team: int) -> int:
    return world.run(lambda session: known_members.how_many(session, team))


def add(world: TeamWorld, team: int, *people: int) -> int:
    return world.run(lambda session: known_members.add(session, people, team, NOON))


def take_out(world: TeamWorld, team: int, *people: int, now: timedelta = timedelta(0)) -> None:
    world.run(lambda session: known_members.take_out(session, people, team, NOON + now))


def is_in(world: TeamWorld, team: int, person: int) -> bool:
    return person in world.run(lambda session: teams.members(session, team, OPENS))


@pytest.mark.parametrize("size", [3, 6])
def test_while_a_step_goes_on_nothing_is_told_of_it(world: TeamWorld, size: int) -> None:
    people = world.members(size)
    round_id = world.round(world.team(*people), a_step(least=2), a_step("next"))
    step = world.steps_of(round_id)[0].id
    seen = []
    for person in people[:3]:
        writes(world, step, person)
        seen.append(stands(world, round_id))
    assert seen[0] == seen[1] == seen[2]
    assert told(world, round_id) == [NOTHING, NOTHING]


@pytest.mark.parametrize("size", [4, 5])
def test_how_many_took_part_is_told_once_it_has_opened_and_only_of_five_or_more(world: TeamWorld, size: int) -> None:
    people = world.members(size)
    round_id = world.round(world.team(*people), a_step(least=2, most_each=2), a_step("next"))
    step = world.steps_of(round_id)[0].id
    writes(world, step, people[0], people[0], people[1])
    world.opened(step)
    assert told(world, round_id) == [(True, 2, 5) if size == 5 else (True, None, None), NOTHING]


@pytest.mark.parametrize(("least", "size"), [(1, 2), (1, 4), (2, 2), (3, 3), (4, 4)])
def test_of_a_small_team_it_is_not_told_what_would_be_told_of_everybody_in_it(
    world: TeamWorld, least: int, size: int
) -> None:
    people = world.members(size)
    round_id = world.round(world.team(*people), a_step(least=least))
    [step] = world.steps_of(round_id)
    writes(world, step.id, *people)
    world.opened(step.id)
    assert told(world, round_id) == [NOTHING]


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("writing", [True, False])
def test_whoever_takes_out_all_but_one_reads_nothing_of_that_one(world: TeamWorld, writing: bool, back: bool) -> None:
    """Five at the start, and four others by the time it opens."""
    people, others = world.members(5), world.members(4)
    team = world.team(*people)
    round_id = world.round(team, a_step(), a_step("vote", asks=Asks.VOTE), a_step("ours", asks=Asks.TEAM))
    step, vote, ours = (one.id for one in world.steps_of(round_id))
    take_out(world, team, *people[1:])
    add(world, team, *others)
    if writing:
        writes(world, step, people[0])
        writes(world, ours, people[0])
    if back:
        add(world, team, *people[1:])
    world.opened(step)
    assert world.run(lambda session: ballots.close(session, vote, OPENS)) is not None
    world.ended(step, Ending.FINISHED, OPENS)
    assert told(world, round_id) == [NOTHING, NOTHING, NOTHING]


def test_taking_out_somebody_who_has_left_or_never_was_there_looks_the_same(world: TeamWorld) -> None:
    seen = set()
    for who in ("there", "has left", "never was"):
        people, [stranger] = world.members(6), world.members(1)
        team = world.team(*people)
        if who == "has left":
            world.by(people[5], teams.leave, team, world.founded_at - SOON)
        round_id = world.round(team, a_step(least=2))
        [step] = world.steps_of(round_id)
        take_out(world, team, stranger if who == "never was" else people[5])
        writes(world, step.id, people[0])
        world.opened(step.id)
        seen.add(tuple(told(world, round_id)))
    assert seen == {(NOTHING,)}


def test_a_quiet_leave_changes_no_number_whenever_it_comes(world: TeamWorld) -> None:
    seen = set()
    for leaves in (None, "before", "between", "after"):
        people = world.members(5)
        team = world.team(*people)
        gone = people[4]
        if leaves == "before":
            world.by(gone, teams.leave, team, world.founded_at)
        round_id = world.round(team, a_step(least=2), a_step("next"))
        first, second = (one.id for one in world.steps_of(round_id))
        writes(world, first, people[0])
        if leaves == "between":
            world.by(gone, teams.leave, team, NOON)
        world.opened(first)
        if leaves == "after":
            world.by(gone, teams.leave, team, OPENS)
            world.by(gone, teams.join, team, OPENS + SOON)
        world.opened(second, OPENS + SOON)
        seen.add((known(world, team), tuple(told(world, round_id))))
    assert seen == {(5, ((False, 1, 5), (False, 0, 5)))}


def test_what_comes_after_it_has_opened_changes_no_number(world: TeamWorld) -> None:
    """Two looks at a number would tell what somebody did between them."""
    people = world.members(7)
    round_id = world.round(world.team(*people), a_step(least=2))
    [step] = world.steps_of(round_id)
    writes(world, step.id, people[0])
    world.opened(step.id)
    assert isinstance(world.by(people[2], contributions.hand_in, step.id, {"need": "late"}, OPENS + SOON), int)
    assert told(world, round_id) == [(False, 1, 7)]


def test_a_team_that_was_too_small_when_it_began_tells_no_number_when_it_grows(world: TeamWorld) -> None:
    """A coordinator who joins a team of four must not read what the four did."""
    people = world.members(4)
    team = world.team(*people)
    round_id = world.round(team, a_step(least=2))
    [step] = world.steps_of(round_id)
    add(world, team, *world.members(1))
    writes(world, step.id, people[0])
    world.opened(step.id)
    assert told(world, round_id) == [(False, None, None)]


def test_who_joins_after_the_round_is_confirmed_is_in_no_number(world: TeamWorld) -> None:
    people = world.members(5)
    team = world.team(*people)
    round_id = world.round(team, a_step(least=2), a_step("vote", asks=Asks.VOTE, least=2, closes_at=OPENS + SOON))
    step, vote = (one.id for one in world.steps_of(round_id))
    [new] = world.members(1)
    world.by(new, teams.join, team, world.founded_at + SOON)
    writes(world, step, people[0], new)
    world.opened(step)
    shown = world.run(lambda s: contributions.shown(s, world.organisation, step, OPENS))[0].id
    for person in (people[0], new):
        assert world.by(person, ballots.cast, vote, shown, OPENS) is None
    assert world.run(lambda s: ballots.close(s, vote, OPENS + SOON)) is not None
    assert told(world, round_id) == [(True, 1, 5), (True, 1, 5)], "they count for whether it is enough"


def test_of_what_one_person_is_asked_nothing_is_told(world: TeamWorld) -> None:
    people = world.members(6)
    asked = (Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR)
    round_id = world.round(world.team(*people, mandate=people[0]), *(a_step(one.value, asks=one) for one in asked))
    steps = [one.id for one in world.steps_of(round_id)]
    for step in steps:
        writes(world, step, people[0])
    assert told(world, round_id) == [NOTHING, NOTHING, NOTHING]
    world.ended(steps[0], Ending.FINISHED, OPENS)
    assert told(world, round_id) == [(True, None, None), NOTHING, NOTHING]


def test_who_has_left_by_themselves_comes_back_only_by_themselves(world: TeamWorld) -> None:
    me, you = world.members(2)
    team = world.team(me, you)
    world.by(you, teams.leave, team, NOON)
    assert known(world, team) == 2, "nobody has been told"
    assert add(world, team, you) == 1, "the answer is the same"
    assert not is_in(world, team, you)
    take_out(world, team, you)
    assert known(world, team) == 1
    assert add(world, team, you) == 1
    assert (known(world, team), is_in(world, team, you)) == (2, False)
    assert world.by(you, teams.join, team, NOON + SOON)
    assert (known(world, team), is_in(world, team, you)) == (2, True)


def test_whom_a_coordinator_took_out_a_coordinator_brings_back_unless_they_have_said_no(world: TeamWorld) -> None:
    me, you, them = world.members(3)
    team = world.team(me, you, them)
    take_out(world, team, you, them)
    assert (known(world, team), is_in(world, team, you), is_in(world, team, them)) == (1, False, False)
    world.by(them, teams.leave, team, NOON + SOON)
    assert add(world, team, you, them) == 2
    assert (known(world, team), is_in(world, team, you), is_in(world, team, them)) == (3, True, False)


def test_who_joins_in_the_channel_is_in_the_team_and_coordinators_do_not_learn_it(world: TeamWorld) -> None:
    me, you = world.members(2)
    team = world.team(me)
    assert world.by(you, teams.join, team, NOON)
    assert (known(world, team), is_in(world, team, you)) == (1, True)
    assert add(world, team, you) == 1
    assert (known(world, team), is_in(world, team, you)) == (2, True)


def test_a_round_that_would_ask_somebody_twice_is_found_whoever_has_left(world: TeamWorld) -> None:
    def is_found(team: int, *days: object, besides: int | None = None) -> bool:
        return world.run(
            lambda s: known_members.would_be_asked_twice(s, world.organisation, team, days, besides=besides)  # type: ignore[arg-type]
        )

    me, you, other = world.members(3)
    mine, theirs = world.team(me, you), world.team(you, other)
    assert not is_found(mine, MONDAY, TUESDAY)
    round_id = world.round(theirs, a_step("monday"), a_step("tuesday", day=TUESDAY, last_day=TUESDAY))
    for _look in range(2):
        assert is_found(mine, MONDAY, TUESDAY)
        assert is_found(mine, TUESDAY)
        assert not is_found(mine, TUESDAY + timedelta(days=1))
        assert not is_found(mine, MONDAY, besides=round_id)
        world.by(you, teams.leave, theirs, NOON)
    take_out(world, theirs, you)
    assert not is_found(mine, MONDAY)
    add(world, theirs, you)
    assert is_found(mine, MONDAY)
    world.ended(world.steps_of(round_id)[0].id, Ending.ENDED_EARLY, NOON)
    assert not is_found(mine, MONDAY)
