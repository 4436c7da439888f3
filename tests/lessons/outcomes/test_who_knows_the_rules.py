"""Somebody who knows how many answered in each role, every figure that is shown, and our rules: all can read them."""

from collections import defaultdict
from itertools import combinations_with_replacement, product
from typing import Any

import orjson
import pytest

from lessons.models import Role
from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.releasing import Answered, release
from lessons.outcomes.suppression import FEWEST, released
from lessons.surveys import Survey, Wave


def shown(sizes: tuple[int, ...], yes: tuple[int, ...]) -> tuple[Any, tuple[Any, ...]]:
    """What others see when so many of so many in each role said yes."""
    said, parts, first = dict[int, float](), dict[str, list[int]](), 0
    for role, (size, agree) in enumerate(zip(sizes, yes, strict=True)):
        parts[str(role)] = list(range(first, first + size))
        said |= {person: float(person - first < agree) for person in parts[str(role)]}
        first += size
    found = released(Answers(of=said), parts)
    return found.whole, tuple(found.parts.values())


@pytest.mark.parametrize(("roles", "most"), [(2, 12), (3, 7), (4, 5)])
def test_whoever_knows_the_rules_learns_no_more_from_what_is_hidden(roles: int, most: int) -> None:
    """Of every truth that looks the same: no small role said the same in all of them, and no role that is hidden was
    nearly all yes, or nearly all no, in all of them."""
    for sizes in combinations_with_replacement(range(1, most + 1), roles):
        looks: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
        for yes in product(*(range(size + 1) for size in sizes)):
            looks[shown(sizes, yes)].append(yes)
        for (whole, parts), truths in looks.items():
            if not isinstance(whole, Figure):
                continue  # a bound says of everybody what it says of each
            for role, size in enumerate(sizes):
                could = {truth[role] for truth in truths}
                if parts[role] is None:
                    assert size >= FEWEST or len(could) > 1, (sizes, whole, parts, could)
                    assert size < FEWEST or not (could <= {0, 1} or could <= {size - 1, size}), (sizes, whole, parts)


@pytest.mark.parametrize("people", [10, 12, 15, 20])
def test_whoever_knows_the_rules_learns_no_more_from_a_change_whose_ways_are_hidden(
    people: int, own_items: Survey
) -> None:
    """Of every number that may have gone higher and lower: where the ways are not told, it does not follow that hardly
    any, or nearly all, went one of them. A limit says openly what it says."""
    looks: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for higher in range(people + 1):
        for lower in range(people + 1 - higher):
            same = people - higher - lower
            looks[told_of_change(own_items, higher, same, lower)].append((higher, same, lower))
    hidden = [truths for document, truths in looks.items() if '"same":null' in document and '"limit":null' in document]
    assert len(hidden) == people - 3, "from two who went higher to all but two"
    for truths in hidden:
        for way in (1, 2):
            could = {truth[way] for truth in truths}
            assert not could <= {0, 1}, truths
            assert not could <= {people - 1, people}, truths
    [few] = [truths for document, truths in looks.items() if '"limit":20' in document]
    assert {lower for _higher, _same, lower in few} == set(range(people + 1))


def told_of_change(survey: Survey, higher: int, same: int, lower: int) -> str:
    """All that others see of the change when so many went each way, one step each."""
    before = [Answered(person=one, item="S8", value="2") for one in range(higher + same + lower)]
    after = [
        Answered(person=one, item="S8", value=value)
        for one, value in enumerate("3" * higher + "2" * same + "1" * lower)
    ]
    asked = dict.fromkeys(range(len(before)), Role.MANAGER)
    document = release([survey], digest="d", wave=Wave.T1, asked=asked, responses=after, at_first=before)
    [question] = [one for one in document["questions"] if one["item"] == "S8"]
    return orjson.dumps(question["change"]).decode()
