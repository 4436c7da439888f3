"""Whoever moved since the last tick, all of them together; and one by one as soon as somebody cannot be sorted out."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby

import structlog
from sqlmodel import Session

from scheduler import moving
from scheduler.setbacks import Setbacks
from scheduler.window import Paces
from storage import movers, waking
from storage.database import Store
from storage.movers import Mark

log = structlog.get_logger()

MOVED_AT_ONCE = 100
VAIN_AT_ONCE = 10
"""So many people may fail in one tick; then it goes on to the cadences. The next tick goes on behind them."""


async def sort_out_everybody(
    store: Store, marked: Sequence[Mark], now: datetime, paces: Paces, setbacks: Setbacks
) -> tuple[int, int]:
    """Sort out these, the first `MOVED_AT_ONCE`, and whoever comes after them. Return how many promises were new, and
    how many people could not be sorted out."""
    promised = failed = 0
    while marked:
        due = [mark for mark in marked if not setbacks.waits(mark, now)]
        # All that this page has of a person's enrolments in one unit: what one cohort promised can be in the way of the
        # other's days, and they fail together.
        people = [list(marks) for _, marks in groupby(sorted(due, key=_person), key=_person)]
        try:
            promised += await store.write(partial(_sort_out, marks=due, now=now, paces=paces)) if due else 0
        except Exception:  # one unit of work: whose fault it is shows when each of them has one of their own
            for marks in people:
                try:
                    promised += await store.write(partial(_sort_out, marks=marks, now=now, paces=paces))
                except Exception as error:  # one person: the others must not wait for them
                    failed += 1
                    _set_back(setbacks, marks, now, error)
                    if failed == VAIN_AT_ONCE:
                        return promised, failed
        marked = await store.read(partial(movers.moved_enrolments, limit=MOVED_AT_ONCE, after=marked[-1]))
    return promised, failed


def _person(mark: Mark) -> int:
    return mark.person_id


def _sort_out(session: Session, marks: Sequence[Mark], now: datetime, paces: Paces) -> int:
    promised = moving.sort_out(session, [mark.enrolment_id for mark in marks], now, paces)
    if promised:
        waking.wake_lanes(session)
    return promised


def _set_back(setbacks: Setbacks, marks: Sequence[Mark], now: datetime, error: Exception) -> None:
    for mark in marks:
        setbacks.add(mark, now)
        name = type(error).__name__
        log.error("enrolment_not_sorted_out", enrolment_id=mark.enrolment_id, error=name, exc_info=error)
