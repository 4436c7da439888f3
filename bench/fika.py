"""Fika: a fika every second week for a year, our pairs against greedy ones in the same run.

Five thousand people of forty units, the largest with a quarter of all, and circles of thirty, who in a year meet nearly
everybody. Each way of pairing has its own past; they take turns, round by round. Greedy is how it is usually done:
people in drawn order, each with the first of those left who is new to them and of another unit, else new, else anybody.
Ours remember by digests, as Knuff does; greedy ones by ids.

python -m bench.fika [--small]
"""

import os
import sys
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from bench import machine
from bench.figures import Figure, report, say
from lessons.pairing import Exclusions, Guest, Memory, pair
from scheduler.pair_key import PairKey

PEOPLE, UNITS = 5000, 40
SMALL_PEOPLE = 300
CIRCLES, SMALL_CIRCLES, OF_A_CIRCLE = 40, 4, 30
ROUNDS, WEEKS_BETWEEN = 26, 2
COMES = 0.9
"""The share of people who are there in a round; the others have paused."""
REPORTS = 20
"""Of a manager, from whom they are kept apart; one person in fifty is kept apart from somebody else as well."""

KEY = PairKey(b"a secret of this installation")

Groups = Iterable[tuple[int, ...]]


class Year:
    """One way of pairing, through all its rounds."""

    def __init__(
        self,
        pairing: Callable[[list[Guest], Memory, Exclusions, str], Groups],
        excluded: Exclusions,
        stands_for: Callable[[int, int], Hashable],
    ) -> None:
        self._pairing = pairing
        self._excluded = excluded
        self._stands_for = stands_for
        self._met: dict[Hashable, int] = {}
        self.alone = self.repeats = self.same_unit = 0
        self.seconds: list[float] = []

    def go_on(self, number: int, coming: list[Guest]) -> None:
        week = number * WEEKS_BETWEEN

        def weeks_ago(one: int, other: int) -> int | None:
            met = self._met.get(self._stands_for(one, other))
            return None if met is None else week - met

        started = perf_counter()
        groups = list(self._pairing(coming, weeks_ago, self._excluded, f"round {number}"))
        self.seconds.append(perf_counter() - started)
        unit = {guest.person_id: guest.unit for guest in coming}
        seated = [one for group in groups for one in group]
        assert len(seated) == len(set(seated)), "somebody is there twice"
        self.alone += len(unit) - len(seated)
        for one, other in (two for group in groups for two in combinations(sorted(group), 2)):
            assert other not in self._excluded.of(one)
            couple = self._stands_for(one, other)
            self.repeats += couple in self._met
            self.same_unit += unit[one] == unit[other]
            self._met[couple] = week


def by_digest(one: int, other: int) -> Hashable:
    return KEY.digest_of(1, one, other)


def by_ids(one: int, other: int) -> Hashable:
    return one, other


def ours(coming: list[Guest], met: Memory, excluded: Exclusions, seed: str) -> Groups:
    return pair(coming, met=met, excluded=excluded, seed=seed).groups


def greedy(coming: list[Guest], met: Memory, excluded: Exclusions, seed: str) -> Groups:
    left = coming.copy()
    Random(seed).shuffle(left)
    groups: list[tuple[int, ...]] = []
    alone: list[int] = []
    while left:
        one = left.pop()
        apart = excluded.of(one.person_id)
        best: tuple[int, int] | None = None
        for at in range(len(left) - 1, -1, -1):
            other = left[at]
            if other.person_id in apart:
                continue
            low, high = sorted((one.person_id, other.person_id))
            badness = 2 * (met(low, high) is not None) + (one.unit == other.unit)
            if best is None or badness < best[0]:
                best = badness, at
            if not badness:
                break
        if best is None:
            alone.append(one.person_id)
        else:
            groups.append((one.person_id, left.pop(best[1]).person_id))
    for person_id in alone:
        apart = excluded.of(person_id)
        joinable = (at for at, group in enumerate(groups) if len(group) == 2 and apart.isdisjoint(group))
        for at in islice(joinable, 1):
            groups[at] = (*groups[at], person_id)
    return groups


def organisation(people: int, units: int, chance: Random) -> tuple[list[Guest], Exclusions]:
    """The second unit is half as large as the first, the third a third, and so on."""
    of = chance.choices(range(units), weights=[1 / rank for rank in range(1, units + 1)], k=people)
    guests = [Guest(person_id=one, unit=of[one]) for one in range(people)]
    managers = [(one // REPORTS * REPORTS, one) for one in range(people) if one % REPORTS]
    others = [(chance.randrange(people // 2), chance.randrange(people // 2, people)) for _ in range(people // 50)]
    return guests, Exclusions([*managers, *others])


def main(*, small: bool) -> None:
    chance = Random(1)
    people = SMALL_PEOPLE if small else PEOPLE
    guests, excluded = organisation(people, UNITS, chance)
    our, their = Year(ours, excluded, by_digest), Year(greedy, excluded, by_ids)
    held = 0.0
    for number in range(ROUNDS):
        say(f"fika: {people} people, round {number + 1} of {ROUNDS}")
        coming = [guest for guest in guests if chance.random() < COMES]
        held = max(held, _held_mb(partial(our.go_on, number, coming)))
        their.go_on(number, coming)
    # There is no ratio to none.
    report(
        Figure(name="fika.alone", value=our.alone, unit="times", baseline=their.alone or None),
        Figure(name="fika.repeats", value=our.repeats, unit="meetings", baseline=their.repeats or None),
        Figure(name="fika.same_unit", value=our.same_unit, unit="meetings", baseline=their.same_unit or None),
        Figure(name="fika.seconds", value=median(our.seconds), unit="s", baseline=median(their.seconds)),
        Figure(name="fika.slowest_round", value=max(our.seconds), unit="s", baseline=max(their.seconds)),
        Figure(name="fika.memory", value=held, unit="MB"),
    )
    report(*_circles(SMALL_CIRCLES if small else CIRCLES, chance))


def _circles(count: int, chance: Random) -> list[Figure]:
    say(f"fika: {count} circles of {OF_A_CIRCLE} people, {ROUNDS} rounds")
    our, their = [], []
    for _ in range(count):
        guests, excluded = organisation(OF_A_CIRCLE, 5, chance)
        our.append(Year(ours, excluded, by_digest))
        their.append(Year(greedy, excluded, by_ids))
        for number in range(ROUNDS):
            coming = [guest for guest in guests if chance.random() < COMES]
            our[-1].go_on(number, coming)
            their[-1].go_on(number, coming)
    return [
        Figure(
            name=f"fika.{what}_of_thirty",
            value=sum(getattr(year, what) for year in our),
            unit=unit,
            baseline=sum(getattr(year, what) for year in their) or None,
        )
        for what, unit in (("repeats", "meetings"), ("same_unit", "meetings"), ("alone", "times"))
    ]


def _held_mb(work: Callable[[], None]) -> float:
    """What the process held at most while it worked, beyond what it held before (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")  # The peak begins anew.
    before = machine.memory_mb(os.getpid())
    work()
    return machine.memory_mb(os.getpid(), kind="VmHWM") - before


if __name__ == "__main__":
    main(small="--small" in sys.argv)
