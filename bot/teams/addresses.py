"""Where Teams' connector is for each tenant: as the latest activity said, for every process."""

import re
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.teams.hosts import is_allowed
from scheduler.clock import Clock
from storage import workspaces
from storage.database import Store

PLATFORM = "teams"
CHANNEL = "msteams"
"""What Microsoft calls it, where other channels of theirs could be."""
CHANNEL_ID = re.compile(r"19:[^\s/?#&]{1,200}@thread\.[a-z0-9]{1,20}")
"""The id of a channel in a team."""
FRESH = timedelta(minutes=1)
"""As long, what another process was told is not looked for."""


class Addresses:
    def __init__(self, store: Store, clock: Clock, *, otherwise: str, loopback: bool = False) -> None:
        """`otherwise`: the address for a tenant that has not told us one. `loopback`: addresses on this machine are
        allowed too, for trials."""
        self._store = store
        self._clock = clock
        self._otherwise = otherwise
        self._loopback = loopback
        self._told: dict[str, tuple[str | None, datetime]] = {}

    async def of(self, workspace: str) -> str:
        """Return the address, without a slash at its end. Raises the database's errors."""
        latest = await self._latest(workspace)
        # What was kept before may have been allowed then, or come from a trial's database.
        return (latest if latest and is_allowed(latest, loopback=self._loopback) else self._otherwise).rstrip("/")

    async def note(self, workspace: str, address: str) -> None:
        """Keep what an activity said; called for each of them, it writes only what is new. That the address is Teams'
        own is for the caller to know. A tenant we have not met is not kept."""
        if await self._latest(workspace) == address:
            return

        def keep(session: Session) -> str | None:
            workspaces.serve_from(session, platform=PLATFORM, external_id=workspace, url=address)
            return workspaces.service_url(session, platform=PLATFORM, external_id=workspace)

        self._told[workspace] = (await self._store.write(keep), self._clock.now())

    async def _latest(self, workspace: str) -> str | None:
        address, seen_at = self._told.get(workspace, (None, None))
        if seen_at is None or not seen_at <= self._clock.now() < seen_at + FRESH:
            read = partial(workspaces.service_url, platform=PLATFORM, external_id=workspace)
            address = await self._store.read(read)
            self._told[workspace] = (address, self._clock.now())
        return address
