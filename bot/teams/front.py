"""The endpoint /api/messages: whether a request is Teams' own, from our tenant, and well-formed, before anything of it
is kept. botbuilder's own way in holds up the event loop and answers what fails with 500, so it is not used."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.bodies import body_of
from bot.logs import where
from bot.teams.addresses import CHANNEL
from bot.teams.app import Reception
from bot.teams.hosts import is_allowed
from bot.teams.text import Json
from bot.teams.tokens import NotGenuine, Token, Tokens

LARGEST = 256_000
"""Anything Teams sends is smaller."""
NOTED_WITHIN_SECONDS = 0.3
"""With what the answer itself may take, this is within the three seconds that Teams waits."""
log = structlog.get_logger()


class Front:
    def __init__(
        self,
        reception: Reception,
        *,
        tokens: Tokens,
        tenant: str,
        note_address: Callable[[str, str], Awaitable[None]],
        loopback: bool,
    ) -> None:
        """`note_address` is told the tenant and the service address of every activity of ours. `loopback`: service
        addresses on this machine are allowed too, for trials."""
        self._reception = reception
        self._tokens = tokens
        self._tenant = tenant
        self._note = note_address
        self._loopback = loopback

    async def __call__(self, request: Request) -> Response:
        try:
            token = await self._tokens.verified(request.headers.getlist("authorization"))
            body = await body_of(request, most=LARGEST)
            if body is None:
                return Response(status_code=413)
            activity = _decoded(body)
            _check_is_for(activity, token)
        except NotGenuine as why:
            log.warning("teams_request_not_genuine", why=str(why))
            return Response(status_code=401)
        except (ClientDisconnect, ValueError):
            log.warning("teams_request_malformed")
            return Response(status_code=400)
        if (fault := self._not_ours(activity)) is not None:
            log.warning("teams_request_not_ours", why=fault)
            return Response(status_code=403)
        await self._note_address(activity["serviceUrl"])
        return await self._reception.answer(activity)

    def _not_ours(self, activity: Json) -> str | None:
        """Return what keeps it from being ours: a token proves that Teams sent it, and not from whose tenant."""
        if _tenants(activity) != {self._tenant.lower()}:
            return "tenant"
        if not is_allowed(activity["serviceUrl"], loopback=self._loopback):
            return "service address"
        return None

    async def _note_address(self, address: str) -> None:
        try:
            async with asyncio.timeout(NOTED_WITHIN_SECONDS):
                await self._note(self._tenant, address)
        except Exception as error:  # what somebody did comes first; the next activity says the address again
            log.error("teams_address_not_noted", error=where(error))


def _decoded(body: bytes) -> Json:
    """Return the activity. Raises ValueError for what is none."""
    activity: Any = orjson.loads(body)
    if not isinstance(activity, dict):
        raise ValueError("not an object")
    return activity


def _check_is_for(activity: Json, token: Token) -> None:
    """Raise NotGenuine unless the token is for Teams, and for this service address."""
    # A key may sign for other channels too, and what comes from those is nothing to us.
    if activity.get("channelId") != CHANNEL or CHANNEL not in token.endorsements:
        raise NotGenuine("channel not endorsed")
    if activity.get("serviceUrl") != token.service_url:
        raise NotGenuine("service address is another")


def _tenants(activity: Json) -> set[str]:
    """Return every tenant the activity says it comes from: it should be one."""
    data = activity.get("channelData")
    said = (activity.get("conversation"), data.get("tenant") if isinstance(data, dict) else None)
    names = ("tenantId", "id")
    found = [one.get(name) for one, name in zip(said, names, strict=True) if isinstance(one, dict)]
    return {str(one).lower() for one in found if one is not None}
