"""What we say, in both languages: one YAML file per subject and language, `sv/nudges.yaml` beside `en/nudges.yaml`.

A key is "subject.name" ("nudges.doing"). Fields are filled with `str.format`. A test holds the languages to the same
keys and fields.
"""

from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, get_timezone_location
from babel.lists import format_list

from lessons.models import Language, Text

LANGUAGES = ("sv", "en")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quicker one, where PyYAML has it."""
_BABEL = {"sv": "sv_SE", "en": "en_GB"}
_TWO = 2
_NUMBERS = {
    "sv": ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
"""One is left out: in Swedish it goes by what is counted."""


class Words:
    """Our texts in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._texts = texts_in(self.language)

    def of(self, text: Text) -> str:
        """Return a lesson's text in this language."""
        return text.in_(Language(self.language))

    def __call__(self, key: str, **fields: object) -> str:
        """Return a text with its fields filled. Raises KeyError for a key or field that does not exist."""
        return self._texts[key].format(**fields) if fields else self._texts[key]

    def count(self, key: str, number: int, **fields: object) -> str:
        """Return `key_one` or `key_many`, with `{number}` filled."""
        return self(f"{key}_{'one' if number == 1 else 'many'}", number=number, **fields)

    def number(self, number: int) -> str:
        """Return a number as running text has it: from two to twelve as a word, "tre", "three"."""
        words = _NUMBERS[self.language]
        return words[number - _TWO] if _TWO <= number < _TWO + len(words) else str(number)

    def day(self, day: date) -> str:
        """Return a day as people say it: "måndag 2 mars", "Monday 2 March"."""
        return _date_in_words(day, "EEEE d MMMM", self.language)

    def long_day(self, day: date) -> str:
        """As `day`, with the year."""
        return _date_in_words(day, "EEEE d MMMM y", self.language)

    def day_beside(self, day: date, start: date) -> str:
        """As `day`, with the year where it is not that of the start that stands beside it."""
        return self.day(day) if day.year == start.year else self.long_day(day)

    def weekday(self, day: date) -> str:
        return _date_in_words(day, "EEEE", self.language)

    def month(self, month: int) -> str:
        """Return a month, 1 to 12, as running text has it: "juli", "July"."""
        return str(format_date(date(2000, month, 1), "LLLL", locale=_BABEL[self.language]))

    def clock(self, moment: datetime | time, zone: str | None = None) -> str:
        """Return a time of day as it is written, "08.15" in Swedish and "08:15" in English, in the zone given."""
        local = moment.astimezone(ZoneInfo(zone)) if isinstance(moment, datetime) and zone else moment
        return f"{local:%H.%M}" if self.language == "sv" else f"{local:%H:%M}"

    def slot(self, slot: str) -> str:
        """Return a stored slot ("08:15") as it is written."""
        return self.clock(time.fromisoformat(slot))

    def city(self, zone: str) -> str:
        """Return a zone as people say it: "Aten", "Athens"."""
        return str(get_timezone_location(zone, locale=_BABEL[self.language], return_city=True))

    def listed(self, items: list[str]) -> str:
        """Return "a, b och c" / "a, b and c"."""
        return str(format_list(items, locale=_BABEL[self.language]))


@lru_cache(maxsize=1_000)
def _date_in_words(day: date, pattern: str, language: str) -> str:
    """Babel takes 50 microseconds for a date, and a morning's messages share a handful of them."""
    return format_date(day, pattern, locale=_BABEL[language])


def read_texts() -> None:
    """Read everything now, so that nobody's message waits for it later."""
    for language in LANGUAGES:
        texts_in(language)


@cache
def texts_in(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / language).glob("*.yaml")):
        for name, text in yaml.load(file.read_text(encoding="utf-8"), _Loader).items():  # noqa: S506 - one of two safe ones
            texts[f"{file.stem}.{name}"] = text.strip()
    return texts
