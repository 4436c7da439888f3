"""A baton: the four texts one team hands to the next, which leave the organisation. Nobody is named in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lessons.first_names import ALSO_WORDS, FIRST_NAMES
from lessons.plain_language import words

MOST_WORDS = 50
"""In each of the four."""


class Part(StrEnum):
    LEARNING = "learning"
    SIGN_OF_VALUE = "sign_of_value"
    QUESTION = "question"
    INVITATION = "invitation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Baton:
    learning: str
    sign_of_value: str
    question: str
    invitation: str


class Kind(StrEnum):
    NAME = "name"
    PERSONAL_NUMBER = "personal_number"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """`text[start:end]` is what was found."""

    kind: Kind
    start: int
    end: int

    @property
    def is_refused(self) -> bool:
        """Otherwise a warning: an address of a whole unit, or Karin Boye, may stand there for a reason."""
        return self.kind is Kind.PERSONAL_NUMBER


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What is to be said about one of the four texts."""

    part: Part
    words: int
    found: tuple[Found, ...]
    """In the order they stand; no two overlap."""

    @property
    def is_missing(self) -> bool:
        return self.words == 0

    @property
    def words_too_many(self) -> int:
        return max(0, self.words - MOST_WORDS)

    @property
    def is_refused(self) -> bool:
        return self.is_missing or self.words_too_many > 0 or any(one.is_refused for one in self.found)


def look_at(baton: Baton) -> tuple[Looked, ...]:
    """Return what is to be said about each of the four texts, in order; nothing is refused where all may be sent."""
    texts = {part: str(getattr(baton, part)) for part in Part}
    return tuple(
        Looked(part=part, words=len(words(text)), found=traces_of_persons(text)) for part, text in texts.items()
    )


def traces_of_persons(text: str) -> tuple[Found, ...]:
    """Return what looks like a trace of a person, in the order it stands, as positions in the text.

    Finds
    - personal and co-ordination numbers with a date that can be, with or without century: with a hyphen or a plus, or
      of twelve digits, whatever the last digit is; of ten digits in a row, or with a space, only when the last one is
      right, since they may be anything. One in eighteen of the telephone numbers on 070 is right too, if written so;
    - e-mail addresses;
    - telephone numbers that begin with 0, 00 or +, of seven digits or more;
    - common first names (`first_names`), also in the genitive, in small letters and with a surname after them, and
      capitalised words that end in -sson.

    Does not find other names, initials, a surname alone but for -sson, names in inflected or playful forms, a
    personal number of which the last four are left out, or anybody who is described instead: "our only midwife". A
    name that is a word too ("per", "hans", "bo") is found only with a capital inside a sentence, or with a surname.
    Names of streets, schools and the like are not taken for persons. Capitals as such mean nothing: places, units
    and systems have them too.
    """
    found: list[Found] = []
    for finds in (_personal_numbers, _emails, _phones, _names):
        for start, end, kind in finds(text):
            if all(end <= other.start or other.end <= start for other in found):
                found.append(Found(kind=kind, start=start, end=end))
    return tuple(sorted(found, key=lambda one: one.start))


Place = tuple[int, int, Kind]

_PERSONAL_NUMBER = re.compile(
    r"(?<![\d+-])(?P<century>18|19|20)?(?P<year>\d\d)(?P<dash>-?)(?P<month>0[1-9]|1[0-2])(?P=dash)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?P<sign>\s?[-+\u2010-\u2013\u2212]\s?|[ \u00a0])?"
    r"(?P<last>\d{4})(?![\d]|[-.]\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w+,.:/-])(?:\+\d{1,3}|00\d{2}|0)(?:[\s\u00a0()\u2010-\u2013-]{0,3}\d){6,12}(?!\w|[.,:]\d)")


def _personal_numbers(text: str) -> Iterator[Place]:
    for match in _PERSONAL_NUMBER.finditer(text):
        has_sign = bool(match["sign"]) and not match["sign"].isspace()
        if has_sign or (match["century"] and not match["sign"]) or _is_right(match):
            yield match.start(), match.end(), Kind.PERSONAL_NUMBER


def _is_right(match: re.Match[str]) -> bool:
    """The last digit makes the sum of all, every other doubled, end in 0 (Luhn)."""
    digits = match["year"] + match["month"] + match["day"] + match["last"]
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0


def _emails(text: str) -> Iterator[Place]:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), Kind.EMAIL


def _phones(text: str) -> Iterator[Place]:
    for match in _PHONE.finditer(text):
        yield match.start(), match.end(), Kind.PHONE


_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_JOINS = re.compile(r"[ \u00a0]")
_SAINT = re.compile(r"(?:\b[Ss]ankta?|\b[Ss]:ta?|\b[Ss]t\.?)\s$")
_PLACES = (
    "allé", "backe", "backen", "barnsjukhus", "bibliotek", "bro", "church", "församling", "förskola", "gata", "gatan",
    "gränd", "gymnasium", "gård", "gården", "hem", "hospital", "hus", "kyrka", "lasarett", "minne", "park", "parken",
    "plan", "plats", "road", "school", "sjukhem", "sjukhus", "skola", "skolan", "square", "stift", "stiftelse",
    "street", "torg", "torget", "university", "universitet", "universitetssjukhus", "väg", "vägen", "vårdcentral",
)  # fmt: skip
"""What makes the names before it the name of a place."""


def _names(text: str) -> Iterator[Place]:
    """A name runs on over the capitalised words after it: "Anna-Lena af Ek" up to "Anna-Lena"."""
    all_words = list(_WORD.finditer(text))
    at = last = 0
    while at < len(all_words):
        last = max(at, last)
        while last + 1 < len(all_words) and _belongs(text, all_words[last], all_words[last + 1]):
            last += 1
        is_place = _is_place(text, all_words[at : last + 2], last - at)
        if _is_name(text, all_words[at], has_surname=last > at) and not is_place:
            yield all_words[at].start(), all_words[last].end(), Kind.NAME
            at = last
        at += 1 if not is_place else last - at + 1


def _belongs(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    between = text[word.end() : following.start()]
    return _JOINS.fullmatch(between) is not None and word[0][0].isupper() and following[0][0].isupper()


def _is_place(text: str, found: list[re.Match[str]], last: int) -> bool:
    """Whether the names up to the `last`, of `found` and the word after them, are those of a place."""
    if found[last][0].casefold() in _PLACES or _SAINT.search(text[max(0, found[0].start() - 10) : found[0].start()]):
        return True
    if last + 1 == len(found) or not _JOINS.fullmatch(text[found[last].end() : found[last + 1].start()]):
        return False
    return found[last + 1][0].casefold() in _PLACES


def _is_name(text: str, word: re.Match[str], *, has_surname: bool) -> bool:
    if word[0][0].isupper() and re.search(r"[a-zåäöé]sson(?:s|en)?$", word[0]):
        return True
    # "Anna-Lena", "Annas", "Anna’s"
    first = re.split(r"[-'’]", word[0])[0].casefold()
    name = next((one for one in (first, first.removesuffix("s")) if one in FIRST_NAMES), None)
    if name is None:
        return False
    if name not in ALSO_WORDS:
        return True
    return word[0].istitle() and (has_surname or not _begins_a_sentence(text, word))


def _begins_a_sentence(text: str, word: re.Match[str]) -> bool:
    before = text[max(0, word.start() - 10) : word.start()].rstrip(" \t\u00a0\"'”»’([*_\u2013-")
    return not before or before[-1] in ".!?:…\n\u2022"
