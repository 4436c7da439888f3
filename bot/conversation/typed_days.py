"""Days and spans as people type them, in both languages: "fredag", "3/4", "2026-04-01", "en vecka", "2 weeks"."""

import re
from datetime import date, timedelta

_WEEKDAYS = {
    "måndag": 0, "mandag": 0, "monday": 0, "tisdag": 1, "tuesday": 1, "onsdag": 2, "wednesday": 2,
    "torsdag": 3, "thursday": 3, "fredag": 4, "friday": 4, "lördag": 5, "lordag": 5, "saturday": 5,
    "söndag": 6, "sondag": 6, "sunday": 6,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_NUMBERS = {
    "en": 1, "ett": 1, "a": 1, "one": 1, "två": 2, "tva": 2, "two": 2, "tre": 3, "three": 3, "fyra": 4,
    "four": 4, "fem": 5, "five": 5, "sex": 6, "six": 6,
}  # fmt: skip
_LEAD = re.compile(
    r"^(?:t\.?o\.?m\.?|till och med|tills|till|through|until|til|till|to|for|i|på|on|den|the|nästa|next)\s+"
)
_BACK_ON = re.compile(r"^(?:tills|till(?! och med\b)|until|til|to)\s+")
_SPAN = re.compile(r"(\w+)\s+(dagar|dag|days|day|veckor|vecka|weeks|week|månader|månad|months|month)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})(?:\s*[/-]\s*(\d{4}))?")
_NAMED = re.compile(r"(\d{1,2})(?:\.|:e|:a|st|nd|rd|th)?\s+([a-zåäö]{3,})\.?(?:\s+(\d{4}))?")


def last_day(text: str, today: date) -> date | None:
    """Return the day that is named, or the last of a span that begins today. None when the text is neither.

    A weekday is the next one after today. A date without a year is the coming one, unless it has just been (then it is
    returned as it was, so that we can say that it is past).
    """
    said = _without_lead(text)
    if span := _SPAN.fullmatch(said):
        return _end_of_span(span[1], span[2], today)
    if said in ("imorgon", "i morgon", "morgon", "tomorrow"):
        return today + timedelta(days=1)
    if said in ("idag", "i dag", "dag", "today"):
        return today
    if said in _WEEKDAYS:
        return _coming_weekday(_WEEKDAYS[said], today)
    return _dated(said, today)


def last_paused_day(text: str, today: date) -> date | None:
    """Return the last day of a pause: "till måndag" means back on Monday, "till och med måndag" and a span go
    through. None when no day is named."""
    day = last_day(text, today)
    back_then = day is not None and _BACK_ON.match(" ".join(text.casefold().split()))
    return day - timedelta(days=1) if day is not None and back_then else day


def weekday_in(text: str, today: date) -> date | None:
    """Return the next day after today that is named anywhere in a sentence, or None."""
    for word in re.findall(r"\w+", text.casefold()):
        # "torsdagens", "Thursdays": the name is what the word begins with.
        named = next((number for name, number in _WEEKDAYS.items() if word.startswith(name)), None)
        if named is not None:
            return _coming_weekday(named, today)
    return None


def _coming_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _without_lead(text: str) -> str:
    said = " ".join(text.casefold().split()).strip(" .,!")
    while (shorter := _LEAD.sub("", said)) != said and not _SPAN.fullmatch(said):
        said = shorter
    return said


def _end_of_span(number: str, unit: str, today: date) -> date | None:
    count = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else _NUMBERS.get(number)
    if not count:
        return None
    if unit.startswith(("dag", "day")):
        return today + timedelta(days=count - 1)
    if unit.startswith(("veck", "week")):
        return today + timedelta(weeks=count, days=-1)
    return today + timedelta(days=30 * count - 1)


def _dated(said: str, today: date) -> date | None:
    if iso := _ISO.fullmatch(said):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.fullmatch(said):
        return _coming(int(slashed[1]), int(slashed[2]), slashed[3], today)
    if (named := _NAMED.fullmatch(said)) and (month := _MONTHS.get(named[2][:3])):
        return _coming(int(named[1]), month, named[3], today)
    return None


def _coming(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year < today - timedelta(days=90):
        return _date(today.year + 1, month, day)
    return this_year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
