"""Our token for Teams' connector: asked for with the app's id and password, kept until shortly before it ends, and
fetched once however many wait for it. Nothing here holds up the event loop."""

import asyncio
from datetime import datetime, timedelta

import structlog
from aiohttp import ClientError, ClientSession

from bot.settings import Settings
from scheduler.clock import Clock

SCOPE = "https://api.botframework.com/.default"
RENEWED_BEFORE_END = timedelta(minutes=5)
"""From then on a new one is fetched by the side, while the old one is still good."""
ASK_AGAIN = timedelta(seconds=30)
"""How soon a fetch by the side is tried again after one that failed."""
LONGEST = timedelta(days=1)
"""As long as Entra gives them at most."""
MOST_IN_VAIN = 2
REFUSALS = frozenset({400, 401, 403})
log = structlog.get_logger()


class NoToken(Exception):
    """There is none to be had now. `args[0]` is a short class for operators."""


class TokenRefused(NoToken):
    """The token endpoint knows no app with this id and password."""


class Credentials:
    def __init__(self, session: ClientSession, *, url: str, app_id: str, password: str, clock: Clock) -> None:
        self._session = session
        self.url = url
        self._asked_with = {
            "grant_type": "client_credentials", "client_id": app_id, "client_secret": password, "scope": SCOPE,
        }  # fmt: skip
        self._clock = clock
        self._token: str | None = None
        self._ends_at = self._renew_at = clock.now()
        self._fetching: asyncio.Task[str] | None = None
        self._was_accepted = False
        self._refused_when_new = 0

    async def get(self) -> str:
        """Return a token that is good now. Raises NoToken."""
        now = self._clock.now()
        if self._token is None or now >= self._ends_at:
            return await self.fetch()
        if now >= self._renew_at:
            self._renew_at = now + ASK_AGAIN
            self._begin_to_fetch().add_done_callback(_say_if_failed)
        return self._token

    async def fetch(self) -> str:
        """Return a token fetched from now on, with whoever else waits for one. Raises NoToken."""
        # Whoever gives up waiting does not stop the fetch: the others get their token.
        return await asyncio.shield(self._begin_to_fetch())

    def not_accepted(self, token: str) -> None:
        """Use this one no more, if it is still the one in use."""
        if self._token == token:
            self._token = None
            self._refused_when_new += not self._was_accepted

    def accepted(self, token: str) -> None:
        if self._token == token:
            self._was_accepted, self._refused_when_new = True, 0

    @property
    def are_in_vain(self) -> bool:
        """Whether the last ones were refused as soon as they were had: another one mends nothing."""
        return self._refused_when_new >= MOST_IN_VAIN

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _begin_to_fetch(self) -> "asyncio.Task[str]":
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    def _fetched(self, fetching: "asyncio.Task[str]") -> None:
        self._fetching = None
        if not fetching.cancelled():
            fetching.exception()  # whoever waits is told; that nobody does is no fault

    async def _fetch(self) -> str:
        asked_at = self._clock.now()
        try:
            async with self._session.post(self.url, data=self._asked_with, allow_redirects=False) as answer:
                status, said = answer.status, await answer.json(content_type=None)
        except (ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            raise NoToken(type(error).__name__) from error
        if status in REFUSALS and isinstance(said, dict) and isinstance(said.get("error"), str):
            raise TokenRefused(said["error"][:60])
        self._token, self._was_accepted = _token_in(said, status), False
        self._ends_at, self._renew_at = _moments(said, asked_at)
        return self._token


def _say_if_failed(fetching: "asyncio.Task[str]") -> None:
    """Say what nobody waited for."""
    if not fetching.cancelled() and (error := fetching.exception()) is not None:
        log.warning("token_not_renewed", error=str(error) if isinstance(error, NoToken) else type(error).__name__)


def credentials_of(settings: Settings, session: ClientSession, clock: Clock) -> Credentials:
    """Return ours, with settings that have what Teams needs."""
    password = settings.teams_app_password
    return Credentials(
        session,
        url=settings.teams_token_url.replace("{tenant}", settings.teams_tenant_id or ""),
        app_id=settings.teams_app_id or "",
        password=password.get_secret_value() if password else "",
        clock=clock,
    )


def _token_in(said: object, status: int) -> str:
    token = said.get("access_token") if isinstance(said, dict) and status == 200 else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise NoToken(f"http_{status}")
    return token


def _moments(said: dict[str, object], asked_at: datetime) -> tuple[datetime, datetime]:
    """Return when the token ends and when to fetch the next. One that says nothing of it is used for a minute."""
    told = str(said.get("expires_in", ""))
    lives = min(LONGEST, timedelta(seconds=int(told[:9]) if told.isdecimal() else 60))
    return asked_at + lives, asked_at + lives - min(RENEWED_BEFORE_END, lives / 2)
