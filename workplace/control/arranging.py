"""`POST /_control/…` and `/clock`: arranging the world around the bot."""

from datetime import timedelta

from aiohttp import web

from workplace.clock import Clock, ClockGoesBack
from workplace.control import bodies
from workplace.municipality import generated
from workplace.running import RUNNING, Running
from workplace.seed import Seed
from workplace.slack.limits import LimitSettings


def routes() -> list[web.RouteDef]:
    return [
        web.get("/clock", show_clock),
        web.post("/clock", wind_clock),
        web.get("/_control/faults", faults),
        web.post("/_control/faults", set_faults),
        web.get("/_control/limits", limits),
        web.post("/_control/limits", set_limits),
        web.post("/_control/settings", set_delivery),
        web.post("/_control/socket", disconnect),
        web.post("/_control/reset", start_over),
    ]


async def show_clock(request: web.Request) -> web.Response:
    return _time(request.app[RUNNING])


async def wind_clock(request: web.Request) -> web.Response:
    running = request.app[RUNNING]
    body = await bodies.Wind.of(request)
    try:
        _wind(running.clock, body)
    except ClockGoesBack as error:
        raise web.HTTPConflict(text=str(error)) from error
    running.changes.happened()
    return _time(running)


async def faults(request: web.Request) -> web.Response:
    current = request.app[RUNNING].slack.faults
    return web.json_response({"rules": [rule.model_dump() for rule in current.rules], "fired": dict(current.fired)})


async def set_faults(request: web.Request) -> web.Response:
    body = await bodies.FaultList.of(request)
    request.app[RUNNING].slack.faults.change(body.rules, seed=body.seed)
    return await faults(request)


async def limits(request: web.Request) -> web.Response:
    return web.json_response(request.app[RUNNING].slack.limits.settings.model_dump(mode="json"))


async def set_limits(request: web.Request) -> web.Response:
    """Change the numbers given and keep the others."""

    class Limits(bodies.Body, LimitSettings):
        pass

    given = (await Limits.of(request)).model_dump(exclude_unset=True)
    current = request.app[RUNNING].slack.limits
    current.change(LimitSettings(**(current.settings.model_dump() | given)))
    return await limits(request)


async def set_delivery(request: web.Request) -> web.Response:
    body = await bodies.DeliverySettings.of(request)
    slack = request.app[RUNNING].slack
    if body.request_url is not None:
        slack.http.url = body.request_url
    if body.event_retry_seconds is not None:
        slack.deliveries.retry_after_seconds = body.event_retry_seconds
    if body.own_messages is not None:
        slack.deliveries.own_messages = body.own_messages
    return web.json_response(
        {
            "request_url": slack.http.url,
            "event_retry_seconds": slack.deliveries.retry_after_seconds,
            "own_messages": slack.deliveries.own_messages,
        }
    )


async def disconnect(request: web.Request) -> web.Response:
    body = await bodies.Disconnect.of(request)
    await request.app[RUNNING].slack.socket.disconnect(body.reason)
    return web.json_response({"ok": True})


async def start_over(request: web.Request) -> web.Response:
    body = await bodies.StartOver.of(request)
    running = request.app[RUNNING]
    await running.start_over(_chosen(body) or running.settings.seed)
    people, teams_people = running.slack.workspace.people, running.teams.tenant.people
    return web.json_response({"ok": True, "people": len(people), "teams_people": len(teams_people)})


def _chosen(body: bodies.StartOver) -> Seed | None:
    if body.generate is not None:
        wanted = body.generate
        return generated(wanted.people, teams_people=wanted.teams_people, seed=wanted.seed, zones=wanted.zones)
    return body.seed


def _wind(clock: Clock, body: bodies.Wind) -> None:
    if body.to is not None:
        clock.wind_to(body.to)
    elif body.to_local is not None:
        clock.wind_to(body.to_local.replace(tzinfo=clock.zone))
    elif body.next_morning is not None:
        clock.wind_to(clock.next_morning_at(body.next_morning))
    else:
        clock.advance(timedelta(seconds=body.advance_seconds or 0))


def _time(running: Running) -> web.Response:
    return web.json_response({"now": running.clock.local().isoformat(timespec="microseconds"), "rate": 1})
