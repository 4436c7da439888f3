"""What it costs to put two people together: a number in which every reason outweighs all lesser ones taken together."""

from collections.abc import Callable, Sequence

LONGEST_WEEKS = 104
"""Whoever met longer ago met so long ago."""


class Costs:
    """People are asked about by their places in the sequences handed in, all of which have the same order."""

    def __init__(
        self,
        *,
        ids: Sequence[int],
        units: Sequence[int | None],
        half_hours: Sequence[int | None],
        across_units: Sequence[bool],
        excluded: Sequence[frozenset[int]],
        met: Callable[[int, int], int | None],
    ) -> None:
        self.ids = ids
        self._units = units
        self._half_hours = half_hours
        self._across_units = across_units
        self._excluded = excluded
        self._met = met
        present = set(ids)
        self._excluded_here = [len(others & present) for others in excluded]
        # Each must outweigh the lesser ones of all meetings together, of which there are fewer than this.
        meetings = len(ids) + 3
        self._no_common_time = meetings
        self._recent_by_a_week = meetings**2
        self.repeat = meetings**3 * LONGEST_WEEKS
        self._left_over = meetings**4 * LONGEST_WEEKS

    def of(self, one: int, other: int) -> int | None:
        """0 is a good pair; None one that must not be."""
        ids = self.ids
        if ids[other] in self._excluded[one]:
            return None
        cost = 0
        weeks = self._met(ids[one], ids[other]) if ids[one] < ids[other] else self._met(ids[other], ids[one])
        if weeks is not None:
            cost = self.repeat + self._recent_by_a_week * (LONGEST_WEEKS - min(max(weeks, 0), LONGEST_WEEKS))
        mine, theirs = self._half_hours[one], self._half_hours[other]
        if mine is not None and theirs is not None and not mine & theirs:
            cost += self._no_common_time
        unit = self._units[one]
        if unit is not None and unit == self._units[other] and (self._across_units[one] or self._across_units[other]):
            cost += 1
        return cost

    def of_being_left_over(self, one: int) -> int:
        """Who is left over of an odd number joins a pair: best somebody who can join any."""
        return self._left_over * self._excluded_here[one]
