"""How a challenge reads: every text of it, in both languages.

Words that blame are looked for everywhere but on the facilitator's cards, which say what somebody may hear in the room.
"""

import re
from collections.abc import Iterator

from lessons.faults import Fault
from lessons.models import Content, Language, Text
from lessons.plain_language import sentences, words
from lessons.reading import ChallengeFile
from lessons.wording import heavy_messages, too_many, wording_messages
from lessons.yaml_lines import Place

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
HIGHEST_LIX = 35

# A step may be given more days, and the day after a Friday is a Saturday.
_PASSING_DAYS = {
    Language.SV: re.compile(r"\b(?:i (?:över)?morgon|i går|gårdagens|dag \d+)\b", re.IGNORECASE),
    Language.EN: re.compile(r"\b(?:tomorrow|yesterday|days? \d+)\b", re.IGNORECASE),
}


def challenge_faults(file: ChallengeFile) -> Iterator[Fault]:
    """Return what the author should put right; nothing for a file that could not be read."""
    if file.challenge is None:
        return
    texts = list(texts_of(file.challenge))
    for place, text in texts:
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            for message in _messages(_name(place), language, text.in_(language)):
                yield Fault(path=file.path, line=line, message=message)
    for message in heavy_messages("challenge", [text.sv for _, text in texts], highest=HIGHEST_LIX):
        yield Fault(path=file.path, line=file.yaml.line_of(()), message=message)


def texts_of(content: Content, place: Place = ()) -> Iterator[tuple[Place, Text]]:
    """Return every text in it, with its place in the file."""
    if isinstance(content, Text):
        yield place, content
        return
    for name, field in type(content).model_fields.items():
        value = getattr(content, name)
        here = (*place, field.alias or name)
        if isinstance(value, Content):
            yield from texts_of(value, here)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Content):
                    yield from texts_of(item, (*here, number))


def _name(place: Place) -> str:
    """`prompt` of a step, `safeguards` of one of them."""
    return next(str(part) for part in reversed(place) if isinstance(part, str))


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
