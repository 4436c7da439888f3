"""How Slack's Web API is called: one shared session with timeouts of its own, no retries of the SDK's, each call in its
turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.pacing import LONGEST_WAIT_SECONDS, Pacing, obey
from bot.slack.errors import ours
from scheduler.clock import Clock
from scheduler.ports import RateLimited

# With a shared session the SDK's own `timeout` is ignored, so it is set here. The SDK would repeat a chat.postMessage
# after a lost connection by itself: no retry handlers, ever.
TIMEOUT = ClientTimeout(total=10, connect=3, sock_read=8)
MOST_CONNECTIONS = 40


def open_session() -> ClientSession:
    """Open the shared session; whoever opens it closes it. Must be called on the running loop."""
    return ClientSession(timeout=TIMEOUT, connector=TCPConnector(limit=MOST_CONNECTIONS))


def web_client(session: ClientSession, *, token: str, api_url: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=api_url.rstrip("/") + "/", session=session, retry_handlers=[])


class Calls:
    """What every call to Slack goes through: it waits its turn, and its errors become ours."""

    def __init__(self, clock: Clock, pacing: Pacing) -> None:
        self._clock = clock
        self._pacing = pacing

    @asynccontextmanager
    async def to(
        self,
        method: str,
        workspace: str,
        *,
        channel: str | None = None,
        within_seconds: float = LONGEST_WAIT_SECONDS,
        has_waited: bool = False,
    ) -> AsyncIterator[None]:
        """Make one call of the method inside, and read its answer there: only then is a page of somebody else's, taken
        for Slack's words, an error of ours. A 429 keeps every process from it for as long as Slack says.

        Raises RateLimited, having called nothing, when its turn would not come `within_seconds`.
        """
        if not has_waited:
            await self._pacing.wait_for(workspace, method, channel=channel, within_seconds=within_seconds)
        try:
            with ours(method=method, clock=self._clock):
                yield
        except RateLimited as limited:
            await obey(self._pacing, workspace, limited)
            raise


class NotSlack(SlackClientError):
    """Whoever says that all is well cannot say who we are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who the token says we are."""

    workspace: str
    workspace_name: str
    bot_user: str
    scopes: frozenset[str]


async def identity(client: AsyncWebClient) -> Identity:
    """Ask Slack whose token this is. Raises the SDK's own errors."""
    answer = await client.auth_test()
    if not (answer["team_id"] and answer["user_id"]):
        raise NotSlack
    headers: dict[str, Any] = {name.lower(): value for name, value in dict(answer.headers).items()}
    scopes = frozenset(scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",") if scope.strip())
    return Identity(
        workspace=str(answer["team_id"]),
        workspace_name=str(answer.get("team", "")),
        bot_user=str(answer["user_id"]),
        scopes=scopes,
    )
