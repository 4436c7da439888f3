"""What becomes of a cohort's meetings when it goes over to a newer version of its programme on a Monday. Pure.

What is held before that Monday stays as it was. From it on a meeting keeps its number, and so its place in calendars,
as long as the new version has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from lessons.models import Programme, Session
from lessons.programme_versions import same_sessions
from scheduler.calendar import Calendar
from scheduler.sessions import begins_at, placed
from storage.sessions import Placed
from storage.tables.sessions import CohortSession


@dataclass(frozen=True, kw_only=True, slots=True)
class Anew:
    sessions: tuple[Session, ...]
    """Of the cohort's programme from then on, each at its number."""
    laid: tuple[Placed, ...]
    """Every meeting from that Monday on, as it will be."""
    chosen: tuple[int, ...]
    """Those the new version has in another week, and that stay where a coordinator has put them."""
    over: tuple[int, ...]
    """Those it has in a week that is over, and that stay too."""
    gone: tuple[int, ...]
    """Called off: the new version is without them."""
    missed: tuple[Session, ...]
    """Of the new version, in weeks that are over."""
    had: tuple[Session, ...]
    """Of the new version, held already: they are not held again."""


def made_anew(
    rows: Sequence[CohortSession],
    old: Programme,
    new: Programme,
    *,
    week: int,
    monday: date,
    starts_on: date,
    calendar: Calendar,
) -> Anew:
    """Return what becomes of the meetings in `rows` when `week` of the new version begins on `monday`. One that a
    coordinator has moved stays on its day; so does one that is in the same week, or in one that is over by then."""
    there = {row.number: row for row in rows}
    found = same_sessions({number: old.sessions[number - 1] for number in sorted(there)}, new.sessions)
    sessions, staying, had = list(old.sessions), dict[int, date](), list[Session]()
    chosen, over, gone = list[int](), list[int](), list[int]()
    for number, row in there.items():
        before, then = old.sessions[number - 1], new.sessions[found[number]] if number in found else None
        if row.day < monday:
            staying[number] = row.day
            had += [then] if then is not None and then.week >= week else []
        elif then is not None:
            is_over, is_elsewhere = then.week < week, then.week != before.week
            sessions[number - 1] = then.model_copy(update={"week": before.week}) if is_over else then
            if is_over or not is_elsewhere or row.moved_at is not None:
                staying[number] = row.day
                (over if is_over else chosen).extend([number] if is_elsewhere else [])
        elif before.week < week:  # put off from a week that is the old version's
            staying[number] = row.day
        else:
            gone.append(number)
    others = [one for place, one in enumerate(new.sessions) if place not in found.values()]
    sessions += [one for one in others if one.week >= week]
    without = {*range(1, len(old.sessions) + 1)} - there.keys() | {*gone}
    after = new.model_copy(update={"sessions": tuple(sessions)})
    laid = placed(after, starts_on=starts_on, calendar=calendar, staying=staying, without=without)
    laid += [_stays(there[number], sessions[number - 1]) for number, day in staying.items() if day >= monday]
    return Anew(
        sessions=after.sessions,
        laid=tuple(sorted(laid, key=lambda one: (one.day, one.begins, one.number))),
        chosen=tuple(chosen),
        over=tuple(over),
        gone=tuple(sorted(gone)),
        missed=tuple(one for one in others if one.week < week),
        had=tuple(had),
    )


def _stays(row: CohortSession, now: Session) -> Placed:
    """Return a meeting on the day it has; it begins when a coordinator has said, or else so that it is over in time."""
    begins = time.fromisoformat(row.begins) if row.moved_at is not None else begins_at(now.minutes)
    return Placed(number=row.number, day=row.day, begins=f"{begins:%H:%M}", minutes=now.minutes)
