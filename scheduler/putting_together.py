"""Who is to meet whom, from all that must be known for it. Pure, and light to import: where people are many, a process
of its own does it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lessons.pairing import Exclusions, Fika, Guest, lot, pair
from scheduler.making_room import Couple, Group, Room, Seated, couples

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
    """Pure. Whoever is alone among the loose becomes a third where that can be; where it cannot, groups that stand are
    taken apart for them, as few as can be. Nobody is told why if they are alone all the same."""
    met = _met(gathered)
    standing = {id: tuple(sorted(guest.person_id for guest in group)) for id, group in gathered.standing.items()}
    told = couples(standing.values())

    def weeks_ago(one: int, other: int) -> int | None:
        # Those who are to meet now have it remembered already, and may be put together again.
        last = None if (one, other) in told else met(one, other)
        return None if last is None else (gathered.day - last).days // 7

    seed = f"{gathered.round_id}/{gathered.step_id}"
    guests = {guest.person_id: guest for guest in gathered.loose}
    guests |= {guest.person_id: guest for group in gathered.standing.values() for guest in group}

    def anew(people: Collection[int]) -> Fika:
        return pair([guests[one] for one in people], met=weeks_ago, excluded=gathered.excluded, seed=seed)

    def badness(couple: Couple) -> int:
        return sum(_badness(guests[couple[0]], (guests[couple[1]],), met))

    room = Room(anew=anew, told=told, badness=badness, excluded=gathered.excluded)
    seated = room.made(_with_thirds(anew(tuple(one.person_id for one in gathered.loose)), gathered, guests, met, seed))
    new, joined = _changes(seated.groups, standing)
    digest_of = gathered.digest_of
    return Arranged(
        organisation_id=gathered.organisation_id,
        round_id=gathered.round_id,
        day=gathered.day,
        new=new,
        joined=joined,
        digests=() if digest_of is None else tuple(digest_of(*two) for two in sorted(couples(seated.groups) - told)),
    )


def _with_thirds(fika: Fika, gathered: Gathered, guests: Mapping[int, Guest], met: Met, seed: str) -> Seated:
    """Who is alone joins a group that stands, if there is one. Who goes first is drawn: an id is not a merit."""
    joined: dict[int, int] = {}
    alone = []
    for one in sorted((one.person_id for one in fika.alone), key=lambda one: lot(f"{seed}/thirds", one)):
        group = _best_to_join(guests[one], gathered, met, taken=joined)
        if group is None:
            alone.append(one)
        else:
            joined[group] = one
    standing = [
        (*(guest.person_id for guest in group), *([joined[id]] if id in joined else []))
        for id, group in gathered.standing.items()
    ]
    return Seated(groups=[tuple(sorted(group)) for group in (*standing, *fika.groups)], alone=alone)


def _changes(groups: Iterable[Group], standing: Mapping[int, Group]) -> tuple[tuple[Group, ...], Mapping[int, int]]:
    """Return which of the groups are new, and who has come to one that stands, by its id."""
    group_of = {one: id for id, group in standing.items() for one in group}
    new, joined = [], {}
    for group in sorted(tuple(sorted(group)) for group in groups):
        whole = {id for one in group if (id := group_of.get(one)) is not None and {*standing[id]} <= {*group}}
        come = [one for one in group if group_of.get(one) not in whole]
        if not whole:
            new.append(group)
        elif come:
            joined[whole.pop()] = come[0]
    return tuple(new), joined


def _met(gathered: Gathered) -> Met:
    digest_of, met = gathered.digest_of, gathered.met
    if digest_of is None or not met:
        return lambda one, other: None
    return lambda one, other: met.get(digest_of(one, other))


def _best_to_join(one: Guest, gathered: Gathered, met: Met, *, taken: Mapping[int, int]) -> int | None:
    """Return the group of two that suits best: without anybody excluded, and rather with new faces, of other units."""
    excluded = gathered.excluded.of(one.person_id)

    def badness(id: int) -> tuple[int, int, int]:
        return *_badness(one, gathered.standing[id], met), id

    possible = [
        id
        for id, group in gathered.standing.items()
        if len(group) == FEWEST and id not in taken and excluded.isdisjoint(guest.person_id for guest in group)
    ]
    return min(possible, key=badness, default=None)


def _badness(one: Guest, others: Iterable[Guest], met: Met) -> tuple[int, int]:
    """How many of the others somebody has met before, and how many are of their own unit."""
    others = tuple(others)
    known = sum(met(one.person_id, guest.person_id) is not None for guest in others)
    return known, sum(guest.unit is not None and guest.unit == one.unit for guest in others)
