"""Our connection to a platform's workspace: made at start, and made again without a restart when it was lost (the app
removed, a secret refused, a permission taken away)."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlmodel import Session

from bot.logs import where
from scheduler.clock import Clock
from storage import workspaces
from storage.database import Store
from storage.workspaces import Standing

CONNECT_AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
LOOK_SECONDS = 10.0
ASK_AGAIN = timedelta(minutes=5)
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """The workspace that our secrets belong to, and what it is called."""

    workspace: str
    name: str


class NotLetIn(Exception):
    """The platform did not say who we are. `args[0]` is a short class for operators."""

    def __init__(self, error: str, *, is_refusal: bool, **told: object) -> None:
        """`is_refusal`: it answered, and knows nobody with these secrets. `told`: what else an operator should know."""
        super().__init__(error)
        self.error = error
        self.is_refusal = is_refusal
        self.told = told


class Identify(Protocol):
    def __call__(self, *, lost_because: str | None) -> Awaitable[Who]:
        """Ask the platform who we are, now. Raises NotLetIn, also while what we were lost for still holds."""
        ...


class Connection:
    def __init__(
        self, *, platform: str, identify: Identify, store: Store, clock: Clock, organisation_name: str
    ) -> None:
        self._platform = platform
        self._identify = identify
        self._store = store
        self._clock = clock
        self._organisation_name = organisation_name
        self._workspace: str | None = None
        self._asked_at: datetime | None = None
        """When the platform was asked since we were disconnected; None while all is well."""

    async def connect(self) -> None:
        """Ask who we are until we are told. Secrets that are refused are an error in the log, and asked about again."""
        tries = 0
        while True:
            try:
                who = await self._identify(lost_because=None)
            except NotLetIn as error:
                event = "platform_does_not_know_us" if error.is_refusal else "platform_does_not_answer"
                log.error(event, platform=self._platform, error=error.error, **error.told)
                await asyncio.sleep(CONNECT_AGAIN_SECONDS[min(tries, len(CONNECT_AGAIN_SECONDS) - 1)])
                tries += 1
            else:
                await self._note(who)
                self._workspace = who.workspace
                log.info("workspace_connected", platform=self._platform, workspace=who.workspace)
                return

    async def watch(self) -> None:
        """Look every few seconds whether we are still connected, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception as error:  # the boundary of one look: the database may be away for a moment
                log.error("connection_not_looked_at", platform=self._platform, error=where(error))

    async def look(self) -> None:
        """While disconnected, ask every five minutes whether we are known, or as soon as something comes in; connect
        again when we are."""
        standing, now = await self._standing(), self._clock.now()
        if standing is None or standing.disconnected_at is None:
            self._asked_at = None
            return
        if self._asked_at is None:
            self._asked_at = standing.disconnected_at
            log.error("workspace_lost", platform=self._platform, workspace=self._workspace, reason=standing.reason)
        heard = standing.heard_of_at is not None and standing.heard_of_at > self._asked_at
        if heard or now - self._asked_at >= ASK_AGAIN:
            self._asked_at = now
            await self._ask(standing)

    async def is_connected(self) -> bool:
        """Whether the platform let us in the last time. Raises the database's errors."""
        connected = await self._store.read(partial(workspaces.connected_on, platform=self._platform))
        return self._workspace in [external_id for _, external_id in connected]

    async def _ask(self, standing: Standing) -> None:
        ours = log.bind(platform=self._platform)
        try:
            who = await self._identify(lost_because=standing.reason)
        except NotLetIn as error:
            ours.warning("workspace_still_disconnected", workspace=self._workspace, error=error.error, **error.told)
            return
        await self._note(who)
        ours.info("workspace_connected_again", workspace=who.workspace, had_been=standing.reason)

    async def _note(self, who: Who) -> None:
        def note(session: Session) -> None:
            workspaces.connected(
                session,
                platform=self._platform,
                external_id=who.workspace,
                organisation_name=self._organisation_name or who.name,
                now=self._clock.now(),
            )

        await self._store.write(note)

    async def _standing(self) -> Standing | None:
        """Return how we stand with the workspace; None before the first connection."""
        if self._workspace is None:
            return None
        return await self._store.read(
            partial(workspaces.standing, platform=self._platform, external_id=self._workspace)
        )
