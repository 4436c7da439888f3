"""Which figures may be shown without telling what a few people said. Every figure goes through here.

No figure for fewer than five answers; none from which such a figure follows by subtraction, of parts from a whole or of
one figure from another about nearly the same people; none that tells what everybody said, since that everybody agrees
tells it of the few among them too. Where all but one agree the same is shown as where all do: otherwise, that a figure
is held back would tell. (Rules 1–5 of learning.md 6.4; the third is stricter here than there, since an attacker got in
that way. Five limits harm; it does not make people anonymous.)

A wave's figures are released once, when it has closed, and stay as they are: nothing is told by comparing yesterday's
with today's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lessons.outcomes.figures import Answers, Figure

FEWEST = 5
"""Answers behind a figure."""
AT_LEAST, AT_MOST = 0.8, 0.2
"""The shares shown where all, or all but one, answered alike, of the way from the lowest answer to the highest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """Shown where all, or all but one, answered alike: at least, or at most, `limit`."""

    answers: int
    limit: float
    is_lower: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """A table as others may see it. None: hidden."""

    whole: Figure | Bound | None
    parts: Mapping[str, Figure | None]


def released(whole: Answers, parts: Mapping[str, Collection[int]] | None = None) -> Released:
    """Return the figure of everybody, and of each part of them that may be shown beside it.

    `parts` are groups of people by name (roles, or units): everybody of `whole` is in exactly one. Of a wave's answers
    only one division is ever released. Raises ValueError when somebody is in none or in two.
    """
    groups = {name: whole.among(frozenset(people)) for name, people in (parts or {}).items()}
    if parts is not None and sorted(one for group in groups.values() for one in group.of) != sorted(whole.of):
        raise ValueError("everybody who answered must be in exactly one of the parts")
    if len(whole) < FEWEST:
        return Released(whole=None, parts=dict.fromkeys(groups))
    if whole.are_nearly_alike:
        return Released(whole=_bound(whole), parts=dict.fromkeys(groups))
    shown = _shown(whole, groups)
    return Released(
        whole=_figure(whole),
        parts={name: _figure(group) if name in shown else None for name, group in groups.items()},
    )


def may_stand_beside(new: Answers, released_before: Iterable[Answers]) -> bool:
    """Whether a figure of `new` may be released after figures of the same question and wave about other sets of people.

    What one has and the other lacks must be nobody, or enough people who did not nearly all answer alike.
    """
    if len(new) < FEWEST or new.are_nearly_alike:
        return False
    return all(
        _tells_nobody(before.without(new.of.keys())) and _tells_nobody(new.without(before.of.keys()))
        for before in released_before
    )


def _shown(whole: Answers, groups: Mapping[str, Answers]) -> set[str]:
    """The parts that may be shown: chosen by how many answered alone, and then all of them or none. Were one hidden for
    what its people said, whoever knows the rule would know what that was, and what is left over would give the few
    beside it away."""
    shown = {name for name, group in groups.items() if len(group) >= FEWEST}
    while shown and len(shown) < len(groups) and len(_left_over(whole, groups, shown)) < FEWEST:
        shown.remove(min(shown, key=lambda name: (len(groups[name]), name)))
    told = [*(groups[name] for name in shown), _left_over(whole, groups, shown)]
    return set() if any(group.are_nearly_alike for group in told if len(group)) else shown


def _left_over(whole: Answers, groups: Mapping[str, Answers], shown: Collection[str]) -> Answers:
    """Whoever is in no part that is shown: their sum follows from the whole."""
    return whole.without([one for name in shown for one in groups[name].of])


def _tells_nobody(left: Answers) -> bool:
    return len(left) == 0 or (len(left) >= FEWEST and not left.are_nearly_alike)


def _figure(answers: Answers) -> Figure:
    return Figure(answers=len(answers), total=answers.total)


def _bound(answers: Answers) -> Bound:
    is_lower = 2 * answers.total > (answers.lowest + answers.highest) * len(answers)
    share = AT_LEAST if is_lower else AT_MOST
    return Bound(
        answers=len(answers), limit=answers.lowest + share * (answers.highest - answers.lowest), is_lower=is_lower
    )
