"""Intervals and tests for shares and changes, as learning.md 6.4 wants them. 95 per cent throughout.

SciPy is loaded when a test or a mean is computed: it takes seconds, and only closing a wave and a report need it.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

LEVEL = 0.95
Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""
FEWEST_FOR_T = 15
"""Pairs below which a mean change gets no interval: then how many are higher, alike and lower says more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class YesNoPairs:
    """The same people asked twice: how many said yes both times, yes then no, no then yes, no both times."""

    both: int
    lost: int
    gained: int
    neither: int

    def __post_init__(self) -> None:
        if min(self.both, self.lost, self.gained, self.neither) < 0:
            raise ValueError("a number of people is not below zero")

    @property
    def people(self) -> int:
        return self.both + self.lost + self.gained + self.neither

    @property
    def change(self) -> float:
        """The later share minus the earlier, between -1 and 1."""
        return (self.gained - self.lost) / self.people


def wilson(yes: int, answers: int) -> Interval:
    """Return the interval of a share (Wilson 1927). Raises ValueError when nobody answered.

    Written out, as learning.md 6.4 has it: every card with a share needs it, and whoever has pressed a button must not
    wait for SciPy. The tests hold it against SciPy's and statsmodels'.
    """
    if not 0 <= yes <= answers or answers == 0:
        raise ValueError(f"{yes} of {answers} is no count of people")
    share, squared = yes / answers, Z**2 / answers
    centre = share + squared / 2
    half = sqrt(share * (1 - share) * squared + squared**2 / 4)
    return Interval(low=max(0.0, (centre - half) / (1 + squared)), high=min(1.0, (centre + half) / (1 + squared)))


def bounds(yes: int, answers: int, asked: int) -> Interval:
    """Return the shares if everybody who did not answer had said no, and if they had said yes."""
    if not 0 <= yes <= answers <= asked or asked == 0:
        raise ValueError(f"{yes} of {answers} of {asked} is no count of people")
    return Interval(low=yes / asked, high=(yes + asked - answers) / asked)


def paired_change(pairs: YesNoPairs) -> Interval:
    """Return the interval of `pairs.change`.

    Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10: the Wilson intervals of both shares, put together
    with the correlation of the two answers. Raises ValueError when nobody answered twice.
    """
    n = pairs.people
    before, after = pairs.both + pairs.lost, pairs.both + pairs.gained
    p_before, p_after = before / n if n else 0, after / n if n else 0
    was, now = wilson(before, n), wilson(after, n)
    phi = _phi(pairs)
    down, up = (p_after - now.low, was.high - p_before), (now.high - p_after, p_before - was.low)
    low = p_after - p_before - sqrt(max(0.0, down[0] ** 2 - 2 * phi * down[0] * down[1] + down[1] ** 2))
    high = p_after - p_before + sqrt(max(0.0, up[0] ** 2 - 2 * phi * up[0] * up[1] + up[1] ** 2))
    return Interval(low=low, high=high)


def mcnemar_mid_p(pairs: YesNoPairs) -> float:
    """Return how likely at least so uneven a change is by chance, half of the observed one counted; 1 when nobody
    changed. (Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91 and its supplement.)"""
    from scipy.stats import binom

    changed, fewer = pairs.lost + pairs.gained, min(pairs.lost, pairs.gained)
    if changed == 0:
        return 1.0
    observed = float(binom.pmf(fewer, changed, 0.5))
    if pairs.lost == pairs.gained:
        return 1 - observed / 2
    return 2 * float(binom.cdf(fewer, changed, 0.5)) - observed


def sign_test(higher: int, lower: int) -> float:
    """Return the two-sided p of as many going up and down by chance; 1 when nobody did either."""
    from scipy.stats import binomtest

    return float(binomtest(higher, higher + lower).pvalue) if higher + lower else 1.0


def load() -> None:
    """Load what a mean change needs now, so that nobody waits for it in the middle of something else."""
    import scipy.special  # noqa: F401


def mean_change(changes: list[float]) -> tuple[float, Interval] | None:
    """Return the mean of people's changes and its t-interval; None for fewer than fifteen."""
    if len(changes) < FEWEST_FOR_T:
        return None
    from scipy.special import stdtrit

    mean = fmean(changes)
    half = float(stdtrit(len(changes) - 1, (1 + LEVEL) / 2)) * stdev(changes) / sqrt(len(changes))
    return mean, Interval(low=mean - half, high=mean + half)


def standardised_change(changes: list[float]) -> float | None:
    """Return the mean change in standard deviations of the changes (d_z), corrected for small samples (Hedges 1981).
    None where everybody changed alike, or fewer than two did anything."""
    if len(changes) < 2 or stdev(changes) == 0:
        return None
    return fmean(changes) / stdev(changes) * (1 - 3 / (4 * (len(changes) - 1) - 1))


def _phi(pairs: YesNoPairs) -> float:
    """The correlation of the two answers, with Newcombe's correction for continuity where it is above zero."""
    a, b, c, d = pairs.both, pairs.lost, pairs.gained, pairs.neither
    across = (a + b) * (c + d) * (a + c) * (b + d)
    if across == 0:
        return 0.0
    product = a * d - b * c
    return (max(product - pairs.people / 2, 0.0) if product > 0 else product) / sqrt(across)
