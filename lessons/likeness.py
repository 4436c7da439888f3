"""Texts that say nearly the same as one in another file: two texts are as alike as the share of their word triples that
both have (the Jaccard index)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from lessons.faults import Fault, shown
from lessons.markdown_reading import MarkdownFile
from lessons.models import Language
from lessons.plain_language import words
from lessons.sections import Passage

MOST_ALIKE = 0.4
"""What two writers come to by themselves stays below: "Which meeting is the plan for?" and the like."""
MOST_ALIKE_OF_WHY = 0.5
"""Of two lessons that build on the same study, both name it in the same words."""
FEWEST_TRIPLES = 8
"""Texts of fewer than ten words ("Kom tillfället, och vad hände?") may say the same without repeating anybody."""

Triples = frozenset[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    file: MarkdownFile
    section: str
    passage: Passage
    triples: Triples


def likeness_faults(files: Iterable[MarkdownFile]) -> Iterator[Fault]:
    """A fault for each text that is too like one in an earlier file, in the same language. It names the file."""
    files = list(files)
    for language in Language:
        written = list(_written(files, language))
        for one, other, alike in _pairs(written):
            limit = MOST_ALIKE_OF_WHY if one.section == other.section == "why" else MOST_ALIKE
            if alike >= limit:
                message = (
                    f'"## {other.section}" shares {alike:.0%} of its word triples with "## {one.section}" of '
                    f"{shown(one.file.path)}; less than {limit:.0%} is fine. Say it in another way."
                )
                yield Fault(path=other.file.path, line=other.passage.line, message=message)


def _written(files: list[MarkdownFile], language: Language) -> Iterator[_Written]:
    for file in files:
        for section in file.sections:
            if language in section.passages:
                passage = section.passages[language]
                triples = _triples(passage.text)
                if len(triples) >= FEWEST_TRIPLES:
                    yield _Written(file=file, section=section.name, passage=passage, triples=triples)


@cache
def _triples(text: str) -> Triples:
    every = [word.casefold() for word in words(text)]
    return frozenset(zip(every, every[1:], every[2:], strict=False))


def _pairs(written: list[_Written]) -> Iterator[tuple[_Written, _Written, float]]:
    """Every two texts of different files that have a triple in common, the earlier first."""
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(written):
        for triple in one.triples:
            having[triple].append(number)
    common = Counter(pair for numbers in having.values() for pair in combinations(numbers, 2))
    for (first, second), count in common.items():
        one, other = written[first], written[second]
        if one.file is not other.file:
            yield one, other, count / (len(one.triples) + len(other.triples) - count)
