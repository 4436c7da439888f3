"""Wall-clock time and UTC. A rhythm is kept as local time and zone; each occurrence of it is a UTC moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def slot_moment(day: date, slot: time, zone: str) -> datetime:
    """Return the UTC moment when the wall clock in `zone` shows `slot` on `day`.

    A time that the clock jumps over moves forward by the jump; a time it shows twice is the first of the two.
    """
    # Python reads a skipped time with fold=0 at the offset before the jump, which is exactly "forward by the jump".
    return datetime.combine(day, slot, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def next_slot(now: datetime, slot: time, zone: str) -> tuple[date, datetime]:
    """Return the day and UTC moment of the first `slot` strictly after `now`."""
    day = local_day(now, zone)
    while (moment := slot_moment(day, slot, zone)) <= now:
        day += timedelta(days=1)
    return day, moment
