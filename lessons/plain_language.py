"""How heavy a text is to read: its words, its sentences and its LIX."""

import re

LONG_WORD_LETTERS = 6
"""A word with more letters than this is long (Björnsson 1968, *Läsbarhet*)."""

# Hyphens, apostrophes, slashes and the colon of "SKR:s" join a word; full stop and comma only inside a number.
_WORD = re.compile(r"[^\W_]+(?:(?:['\u2019:/\u2011-]|(?<=\d)[.,](?=\d))[^\W_]+)*")
_SENTENCE_END = re.compile(r"""[.!?…]+[”"»)\]\u2019]*\s+(?=[”"«»(\[\u2019\u2013-]*\s*[^\W_a-zåäöéü])""")
_ABBREVIATED = re.compile(r"\b(?:kl|ca|nr|s|t\.\s?ex|bl\.\s?a|m\.\s?m|dvs|e\.g|i\.e|etc|no|vs)\.\s*$", re.IGNORECASE)


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences with a word in them; text without a full stop is one. A colon does not end a sentence."""
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if _ABBREVIATED.search(text[start : end.end()]):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if words(sentence)]


def lix(passages: list[str]) -> float:
    """LIX = words / sentences + 100 · long words / words, over all passages; 0.0 when there are no words.

    Each passage ends a sentence. Below 30 reads like a book for children, 30 to 40 like fiction, over 50 like an
    official report.
    """
    all_words = [word for passage in passages for word in words(passage)]
    if not all_words:
        return 0.0
    count = sum(len(sentences(passage)) for passage in passages)
    long_words = sum(len(word) > LONG_WORD_LETTERS for word in all_words)
    return len(all_words) / count + 100 * long_words / len(all_words)
