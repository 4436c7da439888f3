"""A round goes step by step: nobody is reminded, and nothing is opened, closed or ended, before its team could hear of
what begins earlier. That may be left to another process, to the next tick, or fail; the other rounds go on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlmodel import Session

from scheduler.setbacks import Setbacks
from storage import rounds_due
from storage.database import Store


class OfRound(Protocol):
    @property
    def round_id(self) -> int: ...
    @property
    def due_at(self) -> datetime: ...


D = TypeVar("D", bound=OfRound)


async def unheard(store: Store, works: Iterable[str], setbacks: Setbacks, now: datetime) -> dict[int, datetime]:
    """Return the rounds that wait for a step to be told of, and since when that one has been due. `works` are what
    tells of one. What that has failed at for a quarter of an hour is not waited for, so that every round ends: in a
    tick in which something of the round has just failed. In any other the fault may be gone, and nobody has tried."""
    return await store.read(partial(_unheard, works=tuple(works), setbacks=setbacks, now=now))


def may_go_on(due: Iterable[D], waiting: Mapping[int, datetime]) -> list[D]:
    """Return what does not wait: nothing of its round that is due earlier, or then, is still untold."""
    return [one for one in due if one.round_id not in waiting or one.due_at < waiting[one.round_id]]


def _unheard(session: Session, *, works: tuple[str, ...], setbacks: Setbacks, now: datetime) -> dict[int, datetime]:
    untold = rounds_due.unprompted(session, now)  # earliest first
    failing = {one.round_id for one in untold if any(setbacks.has_failed((work, one.id), now) for work in works)}
    waiting: dict[int, datetime] = {}
    for one in untold:
        past_hope = any(setbacks.is_past_hope((work, one.id)) for work in works)
        if not past_hope or one.round_id not in failing:
            waiting.setdefault(one.round_id, one.due_at)
    return waiting
