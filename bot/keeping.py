"""Events kept before they are acknowledged: those that come while others are being kept share one statement and one
commit (group commit, on both databases)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

import structlog

from bot import kept_events
from bot.conversation.events import AnyEvent
from bot.logs import where
from storage import inbox
from storage.database import Store
from storage.inbox import NewEvent

CROWD = 8
"""When so many wait to be kept at once, keeping and acknowledging them goes before handling."""
CALM_SECONDS = 0.05
"""A crowd has gone when none has been seen for so long."""
LONGEST_WAY_GIVEN_SECONDS = 0.5
MOST_AT_ONCE = 500
MOST_FAILURES = 2
"""One event that cannot be kept takes no other with it. So many in a row mean that it is not for the events."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    event: NewEvent
    kept: "asyncio.Future[int | None]"


class Keeping:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._gathered: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._unkept = 0
        self._crowded_at = float("-inf")

    async def keep(self, event: AnyEvent) -> int | None:
        """Return the event's id after the commit that keeps it, or None when it has been kept before. Ids are in the
        order in which this was called."""
        waiting = Waiting(_new(event), asyncio.get_running_loop().create_future())
        self._gathered.append(waiting)
        if self._writing is None:
            # It begins once the loop has done what is at hand, so that everything that has come is in it.
            self._writing = asyncio.create_task(self._write_all())
        self._unkept += 1
        self._is_crowded(monotonic())
        try:
            return await waiting.kept
        finally:
            self._unkept -= 1

    async def give_way(self) -> None:
        """Wait until no crowd waits to be kept, but not for long: what has been kept is to be handled too."""
        until = monotonic() + LONGEST_WAY_GIVEN_SECONDS
        while self._is_crowded(now := monotonic()) and now < until:  # noqa: ASYNC110 - nobody says that it is calm
            await asyncio.sleep(min(until, self._crowded_at + CALM_SECONDS) - now)

    def _is_crowded(self, now: float) -> bool:
        """Whether a crowd waits, or waited a moment ago: those answered come back with their next."""
        if self._unkept >= CROWD:
            self._crowded_at = now
        return now - self._crowded_at < CALM_SECONDS

    async def _write_all(self) -> None:
        """One batch at a time: what comes meanwhile is the next."""
        try:
            while self._gathered:
                batch, self._gathered = self._gathered[:MOST_AT_ONCE], self._gathered[MOST_AT_ONCE:]
                await self._write(batch)
        finally:
            self._writing = None

    async def _write(self, batch: Sequence[Waiting]) -> None:
        try:
            await self._keep(batch)
        except Exception as error:  # the boundary of one batch
            if len(batch) == 1:
                _tell(batch, error)
            else:
                log.warning("events_kept_one_by_one", error=where(error), events=len(batch))
                await self._write_one_by_one(batch)

    async def _write_one_by_one(self, batch: Sequence[Waiting]) -> None:
        failures = 0
        for place, one in enumerate(batch):
            try:
                await self._keep([one])
                failures = 0
            except Exception as error:  # the boundary of one event, which its platform will bring again
                _tell([one], error)
                failures += 1
                if failures == MOST_FAILURES:
                    _tell(batch[place + 1 :], error)
                    return

    async def _keep(self, batch: Sequence[Waiting]) -> None:
        ids = await self._store.write(partial(inbox.keep_all, events=[one.event for one in batch]))
        for one, event_id in zip(batch, ids, strict=True):
            if not one.kept.done():  # whoever waited may have gone
                one.kept.set_result(event_id)


def _tell(batch: Sequence[Waiting], error: Exception) -> None:
    for one in batch:
        if not one.kept.done():
            one.kept.set_exception(error)


def _new(event: AnyEvent) -> NewEvent:
    return NewEvent(
        platform=event.platform,
        workspace=event.workspace,
        key=event.key,
        person=event.person,
        kind=type(event).__name__,
        body=kept_events.to_json(event),
        received_at=event.at,
    )
