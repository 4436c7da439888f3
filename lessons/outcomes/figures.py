"""What a figure is made of: answers of known people to one question, each a number within known limits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """One question's answers in one wave, by person. A yes is 1 and a no 0; a place on a scale is its number.

    Whoever computes sees whose they are, since two figures are safe side by side only when nobody can be told by
    taking one from the other. A figure holds numbers alone.
    """

    of: Mapping[int, float]
    lowest: float = 0
    highest: float = 1

    def __post_init__(self) -> None:
        if not self.lowest < self.highest:
            raise ValueError(f"the lowest answer, {self.lowest}, is not below the highest, {self.highest}")
        if outside := [value for value in self.of.values() if not self.lowest <= value <= self.highest]:
            raise ValueError(f"{outside[0]} is not between {self.lowest} and {self.highest}")

    def __len__(self) -> int:
        return len(self.of)

    @property
    def total(self) -> float:
        return sum(self.of.values())

    @property
    def are_nearly_alike(self) -> bool:
        """Whether all said the same, one of the ends, or at most one of them did not: then the sum tells what nearly
        each of them said. With that one, nobody learns from a figure being held back what everybody said."""
        apart = self.highest - self.lowest
        return self.total - self.lowest * len(self.of) <= apart or self.highest * len(self.of) - self.total <= apart

    def among(self, people: Collection[int]) -> "Answers":
        """Only those of these people, who may have answered or not."""
        return self._with({one: value for one, value in self.of.items() if one in people})

    def without(self, people: Collection[int]) -> "Answers":
        return self._with({one: value for one, value in self.of.items() if one not in people})

    def _with(self, kept: Mapping[int, float]) -> "Answers":
        return Answers(of=kept, lowest=self.lowest, highest=self.highest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """What may be shown: how many answered, and the sum of what they said (of yes and no: how many said yes)."""

    answers: int
    total: float

    @property
    def mean(self) -> float:
        """The share, where it is yes and no."""
        return self.total / self.answers
