"""Who is to meet whom, from all that must be known for it. Pure, and light to import: where people are many, a process
of its own does it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from lessons.pairing import Exclusions, Guest, pair

FEWEST = 2
"""People in a group."""

Met = Callable[[int, int], date | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What must be known to put people together. Printed it says nothing of them."""

    organisation_id: int
    round_id: int
    step_id: int
    day: date
    loose: tuple[Guest, ...] = field(repr=False)
    """Who has nobody to meet."""
    standing: Mapping[int, tuple[Guest, ...]] = field(repr=False)
    """The groups that go on as they are, by their ids: those of two can take a third."""
    excluded: Exclusions
    digest_of: Callable[[int, int], str] | None = field(repr=False)
    """What stands for two people; None when nothing is remembered here."""
    met: Mapping[str, date] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arranged:
    """Who meets whom from now on. Printed it says nothing."""

    organisation_id: int
    round_id: int
    day: date
    new: tuple[tuple[int, ...], ...] = field(repr=False)
    joined: Mapping[int, int] = field(repr=False)
    """Who comes to a group that is there, by its id."""
    digests: tuple[str, ...] = field(repr=False)


def put_together(gathered: Gathered) -> Arranged:
    """Pure. Whoever is alone among the loose becomes a third where that can be; nobody is told why if it cannot."""
    met = _met(gathered)

    def weeks_ago(one: int, other: int) -> int | None:
        last = met(one, other)
        return None if last is None else (gathered.day - last).days // 7

    seed = f"{gathered.round_id}/{gathered.step_id}"
    fika = pair(gathered.loose, met=weeks_ago, excluded=gathered.excluded, seed=seed)
    guests = {guest.person_id: guest for guest in gathered.loose}
    joined: dict[int, int] = {}
    for alone in fika.alone:
        group = _best_to_join(guests[alone.person_id], gathered, met, taken=joined)
        if group is not None:
            joined[group] = alone.person_id
    couples = [two for group in fika.groups for two in combinations(group, 2)]
    couples += [(one, guest.person_id) for group, one in joined.items() for guest in gathered.standing[group]]
    digest_of = gathered.digest_of
    return Arranged(
        organisation_id=gathered.organisation_id,
        round_id=gathered.round_id,
        day=gathered.day,
        new=fika.groups,
        joined=joined,
        digests=() if digest_of is None else tuple(digest_of(one, other) for one, other in couples),
    )


def _met(gathered: Gathered) -> Met:
    digest_of, met = gathered.digest_of, gathered.met
    if digest_of is None or not met:
        return lambda one, other: None
    return lambda one, other: met.get(digest_of(one, other))


def _best_to_join(one: Guest, gathered: Gathered, met: Met, *, taken: Mapping[int, int]) -> int | None:
    """Return the group of two that suits best: without anybody excluded, and rather with new faces, of other units."""
    excluded = gathered.excluded.of(one.person_id)

    def badness(id: int) -> tuple[int, int, int]:
        group = gathered.standing[id]
        known = sum(met(one.person_id, guest.person_id) is not None for guest in group)
        same = sum(guest.unit is not None and guest.unit == one.unit for guest in group)
        return known, same, id

    possible = [
        id
        for id, group in gathered.standing.items()
        if len(group) == FEWEST and id not in taken and excluded.isdisjoint(guest.person_id for guest in group)
    ]
    return min(possible, key=badness, default=None)
