"""Words we do not use, those that blame and foreign ones Swedish has a word for, and what is said to the author."""

import re
from collections.abc import Iterator

from lessons.models import Language
from lessons.plain_language import LONG_WORD_LETTERS, lix, words
from lessons.sections import NAMES

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

_PLAIN_WORD = {
    r"retro(?:n|spektiv\w*)?": "genomgång",
    r"task[ -]?force\w*": "arbetsgrupp",
    r"mvp": "första test",
    r"stakeholder\w*": "den som berörs",
    r"feedback\w*": "återkoppling",
    r"deadline\w*": "sista dag",
}
_AVOIDED_PATTERNS = {re.compile(rf"\b(?:{word})\b", re.IGNORECASE): plain for word, plain in _PLAIN_WORD.items()}


def guilt_in(text: str, language: Language) -> list[str]:
    """The words that blame, as they stand in the text."""
    return _GUILT_PATTERN[language].findall(text)


def avoided_in(swedish: str) -> list[tuple[str, str]]:
    """The words we avoid, as they stand in the Swedish text, each with a plain one."""
    return [(word, plain) for pattern, plain in _AVOIDED_PATTERNS.items() for word in pattern.findall(swedish)]


def wording_messages(where: str, language: Language, text: str, *, blame_matters: bool) -> Iterator[str]:
    if "!" in text:
        yield f"there is an exclamation mark {where}. End the sentence with a full stop."
    if blame_matters:
        for word in guilt_in(text, language):
            yield f'"{word}" {where} can be heard as blame. Say what the person can do now instead.'
    if language is Language.SV:
        for word, plain in avoided_in(text):
            yield f'"{word}" {where} is not plain Swedish. Write "{plain}" instead.'


def too_many(count: int, limit: int, language: Language) -> str:
    return f"{count} {NAMES[language]} words; {limit} is the limit. Cut {count - limit}."


def heavy_messages(what: str, swedish: list[str], *, highest: int) -> Iterator[str]:
    """Say that the Swedish of a whole file is heavy, with its longest words."""
    index = lix(swedish)
    if index > highest:
        every = {word for text in swedish for word in words(text) if len(word) > LONG_WORD_LETTERS}
        longest = ", ".join(sorted(every, key=lambda word: (-len(word), word))[:3])
        yield (
            f"the Swedish of the {what} has LIX {index:.1f}; {highest} is the limit. "
            f"Split sentences and find shorter words; the longest are {longest}."
        )
