"""Events kept before they are acknowledged: those that come together share one statement and one commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

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
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    event: NewEvent
    kept: "asyncio.Future[int | None]"


class Keeping:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._gathered: list[Waiting] = []
        self._unkept = 0
        self._crowded_at = float("-inf")
        self._tasks: set[asyncio.Task[Any]] = set()

    async def keep(self, event: AnyEvent) -> int | None:
        """Return the event's id after the commit that keeps it, or None when it has been kept before."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(_new(event), loop.create_future())
        if not self._gathered:
            # Written once the loop has done what is at hand, so that everything that has come is in it.
            loop.call_soon(self._write_gathered)
        self._gathered.append(waiting)
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

    def _write_gathered(self) -> None:
        batch, self._gathered = self._gathered, []
        task = asyncio.ensure_future(self._write(batch))
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _write(self, batch: Sequence[Waiting]) -> None:
        try:
            ids = await self._store.write(partial(inbox.keep_all, events=[one.event for one in batch]))
        except Exception as error:  # the boundary of one batch: one that cannot be kept takes no other with it
            if len(batch) > 1:
                log.warning("events_kept_one_by_one", error=where(error), events=len(batch))
                for one in batch:
                    await self._write([one])
            else:
                _tell(batch[0].kept, error)
        else:
            for one, event_id in zip(batch, ids, strict=True):
                _tell(one.kept, event_id)


def _tell(kept: "asyncio.Future[int | None]", outcome: int | Exception | None) -> None:
    if kept.done():  # whoever waited has gone
        return
    if isinstance(outcome, Exception):
        kept.set_exception(outcome)
    else:
        kept.set_result(outcome)


def _new(event: AnyEvent) -> NewEvent:
    return NewEvent(
        platform=event.platform,
        workspace=event.workspace,
        key=event.key,
        person=event.person,
        body=kept_events.to_json(event),
        received_at=event.at,
    )
