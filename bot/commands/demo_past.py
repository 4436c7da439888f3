"""What has happened in the demo before anybody opens it: the leaders in care are in their seventh week."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.conversation.cohort_choices import first_possible
from bot.libraries import open_library
from bot.rehearsal.past import live
from bot.rehearsal.place import Place
from bot.settings import Settings
from scheduler.calendar import DAY_BEGINS, Calendar
from storage.moments import slot_moment

WEEKS = 6
"""That are over; the seventh has begun."""
PEOPLE = tuple(f"U{number}VARD" for number in range(21, 45))
"""The people of the pretend workplace's unit Vård och omsorg."""
PROGRAMME, COHORT = "eight-weeks", "Vård och omsorg"
HOME = "Europe/Stockholm"
BEFORE_WORK = time(7)


def write_past(file: Path, settings: Settings, *, workspace: str, coordinator: str, now: datetime) -> None:
    """Write to a new database what has happened until the morning of the day when the demo begins, at `now`."""
    today = now.astimezone(ZoneInfo(HOME)).date()
    live(
        file,
        place=Place(
            workspace=workspace,
            organisation=settings.organisation,
            contact=settings.contact,
            coordinator=coordinator,
            language="sv",
            secret=settings.own_secret,
        ),
        people=PEOPLE,
        programme_id=PROGRAMME,
        name=COHORT,
        start=first_day(today),
        until=min(slot_moment(today, BEFORE_WORK, HOME), now.astimezone(UTC)),
        library=open_library(settings),
    )


def first_day(today: date) -> date:
    """Return when the past begins: the Monday so many weeks ago, or the first day after it when something is sent."""
    monday = today - timedelta(days=today.weekday())
    return first_possible(monday - timedelta(weeks=WEEKS), Calendar(), DAY_BEGINS)
