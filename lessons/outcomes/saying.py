"""How exactly a figure may be said, for how many answered. (Language of learning.md 6.4.)"""

from dataclasses import dataclass
from enum import StrEnum

from lessons.outcomes.intervals import Interval, wilson

FEWEST_FOR_SHARES = 10
FEWEST_FOR_WHOLE_PERCENT = 30
RESPONSE_TO_TRUST = 0.7
"""Response rate below which it is also said how far those who did not answer could have moved the figure."""
FEWEST_FOR_STOPPING = 10
FEELS_LIKE_SUPPORT = 0.7


class Precision(StrEnum):
    COUNTS = "counts"
    """"7 av 9": of so few, a per cent says more than anybody knows."""
    TENS = "tens"
    """"omkring 80 procent", with the interval."""
    WHOLE = "whole"
    """"83 procent", with the interval."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A share as it may be said. `percent` and `interval` (in whole per cent) are None where only counts may be."""

    yes: int
    answers: int
    precision: Precision
    percent: int | None
    interval: tuple[int, int] | None


def share(yes: int, answers: int) -> Share:
    """Return how to say `yes` of `answers`, which must have passed through `suppression` before."""
    precision = precision_for(answers)
    if precision is Precision.COUNTS:
        return Share(yes=yes, answers=answers, precision=precision, percent=None, interval=None)
    limits = in_percent(wilson(yes, answers))
    return Share(
        yes=yes, answers=answers, precision=precision, percent=in_points(yes / answers, of=answers), interval=limits
    )


def precision_for(answers: int) -> Precision:
    if answers < FEWEST_FOR_SHARES:
        return Precision.COUNTS
    return Precision.TENS if answers < FEWEST_FOR_WHOLE_PERCENT else Precision.WHOLE


def in_points(share: float, *, of: int) -> int:
    """Return a share, or a change of one, in per cent: in whole tens `of` fewer than thirty people."""
    percent = 100 * share
    return 10 * _rounded(percent / 10) if of < FEWEST_FOR_WHOLE_PERCENT else _rounded(percent)


def in_percent(interval: Interval) -> tuple[int, int]:
    return _rounded(100 * interval.low), _rounded(100 * interval.high)


def feels_like_control(yes: int, answers: int) -> bool:
    """Whether so few say "support, not control" that whoever runs the programme must talk with the union and the safety
    representatives before the next cohort."""
    return answers >= FEWEST_FOR_STOPPING and yes / answers < FEELS_LIKE_SUPPORT


def _rounded(number: float) -> int:
    """Half away from zero: 85 per cent is 90 in tens, whatever is even."""
    return int(abs(number) + 0.5) * (1 if number >= 0 else -1)
