"""How a method card reads: every text of it, in both languages."""

from collections.abc import Iterator

from lessons.faults import Fault
from lessons.models import Language
from lessons.plain_language import words
from lessons.reading import MethodFile
from lessons.text_checking import text_faults
from lessons.wording import too_many, wording_messages

MOST_WORDS = {
    "title": 6,
    "about": 40,
    "when": 40,
    "role": 6,
    "does": 30,
    "needs": 40,
    "text": 60,
    "checklist": 20,
    "traps": 40,
    "users": 60,
}


def method_faults(file: MethodFile) -> Iterator[Fault]:
    """Return what the author should put right; nothing for a file that could not be read."""
    if file.method is None:
        return
    yield from text_faults(file, "method", file.method, _messages)


def _messages(name: str, language: Language, text: str) -> Iterator[str]:
    count = len(words(text))
    if count > MOST_WORDS[name]:
        yield f"`{name}` has {too_many(count, MOST_WORDS[name], language)}"
    yield from wording_messages(f"in `{name}`", language, text, blame_matters=True)
