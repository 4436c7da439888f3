"""Which days are working days, and when in UTC a slot is.

Red days and eves come from the `holidays` package. Weekends, red days and an organisation's own closed days are always
closed; these are choices of a cohort:

* `eves`: midsommarafton, julafton and nyårsafton, which the Annual Leave Act counts as Sundays, are closed all day.
* `half_eves`: nothing from noon on when banks close early: trettondagsafton, skärtorsdagen, valborgsmässoafton,
  allhelgonaafton, and the days before Ascension, Whitsun Eve, Midsummer Eve, Christmas Eve and New Year's Eve.
* `squeeze_days`: a working day with a day off on either side (*klämdag*) is closed.
* `christmas_week`: 27–30 December (*mellandagarna*) are closed.

`resting` are the months in which the cohort's programme rests. Their days are closed, and a week that has a working day
in one of them is no week of the programme.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self

from holidays.constants import BANK, DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

from storage.humane import DAY_BEGINS, DAY_ENDS, HOURS, LAST_SLOT, SATURDAY, WORKING_WEEK, Hours
from storage.moments import slot_moment
from storage.tables.deliveries import Reason
from storage.tables.people import Shift

__all__ = [
    "CALENDAR_FLAGS",
    "DAY_BEGINS",
    "DAY_ENDS",
    "LAST_SLOT",
    "SATURDAY",
    "Calendar",
    "TooFewDays",
    "on",
    "slot_moment",
    "working_day_after",
]

NOON = time(12, 0)
ONE_DAY = timedelta(days=1)
FRIDAY = timedelta(days=4)
"""From Monday on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The days of a cohort. `why_closed` is the one question everything else is built of."""

    closed: frozenset[date] = frozenset()
    resting: frozenset[int] = frozenset()
    eves: bool = True
    half_eves: bool = True
    squeeze_days: bool = False
    christmas_week: bool = True

    @classmethod
    def from_choices(cls, choices: Mapping[str, Any]) -> Self:
        """Read what a cohort stores; what is not there keeps its default."""
        flags = {name: bool(choices[name]) for name in CALENDAR_FLAGS if name in choices}
        closed = frozenset(date.fromisoformat(day) for day in choices.get("closed", ()))
        return cls(closed=closed, resting=frozenset(choices.get("resting", ())), **flags)

    def to_choices(self) -> dict[str, Any]:
        choices: dict[str, Any] = {"closed": [day.isoformat() for day in sorted(self.closed)]}
        choices |= {name: getattr(self, name) for name in CALENDAR_FLAGS}
        return choices | {"resting": sorted(self.resting)} if self.resting else choices

    def rests_in_week_of(self, monday: date) -> bool:
        """Whether the working week from `monday` on has a day in a month of rest."""
        return bool(self.resting) and bool({monday.month, (monday + FRIDAY).month} & self.resting)

    def why_closed(self, day: date, slot: time) -> Reason | None:
        """Return why nothing is sent on `day` at `slot` (local), or None when it is open. Weekends are OWN_DAY_OFF."""
        special = _special_days(day.year)
        if day.weekday() >= SATURDAY:
            return Reason.OWN_DAY_OFF
        if day in special.red:
            return Reason.RED_DAY
        if (self.eves and day in special.eves) or (self.half_eves and slot >= NOON and day in special.half_eves):
            return Reason.EVE
        if day in self.closed or day.month in self.resting or (self.christmas_week and _is_christmas_week(day)):
            return Reason.CLOSED_DAY
        if self.squeeze_days and _is_squeezed(day):
            return Reason.CLOSED_DAY
        return None

    def name_of(self, day: date, language: str) -> str | None:
        """Return what `day` is called in "sv" or "en" when the calendar treats it specially, or None."""
        names = self._names_of(day)
        return None if names is None else names[0 if language == "sv" else 1]

    def day_ends(self, day: date, hours: Hours = HOURS[Shift.DAY]) -> time:
        """Return the local time after which nothing is sent on `day` to who has these hours: noon on a half eve."""
        return NOON if self.half_eves and day in _special_days(day.year).half_eves else hours.end

    def _names_of(self, day: date) -> tuple[str, str] | None:
        """Return the Swedish and the English name; what closes the whole day goes before a half eve."""
        special = _special_days(day.year)
        if day in special.red:
            return special.red[day]
        if self.eves and day in special.eves:
            return special.eves[day]
        if self.christmas_week and _is_christmas_week(day):
            return "Mellandagarna", "Between Christmas and New Year"
        if self.squeeze_days and _is_squeezed(day):
            return "Klämdag", "Squeeze day"
        return special.half_eves.get(day) if self.half_eves else None


def on(days: int, day: date) -> bool:
    """Whether `day` is among the weekdays `days` (bits: Monday 1 … Friday 16)."""
    return bool(days >> day.weekday() & 1)


class TooFewDays(ValueError):
    """A calendar has not as many working days as are asked for, before it is too late for them."""


def working_day_after(day: date, count: int, *, days: int = WORKING_WEEK, slot: time, calendar: Calendar) -> date:
    """Return the `count`-th working day strictly after `day`. Raises TooFewDays when a whole year has too few."""
    found = 0
    for offset in range(1, LONGEST_SEARCH_DAYS + 1):
        following = day + ONE_DAY * offset
        if on(days, following) and calendar.why_closed(following, slot) is None:
            found += 1
            if found == count:
                return following
    raise TooFewDays(f"no {count} working days in the year after {day}")


LONGEST_SEARCH_DAYS = 366
CALENDAR_FLAGS = ("eves", "half_eves", "squeeze_days", "christmas_week")
# The package's own Swedish name has a spelling nobody uses.
SPELLED = {"Allahelgonsafton": "Allhelgonaafton", "Skärtorsdagen": "Skärtorsdag"}

Names = Mapping[date, tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _SpecialDays:
    """One year's days, with their names in Swedish and English."""

    red: Names
    eves: Names
    half_eves: Names


@lru_cache(maxsize=64)
def _special_days(year: int) -> _SpecialDays:
    banks = _named(year, BANK)
    return _SpecialDays(
        red=_named(year, PUBLIC),
        eves=_named(year, DE_FACTO),
        # The package says in the name of a half day when it ends.
        half_eves=MappingProxyType({day: _without_time(names) for day, names in banks.items() if "(" in names[0]}),
    )


def _named(year: int, category: str) -> Names:
    swedish = Sweden(years=year, categories=(category,), language="sv")
    english = Sweden(years=year, categories=(category,), language="en_US")
    return MappingProxyType({day: (swedish[day], english[day]) for day in swedish})


def _without_time(names: tuple[str, str]) -> tuple[str, str]:
    swedish, english = (name.partition(" (")[0] for name in names)
    return SPELLED.get(swedish, swedish), english


def _is_off(day: date) -> bool:
    special = _special_days(day.year)
    return day.weekday() >= SATURDAY or day in special.red or day in special.eves


def _is_squeezed(day: date) -> bool:
    return not _is_off(day) and _is_off(day - ONE_DAY) and _is_off(day + ONE_DAY)


def _is_christmas_week(day: date) -> bool:
    return day.month == 12 and 27 <= day.day <= 30
