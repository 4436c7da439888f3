"""Measuring two things fairly on a machine that is never quite still: in turn, several times, medians of each."""

from collections.abc import Callable
from statistics import median

Measure = Callable[[], float]


def medians(ours: Measure, baseline: Measure, *, times: int) -> tuple[float, float]:
    """Measure ours, baseline, ours, baseline … and return the median of each. The first of each only warms up."""
    ours()
    baseline()
    pairs = [(ours(), baseline()) for _ in range(times)]
    return median(value for value, _ in pairs), median(value for _, value in pairs)
