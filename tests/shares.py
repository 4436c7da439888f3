"""In which order tests are run when several workers share them (`--dist worksteal`).

Each worker begins with a share of the journeys: these mostly wait for processes, and one that came last would have a
worker busy while all others have nothing left to do.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def journeys_first(tests: Sequence[T], *, is_journey: Callable[[T], bool], workers: int) -> list[T]:
    """Return them all. They are handed out in so many equal parts, one after the other: each begins with journeys."""
    journeys = [test for test in tests if is_journey(test)]
    others = [test for test in tests if not is_journey(test)]
    ordered: list[T] = []
    for worker in range(workers):
        begins_with = journeys[worker::workers]
        part = (len(tests) - len(ordered)) // (workers - worker)
        goes_on_with = max(0, part - len(begins_with))
        ordered += begins_with + others[:goes_on_with]
        del others[:goes_on_with]
    return ordered + others
