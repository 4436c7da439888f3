"""Innovationsfika: who meets whom, so that nobody is left out and people meet somebody new."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import combinations

from lessons.pairing_costs import Costs
from lessons.pairing_matching import matched

Memory = Callable[[int, int], int | None]
"""How many weeks ago two people met, asked with the smaller id first; None when they have not, as far as is remembered.

A function, since what is remembered is a digest of two ids and can only be looked up: few of all pairs are asked about.
"""

EVERY_THREE_IS_TRIED = 13
"""Up to so many people: 286 threes and a small matching for each, a few hundredths of a second."""


class Exclusions:
    """People who are not to be put together: each other's manager, and whoever asked for it, in whichever order.

    Confidential: printed, logged or in an error this says nothing of who or how many, and no result gives a reason.
    """

    __slots__ = ("_of",)

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._of: dict[int, set[int]] = {}
        for one, other in pairs:
            self._of.setdefault(one, set()).add(other)
            self._of.setdefault(other, set()).add(one)

    def __repr__(self) -> str:
        return "Exclusions(confidential)"

    def of(self, person_id: int) -> frozenset[int]:
        return frozenset(self._of.get(person_id, ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Somebody who is to be paired. Who has paused is not handed in."""

    person_id: int
    unit: int | None = None
    """None is no unit, and the same as nobody's."""
    half_hours: int | None = None
    """When they can meet: a bit for each half-hour of the days in question. None: any time, as far as we know."""
    across_units: bool = True
    """Whether they want to meet somebody of another unit. It is enough that one of the two does."""


class Why(StrEnum):
    """Why somebody is alone. No more is said, since more would tell of an exclusion."""

    ONLY_ONE = "only_one"
    """There was nobody else."""
    NO_PAIR = "no_pair"
    """There was no pair for them this time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alone:
    person_id: int
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class Fika:
    """Everybody handed in is in one group or alone, once. All in order of ids, which tells nothing."""

    groups: tuple[tuple[int, ...], ...]
    """Pairs, and one three when the number is odd. More threes only where somebody would be alone without."""
    alone: tuple[Alone, ...]


def pair(guests: Sequence[Guest], *, met: Memory, excluded: Exclusions, seed: str) -> Fika:
    """Return who meets whom; the same for the same seed, in whatever order people are handed in.

    What comes first: nobody is put with somebody excluded; nobody is alone; as few repeats as can be, and those of
    longest ago; people who can meet at the same time; people of different units, where one of them wants that.

    Nobody is alone as long as everybody is kept apart from fewer than half of the others. Where nobody has to be alone,
    it is the best there is for an even number up to 200 and an odd one up to 13; the three of a larger odd number is
    the best for the pairs that were found. Beyond 200 everybody has some candidates, and those for whom these gave
    nobody, or nobody good, are looked at again.

    Raises ValueError when somebody is handed in twice.
    """
    if len({guest.person_id for guest in guests}) < len(guests):
        raise ValueError("the same person is handed in twice")
    drawn = sorted(guests, key=lambda guest: lot(seed, guest.person_id))
    costs = Costs(
        ids=[guest.person_id for guest in drawn],
        units=[guest.unit for guest in drawn],
        half_hours=[guest.half_hours for guest in drawn],
        across_units=[guest.across_units for guest in drawn],
        excluded=[excluded.of(guest.person_id) for guest in drawn],
        met=met,
    )
    strides = sorted(range(1, len(drawn)), key=lambda stride: lot(f"{seed}/strides", stride))
    everybody = range(len(drawn))
    plan = _seated(everybody, costs, strides)
    if len(drawn) <= EVERY_THREE_IS_TRIED and (plan.alone or (len(drawn) % 2 and plan.cost)):
        plan = min([plan, *_with_every_three(everybody, costs)], key=_Plan.worth)
    why = Why.ONLY_ONE if len(drawn) == 1 else Why.NO_PAIR
    return Fika(
        groups=tuple(sorted(tuple(sorted(costs.ids[at] for at in group)) for group in plan.groups)),
        alone=tuple(Alone(person_id=person_id, why=why) for person_id in sorted(costs.ids[at] for at in plan.alone)),
    )


def lot(seed: str, number: int) -> bytes:
    """A draw of lots that no version of Python draws differently."""
    return blake2b(f"{seed}/{number}".encode(), digest_size=8).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """People are their places in the draw here, not ids."""

    groups: list[tuple[int, ...]]
    alone: list[int]
    cost: int

    def worth(self) -> tuple[int, int, int]:
        """Less is better."""
        return len(self.alone), sum(len(group) == 3 for group in self.groups), self.cost


def _seated(people: Sequence[int], costs: Costs, strides: Sequence[int]) -> _Plan:
    """Pairs; whoever is left over is put into the three that suits best, if there is one without an exclusion."""
    pairs, left = matched(people, costs, strides)
    groups: list[tuple[int, ...]] = list(pairs)
    alone = []
    for one in left:
        joined = [(cost, at) for at, group in enumerate(groups) if (cost := _cost_of_joining(one, group, costs)) >= 0]
        if joined:
            at = min(joined)[1]
            groups[at] = (*groups[at], one)
        else:
            alone.append(one)
    return _Plan(groups=groups, alone=alone, cost=sum(_cost(group, costs) for group in groups))


def _cost_of_joining(one: int, group: tuple[int, ...], costs: Costs) -> int:
    """-1 when they cannot."""
    if len(group) > 2:
        return -1
    each = [costs.of(one, other) for other in group]
    return -1 if None in each else sum(cost or 0 for cost in each)


def _with_every_three(people: Sequence[int], costs: Costs) -> Iterator[_Plan]:
    for three in combinations(people, 3):
        if any(costs.of(one, other) is None for one, other in combinations(three, 2)):
            continue
        rest = _seated([one for one in people if one not in three], costs, ())
        yield _Plan(groups=[*rest.groups, three], alone=rest.alone, cost=rest.cost + _cost(three, costs))


def _cost(group: tuple[int, ...], costs: Costs) -> int:
    return sum(costs.of(one, other) or 0 for one, other in combinations(group, 2))
