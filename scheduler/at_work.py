"""One tick's work on things that are due: set after set, and one by one where something of a set cannot be done."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

import structlog
from sqlmodel import Session

from scheduler.setbacks import Setbacks
from storage.database import Store

log = structlog.get_logger()

AT_ONCE = 1000
"""Things in one unit of work: nobody else writes meanwhile, where only one can."""
VAIN_AT_ONCE = 10
"""So many may fail in one tick; the next goes on behind them."""


class LeftToOthers(Exception):
    """Somebody else is at this work: what they leave is found due by whoever plans next."""


class HasId(Protocol):
    @property
    def id(self) -> int: ...


D = TypeVar("D", bound=HasId)
Work = Callable[[Session, Sequence[D], datetime], int]


class AtWork:
    def __init__(self, store: Store, now: datetime, setbacks: Setbacks, ended: Callable[[], bool]) -> None:
        self._store = store
        self._now = now
        self._setbacks = setbacks
        self._ended = ended
        self.promised = 0
        self.failed = 0

    async def do(self, work: Work[D], due: Sequence[D], *, at_once: int = AT_ONCE) -> bool:
        """Return whether all of it was tried: not what somebody else is at, nor what comes after too much in vain."""
        todo = [one for one in due if not self._setbacks.waits((work.__name__, one.id), self._now)]
        for first in range(0, len(todo), at_once):
            if self._ended() or not await self._do_together(work, todo[first : first + at_once]):
                return False
        return True

    async def do_each(self, name: str, due: Sequence[D], work: Callable[[D], Awaitable[int]]) -> None:
        """As `do`, where each has a unit of work of its own and something to wait for before it."""
        for one in due:
            if self._ended() or self.failed >= VAIN_AT_ONCE:
                return
            if not self._setbacks.waits((name, one.id), self._now) and not await self._try(
                name, one, partial(work, one)
            ):
                return

    async def _do_together(self, work: Work[D], together: Sequence[D]) -> bool:
        try:
            self.promised += await self._write(work, together)
            self._setbacks.was_ours(work.__name__)
        except LeftToOthers:
            self._leave(work.__name__)
            return False
        except Exception:  # one unit of work: whose fault it is shows when each of them has one of their own
            for one in together:
                is_ours = await self._try(work.__name__, one, partial(self._write, work, [one]))
                if not is_ours or self.failed >= VAIN_AT_ONCE:
                    return False
        return True

    async def _write(self, work: Work[D], due: Sequence[D]) -> int:
        return await self._store.write(lambda session: work(session, due, self._now))

    async def _try(self, name: str, one: HasId, work: Callable[[], Awaitable[int]]) -> bool:
        """Return whether it was tried: not what somebody else is at."""
        try:
            self.promised += await work()
            self._setbacks.was_ours(name)
        except LeftToOthers:
            self._leave(name)
            return False
        except Exception as error:  # one of them: the others must not wait for it
            self._setbacks.was_ours(name)
            self.failed += 1
            self._setbacks.add((name, one.id), self._now)
            log.error("round_not_planned", work=name, id=one.id, error=type(error).__name__, exc_info=error)
        return True

    def _leave(self, work: str) -> None:
        if (since := self._setbacks.left(work, self._now)) is not None:
            log.warning("left_to_others", work=work, since=since)
