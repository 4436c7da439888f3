"""Counting what happened in a rehearsal, from the tables."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, union
from sqlmodel import Session

from bot.rehearsal.result import Day
from scheduler.calendar import Calendar
from storage.tables import metadata
from storage.tables.deliveries import State

_delivery = metadata.tables["delivery"]
_answer = metadata.tables["answer"]
_reflection = metadata.tables["reflection"]
OPEN = (State.PLANNED, State.SENDING, State.UNKNOWN)


def unsettled_before(session: Session, day: date) -> set[int]:
    """Return the deliveries that belong to an earlier day and have no end."""
    left = select(_delivery.c.id).where(_delivery.c.state.in_(OPEN), _delivery.c.day < day)
    return set(session.connection().execute(left).scalars())


def last_promised_day(session: Session) -> date | None:
    day: date | None = session.connection().execute(select(func.max(_delivery.c.day))).scalar()
    return day


def promised(session: Session) -> int:
    return int(session.connection().execute(select(func.count()).select_from(_delivery)).scalar_one())


def delivered(session: Session) -> int:
    sent = select(func.count()).select_from(_delivery).where(_delivery.c.state == State.SENT)
    return int(session.connection().execute(sent).scalar_one())


def explained(session: Session) -> dict[str, int]:
    """Return how many promises were explained, by reason, most first."""
    by_reason = (
        select(_delivery.c.reason, func.count())
        .where(_delivery.c.state == State.EXPLAINED)
        .group_by(_delivery.c.reason)
        .order_by(func.count().desc(), _delivery.c.reason)
    )
    return {reason.value: number for reason, number in session.connection().execute(by_reason)}


def answered(session: Session) -> int:
    """Return how many deliveries got a press, a choice or a text."""
    about = (select(table.c.delivery_id).where(table.c.delivery_id.is_not(None)) for table in (_answer, _reflection))
    return int(session.connection().execute(select(func.count()).select_from(union(*about).subquery())).scalar_one())


def calendar(session: Session, calendar: Calendar) -> Iterator[Day]:
    """Return every day from the first promise to the last."""
    by_day: Counter[tuple[Any, Any]] = Counter()
    counted = select(_delivery.c.day, _delivery.c.state, func.count()).group_by(_delivery.c.day, _delivery.c.state)
    for day, state, number in session.connection().execute(counted):
        by_day[day, state] = number
    days = {day for day, _ in by_day}
    if not days:
        return
    for offset in range((max(days) - min(days)).days + 1):
        day = min(days) + timedelta(days=offset)
        yield Day(
            day=day,
            delivered=by_day[day, State.SENT],
            explained=by_day[day, State.EXPLAINED],
            name=calendar.name_of(day, "en"),
        )
