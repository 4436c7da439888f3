"""Somebody who knows how many answered in each role, every figure that is shown, and our rules: all can read them."""

from collections import defaultdict
from itertools import combinations_with_replacement, product
from typing import Any

import pytest

from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.suppression import FEWEST, released


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
