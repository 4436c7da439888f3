"""Somebody who has every published document of a cohort, knows who answered, and works out what follows from them all
together.

The attacker is a linear programme that knows nothing of our rules: between which limits must the sum of a small group
lie, whatever else is true? Where they meet, it is recovered.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from lessons.models import Role
from lessons.outcomes.figures import Answers
from lessons.outcomes.released_wave import (
    Counted,
    Limited,
    Question,
    ReleasedWave,
    ScaleChange,
    YesNoChange,
    read_wave,
)
from lessons.outcomes.releasing import Answered, release
from lessons.surveys import Survey, Wave

COHORTS = 1_000
WAVES = {Wave.T0: ("S5", "S8", "S11a"), Wave.T1: ("S13", "S8", "S11a"), Wave.T2: ("S5", "S8", "S11a")}
NEARLY = 1e-6
NOBODY = -1

Release = Callable[..., ReleasedWave]


@dataclass
class Published:
    """What is known of one question in one wave of one cohort: sums over sets of people."""

    answers: Answers
    sums: list[tuple[frozenset[int], float]] = field(default_factory=list)
    small: list[frozenset[int]] = field(default_factory=list)
    """Groups of one to four whose sum nobody may work out."""
    left: list[list[float]] = field(default_factory=list)
    """What those said who are in one sum and not in others: that is worked out by taking one from the other."""


def by_the_rules(survey: Survey, **wave: Any) -> ReleasedWave:
    return read_wave(release([survey], digest="d", **wave))


def hiding_the_small_alone(survey: Survey, **wave: Any) -> ReleasedWave:
    """What somebody would publish who hides groups of fewer than five and thinks no further."""
    asked: Mapping[int, Role] = wave["asked"]
    questions = []
    for item in survey.items:
        values = {one.person: one.value for one in wave["responses"] if one.item == item.id}
        before = {one.person: one.value for one in wave["at_first"] if one.item == item.id}
        groups = {role: [one for one in values if asked[one] is role] for role in Role}
        question = Question.model_construct(
            survey=survey.id,
            item=item.id,
            text=item.text,
            yes_texts=(),
            tells_share=True,
            tells_change=True,
            share=counted([_is_yes(item.id, value) for value in values.values()]),
            by_role={role: counted([_is_yes(item.id, values[one]) for one in group]) for role, group in groups.items()},
            change=pairs(item.id, before, values),
        )
        questions.append(question)
    return ReleasedWave.model_construct(
        wave=wave["wave"], digest="d", asked=len(asked), answered=None, questions=tuple(questions)
    )


def counted(said: list[bool]) -> Counted | None:
    return Counted.model_construct(answers=len(said), yes=sum(said)) if len(said) >= 5 else None


def pairs(item: str, before: Mapping[int, Any], after: Mapping[int, Any]) -> YesNoChange | None:
    said = [(_is_yes(item, before[one]), _is_yes(item, after[one])) for one in before.keys() & after.keys()]
    if len(said) < 5:
        return None
    return YesNoChange.model_construct(
        both=said.count((True, True)),
        lost=said.count((True, False)),
        gained=said.count((False, True)),
        neither=said.count((False, False)),
    )


def cohorts(survey: Survey, how: Release, number: int) -> Iterator[Published]:
    """Some leave, some come, some do not answer; what all documents say of each question in each wave."""
    lots = Random(7)
    for _ in range(number):
        yield from one_cohort(survey, lots, how)


def one_cohort(survey: Survey, lots: Random, how: Release) -> Iterator[Published]:
    weights = [lots.random() ** 2 for _ in Role]
    people = dict(enumerate(lots.choices(list(Role), weights, k=lots.randint(3, 40))))
    likely = lots.choice([0.02, 0.3, 0.5, 0.8, 0.97])
    known: dict[tuple[str, Wave | str], Published] = {}
    first: list[Answered] = []
    for wave, items in WAVES.items():
        here = {one: role for one, role in people.items() if lots.random() < 0.95}
        people = here | {len(people) + 100 + new: lots.choice(list(Role)) for new in range(lots.randint(0, 2))}
        said = [
            Answered(person=one, item=item.id, value=_value(lots, item.id, likely))
            for item in survey.items
            for one, role in people.items()
            if item.id in items and role in item.roles and lots.random() < 0.9
        ]
        for item in items:
            values = {one.person: one.value for one in said if one.item == item}
            known[item, wave] = Published(
                answers=Answers(of={one: float(_is_yes(item, value)) for one, value in values.items()})
            )
        document = how(survey, wave=wave, asked=people, responses=said, at_first=first)
        for question in document.questions:
            tell(known, question, wave, people)
        first = first or said
    for one in known.values():
        if not one.sums:
            continue  # nothing to work anything out from
        one.small += [gone for told, _ in one.sums if 0 < len(gone := frozenset(one.answers.of) - {NOBODY} - told) < 5]
        one.small = list(dict.fromkeys(one.small))
        yield one


def tell(
    known: dict[tuple[str, Wave | str], Published], question: Question, wave: Wave, people: Mapping[int, Role]
) -> None:
    now = known.get((question.item, wave))
    if now is None:  # nobody had it
        return
    roles = {role: frozenset(one for one in now.answers.of if people[one] is role) for role in Role}
    now.small += [group for group in roles.values() if 0 < len(group) < 5]
    if isinstance(question.share, Counted):
        now.sums.append((frozenset(now.answers.of), question.share.yes))
    elif isinstance(question.share, Limited):
        # The attacker knows what it means: that all but at most one said the same. That one is somebody, or nobody.
        everybody = frozenset(now.answers.of)
        now.answers = Answers(of={**now.answers.of, NOBODY: 0.0})
        now.sums.append((everybody | {NOBODY}, len(everybody) if question.share.is_lower else 1))
    now.sums += [(roles[role], figure.yes) for role, figure in question.by_role.items() if figure]
    told = [roles[role] for role, figure in question.by_role.items() if figure]
    if isinstance(question.share, Counted) and told:
        now.left.append(without(now.answers, frozenset().union(*told)))
    before = known.get((question.item, Wave.T0))
    if before is None or before is now or question.change is None:
        return
    both = frozenset(before.answers.of.keys() & now.answers.of.keys())
    if isinstance(question.change, YesNoChange):
        before.sums.append((both, question.change.both + question.change.lost))
        now.sums.append((both, question.change.both + question.change.gained))
        if question.share is not None:
            now.left.append(without(now.answers, both))
    elif isinstance(question.change, ScaleChange):
        for name in ("higher", "same", "lower"):
            if (count := getattr(question.change, name)) is None:
                continue
            small = [group & both for group in roles.values() if 0 < len(group & both) < 5]
            known[question.item, f"{wave} {name}"] = Published(
                answers=Answers(of=dict.fromkeys(both, 0.0)),
                sums=[(both, count)],
                small=small,
            )


def without(answers: Answers, people: frozenset[int]) -> list[float]:
    return [said for one, said in answers.of.items() if one not in people]


def told_alike(waves: list[Published]) -> int:
    """How many groups are left over by a subtraction of which all, or all but one, said the same."""
    return sum(bool(left) and min(sum(left), len(left) - sum(left)) <= 1 for wave in waves for left in wave.left)


def _value(lots: Random, item: str, likely: float) -> str:
    if item == "S5":
        return str(int(lots.random() < likely))
    return str(lots.choice([4, 5]) if lots.random() < likely else lots.choice([1, 2, 3]))


def _is_yes(item: str, value: Any) -> bool:
    return str(value) in (("1",) if item == "S5" else ("4", "5"))


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
    at = [(row, place[number, one]) for row, (number, people, _) in enumerate(rows) for one in people]
    rows_at, columns_at = zip(*at, strict=True)
    matrix = coo_array((np.ones(len(at)), (rows_at, columns_at)), shape=(len(rows), len(columns)))
    goal = np.zeros(len(columns))
    for number, (_, group) in enumerate(asked):
        goal[[place[number, one] for one in group]] = sign
    known: Any = {"A_eq": matrix.tocsr(), "b_eq": [total for *_, total in rows]}  # sparse: its stubs want a dense one
    solved = linprog(goal, bounds=(0, 1), method="highs", **known)
    assert solved.x is not None, solved.message
    return np.array([sum(solved.x[place[number, one]] for one in group) for number, (_, group) in enumerate(asked)])


def asked_of(survey: Survey) -> Survey:
    items = {item for names in WAVES.values() for item in names}
    return survey.model_copy(update={"items": tuple(item for item in survey.items if item.id in items)})


def test_every_document_of_a_thousand_cohorts_over_three_waves_gives_no_small_group_away(own_items: Survey) -> None:
    known = list(cohorts(asked_of(own_items), by_the_rules, COHORTS))
    assert sum(len(one.sums) for one in known) > 3 * COHORTS  # there is something to attack with
    assert sum(len(one.small) for one in known) > 3 * COHORTS  # and something to find
    assert recovered(known) == 0
    assert sum(bool(left) for one in known for left in one.left) > COHORTS // 10
    assert told_alike(known) == 0


def test_the_attacker_recovers_small_groups_where_they_alone_are_hidden(own_items: Survey) -> None:
    known = list(cohorts(asked_of(own_items), hiding_the_small_alone, 100))
    assert recovered(known) > 100
    assert told_alike(known) > 10
