"""Where a programme's meetings came to lie in a rehearsal, looked at with a calendar of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lessons.models import Programme
from scheduler.calendar import Calendar
from scheduler.sessions import AFTERNOON
from storage.tables.sessions import CohortSession


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    number: int
    title: str
    week: int
    roles: tuple[str, ...]
    day: date
    begins: str
    minutes: int
    is_working_day: bool
    is_in_rest: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "week": self.week,
            "roles": list(self.roles),
            "day": self.day.isoformat(),
            "begins": self.begins,
            "minutes": self.minutes,
            "working_day": self.is_working_day,
            "in_rest": self.is_in_rest,
        }


def held(rows: Iterable[CohortSession], programme: Programme, *, closed: Iterable[date]) -> tuple[Held, ...]:
    """Return the meetings in order. Cohorts on two platforms with the same days count as one."""
    calendar = Calendar(closed=frozenset(closed))
    found = {
        (row.day, row.number): Held(
            number=row.number,
            title=one.title.sv,
            week=one.week,
            roles=tuple(role.value for role in one.roles),
            day=row.day,
            begins=row.begins,
            minutes=row.minutes,
            is_working_day=calendar.why_closed(row.day, AFTERNOON) is None,
            is_in_rest=row.day.month in programme.rests,
        )
        for row in rows
        for one in [programme.sessions[row.number - 1]]
    }
    return tuple(found[key] for key in sorted(found))
