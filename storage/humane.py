"""Humane hours: the last look at the clock before a message goes out, where its receiver is now."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.moments import slot_moment

DAY_BEGINS = time(7, 30)
DAY_ENDS = time(16, 30)
"""Humane hours, local, both included, Monday to Friday: nothing is sent outside them, however late it became. What else
a calendar closes was seen to when it was promised."""
SATURDAY = 5


def humane_moment(now: datetime, zone: str) -> datetime:
    """Return `now` when somebody in `zone` may be written to, else the next moment (UTC) when they may."""
    local = now.astimezone(ZoneInfo(zone))
    day, hour = local.date(), local.time()
    if day.weekday() < SATURDAY and DAY_BEGINS <= hour <= DAY_ENDS:
        return now
    if hour >= DAY_BEGINS:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return slot_moment(day, DAY_BEGINS, zone)
