"""Words we do not use: those that blame, and foreign ones Swedish has a word for."""

import re

from lessons.models import Language

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
