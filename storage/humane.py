"""Humane hours: when somebody may be written to at all, and the last look at the clock before a message goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from storage.moments import slot_moment
from storage.tables.people import Shift


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Nothing is sent outside these, however late it became; local time, all included, on one and the same day."""

    usual_slot: time
    """Of whoever comes to these hours from others."""
    begin: time
    last_slot: time
    """A later slot would leave too little time to reach everybody before the hours end."""
    end: time

    def has_slot(self, slot: time) -> bool:
        return self.begin <= slot <= self.last_slot


HOURS: Mapping[Shift, Hours] = MappingProxyType(
    {
        Shift.DAY: Hours(usual_slot=time(8, 15), begin=time(7, 30), last_slot=time(16), end=time(16, 30)),
        # A shift's first slot is when it is handed over. It ends, for us, before anybody has gone home; a night does so
        # before midnight: what belongs to a day is sent on that day.
        Shift.MORNING: Hours(usual_slot=time(7), begin=time(7), last_slot=time(14, 30), end=time(15)),
        Shift.EVENING: Hours(usual_slot=time(13, 30), begin=time(13, 30), last_slot=time(20, 30), end=time(21)),
        Shift.NIGHT: Hours(usual_slot=time(21, 30), begin=time(21, 30), last_slot=time(23), end=time(23, 30)),
    }
)
DAY_BEGINS, LAST_SLOT, DAY_ENDS = HOURS[Shift.DAY].begin, HOURS[Shift.DAY].last_slot, HOURS[Shift.DAY].end
"""The day of cohorts, teams and channels. What else a calendar closes was seen to when it was promised."""
WORKING_WEEK = 0b11111
"""Monday to Friday, as bits."""
SATURDAY = 5


def humane_moment(now: datetime, zone: str, shift: Shift = Shift.DAY) -> datetime:
    """Return `now` when somebody in `zone` who works that shift may be written to, else the next moment (UTC) when they
    may: Monday to Friday, within its hours."""
    hours = HOURS[shift]
    local = now.astimezone(ZoneInfo(zone))
    day, hour = local.date(), local.time()
    if day.weekday() < SATURDAY and hours.begin <= hour <= hours.end:
        return now
    if hour >= hours.begin:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return slot_moment(day, hours.begin, zone)
