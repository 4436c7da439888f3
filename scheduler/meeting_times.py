"""When people who are put together could meet: half-hours of the working day that suit all of them. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import blake2b
from zoneinfo import ZoneInfo

from scheduler.calendar import on, slot_moment

STARTS = (
    *(time(hour, minute) for hour in (9, 10) for minute in (0, 30)),
    time(11, 0),
    *(time(hour, minute) for hour in (13, 14, 15) for minute in (0, 30)),
)
"""In the team's own zone: not first thing in the morning, not at lunch."""
EARLIEST, LATEST = time(8, 30), time(16, 0)
"""When it may begin where each of them is."""
SUGGESTED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Where somebody is, and on which weekdays (bits: Monday 1 … Friday 16)."""

    zone: str
    days: int


def half_hours(days: Sequence[date], zone: str) -> tuple[datetime, ...]:
    """Return the half-hours to choose from, in UTC and in order."""
    return tuple(slot_moment(day, start, zone) for day in days for start in STARTS)


def free(moments: Sequence[datetime], hours: Hours) -> int:
    """Return which of the moments suit: a bit for each, the first the lowest."""
    zone = ZoneInfo(hours.zone)
    return sum(1 << at for at, moment in enumerate(moments) if _suits(moment.astimezone(zone), hours.days))


def suggested(moments: Sequence[datetime], who: Collection[Hours], *, seed: str) -> tuple[datetime, ...]:
    """Return three moments that suit everybody, in order: fewer when there are no more, and on as many days as can be.
    The same for the same seed."""
    common = -1
    for hours in who:
        common &= free(moments, hours)
    drawn = sorted((at for at in range(len(moments)) if common >> at & 1), key=lambda at: _lot(seed, at))
    chosen: list[datetime] = []
    for at in drawn:
        if moments[at].date() not in {one.date() for one in chosen}:
            chosen.append(moments[at])
    chosen += [moments[at] for at in drawn if moments[at] not in chosen]
    return tuple(sorted(chosen[:SUGGESTED]))


def _suits(local: datetime, days: int) -> bool:
    return on(days, local.date()) and EARLIEST <= local.time() <= LATEST


def _lot(seed: str, at: int) -> bytes:
    return blake2b(f"{seed}/{at}".encode(), digest_size=8).digest()
