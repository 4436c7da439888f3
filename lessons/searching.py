"""Finding a lesson by the words somebody remembers of it."""

import unicodedata
from collections.abc import Sequence

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


def search(
    wanted: str, lessons: Sequence[Lesson], taxonomy: Taxonomy, language: Language, *, limit: int
) -> list[Lesson]:
    """Lessons with every wanted word, in one form or another: first those whose title has them all, then those with
    some there, then the rest.

    Lessons of the same rank keep the order they are given in.
    """
    folded = [_folded(word) for word in words_in(wanted)]
    if not folded:
        return []
    ranked = []
    for lesson in lessons:
        title = _words(lesson.title.in_(language))
        everything = title + [word for text in _body(lesson, taxonomy, language) for word in _words(text)]
        if all(_has(everything, word) for word in folded):
            ranked.append((-sum(_has(title, word) for word in folded), lesson))
    ranked.sort(key=lambda ranking: ranking[0])
    return [lesson for _, lesson in ranked[:limit]]


def _body(lesson: Lesson, taxonomy: Taxonomy, language: Language) -> list[str]:
    texts = [lesson.why, lesson.do, lesson.example, lesson.question, lesson.reflection, lesson.cue, lesson.action]
    if lesson.principle in taxonomy.principles:
        texts.append(taxonomy.principles[lesson.principle].label)
    if lesson.behaviour in taxonomy.behaviours:
        texts.append(taxonomy.behaviours[lesson.behaviour].label)
    choices = [choice.text.in_(language) for choice in lesson.choices]
    return [lesson.id, *choices, *(text.in_(language) for text in texts if text is not None)]


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
