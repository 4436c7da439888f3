"""Counting what became of the promises of a rehearsal, by day, by reason and by role."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.rehearsal.result import Day, OfRole
from lessons.models import Role
from scheduler.calendar import Calendar
from storage.all_promises import Promise
from storage.tables.deliveries import Kind, State


def by_reason(promises: Sequence[Promise]) -> dict[str, int]:
    """Return how many promises were explained, by reason, most first."""
    counted = Counter(promise.reason.value for promise in promises if promise.reason is not None)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def calendar_of(promises: Sequence[Promise], calendar: Calendar) -> Iterator[Day]:
    """Return every day from the first promise to the last."""
    counted = Counter((promise.day, promise.state) for promise in promises)
    days = {day for day, _ in counted}
    if not days:
        return
    for offset in range((max(days) - min(days)).days + 1):
        day = min(days) + timedelta(days=offset)
        yield Day(
            day=day,
            delivered=counted[day, State.SENT],
            explained=counted[day, State.EXPLAINED],
            name=calendar.name_of(day, "en") or _why_quiet(day, calendar),
        )


def _why_quiet(day: date, calendar: Calendar) -> str | None:
    if day.month in calendar.resting:
        return "Rest"
    return "Closed" if day in calendar.closed else None


def roles_in(
    lines: Sequence[Mapping[str, Any]], role_of: Mapping[str, Role], steps: Mapping[Role, Sequence[Sequence[int]]]
) -> dict[str, OfRole]:
    """Return what those of each role received, from the log."""
    week_of = {step: number for weeks in steps.values() for number, week in enumerate(weeks, start=1) for step in week}
    received: dict[Role, list[tuple[date, int]]] = {role: [] for role in Role if role in role_of.values()}
    for line in lines:
        if "reason" not in line and line["person"] in role_of:
            day = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(line["zone"])).date()
            parts = (line, *line.get("riders", ()))
            received[role_of[line["person"]]] += [(day, part["step"]) for part in parts if part["kind"] == Kind.NUDGE]
    people = Counter(role_of.values())
    return {
        role.value: OfRole(
            people=people[role],
            steps=len(some),
            first_day=min((day for day, _ in some), default=None),
            last_day=max((day for day, _ in some), default=None),
            weeks=tuple(sorted({week_of[step] for _, step in some})),
        )
        for role, some in received.items()
    }
