"""What changes while a programme runs: people come and go, a day is closed, the time of day moves, all pause; and Knuff
itself is down for a while. A few of each, drawn by lot, as in any organisation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.rehearsal.characters import Character, Kind
from scheduler.calendar import Calendar
from storage.moments import slot_moment

ZONE = "Europe/Stockholm"
FEWEST_WEEKS = 4
"""In a shorter programme nothing is changed for everybody."""
NEW_SLOTS = ("07:45", "08:30", "09:00", "10:00")
LAST_JOINING = timedelta(days=10)
"""Before the end of the programme."""
RESTART_SECONDS = (40, 600)
OUTAGE_MINUTES = (120, 480)


@dataclass(frozen=True, slots=True)
class CloseDay:
    day: date


@dataclass(frozen=True, slots=True)
class ChangeSlot:
    slot: str


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Add:
    person: str


@dataclass(frozen=True, slots=True)
class Remove:
    person: str


Change = CloseDay | ChangeSlot | Pause | Resume | Add | Remove


@dataclass(frozen=True, slots=True)
class Outage:
    """A time when Knuff is down: from `since` until `until`, not included."""

    since: datetime
    until: datetime


def changes(
    characters: Sequence[Character], *, start: date, weeks: int, calendar: Calendar, lots: Random
) -> Iterator[tuple[datetime, Change]]:
    """Return what the coordinator changes and when, in any order; in working hours, also while messages go out."""
    end = start + timedelta(weeks=weeks)

    def at(day: date) -> datetime:
        return slot_moment(day, time(lots.randrange(7, 16), lots.randrange(60)), ZONE)

    for character in characters:
        if character.kind is Kind.JOINS_LATE:
            yield at(_some_day(start, end - LAST_JOINING, lots)), Add(character.person)
        if character.kind is Kind.IS_REMOVED:
            yield at(_some_day(start, end, lots)), Remove(character.person)
    if weeks < FEWEST_WEEKS:
        return
    told = _some_day(start, end - timedelta(weeks=2), lots)
    if open_days := [day for day in _days(told + timedelta(days=3), 10) if _is_open(day, calendar)]:
        yield at(told), CloseDay(lots.choice(open_days))
    yield at(_some_day(start, end, lots)), ChangeSlot(lots.choice(NEW_SLOTS))
    pause = _some_day(start + timedelta(weeks=1), end - timedelta(weeks=1), lots)
    yield at(pause), Pause()
    yield at(pause + timedelta(days=lots.randrange(1, 4))), Resume()


def outages(*, start: date, weeks: int, calendar: Calendar, lots: Random) -> list[Outage]:
    """Return when Knuff is down: once for a moment while the morning's messages go out, once for some hours."""
    if weeks < FEWEST_WEEKS:
        return []
    days = [day for day in _days(start, weeks * 7) if _is_open(day, calendar)]
    restart, broken = sorted(lots.sample(days, 2))
    slot = slot_moment(restart, time(8, 15), ZONE) + timedelta(seconds=lots.randrange(300))
    failure = slot_moment(broken, time(lots.randrange(4, 15), lots.randrange(60)), ZONE)
    return [
        Outage(slot, slot + timedelta(seconds=lots.randrange(*RESTART_SECONDS))),
        Outage(failure, failure + timedelta(minutes=lots.randrange(*OUTAGE_MINUTES))),
    ]


def _some_day(first: date, until: date, lots: Random) -> date:
    """Return a day after `first` and before `until`, the next one at the least."""
    return first + timedelta(days=lots.randrange(1, max(2, (until - first).days)))


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(count)]


def _is_open(day: date, calendar: Calendar) -> bool:
    return calendar.why_closed(day, time(8, 15)) is None
