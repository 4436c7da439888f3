"""When a programme's meetings are: laid out when a cohort is confirmed, and again when its days change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from sqlmodel import Session

from lessons import models
from scheduler.calendar import Calendar, slot_moment
from scheduler.weeks import A_WEEK, monday_of, monday_of_week, week_number, week_plan
from storage import sessions
from storage.sessions import Ahead, Placed
from storage.tables.programmes import Cohort, Role

AFTERNOON, EVENING = time(13, 0), time(17, 0)
"""When a meeting begins, and when it is over at the latest: a longer one begins earlier."""
FIRST_CHOICE = (2, 3, 4, 1, 0)
"""Weekdays: Wednesday, or the next open day of its week; then those before it."""
HOW_FAR_AHEAD = timedelta(days=9)
"""Nobody is told of a meeting earlier than the last message of the week before it."""
_ONE_DAY = timedelta(days=1)


def begins_at(minutes: int) -> time:
    """Return the whole hour at which a meeting of that length begins."""
    latest = (EVENING.hour * 60 - minutes) // 60
    return min(AFTERNOON, time(latest))


def placed(
    programme: models.Programme,
    *,
    starts_on: date,
    calendar: Calendar,
    staying: Mapping[int, date] = MappingProxyType({}),
    without: Collection[int] = (),
) -> list[Placed]:
    """Return every meeting of a programme on its day, no two on one day: open, and not before the start. `staying`: the
    days, by number, of those that stay where they are; they are not among them, nor are those it is `without`."""
    taken = set(staying.values())
    found = []
    for number, one in enumerate(programme.sessions, start=1):
        if number in staying or number in without:
            continue
        monday = monday_of_week(one.week, starts_on=starts_on, calendar=calendar)
        day = _first_open(monday, lambda day: day >= starts_on and day not in taken and is_open(day, calendar))
        taken.add(day)
        found.append(Placed(number=number, day=day, begins=f"{begins_at(one.minutes):%H:%M}", minutes=one.minutes))
    return found


def is_open(day: date, calendar: Calendar) -> bool:
    """Whether a meeting can be held on a day: a half eve is no such day."""
    return calendar.why_closed(day, AFTERNOON) is None


def lay_out(session: Session, cohort: Cohort, programme: models.Programme) -> None:
    """Put a programme's meetings on the calendar of a cohort that has just been confirmed."""
    calendar = Calendar.from_choices(cohort.calendar)
    sessions.add(session, cohort, placed(programme, starts_on=cohort.starts_on, calendar=calendar))


def moved(
    session: Session, cohort: Cohort, programme: models.Programme, *, starts_on: date, calendar: Calendar, today: date
) -> dict[int, tuple[date, date]]:
    """Return what would move with another start or other days, by number: from and to. What has been held stays, and so
    does what a coordinator has put where it is."""
    rows = sessions.of_cohort(session, cohort)
    staying = {row.number: row.day for row in rows if row.moved_at is not None or row.day <= today}
    without = {*range(1, len(programme.sessions) + 1)} - {row.number for row in rows}
    there = placed(programme, starts_on=starts_on, calendar=calendar, staying=staying, without=without)
    wanted = {one.number: one.day for one in there}
    return {
        row.number: (row.day, wanted[row.number])
        for row in rows
        if row.number not in staying and today < wanted.get(row.number, today) != row.day
    }


def lay_again(session: Session, cohort: Cohort, programme: models.Programme, *, today: date) -> None:
    """Move the meetings to where the cohort's start and days put them now. Those are what `moved` said."""
    calendar = Calendar.from_choices(cohort.calendar)
    moves = moved(session, cohort, programme, starts_on=cohort.starts_on, calendar=calendar, today=today)
    sessions.lay_again(session, cohort, {number: to for number, (_from, to) in moves.items()})


def starts_at(day: date, begins: str, zone: str) -> datetime:
    """Return the moment (UTC) at which a meeting begins."""
    return slot_moment(day, time.fromisoformat(begins), zone)


def told_on(
    day: date, ahead: Sequence[Ahead], programme: models.Programme, *, calendar: Calendar
) -> tuple[tuple[models.Session, Ahead], ...]:
    """Return the meetings that a person's exercise of a day tells of: those to which it is the last one before."""
    own = [
        (programme.sessions[one.number - 1], one)
        for one in ahead
        if one.number <= len(programme.sessions) and models.Role(one.role) in programme.sessions[one.number - 1].roles
    ]
    if not own:
        return ()
    following = _next_exercise(day, programme, own[0][1], calendar)
    return tuple((what, when) for what, when in own if following is None or following >= when.day)


def _next_exercise(day: date, programme: models.Programme, whose: Ahead, calendar: Calendar) -> date | None:
    """Return the next day, this week or the one after, on which somebody gets an exercise."""
    role = models.Role(whose.role)
    for monday in (monday_of(day), monday_of(day) + A_WEEK):
        number = week_number(monday, starts_on=whose.starts_on, calendar=calendar)
        if number is None or not 1 <= number <= len(programme.weeks):
            continue
        plan = week_plan(
            monday,
            steps=range(len(programme.weeks[number - 1].lessons_for(role))),
            starts_on=whose.starts_on,
            first_day=day + _ONE_DAY,
            days=whose.days,
            slot=time.fromisoformat(whose.slot),
            pace=whose.pace,
            calendar=calendar,
        )
        sent = [step.day for step in plan if step.reason is None]
        if sent:
            return min(sent)
    return None


def roles_of(one: models.Session) -> Collection[Role]:
    """Return who is invited, as it is stored."""
    return tuple(Role(role) for role in one.roles)


def _first_open(monday: date, fits: Callable[[date], bool]) -> date:
    """Return the first day of a week that fits, or else the next one after it."""
    for weekday in FIRST_CHOICE:
        if fits(day := monday + _ONE_DAY * weekday):
            return day
    day = monday + A_WEEK
    for _ in range(LONGEST_SEARCH_DAYS):
        if fits(day):
            return day
        day += _ONE_DAY
    return monday + _ONE_DAY * FIRST_CHOICE[0]  # a calendar that is closed for a year: the coordinator moves it


LONGEST_SEARCH_DAYS = 366
