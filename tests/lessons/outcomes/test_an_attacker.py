"""Somebody who has every published table, knows who answered, and works out what follows from them all together.

The attacker is a linear programme that knows nothing of our rules: between which limits must the sum of a small group
lie, whatever else is true? Where they meet, it is recovered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.suppression import Released, may_stand_beside, released

COHORTS, WAVES = 1_000, 3
ROLES = ("manager", "innovation-leader", "team-member", "politician")
NEARLY = 1e-6


@dataclass
class Published:
    """What is known of one question in one wave of one cohort: sums over sets of people."""

    answers: Answers
    sums: list[tuple[frozenset[int], float]] = field(default_factory=list)
    small: list[frozenset[int]] = field(default_factory=list)
    """Groups of one to four whose sum nobody may work out."""


def cohorts(hides: bool) -> Iterator[list[Published]]:
    lots = Random(7)
    for _ in range(COHORTS):
        yield list(one_cohort(lots, hides))


def one_cohort(lots: Random, hides: bool) -> Iterator[Published]:
    """Three waves: some leave, some come, some do not answer; each wave by role, and the change of those in both."""
    weights = [lots.random() ** 2 for _ in ROLES]
    people = dict(enumerate(lots.choices(ROLES, weights, k=lots.randint(3, 40))))
    likely = lots.choice([0.02, 0.3, 0.5, 0.8, 0.97])
    waves: list[Published] = []
    for _ in range(WAVES):
        here = {one: role for one, role in people.items() if lots.random() < 0.95}
        people = here | {len(people) + 100 + new: lots.choice(ROLES) for new in range(lots.randint(0, 2))}
        answered = [one for one in people if lots.random() < 0.9]
        answers = Answers(of={one: float(lots.random() < likely) for one in answered})
        parts = {role: [one for one in answered if people[one] == role] for role in ROLES}
        wave = Published(answers=answers)
        tell(wave, released(answers, parts) if hides else everything(answers, parts), parts)
        for before in waves:
            tell_the_change(before, wave, hides)
        wave.small += [frozenset(part) for part in parts.values() if 0 < len(part) < 5]
        waves.append(wave)
    for wave in waves:
        everybody = frozenset(wave.answers.of)
        wave.small += [gone for told, _ in wave.sums if 0 < len(gone := everybody - told) < 5]
        wave.small = list(dict.fromkeys(wave.small))
    yield from waves


def everything(answers: Answers, parts: dict[str, list[int]]) -> Released:
    """What somebody would publish who hides the small groups alone."""
    groups = {name: answers.among(part) for name, part in parts.items()}
    figures = {name: Figure(answers=len(group), total=group.total) for name, group in groups.items() if len(group) > 4}
    return Released(whole=Figure(answers=len(answers), total=answers.total), parts=figures)


def tell(wave: Published, table: Released, parts: dict[str, list[int]]) -> None:
    if isinstance(table.whole, Figure):
        wave.sums.append((frozenset(wave.answers.of), table.whole.total))
    wave.sums += [(frozenset(parts[name]), figure.total) for name, figure in table.parts.items() if figure]


def tell_the_change(before: Published, after: Published, hides: bool) -> None:
    """The change of those who answered both times: the sums of the same people in both waves."""
    both = before.answers.of.keys() & after.answers.of.keys()
    pairs = [(wave, wave.answers.among(both)) for wave in (before, after)]
    if hides and not all(may_stand_beside(pair, told_before(wave)) for wave, pair in pairs):
        return
    for wave, pair in pairs:
        wave.sums.append((frozenset(pair.of), pair.total))


def told_before(wave: Published) -> list[Answers]:
    return [wave.answers.among(people) for people, _ in wave.sums]


def recovered(waves: list[Published]) -> int:
    """How many small groups have a sum that follows. All waves are one programme: they share nothing, so what is best
    for each is best for all."""
    found = 0
    for turn in range(max(len(wave.small) for wave in waves)):
        asked = [(wave, wave.small[turn]) for wave in waves if turn < len(wave.small)]
        least, most = limits(asked, 1), limits(asked, -1)
        found += int(np.sum(most - least < NEARLY))
    return found


def limits(asked: list[tuple[Published, frozenset[int]]], sign: int) -> np.ndarray:
    """The least (sign 1) or greatest (-1) sum of each small group that all of its wave's published sums allow."""
    columns = [(number, one) for number, (wave, _) in enumerate(asked) for one in wave.answers.of]
    place = {column: index for index, column in enumerate(columns)}
    rows = [(number, people, total) for number, (wave, _) in enumerate(asked) for people, total in wave.sums]
    matrix = lil_array((len(rows), len(columns)))
    for row, (number, people, _) in enumerate(rows):
        matrix[row, [place[number, one] for one in people]] = 1
    goal = np.zeros(len(columns))
    for number, (_, group) in enumerate(asked):
        goal[[place[number, one] for one in group]] = sign
    known: Any = {"A_eq": matrix.tocsr(), "b_eq": [total for *_, total in rows]}  # sparse: its stubs want a dense one
    solved = linprog(goal, bounds=(0, 1), method="highs", **known)
    assert solved.x is not None, solved.message
    return np.array([sum(solved.x[place[number, one]] for one in group) for number, (_, group) in enumerate(asked)])


def test_every_table_of_a_thousand_cohorts_over_three_waves_gives_no_small_group_away() -> None:
    waves = [wave for cohort in cohorts(hides=True) for wave in cohort]
    assert sum(len(wave.sums) for wave in waves) > COHORTS  # there is something to attack with
    assert sum(len(wave.small) for wave in waves) > COHORTS  # and something to find
    assert recovered(waves) == 0


def test_the_attacker_recovers_small_groups_where_they_alone_are_hidden() -> None:
    waves = [wave for cohort in list(cohorts(hides=False))[:100] for wave in cohort]
    assert recovered(waves) > 100
