"""What becomes of a day's messages of a cadence: when they are due, and why they fall away."""

from datetime import date, datetime, timedelta

from scheduler.calendar import Calendar, on, slot_moment
from scheduler.weeks import message_days, monday_of
from scheduler.window import spread
from storage.places import Moments
from storage.planning import DueCadence
from storage.tables.deliveries import Priority, Reason
from storage.tables.programmes import CatchUp

DEFAULT_LATE_HOURS = 4
AT_ONCE = timedelta(0)


def fate(
    cadence: DueCadence,
    calendar: Calendar,
    day: date,
    now: datetime,
    *,
    late_hours: int,
    catch_up: CatchUp,
    takes: timedelta = AT_ONCE,
) -> tuple[Moments, Reason | None]:
    """Return when the day's message is due and until when it is kind, and why it falls away if Knuff was down too long.

    Late but still on its own day and at a humane hour it is sent, unless the cohort would rather skip it. `takes` is
    how long sending takes; people's places are spread from the slot on, or from now on if it has passed.
    """
    due_at = slot_moment(day, cadence.slot, cadence.zone)
    day_ends_at = slot_moment(day, calendar.day_ends(day, cadence.hours), cadence.zone)
    late_after = min(due_at + timedelta(hours=late_hours), day_ends_at)
    first_at = max(due_at, now.replace(microsecond=0))
    if now <= late_after:
        over = spread(takes, kind_for=late_after - first_at)
        return Moments(due_at=due_at, late_after=late_after, try_at=first_at, spread=over), None
    moments = Moments(
        due_at=due_at,
        late_after=day_ends_at,
        try_at=first_at,
        spread=spread(takes, kind_for=day_ends_at - first_at),
        priority=Priority.CATCH_UP,
    )
    if catch_up is not CatchUp.SKIP and slot_moment(day, cadence.hours.begin, cadence.zone) <= now < day_ends_at:
        return moments, None
    return moments, Reason.MOVED if catch_up is CatchUp.PACED else Reason.KNUFF_WAS_DOWN


def is_message_day(cadence: DueCadence, calendar: Calendar, day: date) -> bool:
    return day in message_days(
        monday_of(day),
        starts_on=date.min,
        days=cadence.days,
        slot=cadence.slot,
        pace=cadence.pace,
        calendar=calendar,
    )


def why_closed(cadence: DueCadence, calendar: Calendar, day: date) -> Reason | None:
    return calendar.why_closed(day, cadence.slot) if on(cadence.days, day) else Reason.OWN_DAY_OFF
