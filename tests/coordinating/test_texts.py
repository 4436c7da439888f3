"""What a coordinator reads: the same in both languages, and plain. (That all of it is used: `test_samples`.)"""

import re

import pytest

from bot.conversation.texts import texts_in
from lessons.models import Language
from lessons.plain_language import lix
from lessons.plain_words import avoided_in
from lessons.wording import guilt_in


def ours(language: str) -> dict[str, str]:
    return {key: text for key, text in texts_in(language).items() if key.startswith("coordinating.")}


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_say_the_same_things() -> None:
    swedish, english = ours("sv"), ours("en")
    assert swedish.keys() == english.keys()
    assert {key for key in swedish if fields(swedish[key]) != fields(english[key])} == set()


@pytest.mark.parametrize("language", list(Language))
def test_nobody_is_blamed_and_nothing_is_shouted(language: Language) -> None:
    for key, text in ours(language).items():
        assert (key, guilt_in(text, language), "!" in text) == (key, [], False)


def test_the_swedish_is_swedish() -> None:
    assert {key: found for key, text in ours("sv").items() if (found := avoided_in(text))} == {}


@pytest.mark.parametrize(("language", "heaviest"), [("sv", 45.0), ("en", 45.0)])
def test_the_sentences_are_light(language: str, heaviest: float) -> None:
    sentences = [text for text in ours(language).values() if text.endswith(".")]
    assert lix(sentences) < heaviest
