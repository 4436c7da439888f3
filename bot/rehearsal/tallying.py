"""Counting what became of the promises of a rehearsal, by day and by reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.rehearsal.result import Day
from scheduler.calendar import Calendar
from storage.all_promises import Promise
from storage.tables.deliveries import State


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
            name=calendar.name_of(day, "en") or ("Closed" if day in calendar.closed else None),
        )
