"""The HTTP server: every route on one address, for this machine only."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from workplace.control import acting, arranging, looking
from workplace.control.teams import acting as teams_acting
from workplace.control.teams import arranging as teams_arranging
from workplace.control.teams import looking as teams_looking
from workplace.refusals import NotPossible
from workplace.running import RUNNING, Running
from workplace.settings import Settings
from workplace.slack.refusals import Refused
from workplace.slack.response_urls import answer_response_url
from workplace.teams import routes as teams

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
# The page needs nothing from anywhere else, and says so to the browser.
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[str]:
    """Run a workplace; yield its address, such as http://127.0.0.1:8000 (no slash at the end)."""
    async with aiohttp.ClientSession() as session:
        running = Running(settings, session=session)
        runner = web.AppRunner(application(running), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, settings.port)
            await site.start()
            port = runner.addresses[0][1]
            yield f"http://{HOST}:{port}"
        finally:
            await running.stop()
            running.changes.end()
            await runner.cleanup()


def application(running: Running) -> web.Application:
    app = web.Application(middlewares=[_only_this_machine, _plain_refusals], client_max_size=4 * 1024 * 1024)
    app[RUNNING] = running
    app.router.add_route("GET", "/api/{method}", _web_api)
    app.router.add_route("POST", "/api/{method}", _web_api)
    app.router.add_post("/response/{key}", _response_url)
    app.router.add_get("/link", _link)
    app.add_routes([*looking.routes(), *acting.routes(), *arranging.routes()])
    app.add_routes([*teams.routes(), *teams_looking.routes(), *teams_acting.routes(), *teams_arranging.routes()])
    app.router.add_get("/", _page)
    app.router.add_static("/page", PAGE)
    return app


async def _web_api(request: web.Request) -> web.StreamResponse:
    return await request.app[RUNNING].slack.api.handle(request)


async def _link(request: web.Request) -> web.StreamResponse:
    return await request.app[RUNNING].slack.socket.link(request)


async def _response_url(request: web.Request) -> web.Response:
    workspace = request.app[RUNNING].slack.workspace
    try:
        answer_response_url(workspace, request.match_info["key"], json.loads(await request.text()))
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    except Refused as refused:
        return web.json_response(refused.as_json(), status=404 if refused.code in ("used_url", "expired_url") else 400)
    return web.Response(text="ok")


async def _page(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


@web.middleware
async def _only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign names and foreign pages: a web site in the same browser must not reach the workplace."""
    origin = request.headers.get("Origin")
    names = {urlsplit(f"//{request.host}").hostname, urlsplit(origin).hostname if origin else "localhost"}
    if names - {HOST, "localhost"}:
        raise web.HTTPForbidden(text="the pretend workplace answers this machine only")
    response = await handler(request)
    if not response.prepared:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@web.middleware
async def _plain_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what cannot be done into JSON with a sentence."""
    try:
        return await handler(request)
    except NotPossible as error:
        return web.json_response({"ok": False, "error": str(error)}, status=409)
    except Refused as refused:
        return web.json_response({"ok": False, "error": f"the bot answered what Slack refuses: {refused}"}, status=409)
    except web.HTTPException as error:
        if error.status < 400 or not request.path.startswith(("/_control", "/clock")):
            raise
        return web.json_response({"ok": False, "error": error.text or error.reason}, status=error.status)
