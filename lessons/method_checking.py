"""How a method card reads: every text of it, in both languages."""

from collections.abc import Iterator

from lessons.challenge_checking import texts_of
from lessons.faults import Fault
from lessons.models import Language
from lessons.plain_language import words
from lessons.reading import MethodFile
from lessons.wording import heavy_messages, too_many, wording_messages
from lessons.yaml_lines import Place

MOST_WORDS = {
    "title": 6,
    "about": 40,
    "when": 40,
    "role": 6,
    "does": 30,
    "needs": 40,
    "text": 60,
    "traps": 40,
    "users": 60,
}
HIGHEST_LIX = 35


def method_faults(file: MethodFile) -> Iterator[Fault]:
    """Return what the author should put right; nothing for a file that could not be read."""
    if file.method is None:
        return
    texts = list(texts_of(file.method))
    for place, text in texts:
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            for message in _messages(_name(place), language, text.in_(language)):
                yield Fault(path=file.path, line=line, message=message)
    for message in heavy_messages("method", [text.sv for _, text in texts], highest=HIGHEST_LIX):
        yield Fault(path=file.path, line=file.yaml.line_of(()), message=message)


def _name(place: Place) -> str:
    """`text` of a step, `traps` of one of them."""
    return next(str(part) for part in reversed(place) if isinstance(part, str))


def _messages(name: str, language: Language, text: str) -> Iterator[str]:
    count = len(words(text))
    if count > MOST_WORDS[name]:
        yield f"`{name}` has {too_many(count, MOST_WORDS[name], language)}"
    yield from wording_messages(f"in `{name}`", language, text, blame_matters=True)
