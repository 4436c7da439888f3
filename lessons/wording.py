"""Words we do not use: those that blame, and those that say what sex somebody is. And what is said to the author."""

import re
from collections.abc import Iterator

from lessons.models import Language
from lessons.plain_language import LONG_WORD_LETTERS, lix, words
from lessons.plain_words import avoided_in
from lessons.sections import NAMES

HIGHEST_LIX = 35
"""Of the Swedish of a whole file."""

# Whole words, with the inflections that say somebody has fallen short. "Bör", "sen" and "misslyckas" have everyday
# uses in exercises about testing and are left alone.
_GUILT = {
    Language.SV: (
        r"miss(?:a|ar|at|ade|ats|ades|as)",
        r"borde",
        r"glöm(?:t|de|mer|ma|ts|des|ska|sk|skt)",
        r"glöm inte",
        r"släp(?:ar|at|ade|a) efter",
        r"släp(?:ar|at|ade)",
        r"(?:ligger|låg|legat|halkar|halkat|hamnar|hamnat|hänger) efter",
        r"efter i (?:schemat|planen|programmet|planeringen|fas)",
        r"för(?:summa|summar|summat|summade|senad|senat|senade)",
        r"slarv(?:a|ar|at|ade|ig|igt)?",
    ),
    Language.EN: (
        r"missed",
        r"should have",
        r"should(?:n['\u2019]t|['\u2019]ve)",
        r"ought to",
        r"forgot(?:ten)?",
        r"(?:don['\u2019]t|do not) forget",
        r"neglect(?:ed|ing)?",
        r"(?:fall|falls|fell|fallen|falling|lag|lags|lagged|lagging) behind",
        r"behind (?:schedule|on)",
        r"overdue",
        r"fail(?:ed)? to",
    ),
}
_GUILT_PATTERN = {
    language: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for language, words in _GUILT.items()
}

# "Hans" with a capital letter is a name.
_GENDER_PATTERN = {
    Language.SV: re.compile(r"\b(?:[Hh]on|HON|[Hh]an|HAN|[Hh]ennes|hans|[Hh]enne|[Hh]onom)\b"),
    Language.EN: re.compile(r"\b(?:s?he|hers?|his|him|herself|himself)\b", re.IGNORECASE),
}
_OF_BOTH = {Language.SV: "hen", Language.EN: "they"}


def guilt_in(text: str, language: Language) -> list[str]:
    """The words that blame, as they stand in the text."""
    return _GUILT_PATTERN[language].findall(text)


def gender_in(text: str, language: Language) -> list[str]:
    """The words that say whether somebody is a woman or a man, as they stand in the text."""
    return _GENDER_PATTERN[language].findall(text)


def wording_messages(
    where: str, language: Language, text: str, *, blame_matters: bool, gender_matters: bool = True
) -> Iterator[str]:
    if "!" in text:
        yield f"there is an exclamation mark {where}. End the sentence with a full stop."
    if blame_matters:
        for word in guilt_in(text, language):
            yield f'"{word}" {where} can be heard as blame. Say what the person can do now instead.'
    if gender_matters:
        for word in gender_in(text, language):
            yield f'"{word}" {where} says what sex somebody is. Write "{_OF_BOTH[language]}", the role or the plural.'
    if language is Language.SV:
        for word, plain in avoided_in(text):
            yield f'"{word}" {where} is not plain Swedish. Write "{plain}" instead.'


def too_many(count: int, limit: int, language: Language) -> str:
    return f"{count} {NAMES[language]} words; {limit} is the limit. Cut {count - limit}."


def heavy_messages(what: str, swedish: list[str]) -> Iterator[str]:
    """Say that the Swedish of a whole file is heavy, with its longest words."""
    index = lix(swedish)
    if index > HIGHEST_LIX:
        every = {word for text in swedish for word in words(text) if len(word) > LONG_WORD_LETTERS}
        longest = ", ".join(sorted(every, key=lambda word: (-len(word), word))[:3])
        yield (
            f"the Swedish of the {what} has LIX {index:.1f}; {HIGHEST_LIX} is the limit. "
            f"Split sentences and find shorter words; the longest are {longest}."
        )
