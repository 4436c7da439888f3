"""How a vote went, told from its numbers: who voted for what is not known here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

LOWEST, HIGHEST = 1, 3
"""The scores there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """One vote each."""

    counts: tuple[tuple[str, int], ...]
    """Every candidate in the order given, also those without a vote."""
    withdrawn: int
    """Votes for what is no longer there. With the counts: all that were cast."""

    @property
    def winners(self) -> tuple[str, ...]:
        """Those with the most votes; several are a tie, which nothing here breaks. Empty when nobody voted."""
        return _highest(self.counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """One candidate on one criterion."""

    gave: tuple[int, ...]
    """How many gave 1, how many 2, how many 3."""

    @property
    def count(self) -> int:
        return sum(self.gave)

    @property
    def points(self) -> int:
        return sum(score * how_many for score, how_many in enumerate(self.gave, LOWEST))

    @property
    def spread(self) -> int:
        """From the lowest score somebody gave to the highest; 0 when all agree, or nobody gave any."""
        given = [score for score, how_many in enumerate(self.gave, LOWEST) if how_many]
        return given[-1] - given[0] if given else 0

    @property
    def variance(self) -> Fraction:
        """How much people differ, exactly: 0 when all agree, 1 when half say 1 and half 3."""
        if not self.count:
            return Fraction(0)
        squares = sum(score**2 * how_many for score, how_many in enumerate(self.gave, LOWEST))
        return Fraction(squares, self.count) - Fraction(self.points, self.count) ** 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Where somebody gave the lowest score and somebody the highest."""

    candidate: str
    criterion: int
    """From 0, in the criteria's order."""
    scored: Scored


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreTally:
    candidates: tuple[tuple[str, tuple[Scored, ...]], ...]
    """Every candidate in the order given, with all criteria in theirs."""

    @property
    def points(self) -> tuple[tuple[str, int], ...]:
        """A candidate whom somebody has not scored has that much less."""
        return tuple((candidate, sum(one.points for one in scored)) for candidate, scored in self.candidates)

    @property
    def winners(self) -> tuple[str, ...]:
        """Those with the most points; several are a tie, which nothing here breaks. Empty when nobody scored."""
        return _highest(self.points)

    @property
    def worth_talking_about(self) -> tuple[Difference, ...]:
        """Where people saw different things, most divided first, then in the order given."""
        found = [
            Difference(candidate=candidate, criterion=at, scored=one)
            for candidate, scored in self.candidates
            for at, one in enumerate(scored)
            if one.spread == HIGHEST - LOWEST
        ]
        return tuple(sorted(found, key=lambda difference: -difference.scored.variance))


def tally(candidates: Sequence[str], votes: Mapping[str, int]) -> Tally:
    """Tell how it went from how many chose each; a candidate not among `votes` got none."""
    return Tally(
        counts=tuple((candidate, votes.get(candidate, 0)) for candidate in candidates),
        withdrawn=sum(how_many for candidate, how_many in votes.items() if candidate not in candidates),
    )


def tally_of_scores(
    candidates: Sequence[str], gave: Mapping[str, Sequence[Sequence[int]]], *, criteria: int
) -> ScoreTally:
    """Tell how it went from how many gave 1, 2 and 3 to each candidate on each criterion.

    Scores of what is no longer there are left out. Raises ValueError when a candidate has others than `criteria`.
    """
    nobody = [[0] * HIGHEST] * criteria
    scored = {candidate: [Scored(gave=tuple(one)) for one in gave.get(candidate, nobody)] for candidate in candidates}
    if any(len(of) != criteria or any(len(one.gave) != HIGHEST for one in of) for of in scored.values()):
        raise ValueError(f"a candidate has not how many gave 1, 2 and 3 on each of {criteria} criteria")
    return ScoreTally(candidates=tuple((candidate, tuple(of)) for candidate, of in scored.items()))


def _highest(counts: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    most = max((how_many for _, how_many in counts), default=0)
    return tuple(candidate for candidate, how_many in counts if how_many == most and most)
