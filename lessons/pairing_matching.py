"""Pairs by maximum-weight matching, on a graph in which everybody has some candidates instead of everybody.

Five thousand people have twelve million pairs among them, of which some forty thousand will do. Everybody looks at
others at the same drawn distances in the drawn order. Such a graph hangs together well everywhere, so that nearly
always all can be matched. For whom it gave nobody, or nobody good, it is widened once: whoever is alone gets everybody
as a candidate. That is enough whenever everybody is kept apart from fewer than half of the others: two people who are
left over, each free to meet half of all or more, can always be put right by taking one pair apart.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from lessons.pairing_costs import Costs

WHOLE = 200
"""Up to so many people everybody is everybody's candidate."""
LOOKS = 200
"""How many others one person looks at, at most, for good candidates."""
GOOD = 8
"""How many good candidates are enough."""
NEW = 8
"""The first so many whom one has not met are candidates, good or not: where a unit is larger than all others together,
some must meet within it."""
ANY = 4
"""The first so many are candidates in any case."""
LOOKED_AT_AGAIN = 200
"""People for whom the graph is widened."""
BETTER = 32
"""How many better candidates than the one they got they are given."""

Pair = tuple[int, int]
Edges = dict[Pair, int]


def matched(people: Sequence[int], costs: Costs, strides: Sequence[int]) -> tuple[list[Pair], list[int]]:
    """Return the pairs and who is left over: nobody of an even number, one of an odd one, or more where exclusions
    leave no choice."""
    if len(people) <= WHOLE:
        edges: Edges = {}
        for at, one in enumerate(people):
            _add(edges, one, people[at + 1 :], costs)
        return _best(people, edges, costs)
    edges = _candidates(people, costs, strides)
    pairs, left = _best(people, edges, costs)
    if _widen(edges, people, pairs, left, costs):
        pairs, left = _best(people, edges, costs)
    return pairs, left


def _candidates(people: Sequence[int], costs: Costs, strides: Sequence[int]) -> Edges:
    edges: Edges = {}
    count = len(people)
    for at, one in enumerate(people):
        good = new = allowed = 0
        for stride in strides[:LOOKS]:
            other = people[(at + stride) % count]
            cost = costs.of(one, other)
            if cost is None:
                continue
            allowed += 1
            new += cost < costs.repeat
            good += not cost
            if not cost or allowed <= ANY or (cost < costs.repeat and new <= NEW):
                edges[_ordered(one, other)] = cost
            if good == GOOD:
                break
    return edges


def _widen(edges: Edges, people: Sequence[int], pairs: Iterable[Pair], left: Sequence[int], costs: Costs) -> bool:
    """Give those who got nobody everybody, and those who got nobody good somebody better; False when there is none."""
    before = len(edges)
    place = {one: at for at, one in enumerate(people)}
    # Of an odd number one is left over whatever we do, and may join any pair.
    if len(left) > 1 or any(costs.of_being_left_over(one) for one in left):
        for one in left:
            _add(edges, one, people, costs)
    bad = sorted(((edges[_ordered(*pair)], pair) for pair in pairs if edges[_ordered(*pair)]), reverse=True)
    for cost, pair in bad[: LOOKED_AT_AGAIN // 2]:
        for one in pair:
            # From their own place on, so that not all are given the same few.
            others = chain(people[place[one] :], people[: place[one]])
            _add(edges, one, others, costs, cheaper_than=cost, at_most=BETTER)
    return len(edges) > before


def _add(
    edges: Edges,
    one: int,
    others: Iterable[int],
    costs: Costs,
    *,
    cheaper_than: int | None = None,
    at_most: int | None = None,
) -> None:
    added = 0
    for other in others:
        cost = None if other == one else costs.of(one, other)
        if cost is None or (cheaper_than is not None and cost >= cheaper_than):
            continue
        edges[_ordered(one, other)] = cost
        added += 1
        if added == at_most:
            return


def _best(people: Sequence[int], edges: Edges, costs: Costs) -> tuple[list[Pair], list[int]]:
    """The most pairs there can be, at the least cost. Of an odd number, who is left over is chosen as well."""
    # Here, since it holds 5 MB that only a day with a fika needs.
    from rustworkx import PyGraph, max_weight_matching

    graph: PyGraph[int, int] = PyGraph(multigraph=False)
    node_of = dict(zip(people, graph.add_nodes_from(people), strict=True))
    graph.add_edges_from([(node_of[one], node_of[other], -cost) for (one, other), cost in edges.items()])
    if len(people) % 2:
        nobody = graph.add_node(-1)
        graph.add_edges_from([(node_of[one], nobody, -costs.of_being_left_over(one)) for one in people])
    found = max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    pairs = sorted(_ordered(graph[one], graph[other]) for one, other in found)
    real = [pair for pair in pairs if pair[0] >= 0]
    paired = {one for pair in real for one in pair}
    return real, [one for one in people if one not in paired]


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
