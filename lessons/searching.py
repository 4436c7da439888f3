"""Finding a lesson or a method by the words somebody remembers of it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from lessons.methods import Method
from lessons.models import Language, Lesson
from lessons.plain_language import words as words_in
from lessons.taxonomy import Taxonomy

SHORTEST_INNER_WORD = 4
"""Letters. From here on a word is found inside longer ones: "möte" in "avdelningsmöte", but not "ide" in "video"."""
SHORTEST_STEM = 4
"""Letters that two forms of a word must begin with together: "mot" and "moten" are not the same word."""
ENDINGS = frozenset({
    "", "a", "e", "n", "t", "r", "s", "y",
    "ar", "er", "or", "en", "et", "na", "ns", "ts", "ens", "ets", "arna", "erna", "orna", "de", "te", "ade", "ande",
    "d", "es", "ed", "ing", "ings", "ies",
})  # fmt: skip
"""What Swedish and English put after a word, folded."""


Item = TypeVar("Item")


def search_lessons(
    wanted: str, lessons: Sequence[Lesson], taxonomy: Taxonomy, language: Language, *, limit: int
) -> list[Lesson]:
    read = [(lesson, lesson.title.in_(language), _of_lesson(lesson, taxonomy, language)) for lesson in lessons]
    return _search(wanted, read, limit=limit)


def search_methods(
    wanted: str, methods: Sequence[Method], taxonomy: Taxonomy, language: Language, *, limit: int
) -> list[Method]:
    read = [(method, method.title.in_(language), _of_method(method, taxonomy, language)) for method in methods]
    return _search(wanted, read, limit=limit)


def _search(wanted: str, read: Iterable[tuple[Item, str, Iterable[str]]], *, limit: int) -> list[Item]:
    """What has every wanted word, in one form or another, in its title or its texts: first those whose title has them
    all, then those with some there, then the rest.

    What is of the same rank keeps the order it is given in.
    """
    folded = [_folded(word) for word in words_in(wanted)]
    if not folded:
        return []
    ranked = []
    for item, title, texts in read:
        in_title = _words(title)
        everything = in_title + [word for text in texts for word in _words(text)]
        if all(_has(everything, word) for word in folded):
            ranked.append((-sum(_has(in_title, word) for word in folded), item))
    ranked.sort(key=lambda ranking: ranking[0])
    return [item for _, item in ranked[:limit]]


def _of_lesson(lesson: Lesson, taxonomy: Taxonomy, language: Language) -> list[str]:
    texts = [lesson.why, lesson.do, lesson.example, lesson.question, lesson.reflection, lesson.cue, lesson.action]
    choices = [choice.text.in_(language) for choice in lesson.choices]
    labels = _labels([lesson.principle], [lesson.behaviour], taxonomy, language)
    return [lesson.id, *choices, *labels, *(text.in_(language) for text in texts if text is not None)]


def _of_method(method: Method, taxonomy: Taxonomy, language: Language) -> list[str]:
    texts = [method.about, method.when, method.needs, method.users, *method.traps]
    texts += [step.text for step in method.steps]
    labels = _labels(method.principles, method.behaviours, taxonomy, language)
    return [method.id, *labels, *(text.in_(language) for text in texts)]


def _labels(
    principles: Iterable[str], behaviours: Iterable[str], taxonomy: Taxonomy, language: Language
) -> Iterator[str]:
    for principle in principles:
        if principle in taxonomy.principles:
            yield taxonomy.principles[principle].label.in_(language)
    for behaviour in behaviours:
        if behaviour in taxonomy.behaviours:
            yield taxonomy.behaviours[behaviour].label.in_(language)


def _words(text: str) -> list[str]:
    return words_in(_folded(text))


def _has(words: list[str], wanted: str) -> bool:
    inside = len(wanted) >= SHORTEST_INNER_WORD
    return any(word.startswith(wanted) or (inside and wanted in word) or are_forms(word, wanted) for word in words)


def are_forms(one: str, other: str) -> bool:
    """Whether both are the same beginning with an ending each: "moten" finds "mote" and "motet", "meetings" finds
    "meeting". A rule of thumb for both languages, and on the generous side."""
    if one[:SHORTEST_STEM] != other[:SHORTEST_STEM]:
        return False
    pairs = zip(one, other, strict=False)
    same = next((at for at, (here, there) in enumerate(pairs) if here != there), min(len(one), len(other)))
    return same >= SHORTEST_STEM and {one[same:], other[same:]} <= ENDINGS


def _folded(text: str) -> str:
    """Without accents and capitals: "Öppen" becomes "oppen"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
