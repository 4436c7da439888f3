"""Votes: one each, sums right, ties said and never broken, differences worth talking about."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.votes import Scored, tally, tally_of_scores

CANDIDATES = ["kö", "blankett", "jour", "rond"]
A_SCORE = st.integers(1, 3)


@given(st.lists(st.sampled_from([*CANDIDATES, "borttagen"])))
def test_every_vote_is_counted_once(votes: list[str]) -> None:
    told = tally(CANDIDATES, Counter(votes))
    assert [candidate for candidate, _ in told.counts] == CANDIDATES
    assert sum(how_many for _, how_many in told.counts) + told.withdrawn == len(votes)
    assert all(how_many == votes.count(candidate) for candidate, how_many in told.counts)


@given(st.lists(st.sampled_from(CANDIDATES)).flatmap(lambda votes: st.tuples(st.just(votes), st.permutations(votes))))
def test_it_makes_no_difference_who_voted_first(votes: tuple[list[str], list[str]]) -> None:
    one, other = votes
    assert tally(CANDIDATES, Counter(one)) == tally(CANDIDATES, Counter(other))


@given(st.lists(st.sampled_from(CANDIDATES), min_size=1))
def test_the_winners_have_more_votes_than_everybody_else_and_as_many_as_each_other(votes: list[str]) -> None:
    told = tally(CANDIDATES, Counter(votes))
    counts = dict(told.counts)
    most = {counts[winner] for winner in told.winners}
    assert len(most) == 1
    assert all(how_many < min(most) for candidate, how_many in told.counts if candidate not in told.winners)


def test_a_tie_names_all_in_the_order_given_and_chooses_none() -> None:
    told = tally(CANDIDATES, {"rond": 3, "kö": 3, "jour": 1})
    assert told.winners == ("kö", "rond")


def test_where_nobody_has_voted_nobody_has_won() -> None:
    told = tally(CANDIDATES, {})
    assert told.winners == ()
    assert tally([], {"kö": 2}).winners == ()


def test_a_vote_for_what_was_withdrawn_wins_nothing_and_is_still_told() -> None:
    told = tally(["kö"], {"kö": 1, "borttagen": 4})
    assert told.winners == ("kö",)
    assert told.withdrawn == 4


def gave(*scores: int) -> list[int]:
    return [scores.count(score) for score in (1, 2, 3)]


@given(st.lists(A_SCORE, max_size=12))
def test_count_sum_and_spread_are_those_of_the_scores(scores: list[int]) -> None:
    scored = Scored(gave=tuple(gave(*scores)))
    assert scored.count == len(scores)
    assert scored.points == sum(scores)
    assert scored.spread == (max(scores) - min(scores) if scores else 0)
    mean = Fraction(sum(scores), len(scores) or 1)
    assert scored.variance == sum(((score - mean) ** 2 for score in scores), Fraction(0)) / (len(scores) or 1)


@given(st.dictionaries(st.sampled_from(CANDIDATES), st.lists(st.lists(A_SCORE, max_size=6), min_size=2, max_size=2)))
def test_points_are_all_scores_of_all_criteria_and_the_most_win(given_: dict[str, list[list[int]]]) -> None:
    told = tally_of_scores(CANDIDATES, {one: [gave(*of) for of in both] for one, both in given_.items()}, criteria=2)
    assert told.points == tuple((one, sum(map(sum, given_.get(one, [])))) for one in CANDIDATES)
    most = max(points for _, points in told.points)
    assert told.winners == tuple(one for one, points in told.points if points == most > 0)


def test_a_one_beside_a_three_is_worth_talking_about_and_the_most_divided_comes_first() -> None:
    told = tally_of_scores(
        ["a", "b", "c"],
        {
            "a": [gave(1, 3, 2, 2, 2), gave(2, 2, 3, 3, 3)],
            "b": [gave(2, 2, 2, 2, 2), gave(1, 1, 3, 3, 3)],
            "c": [gave(1, 2, 2, 2, 3), gave(1, 2, 1, 2, 1)],
        },
        criteria=2,
    )
    assert [(one.candidate, one.criterion) for one in told.worth_talking_about] == [("b", 1), ("a", 0), ("c", 0)]
    assert told.worth_talking_about[0].scored.gave == (2, 0, 3)


def test_a_candidate_nobody_has_scored_is_there_with_nothing() -> None:
    told = tally_of_scores(["a", "b"], {"a": [gave(3)]}, criteria=1)
    assert told.points == (("a", 3), ("b", 0))
    assert told.winners == ("a",)


@pytest.mark.parametrize("wrong", [[], [[1, 0, 0], [1, 0, 0]], [[1, 0]]])
def test_scores_on_other_criteria_than_there_are_are_refused(wrong: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="1 criteria"):
        tally_of_scores(["a"], {"a": wrong}, criteria=1)
