"""Fikas of any teams, with anybody away, sitting out, kept apart, coming and going: what always holds."""

import asyncio
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.tables.people import Person
from storage.tables.rounds import Round
from tests.in_memory import in_memory
from tests.pairs.fika import COFFEE, FIRST_DAY, LAST_DAY, NEXT, NEXT_FIRST_DAY, FikaWorld, couples
from tests.scheduler.world import MONDAY, at

AWAY = ("paused", "stopped", "left", "sits out")
people_and_wishes = st.integers(2, 9).flatmap(
    lambda number: st.tuples(
        st.just(number),
        st.lists(st.tuples(st.integers(0, number - 1), st.sampled_from(AWAY)), max_size=3),
        st.lists(st.tuples(st.integers(0, number - 1), st.integers(0, number - 1)), max_size=6),
        st.lists(st.integers(0, number - 1), max_size=2, unique=True),
    )
)


@settings(max_examples=30)
@given(people_and_wishes)
def test_nobody_is_there_twice_and_everybody_who_can_be_meets_somebody_they_may(
    drawn: tuple[int, list[tuple[int, str]], list[tuple[int, int]], list[int]],
) -> None:
    number, away, apart, leaving = drawn
    store = in_memory()
    try:
        asyncio.run(_lives_through(FikaWorld(store), number, away, apart, leaving))
    finally:
        store.close()


async def _lives_through(
    world: FikaWorld, number: int, away: list[tuple[int, str]], apart: list[tuple[int, int]], leaving: list[int]
) -> None:
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
    forbidden = {tuple(sorted((people[one], people[other]))) for one, other in apart if one != other}
    for person in people:
        others = [people[other] for one, other in apart if people[one] == person and one != other]
        if others:
            world.not_with(person, *others)
    there = {one for place, one in enumerate(people) if place not in {place for place, _why in away}}

    await world.come(FIRST_DAY)
    groups = world.groups(fika)
    _holds(groups, there, forbidden)
    for one in people:
        mates = {other for couple in couples(groups) if one in couple for other in couple} - {one}
        assert world.meets(one, fika) == mates

    for place in leaving:
        world.leaves(people[place], team, at("2026-03-02 12:00"))
    there -= {people[place] for place in leaving}
    await world.come(COFFEE)
    named = {one: world.meets(one, fika, step=1) for one in people}
    assert all(named[other] >= {one} for one in people for other in named[one]), "whoever is named names back"
    assert all(named[one] <= there for one in people)
    assert not any(named[one] for one in people if one not in there)
    assert not {tuple(sorted((one, other))) for one in people for other in named[one]} & forbidden
    assert all(len(others) <= 2 for others in named.values())

    await world.come(LAST_DAY)
    world.change(Round, fika, state="ended", ending="finished", ended_at=LAST_DAY)
    again = world.begin(team, NEXT)
    await world.come(NEXT_FIRST_DAY)
    if not forbidden and len(there) >= 4 and not len(there) % 2 and not leaving:
        assert not couples(world.groups(again)) & couples(groups), "somebody new, as long as there is one"


def _holds(groups: list[tuple[int, ...]], there: set[int], forbidden: set[tuple[int, ...]]) -> None:
    seated = [one for group in groups for one in group]
    assert len(seated) == len(set(seated))
    assert set(seated) <= there
    assert all(2 <= len(group) <= 3 for group in groups)
    assert not couples(groups) & forbidden
    alone = there - set(seated)
    if not forbidden and len(there) > 1:
        assert not alone
    assert sum(len(group) == 3 for group in groups) <= max(len(there) % 2, len(forbidden))
    for one, other in combinations(sorted(alone), 2):
        assert (one, other) in forbidden, "two who may meet are not both left alone"
