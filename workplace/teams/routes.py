"""What the bot finds under /teams: the connector, the token endpoint, the OpenID document and its keys."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from workplace.running import RUNNING
from workplace.teams.connector import api
from workplace.teams.connector.call import Operation
from workplace.teams.faults import KEYS, TOKENS, FaultRule
from workplace.teams.half import TeamsHalf
from workplace.teams.refusals import error
from workplace.teams.tokens import TokenRefused

_CONVERSATION = "/teams/emea/v3/conversations/{conversation}"
_ACTIVITY = _CONVERSATION + "/activities/{activity}"


def routes() -> list[web.RouteDef]:
    return [
        web.post("/teams/emea/v3/conversations", _calls(api.CREATE)),
        web.post(_CONVERSATION + "/activities", _calls(api.SEND)),
        web.post(_ACTIVITY, _calls(api.SEND)),
        web.put(_ACTIVITY, _calls(api.UPDATE)),
        web.delete(_ACTIVITY, _calls(api.DELETE)),
        web.get(_CONVERSATION + "/members", _calls(api.MEMBERS)),
        web.get(_CONVERSATION + "/members/{member}", _calls(api.MEMBER)),
        web.get(_CONVERSATION + "/pagedmembers", _calls(api.PAGED_MEMBERS)),
        web.get(_ACTIVITY + "/members", _calls(api.MEMBERS)),
        web.post("/teams/token", token),
        web.get("/teams/openid/.well-known/openidconfiguration", openid),
        web.get("/teams/openid/.well-known/keys", keys),
    ]


async def token(request: web.Request) -> web.Response:
    teams = _teams(request)
    form = await request.post()
    rule = await _struck(teams, "POST token", among=TOKENS)
    if rule and rule.kind == "token_error500":
        return web.json_response(error("ServiceError"), status=500)
    try:
        if rule and rule.kind == "token_refused":
            raise TokenRefused(401, "invalid_client", "AADSTS7000222: the client secret has expired")
        return web.json_response(teams.tokens.grant({name: str(value) for name, value in form.items()}))
    except TokenRefused as refused:
        return web.json_response(refused.body, status=refused.status)


async def openid(request: web.Request) -> web.Response:
    teams = _teams(request)
    rule = await _struck(teams, "GET openid", among=KEYS)
    if rule and rule.kind == "keys_error500":
        return web.json_response(error("ServiceError"), status=500)
    return web.json_response(teams.keys.document(base_url=f"http://{request.host}"))


async def keys(request: web.Request) -> web.Response:
    teams = _teams(request)
    rule = await _struck(teams, "GET keys", among=KEYS)
    if rule and rule.kind == "keys_error500":
        return web.json_response(error("ServiceError"), status=500)
    return web.json_response(teams.keys.published())


def _calls(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await _teams(request).connector.handle(operation, request)

    return handle


async def _struck(teams: TeamsHalf, name: str, *, among: frozenset[str]) -> FaultRule | None:
    """Return the fault that strikes; a slow one has been waited for."""
    rule = teams.faults.strike(name, among=among)
    if rule and rule.kind in ("token_slow", "keys_slow"):
        await asyncio.sleep(rule.seconds)
    return rule


def _teams(request: web.Request) -> TeamsHalf:
    return request.app[RUNNING].teams
