"""The platform's limits for what answers send: posts share the lane's buckets, other methods keep within their tier
in this process."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from scheduler import buckets
from scheduler.buckets import POST, Limits
from scheduler.clock import Clock
from storage import people
from storage.database import Store

PER_MINUTE: Mapping[str, int] = {"chat.update": 50, "views.publish": 100, "views.update": 100}
"""Slack's tiers 3 and 4."""
BURST_SHARE = 0.6
"""How much of a minute's calls may come at once: several answers in the same second are usual, a full minute's worth
is not."""


class SharedPacing:
    def __init__(self, *, store: Store, clock: Clock, limits: Limits, platform: str) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._platform = platform
        self._workspace_ids: dict[str, int] = {}
        self._tiers: dict[tuple[str, str], Tier] = {}

    async def wait_for(self, workspace: str, method: str, channel: str | None = None) -> None:
        now = self._clock.now()
        if method == POST:
            workspace_id = await self._workspace_id(workspace)
            allowed_at = await buckets.take(self._store, workspace_id, self._limits.posting(channel), now)
        else:
            allowed_at = self._tier(workspace, method).take(now)
        await self._clock.sleep(max(0.0, (allowed_at - now).total_seconds()))

    async def pause(self, workspace: str, bucket: str, *, until: datetime) -> None:
        self._tier(workspace, bucket).pause(until)
        await buckets.pause(self._store, await self._workspace_id(workspace), bucket, until=until)

    async def _workspace_id(self, workspace: str) -> int:
        if workspace not in self._workspace_ids:
            found = await self._store.read(
                lambda session: people.find_workspace(session, platform=self._platform, workspace=workspace)
            )
            if found is None or found.id is None:
                raise LookupError("a workspace we have not met")
            self._workspace_ids[workspace] = found.id
        return self._workspace_ids[workspace]

    def _tier(self, workspace: str, method: str) -> "Tier":
        return self._tiers.setdefault((workspace, method), Tier(per_minute=PER_MINUTE.get(method)))


class Tier:
    """So many calls a minute, some of them at once (generic cell rate algorithm: one moment holds the state)."""

    def __init__(self, *, per_minute: int | None) -> None:
        self._between = timedelta(minutes=1) / per_minute if per_minute else timedelta(0)
        self._ahead = self._between * int((per_minute or 0) * BURST_SHARE)
        self._due: datetime | None = None
        self._paused_until: datetime | None = None

    def take(self, now: datetime) -> datetime:
        """Reserve one call and return when it may be made: `now` or later."""
        due = max(self._due or now, now)
        self._due = due + self._between
        return max(now, due - self._ahead, self._paused_until or now)

    def pause(self, until: datetime) -> None:
        self._paused_until = max(self._paused_until or until, until)
