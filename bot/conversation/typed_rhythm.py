"""The rhythm in words: "tid 8.15", "dagar mån tis", "takt tre", "pass kväll", "english"."""

import re

from bot.conversation.composing import note_card
from bot.conversation.rhythm import choose_language, receipt, rhythm_card, rhythm_of, set_pace, slot_from, slot_outside
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Typed, Visit
from storage import people
from storage.tables.people import Pace, Shift

_DAYS = {
    "mån": 0, "man": 0, "mon": 0, "tis": 1, "tue": 1, "ons": 2, "wed": 2, "tor": 3, "thu": 3, "fre": 4, "fri": 4,
}  # fmt: skip
"""How a day begins."""
_IN_TWO_LETTERS = {"må": 0, "ti": 1, "on": 2, "to": 3, "fr": 4}
"""Only among themselves: "to" is English too."""
_UP_TO = ("-", "–", "till", "to")
_PACES = {
    Pace.DAILY: ("daglig", "varje dag", "daily", "every day"),
    Pace.THREE: ("tre", "3", "three"),
    Pace.MONDAYS: ("måndag", "mondag", "samla", "monday", "gather"),
}

SHIFTS = {
    Shift.DAY: ("dag", "dagtid", "day", "daytime"),
    Shift.MORNING: ("morgon", "morgnar", "morning", "mornings"),
    Shift.EVENING: ("kväll", "kvall", "kvällar", "evening", "evenings"),
    Shift.NIGHT: ("natt", "nätter", "night", "nights"),
}


def typed_rhythm(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(rhythm_card(rhythm_of(visit), visit.words))]


def typed_slot(visit: Visit, typed: Typed) -> list[Show]:
    shift = rhythm_of(visit).shift
    slot = slot_from(typed.rest, shift)
    if slot is None:
        return [Say(note_card(slot_outside(shift, visit.words)))]
    return _changed(visit, slot=slot)


def typed_days(visit: Visit, typed: Typed) -> list[Show]:
    days = sum(1 << day for day in _days_named(typed.rest))
    if not days:
        return [Say(note_card(visit.words("rhythm.no_days")))]
    return _changed(visit, days=days)


def typed_pace(visit: Visit, typed: Typed) -> list[Show]:
    said = typed.rest.casefold()
    for pace, names in _PACES.items():
        if any(name in said for name in names):
            return set_pace(visit, pace)
    return [Say(note_card(visit.words("rhythm.which_pace")))]


def typed_shift(visit: Visit, typed: Typed) -> list[Show]:
    shift = next((shift for shift, names in SHIFTS.items() if typed.rest in names), None)
    if shift is None:
        return typed_rhythm(visit, typed)
    return _changed(visit, shift=shift)


def typed_swedish(visit: Visit, typed: Typed) -> list[Show]:
    return _speak(visit, "sv")


def typed_english(visit: Visit, typed: Typed) -> list[Show]:
    return _speak(visit, "en")


def _changed(
    visit: Visit, *, slot: str | None = None, days: int | None = None, shift: Shift | None = None
) -> list[Show]:
    before = rhythm_of(visit)
    people.set_rhythm(visit.session, visit.person, slot=slot, days=days, shift=shift, now=visit.now)
    visit.person.rhythm_chosen = True
    return receipt(visit, before)


def _speak(visit: Visit, language: str) -> list[Show]:
    choose_language(visit, language)
    return [Say(note_card(Words(language)("rhythm.language_changed")))]


def _days_named(text: str) -> set[int]:
    """Return the weekdays that are named, and those between two of them."""
    words = re.findall(r"\w+|[-–]", text.casefold())
    if all(word in _IN_TWO_LETTERS for word in words):
        return {_IN_TWO_LETTERS[word] for word in words}
    days, last, goes_on = set[int](), None, False
    for word in words:
        day = next((day for name, day in _DAYS.items() if word.startswith(name)), None)
        if day is None:
            goes_on = word in _UP_TO
            continue
        days |= {day, *(range(last, day) if goes_on and last is not None else ())}
        last, goes_on = day, False
    return days


ROUTES = Routes(
    presses={},
    forms={},
    commands={
        "settings": typed_rhythm,
        "slot": typed_slot,
        "days": typed_days,
        "pace": typed_pace,
        "shift": typed_shift,
        "swedish": typed_swedish,
        "english": typed_english,
    },
)
