"""One way in front of every call to a platform. The limits of a workspace are buckets in the database: all processes
keep within them together, and all obey what a 429 told one of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlmodel import Session

from bot.logs import where
from scheduler import buckets
from scheduler.buckets import POST, SEARCH, Limits
from scheduler.clock import Clock
from scheduler.ports import RateLimited
from storage import pacing, people
from storage.database import Store
from storage.pacing import IN_CHANNEL

LONGEST_WAIT_SECONDS = 600.0
"""What nobody sits waiting for is shown at last; after so long it is given up."""
FORM_WAITS_SECONDS = 5.0
"""Whoever sits in a form waits no longer for the one that is to come in its place."""
BURST_SHARE = 0.6
"""How much of a minute's calls may come at once: several answers in the same second are usual, a full minute's worth
is not."""
log = structlog.get_logger()


class Pacing(Protocol):
    """The limits of a platform, shared by everybody who calls it."""

    async def wait_for(
        self, workspace: str, method: str, *, channel: str | None = None, within_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        """Return when one more call fits. Raises RateLimited at once, and reserves nothing, if that is later than so
        many seconds from now."""
        ...

    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        """Let nobody call the method before `until`, in any process."""
        ...


async def obey(pacing: Pacing, workspace: str, limited: RateLimited) -> None:
    """Keep every process from what a platform has just refused, for as long as it said. What it said comes first: the
    call did surely not arrive, also when the pause cannot be written down."""
    try:
        await pacing.pause(workspace, limited.bucket, until=limited.until)
    except Exception as error:  # the database may be away for a moment
        log.error("pause_not_kept", method=limited.bucket.partition(IN_CHANNEL)[0], error=where(error))


class SharedPacing:
    """Posts and searches share the lane's buckets; other methods have one each, with room for a burst."""

    def __init__(
        self, *, store: Store, clock: Clock, platform: str, limits: Limits, per_minute: Mapping[str, float]
    ) -> None:
        """`per_minute`: calls a minute by method. A method that is not in it has no limit but the platform's 429."""
        self._store = store
        self._clock = clock
        self._platform = platform
        self._limits = limits
        self._per_minute = per_minute
        self._workspace_ids: dict[str, int] = {}

    async def wait_for(
        self, workspace: str, method: str, *, channel: str | None = None, within_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        workspace_id = await self._workspace_id(workspace)
        if workspace_id is None:  # one we have not met has no buckets yet
            return
        latest = self._clock.now() + timedelta(seconds=within_seconds)
        while True:
            now = self._clock.now()
            allowed_at = await self._store.write(partial(self._reserve, workspace_id, method, channel, now, latest))
            if allowed_at <= now:
                return
            await self._clock.sleep((allowed_at - now).total_seconds())
            if await buckets.paused_until(self._store, workspace_id, method, self._clock.now()) is None:
                return

    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        workspace_id = await self._workspace_id(workspace)
        if workspace_id is not None:
            await buckets.pause(self._store, workspace_id, method, until=until, ahead=self._ahead(method))

    def _reserve(
        self, workspace_id: int, method: str, channel: str | None, now: datetime, latest: datetime, session: Session
    ) -> datetime:
        seconds_between = self._seconds_between(method, channel)
        free_at, last = pacing.take_place(session, workspace_id, seconds_between, now)
        allowed_at = max(now, free_at - self._ahead(method))
        if allowed_at > latest:  # undoes the unit of work, and with it the reservation
            raise RateLimited("no_room", until=allowed_at, bucket=last)
        return allowed_at

    def _seconds_between(self, method: str, channel: str | None) -> Mapping[str, float]:
        """Return the buckets a call counts in. Without a limit there is still one, for pauses."""
        if method == POST:
            return {POST: 0.0, **self._limits.posting(channel)}
        if method == SEARCH:
            return self._limits.searching()
        per_minute = self._per_minute.get(method)
        return {method: 60 / per_minute if per_minute else 0.0}

    def _ahead(self, method: str) -> timedelta:
        """Return how long before its evenly spaced moment a call may be made."""
        per_minute = self._per_minute.get(method)
        if method in (POST, SEARCH) or not per_minute:
            return timedelta(0)
        return timedelta(seconds=60 / per_minute * int(per_minute * BURST_SHARE))

    async def _workspace_id(self, workspace: str) -> int | None:
        if workspace not in self._workspace_ids:
            found = await self._store.read(
                lambda session: people.find_workspace(session, platform=self._platform, workspace=workspace)
            )
            if found is None:
                return None
            self._workspace_ids[workspace] = found.id
        return self._workspace_ids[workspace]
