"""Innovationsfika: nobody twice, nobody alone, somebody new, and never somebody who was excluded."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lessons.pairing import Alone, Exclusions, Fika, Guest, Memory, Why, pair
from lessons.pairing_matching import LOOKED_AT_AGAIN, LOOKS, WHOLE

Pair = tuple[int, int]
Met = Mapping[Pair, int]


def remembering(met: Met) -> Memory:
    return lambda one, other: met.get((one, other))


def paired(
    people: Iterable[int | Guest], *, met: Met | None = None, apart: Iterable[Pair] = (), seed: str = "omgång 1"
) -> Fika:
    guests = [one if isinstance(one, Guest) else Guest(person_id=one) for one in people]
    return pair(guests, met=remembering(met or {}), excluded=Exclusions(apart), seed=seed)


def meetings(fika: Fika) -> list[Pair]:
    return [(one, other) for group in fika.groups for one, other in combinations(group, 2)]


def everybody(fika: Fika) -> list[int]:
    return sorted([one for group in fika.groups for one in group] + [alone.person_id for alone in fika.alone])


@st.composite
def pairs_among(draw: st.DrawFn, count: int, *, most: int) -> set[Pair]:
    every = list(combinations(range(count), 2))
    return draw(st.sets(st.sampled_from(every), max_size=most)) if every else set()


@st.composite
def small_day(draw: st.DrawFn) -> tuple[list[Guest], dict[Pair, int], set[Pair]]:
    """A few people, whom any number of exclusions may keep apart."""
    count = draw(st.integers(0, 7))
    guests = [
        Guest(
            person_id=one,
            unit=draw(st.sampled_from([None, 1, 2])),
            half_hours=draw(st.sampled_from([None, 0b0011, 0b0110, 0b1100])),
            across_units=draw(st.booleans()),
        )
        for one in range(count)
    ]
    met = {pair: draw(st.integers(1, 52)) for pair in sorted(draw(pairs_among(count, most=20)))}
    return draw(st.permutations(guests)), met, draw(pairs_among(count, most=12))


@settings(max_examples=60, deadline=None)
@given(small_day(), st.text(max_size=5))
def test_everybody_is_there_once_and_never_with_somebody_excluded(
    day: tuple[list[Guest], dict[Pair, int], set[Pair]], seed: str
) -> None:
    guests, met, apart = day
    fika = paired(guests, met=met, apart=apart, seed=seed)
    assert everybody(fika) == list(range(len(guests)))
    assert {len(group) for group in fika.groups} <= {2, 3}
    assert not apart & set(meetings(fika))


@settings(max_examples=60, deadline=None)
@given(small_day())
def test_nobody_is_alone_where_any_way_of_sitting_would_avoid_it_and_threes_come_only_when_odd(
    day: tuple[list[Guest], dict[Pair, int], set[Pair]],
) -> None:
    guests, met, apart = day
    fika = paired(guests, met=met, apart=apart)
    fewest, threes = min(
        (len(alone), sum(len(group) == 3 for group in groups)) for groups, alone in ways(range(len(guests)), apart)
    )
    assert len(fika.alone) == fewest
    assert sum(len(group) == 3 for group in fika.groups) == threes


@settings(max_examples=60, deadline=None)
@given(small_day())
def test_nobody_meets_anybody_again_within_the_memory_where_any_way_of_sitting_would_avoid_it(
    day: tuple[list[Guest], dict[Pair, int], set[Pair]],
) -> None:
    guests, met, apart = day
    fika = paired(guests, met=met, apart=apart)
    assume(not fika.alone)
    assume(len(guests) % 2 or not any(len(group) == 3 for group in fika.groups))
    assert repeats(fika.groups, met) == min(
        repeats(groups, met)
        for groups, alone in ways(range(len(guests)), apart)
        if not alone and len(groups) == len(fika.groups)
    )


def ways(people: Sequence[int], apart: set[Pair]) -> Iterator[tuple[list[tuple[int, ...]], list[int]]]:
    """Every way to sit: pairs, threes and people alone."""
    if not people:
        yield [], []
        return
    first, *others = people
    for groups, alone in ways(others, apart):
        yield groups, [first, *alone]
    for size in (1, 2):
        for company in combinations(others, size):
            group = (first, *company)
            if apart.isdisjoint(combinations(group, 2)):
                for groups, alone in ways([one for one in others if one not in company], apart):
                    yield [group, *groups], alone


def repeats(groups: Iterable[tuple[int, ...]], met: Met) -> int:
    return sum(pair in met for group in groups for pair in combinations(group, 2))


@settings(max_examples=40, deadline=None)
@given(small_day())
def test_the_same_seed_gives_the_same_pairs_in_whatever_order_people_come(
    day: tuple[list[Guest], dict[Pair, int], set[Pair]],
) -> None:
    guests, met, apart = day
    again = sorted(guests, key=lambda guest: -guest.person_id)
    turned = {(other, one) for one, other in apart}
    assert paired(guests, met=met, apart=apart) == paired(again, met=met, apart=turned)


def test_the_same_seed_gives_the_same_pairs_in_another_process() -> None:
    ask = (
        "from lessons.pairing import *\n"
        "guests = [Guest(person_id=one, unit=one % 7) for one in range(1, 302)]\n"
        "met = lambda one, other: 3 if (one + other) % 5 == 0 else None\n"
        "print(pair(guests, met=met, excluded=Exclusions([(1, 2)]), seed='7').groups)"
    )
    said = {subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(said) == 1


def test_the_library_is_loaded_by_the_first_fika_only() -> None:
    """It holds memory that most days, and most organisations, have no use for."""
    ask = "import sys, lessons.pairing; print('rustworkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True).stdout == b"False\n"


def test_another_seed_gives_other_pairs() -> None:
    assert len({paired(range(30), seed=str(seed)).groups for seed in range(10)}) == 10


def test_whoever_comes_gets_anybody_about_as_often_as_anybody_else() -> None:
    of_one = Counter(other for seed in range(300) for pair in paired(range(6), seed=str(seed)).groups for other in pair
                     if 0 in pair and other)  # fmt: skip
    assert set(of_one) == {1, 2, 3, 4, 5}
    assert min(of_one.values()) > 30


def test_ten_people_meet_all_the_others_before_anybody_again_and_then_whom_they_met_longest_ago() -> None:
    met: dict[Pair, int] = {}
    unmet_first = []
    for week in range(0, 40, 2):
        fika = paired(range(10), met=met, seed=f"vecka {week}")
        unmet_first.append(repeats(fika.groups, met))
        met = {pair: ago + 2 for pair, ago in met.items()} | dict.fromkeys(meetings(fika), 2)
    assert unmet_first[:5] == [0, 0, 0, 0, 0]
    # Once the first laps are through, everybody's oldest meetings come first: nobody is met twice in a short time.
    fika = paired(range(10), met=met, seed="sist")
    oldest = sorted(met.values(), reverse=True)[:5]
    assert sum(met.get(pair, 104) for pair in meetings(fika)) >= sum(oldest) * 0.6


def test_the_repeat_of_longest_ago_is_chosen() -> None:
    met = {(0, 1): 2, (2, 3): 2, (0, 2): 4, (1, 3): 4, (0, 3): 3, (1, 2): 3}
    assert paired(range(4), met=met).groups == ((0, 2), (1, 3))


def test_one_new_meeting_is_worth_more_than_any_old_one() -> None:
    met = {(0, 1): 104, (2, 3): 104, (0, 2): 1, (0, 3): 104, (1, 2): 104}
    assert paired(range(4), met=met).groups == ((0, 2), (1, 3))


def test_people_meet_across_units_where_one_of_them_wants_to() -> None:
    guests = [Guest(person_id=one, unit=one // 4) for one in range(8)]
    for seed in range(20):
        assert all(one // 4 != other // 4 for one, other in meetings(paired(guests, seed=str(seed))))


def test_those_who_do_not_mind_may_meet_in_their_own_unit() -> None:
    guests = [Guest(person_id=one, unit=one // 4, across_units=False) for one in range(8)]
    within = [one // 4 == other // 4 for seed in range(20) for one, other in meetings(paired(guests, seed=str(seed)))]
    assert any(within)
    assert not all(within)


def test_no_unit_is_nobodys_own_unit() -> None:
    fika = paired([Guest(person_id=0), Guest(person_id=1), Guest(person_id=2, unit=5), Guest(person_id=3, unit=5)])
    assert (2, 3) not in fika.groups


def test_people_who_can_meet_at_the_same_time_are_put_together() -> None:
    guests = [Guest(person_id=one, half_hours=0b1 << one % 2) for one in range(6)] + [
        Guest(person_id=6),
        Guest(person_id=7),
    ]
    for seed in range(20):
        for one, other in meetings(paired(guests, seed=str(seed))):
            assert max(one, other) > 5 or one % 2 == other % 2


def test_nobody_is_alone_because_of_their_hours_or_their_unit() -> None:
    fika = paired([Guest(person_id=0, unit=1, half_hours=0b01), Guest(person_id=1, unit=1, half_hours=0b10)])
    assert fika.groups == ((0, 1),)


@pytest.mark.parametrize(
    ("people", "apart", "alone"),
    [
        pytest.param([], [], [], id="nobody came"),
        pytest.param([5], [], [(5, Why.ONLY_ONE)], id="one came"),
        pytest.param([5, 9], [(9, 5)], [(5, Why.NO_PAIR), (9, Why.NO_PAIR)], id="two who exclude each other"),
        pytest.param([1, 2, 3], [(1, 2), (2, 3), (1, 3)], [(1, Why.NO_PAIR), (2, Why.NO_PAIR), (3, Why.NO_PAIR)],
                     id="three who all do"),
        pytest.param([1, 2, 3, 4], [(1, 2), (1, 3), (1, 4)], [(1, Why.NO_PAIR)], id="somebody kept apart from all"),
    ],
)  # fmt: skip
def test_whoever_cannot_be_paired_is_told_so(
    people: list[int], apart: list[Pair], alone: list[tuple[int, Why]]
) -> None:
    assert paired(people, apart=apart).alone == tuple(Alone(person_id=one, why=why) for one, why in alone)


def test_two_left_over_who_exclude_each_other_sit_with_others_in_threes() -> None:
    """Two circles of three that do not mix: pairs alone would leave one of each alone."""
    apart = [(one, other) for one in (0, 1, 2) for other in (3, 4, 5)]
    fika = paired(range(6), apart=apart)
    assert fika.groups == ((0, 1, 2), (3, 4, 5))
    assert not fika.alone


def test_managers_meet_nobody_of_their_own_team() -> None:
    """Twenty managers of ten each: nobody's own manager, nobody alone."""
    manager_of = {20 + report: report // 10 for report in range(200)}
    fika = paired(range(220), apart=[(manager, report) for report, manager in manager_of.items()])
    assert len(fika.groups) == 110
    assert all(manager_of.get(other) != one for one, other in meetings(fika))


@settings(max_examples=6, deadline=None)
@given(st.integers(WHOLE + 1, WHOLE + 90), st.integers(0, 10**6))
def test_among_many_nobody_is_alone_even_when_a_third_of_all_pairs_are_excluded(count: int, salt: int) -> None:
    """Here everybody has some candidates only, and the others are looked at when these are not enough."""
    apart = [pair for pair in combinations(range(count), 2) if scattered(*pair, salt) % 3 == 0]
    fika = paired(range(count), apart=apart, seed=str(salt))
    assert everybody(fika) == list(range(count))
    assert not fika.alone
    assert sum(len(group) == 3 for group in fika.groups) == count % 2
    assert set(apart).isdisjoint(meetings(fika))


@pytest.mark.parametrize(("count", "such"), [(1000, 4), (1001, 4), (1001, 1)])
def test_among_many_those_who_may_meet_one_single_other_meet_that_one(count: int, such: int) -> None:
    """Nobody looks at everybody, so the one is hardly ever among those first looked at."""
    apart = [(one, other) for one in range(such) for other in range(count) if other not in (one, one + 500)]
    fika = paired(range(count), apart=apart)
    assert not fika.alone
    assert {(one, one + 500) for one in range(such)} <= set(fika.groups)


def test_among_many_those_who_have_met_all_but_one_meet_that_one() -> None:
    guests = [Guest(person_id=one) for one in range(1000)]
    fika = pair(
        guests, met=lambda one, other: 4 if one < 10 and other != one + 500 else None, excluded=Exclusions(), seed="1"
    )
    assert {(one, one + 500) for one in range(10)} <= set(fika.groups)


def test_among_many_in_one_unit_nobody_meets_again_though_most_have_met() -> None:
    """Nobody is a good candidate here: those one has not met are taken all the same."""
    guests = [Guest(person_id=one, unit=1) for one in range(600)]
    met = {pair: 4 for pair in combinations(range(600), 2) if scattered(*pair, 1) % 10}
    assert repeats(paired(guests, met=met).groups, met) == 0


def test_among_many_who_have_all_met_the_memory_is_asked_about_few_of_all_pairs() -> None:
    """Looking one up is the dearest part where what is remembered is a digest."""
    asked = 0

    def met(one: int, other: int) -> int:
        nonlocal asked
        asked += 1
        return 10

    guests = [Guest(person_id=one) for one in range(1000)]
    fika = pair(guests, met=met, excluded=Exclusions(), seed="1")
    assert len(fika.groups) == 500
    assert asked < 1000 * (LOOKS + LOOKED_AT_AGAIN) + 1000


def test_whoever_is_left_over_of_an_odd_number_is_somebody_who_may_join_a_pair() -> None:
    apart = [(0, other) for other in range(2, 15)]
    for seed in range(30):
        assert (0, 1) in paired(range(15), apart=apart, seed=str(seed)).groups


def test_among_many_a_unit_larger_than_all_others_meets_within_itself_only_as_much_as_it_must() -> None:
    guests = [Guest(person_id=one, unit=min(one // 250, 1)) for one in range(400)]
    guests = [Guest(person_id=guest.person_id, unit=1 - (guest.unit or 0)) for guest in guests]
    fika = paired(guests)
    large = sum(guest.unit == 1 for guest in guests)
    within = sum(guests[one].unit == guests[other].unit for one, other in meetings(fika))
    assert within == (large - (400 - large)) // 2


def test_somebody_handed_in_twice_is_a_mistake_of_the_caller_and_nobody_is_named() -> None:
    with pytest.raises(ValueError, match="twice") as raised:
        paired([71, 71, 5])
    assert "71" not in str(raised.value)


def test_exclusions_are_seen_nowhere() -> None:
    excluded = Exclusions([(41, 43)])
    fika = pair([Guest(person_id=41), Guest(person_id=43)], met=remembering({}), excluded=excluded, seed="x")
    alike = pair([Guest(person_id=41), Guest(person_id=43), Guest(person_id=44)], met=remembering({}),
                 excluded=Exclusions([(41, 43), (41, 44), (43, 44)]), seed="x")  # fmt: skip
    for said in (repr(excluded), str(excluded), f"{excluded!r:>40}"):
        assert "41" not in said
        assert "43" not in said
    assert repr(excluded) == repr(Exclusions())
    # Neither does the result tell who excluded whom: all who are alone are told the same.
    assert {alone.why for alone in (*fika.alone, *alike.alone)} == {Why.NO_PAIR}


def scattered(one: int, other: int, salt: int) -> int:
    return hash((one * 7919 + other, salt, one ^ other)) & 0xFFFF
