"""What a report is made of, whatever it becomes: things measured, in groups, with their tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.outcomes.released_wave import Counted, Limited


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The first cell of a row says what it is of."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


ShareRow = tuple[str, Counted | Limited | None]
"""Whose share it is, and the share; None where it is not shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One thing measured: a sentence first, what must be said beside it, then the figures."""

    heading: str
    when: str = ""
    asked: str = ""
    """The question, where the heading is not the question itself."""
    sentence: str
    notes: Sequence[str] = ()
    change: Sequence[str] = ()
    """What has changed, where the sentence is about how it stands."""
    tables: Sequence[Table] = ()
    shares: Sequence[ShareRow] = ()
    reference: int | None = None
    """SKL's figure, in per cent."""
    ways: Sequence[tuple[str, int]] = ()
    """How many changed which way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    title: str
    note: str = ""
    shown: Sequence[Shown]
    table: Table | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    title: str
    note: str = ""
    facts: Sequence[tuple[str, str]]
    stop: str = ""
    """What must be done before the next cohort, where too few feel supported."""
    responses: Sequence[tuple[str, str]]
    """Each time, and how many answered."""
    groups: Sequence[Group]
    tests: Table | None = None
    digests: Sequence[str] = ()
