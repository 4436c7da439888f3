"""Fikas of any teams, with anybody away, sitting out, kept apart, coming and going: what always holds."""

import asyncio
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.tables.people import Person
from storage.tables.rounds import Round
from tests.in_memory import in_memory
from tests.pairs.fika import COFFEE, FIRST_DAY, LAST_DAY, NEXT, NEXT_FIRST_DAY, FikaWorld, couples, fewest_alone
from tests.scheduler.world import MONDAY, at

AWAY = ("paused", "stopped", "left", "sits out")
CHANGES = ("paused", "left", "sits out")
"""What can happen to somebody between the first morning and the second."""
people_and_wishes = st.integers(2, 9).flatmap(
    lambda number: st.tuples(
        st.just(number),
        st.lists(st.tuples(st.integers(0, number - 1), st.sampled_from(AWAY)), max_size=3),
        st.lists(st.tuples(st.integers(0, number - 1), st.integers(0, number - 1)), max_size=6),
        st.lists(st.tuples(st.integers(0, number - 1), st.sampled_from(CHANGES)), max_size=2),
        st.lists(st.integers(0, number - 1), max_size=2, unique=True),
    )
)


@settings(max_examples=30)
@given(people_and_wishes)
@example((4, [], [], [], [0]))
@example((5, [], [], [(0, "paused")], [1]))
def test_nobody_is_there_twice_and_everybody_who_can_be_meets_somebody_they_may(
    drawn: tuple[int, list[tuple[int, str]], list[tuple[int, int]], list[tuple[int, str]], list[int]],
) -> None:
    number, away, apart, going, thinking_again = drawn
    store = in_memory()
    try:
        asyncio.run(_lives_through(FikaWorld(store), number, away, apart, going, thinking_again))
    finally:
        store.close()


async def _lives_through(
    world: FikaWorld,
    number: int,
    away: list[tuple[int, str]],
    apart: list[tuple[int, int]],
    going: list[tuple[int, str]],
    thinking_again: list[int],
) -> None:
    """Whoever thinks again does not want to meet those they have been told of."""
    team, people, fika = world.fika(number)
    for at_place, why in away:
        match why:
            case "paused":
                world.change(Person, people[at_place], paused_from=MONDAY, paused_until=None)
            case "stopped":
                world.change(Person, people[at_place], stopped_at=world.founded_at)
            case "left":
                world.leaves(people[at_place], team, world.founded_at)
            case _:
                world.rests(people[at_place], team)
    forbidden = _choose(world, people, apart)
    there = {one for place, one in enumerate(people) if place not in {place for place, _why in away}}

    await world.come(FIRST_DAY)
    groups = world.groups(fika)
    _holds(groups, there, forbidden)
    for one in people:
        mates = {other for couple in couples(groups) if one in couple for other in couple} - {one}
        assert world.meets(one, fika) == mates

    for place, why in going:
        match why:
            case "paused":
                world.change(Person, people[place], paused_from=MONDAY, paused_until=None)
            case "left":
                world.leaves(people[place], team, at("2026-03-02 12:00"))
            case _:
                world.rests(people[place], team)
    there -= {people[place] for place, _why in going}
    told = [(one, people.index(other)) for one in thinking_again for other in world.meets(people[one], fika)]
    forbidden = _choose(world, people, [*apart, *told])
    await world.come(COFFEE)
    named = {one: world.meets(one, fika, step=1) for one in people}
    assert all(named[other] >= {one} for one in people for other in named[one]), "whoever is named names back"
    assert all(named[one] <= there for one in people)
    assert not any(named[one] for one in people if one not in there)
    assert not {tuple(sorted((one, other))) for one in people for other in named[one]} & forbidden
    assert all(len(others) <= 2 for others in named.values())
    alone = [one for one in there if not named[one]]
    assert len(alone) == fewest_alone(there, forbidden), "nobody is alone as long as there is a way"

    await world.come(LAST_DAY)
    world.change(Round, fika, state="ended", ending="finished", ended_at=LAST_DAY)
    again = world.begin(team, NEXT)
    await world.come(NEXT_FIRST_DAY)
    if not forbidden and len(there) >= 4 and not len(there) % 2 and not going:
        assert not couples(world.groups(again)) & couples(groups), "somebody new, as long as there is one"


def _choose(world: FikaWorld, people: list[int], apart: list[tuple[int, int]]) -> set[tuple[int, ...]]:
    """Everybody chooses with whom not. Return who may not meet."""
    for place, person in enumerate(people):
        others = [people[other] for one, other in apart if one == place and other != place]
        if others:
            world.not_with(person, *others)
    return {tuple(sorted((people[one], people[other]))) for one, other in apart if one != other}


def _holds(groups: list[tuple[int, ...]], there: set[int], forbidden: set[tuple[int, ...]]) -> None:
    seated = [one for group in groups for one in group]
    assert len(seated) == len(set(seated))
    assert set(seated) <= there
    assert all(2 <= len(group) <= 3 for group in groups)
    assert not couples(groups) & forbidden
    alone = there - set(seated)
    assert len(alone) == fewest_alone(there, forbidden), "nobody is alone as long as there is a way"
    assert sum(len(group) == 3 for group in groups) <= max(len(there) % 2, len(forbidden))
    for one, other in combinations(sorted(alone), 2):
        assert (one, other) in forbidden, "two who may meet are not both left alone"
