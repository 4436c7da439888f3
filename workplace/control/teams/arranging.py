"""`POST /_control/teams/…`: arranging the Teams around the bot."""

from aiohttp import web

from workplace.control.bodies import Body
from workplace.control.teams import bodies
from workplace.refusals import NotPossible
from workplace.running import RUNNING
from workplace.teams.knocking import knock
from workplace.teams.limits import LimitSettings


def routes() -> list[web.RouteDef]:
    return [
        web.get("/_control/teams/faults", faults),
        web.post("/_control/teams/faults", set_faults),
        web.get("/_control/teams/limits", limits),
        web.post("/_control/teams/limits", set_limits),
        web.get("/_control/teams/settings", settings),
        web.post("/_control/teams/settings", set_settings),
        web.post("/_control/teams/rotate_keys", rotate_keys),
        web.post("/_control/teams/expire_tokens", expire_tokens),
        web.post("/_control/teams/knock", knock_at_the_bot),
    ]


async def faults(request: web.Request) -> web.Response:
    current = request.app[RUNNING].teams.faults
    return web.json_response({"rules": [rule.model_dump() for rule in current.rules], "fired": dict(current.fired)})


async def set_faults(request: web.Request) -> web.Response:
    body = await bodies.FaultList.of(request)
    request.app[RUNNING].teams.faults.change(body.rules, seed=body.seed)
    return await faults(request)


async def limits(request: web.Request) -> web.Response:
    return web.json_response(request.app[RUNNING].teams.limits.settings.model_dump(mode="json"))


async def set_limits(request: web.Request) -> web.Response:
    """Change the numbers given and keep the others."""

    class Limits(Body, LimitSettings):
        pass

    given = (await Limits.of(request)).model_dump(exclude_unset=True)
    current = request.app[RUNNING].teams.limits
    current.change(LimitSettings(**(current.settings.model_dump() | given)))
    return await limits(request)


async def settings(request: web.Request) -> web.Response:
    return web.json_response({"request_url": request.app[RUNNING].teams.http.url})


async def set_settings(request: web.Request) -> web.Response:
    body = await bodies.Where.of(request)
    if body.request_url is not None:
        request.app[RUNNING].teams.http.url = body.request_url
    return await settings(request)


async def rotate_keys(request: web.Request) -> web.Response:
    await bodies.Nothing.of(request)
    return web.json_response({"ok": True, "kid": request.app[RUNNING].teams.keys.rotate()})


async def expire_tokens(request: web.Request) -> web.Response:
    await bodies.Nothing.of(request)
    request.app[RUNNING].teams.tokens.expire()
    return web.json_response({"ok": True})


async def knock_at_the_bot(request: web.Request) -> web.Response:
    """Send one activity with a token of the kind asked for; return what the bot answered, whatever it was."""
    body = await bodies.Knock.of(request)
    scene, teams = request.app[RUNNING].teams_scene(request), request.app[RUNNING].teams
    somebody = body.person or next(iter(teams.tenant.people), None)
    if somebody is None:
        raise NotPossible("there is nobody who could knock")
    answer = await knock(
        body.token,
        tenant=teams.tenant,
        keys=teams.keys,
        http=teams.http,
        person=scene.person(somebody),
        more=body.activity,
        service_url=scene.service_url,
    )
    return web.json_response({"ok": True, "status": answer.status, "body": answer.body, "reason": answer.reason})
