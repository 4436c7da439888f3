"""The ASGI application: one route for each platform, health for machines, and our own page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.attached import Endpoint

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]


def web_app(
    *,
    slack: Endpoint | None = None,
    teams: Endpoint | None = None,
    readiness: Readiness,
    pages: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the application. `readiness` names what must be in order before work can be done."""

    async def health(_request: Request) -> Response:
        """The process is alive."""
        return JSONResponse({"ok": True})

    async def ready(_request: Request) -> Response:
        """The process can do its work: the database answers, the platform lets us in, and the metronome ticks."""
        checks = dict(await readiness())
        return JSONResponse({"ok": all(checks.values()), **checks}, status_code=200 if all(checks.values()) else 503)

    async def slack_events(request: Request) -> Response:
        if request.method == "GET":  # Slack's check of the certificate
            return PlainTextResponse("")
        return await slack(request) if slack else Response(status_code=404)

    async def teams_messages(request: Request) -> Response:
        return await teams(request) if teams else Response(status_code=404)

    app = Starlette(
        routes=[
            Route("/slack/events", slack_events, methods=["GET", "POST"]),
            Route("/api/messages", teams_messages, methods=["POST"]),
            Route("/health", health),
            Route("/ready", ready),
            *pages,
        ]
    )
    # It would lead to whatever address the request says we have.
    app.router.redirect_slashes = False
    return app
