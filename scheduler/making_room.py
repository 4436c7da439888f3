"""A place for whoever is left without anybody when the others have somebody: a group or two is taken apart. Pure.

Otherwise the one of two who may not meet would be alone while the other is not, and could see why.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from lessons.pairing import Exclusions, Fika

Group = tuple[int, ...]
Couple = tuple[int, int]

TRIED = 100
"""Groups that are looked at: among so many there is one that suits."""
TRIED_TWO_BY_TWO = 20
EVERYBODY = 100
"""Of so many people everybody is put together anew, where nothing less gives all a place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seated:
    """People by their ids. Printed it says nothing."""

    groups: Sequence[Group]
    alone: Sequence[int]

    def __repr__(self) -> str:
        return "Seated(confidential)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How people can be moved. Printed it says nothing."""

    anew: Callable[[Collection[int]], Fika]
    """Puts some people together as if nobody had been."""
    told: Collection[Couple]
    """Who has heard that they meet: as few of them as can be are parted."""
    badness: Callable[[Couple], int]
    excluded: Exclusions

    def __repr__(self) -> str:
        return "Room(confidential)"

    def made(self, seated: Seated) -> Seated:
        """Return groups with as few alone as can be found, and of these with as few parted as can be."""
        there = {one for group in seated.groups for one in group} | {*seated.alone}
        # Nothing can be done for those who may meet nobody at all.
        hopeless = [one for one in seated.alone if there - {one} <= self.excluded.of(one)]
        seated = Seated(groups=seated.groups, alone=[one for one in seated.alone if one not in hopeless])
        while seated.alone and (better := self._better(seated)) is not None:
            seated = better
        return Seated(groups=seated.groups, alone=[*seated.alone, *hopeless])

    def _better(self, seated: Seated) -> Seated | None:
        """The least that leaves fewer alone; None if nothing does."""
        # First those in which somebody may meet one who is alone: among many, not all are tried.
        groups = sorted(seated.groups, key=lambda group: all({*group} <= self.excluded.of(one) for one in seated.alone))
        for ways in _ways(groups):
            tried = ((apart, self._without(apart, seated.alone)) for apart in ways)
            apart, best = min(tried, key=lambda one: self._worth(*one), default=((), seated))
            if len(best.alone) < len(seated.alone):
                others = [group for group in seated.groups if group not in apart]
                return Seated(groups=[*others, *best.groups], alone=best.alone)
        return None

    def _without(self, apart: Collection[Group], alone: Collection[int]) -> Seated:
        """Put those of some groups together anew with those who are alone."""
        fika = self.anew([*alone, *(one for group in apart for one in group)])
        return Seated(groups=fika.groups, alone=[one.person_id for one in fika.alone])

    def _worth(self, apart: Collection[Group], instead: Seated) -> tuple[int, int, int]:
        """Less is better."""
        was, now = couples(apart), couples(instead.groups)
        parted = sum(two in self.told for two in was - now)
        return len(instead.alone), parted, sum(self.badness(two) for two in now - was)


def couples(groups: Iterable[Group]) -> set[Couple]:
    """Everybody who meets, two by two, the smaller id first."""
    return {two for group in groups for two in combinations(sorted(group), 2)}


def _ways(groups: Sequence[Group]) -> Iterator[Iterable[Collection[Group]]]:
    """Which groups may be taken apart, the mildest first."""
    yield ((group,) for group in islice(groups, TRIED))
    yield combinations(groups[:TRIED_TWO_BY_TWO], 2)
    if sum(map(len, groups)) <= EVERYBODY:
        yield [groups]
