"""Our connection to the workspace whose token we have: made at start, and made again without a restart when it was
lost (the app removed, the token refused, a scope taken away)."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.logs import where
from bot.slack.calls import Identity, identity
from bot.slack.errors import DISCONNECTED, NO_ANSWER, cause_of
from bot.slack.manifest import SCOPES
from scheduler.clock import Clock
from storage import workspaces
from storage.database import Store
from storage.workspaces import Standing

PLATFORM = "slack"
CONNECT_AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
LOOK_SECONDS = 10.0
ASK_AGAIN = timedelta(minutes=5)
log = structlog.get_logger()


class Connection:
    def __init__(self, *, client: AsyncWebClient, store: Store, clock: Clock, organisation_name: str) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._organisation_name = organisation_name
        self._workspace: str | None = None
        self._asked_at: datetime | None = None
        """When Slack was asked since we were disconnected; None while all is well."""

    async def connect(self) -> None:
        """Ask Slack who we are until it answers. A token it refuses is an error in the log, and asked about again."""
        tries = 0
        while True:
            try:
                who = await identity(self._client)
            except NO_ANSWER as error:
                code = cause_of(error)
                log.error("slack_does_not_know_us" if code in DISCONNECTED else "slack_does_not_answer", error=code)
                await asyncio.sleep(CONNECT_AGAIN_SECONDS[min(tries, len(CONNECT_AGAIN_SECONDS) - 1)])
                tries += 1
            else:
                await self._note(who)
                self._workspace = who.workspace
                log.info("workspace_connected", workspace=who.workspace)
                return

    async def watch(self) -> None:
        """Look every few seconds whether we are still connected, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception as error:  # the boundary of one look: the database may be away for a moment
                log.error("connection_not_looked_at", error=where(error))

    async def look(self) -> None:
        """While disconnected, ask Slack every five minutes whether it knows us, or as soon as it sends us something;
        connect again when it does."""
        standing, now = await self._standing(), self._clock.now()
        if standing is None or standing.disconnected_at is None:
            self._asked_at = None
            return
        if self._asked_at is None:
            self._asked_at = standing.disconnected_at
            log.error("workspace_lost", workspace=self._workspace, reason=standing.reason)
        heard = standing.heard_of_at is not None and standing.heard_of_at > self._asked_at
        if heard or now - self._asked_at >= ASK_AGAIN:
            self._asked_at = now
            await self._ask(standing)

    async def is_connected(self) -> bool:
        """Whether Slack let us in the last time. Raises the database's errors."""
        connected = await self._store.read(partial(workspaces.connected_on, platform=PLATFORM))
        return self._workspace in [external_id for _, external_id in connected]

    async def _ask(self, standing: Standing) -> None:
        try:
            who = await identity(self._client)
        except NO_ANSWER as error:
            log.warning("workspace_still_disconnected", workspace=self._workspace, error=cause_of(error))
            return
        # The token is good whatever scopes it has: without this we would connect and be thrown out every five minutes.
        if standing.reason == "missing_scope" and who.scopes and (missing := sorted(SCOPES.keys() - who.scopes)):
            log.warning("workspace_still_disconnected", workspace=self._workspace, missing_scopes=missing)
            return
        await self._note(who)
        log.info("workspace_connected_again", workspace=who.workspace, had_been=standing.reason)

    async def _note(self, who: Identity) -> None:
        def note(session: Session) -> None:
            workspaces.connected(
                session,
                platform=PLATFORM,
                external_id=who.workspace,
                organisation_name=self._organisation_name or who.workspace_name,
                now=self._clock.now(),
            )

        await self._store.write(note)

    async def _standing(self) -> Standing | None:
        """Return how we stand with the workspace; None before the first connection."""
        if self._workspace is None:
            return None
        return await self._store.read(partial(workspaces.standing, platform=PLATFORM, external_id=self._workspace))
