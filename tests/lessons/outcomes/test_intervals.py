"""Against published values, and against statsmodels, which computes them in its own way."""

import math
from random import Random

import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from lessons.outcomes.intervals import (
    Interval,
    YesNoPairs,
    bounds,
    mcnemar_mid_p,
    mean_change,
    paired_change,
    sign_test,
    standardised_change,
    wilson,
)


def in_per_cent(interval: Interval) -> tuple[int, int]:
    return round(interval.low * 100), round(interval.high * 100)


@pytest.mark.parametrize(
    ("yes", "answers", "expected"),
    [
        (4, 5, (38, 96)),
        (8, 10, (49, 94)),
        (10, 12, (55, 95)),
        (24, 30, (63, 90)),
        (21, 30, (52, 83)),
        (80, 100, (71, 87)),
        (200, 250, (75, 84)),
        (440, 550, (76, 83)),
        (385, 550, (66, 74)),
        (5, 5, (57, 100)),
    ],
)
def test_the_table_of_wilson_intervals_is_the_one_in_the_facts(
    yes: int, answers: int, expected: tuple[int, int]
) -> None:
    assert in_per_cent(wilson(yes, answers)) == expected


@pytest.mark.parametrize("answers", [1, 2, 5, 9, 30, 550])
def test_wilson_is_scipys(answers: int) -> None:
    for yes in {0, 1, answers // 2, answers - 1, answers}:
        theirs = binomtest(yes, answers).proportion_ci(0.95, method="wilson")
        ours = wilson(yes, answers)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_agrees_with_statsmodels_for_every_share_of_up_to_sixty() -> None:
    for answers in range(1, 61):
        for yes in range(answers + 1):
            ours = wilson(yes, answers)
            theirs = proportion_confint(yes, answers, method="wilson")
            assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-9)


def test_the_example_of_thirty_people_is_the_one_in_the_facts() -> None:
    pairs = YesNoPairs(both=10, lost=2, gained=12, neither=6)
    assert round(pairs.change * 100) == 33
    assert in_per_cent(paired_change(pairs)) == (10, 52)
    assert round(mcnemar_mid_p(pairs), 3) == 0.007


def test_a_published_paired_change_is_found_again() -> None:
    """Airway hyper-responsiveness before and after (Bentur et al. 2009), as Fagerland, Lydersen & Laake publish it:
    Newcombe's interval -0.507 to -0.026 (2014, Statistics in Medicine 33), mid-p 0.0391 (2013, BMC MRM 13).
    """
    pairs = YesNoPairs(both=1, lost=1, gained=7, neither=12)
    found = paired_change(pairs)
    assert (round(found.low, 3), round(found.high, 3)) == (0.026, 0.507)
    assert round(mcnemar_mid_p(pairs), 4) == 0.0391


def test_nobody_changing_leaves_an_interval_about_zero_as_wide_as_the_uncorrelated_one_at_most() -> None:
    """Where every answer was yes both times, nothing is known of a correlation: the two Wilson intervals decide."""
    found, share = paired_change(YesNoPairs(both=30, lost=0, gained=0, neither=0)), wilson(30, 30)
    assert (found.low, found.high) == pytest.approx((share.low - 1, 1 - share.low))


def test_a_paired_change_turned_round_has_the_limits_turned_round() -> None:
    there = paired_change(YesNoPairs(both=11, lost=3, gained=9, neither=7))
    back = paired_change(YesNoPairs(both=11, lost=9, gained=3, neither=7))
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_mid_p_lies_half_a_case_below_the_exact_test_of_statsmodels() -> None:
    lots = Random(3)
    for _ in range(200):
        both, lost, gained, neither = (lots.randint(0, 20) for _ in range(4))
        pairs = YesNoPairs(both=both, lost=lost, gained=gained, neither=neither)
        exact = float(mcnemar([[both, lost], [gained, neither]], exact=True).pvalue)
        changed = lost + gained
        observed = math.comb(changed, min(lost, gained)) / 2**changed
        expected = exact - (observed / 2 if lost == gained else observed)
        assert mcnemar_mid_p(pairs) == pytest.approx(expected if changed else 1)


def test_a_sign_test_counts_only_those_who_changed() -> None:
    assert sign_test(9, 1) == pytest.approx(2 * (1 + 10) / 2**10)
    assert sign_test(0, 0) == 1


def test_a_mean_change_has_an_interval_from_fifteen_people_on() -> None:
    changes = [1.0, 0, 2, -1, 1, 0, 1, 3, 0, 1, -1, 2, 1, 0, 1]
    assert mean_change(changes[:14]) is None
    found = mean_change(changes)
    assert found is not None
    mean, interval = found
    low, high = DescrStatsW(changes).tconfint_mean()
    assert (mean, interval.low, interval.high) == pytest.approx((11 / 15, low, high))


def test_everybody_changing_alike_has_no_standard_deviation_to_count_in() -> None:
    assert standardised_change([1.0, 1.0, 1.0]) is None
    assert standardised_change([1.0]) is None
    assert standardised_change([0.0, 1.0, 2.0]) == pytest.approx(1 - 3 / 7)


def test_bounds_say_what_those_who_did_not_answer_could_have_changed() -> None:
    assert bounds(12, 20, 40) == Interval(low=0.3, high=0.8)
    with pytest.raises(ValueError, match="no count of people"):
        bounds(12, 50, 40)


def test_an_interval_knows_whether_nothing_may_have_changed() -> None:
    assert Interval(low=-0.1, high=0.2).holds_zero
    assert not Interval(low=0.1, high=0.2).holds_zero
