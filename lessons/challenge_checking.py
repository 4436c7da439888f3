"""How a challenge reads: every text of it, in both languages.

Words that blame are looked for everywhere but on the facilitator's cards, which say what somebody may hear in the room.
"""

import re
from collections.abc import Iterator

from lessons.faults import Fault
from lessons.models import Language
from lessons.plain_language import sentences, words
from lessons.reading import ChallengeFile
from lessons.text_checking import text_faults
from lessons.wording import too_many, wording_messages

MOST_WORDS = {
    "about": 60,
    "who": 40,
    "mandate": 60,
    "safeguards": 50,
    "consent": 50,
    "prompt": 60,
    "private": 60,
    "facilitator": 90,
    "hint": 15,
    "debrief": 60,
    "finished": 60,
    "not_made": 60,
}
SHORT_SENTENCES = frozenset({"prompt", "private", "safeguards", "consent"})
MOST_WORDS_IN_A_SENTENCE = 25

# A step may be given more days, and the day after a Friday is a Saturday.
_PASSING_DAYS = {
    Language.SV: re.compile(r"\b(?:i (?:över)?morgon|i går|gårdagens|dag \d+)\b", re.IGNORECASE),
    Language.EN: re.compile(r"\b(?:tomorrow|yesterday|days? \d+)\b", re.IGNORECASE),
}


def challenge_faults(file: ChallengeFile) -> Iterator[Fault]:
    """Return what the author should put right; nothing for a file that could not be read."""
    if file.challenge is None:
        return
    yield from text_faults(file, "challenge", file.challenge, _messages)


def _messages(name: str, language: Language, text: str) -> Iterator[str]:
    count = len(words(text))
    if count > MOST_WORDS.get(name, count):
        yield f"`{name}` has {too_many(count, MOST_WORDS[name], language)}"
    if name in SHORT_SENTENCES:
        for sentence in sentences(text):
            count = len(words(sentence))
            if count > MOST_WORDS_IN_A_SENTENCE:
                begins = " ".join(sentence.split()[:4])
                limited = too_many(count, MOST_WORDS_IN_A_SENTENCE, language)
                yield f'a sentence in `{name}` has {limited} It begins "{begins} …".'
    for day in _PASSING_DAYS[language].findall(text):
        yield f'"{day}" in `{name}` is not true when a step gets more days, or before a weekend. Name the step instead.'
    yield from wording_messages(f"in `{name}`", language, text, blame_matters=name != "facilitator")
