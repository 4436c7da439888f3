"""A real bolt bot of the smallest kind: it remembers what reached it, and answers as each test tells it to."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from workplace.settings import Secrets

Json = dict[str, Any]


@dataclass(slots=True)
class Bot:
    """`events`, `actions` and the rest are payloads in the order they came. `on_…` say what to do besides."""

    app: AsyncApp
    events: list[Json] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    retries: list[str | None] = field(default_factory=list)
    actions: list[Json] = field(default_factory=list)
    submissions: list[Json] = field(default_factory=list)
    closed: list[Json] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    form: Json | None = None
    answer: Json = field(default_factory=dict)
    refuse_requests: int = 0
    on_action: Callable[[Any, Json], Awaitable[object]] | None = None

    def texts(self) -> list[str]:
        return [event["text"] for event in self.events if "text" in event]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something has reached the bot, half a minute at most."""
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in bolt, which signals nothing
                await asyncio.sleep(0.005)


def bolt_bot(address: str, secrets: Secrets) -> Bot:
    client = AsyncWebClient(token=secrets.bot_token, base_url=f"{address}/api/")
    app = AsyncApp(client=client, signing_secret=secrets.signing_secret, process_before_response=True)
    bot = Bot(app)

    # Slack tells of the bot's own edits too, and bolt passes them on.
    @app.event({"type": "message", "subtype": "message_changed"})
    @app.event({"type": "message", "subtype": "message_deleted"})
    @app.event("message")
    @app.event("app_home_opened")
    @app.event("user_change")
    @app.event("team_join")
    @app.event("app_uninstalled")
    @app.event("tokens_revoked")
    async def event(event: Json, body: Json) -> None:
        bot.events.append(event)
        bot.event_ids.append(body["event_id"])

    @app.action(re.compile(""))
    async def action(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:
        await ack()
        bot.actions.append(body)
        if bot.form:
            await client.views_open(trigger_id=body["trigger_id"], view=bot.form)
        if bot.on_action:
            await bot.on_action(client, body)

    @app.view("form")
    async def submission(ack: Any, body: Json) -> None:
        bot.submissions.append(body)
        await ack(**bot.answer)

    @app.view_closed("form")
    async def view_closed(ack: Any, body: Json) -> None:
        bot.closed.append(body)
        await ack()

    @app.command("/knuff")
    async def command(ack: Any, command: Json) -> None:
        bot.commands.append(command)
        await ack(text=f"Du skrev {command['text']}")

    return bot


@asynccontextmanager
async def listening(bot: Bot) -> AsyncIterator[str]:
    """Serve the bot over HTTP; yield the address for events."""

    async def receive(request: web.Request) -> web.StreamResponse:
        bot.retries.append(request.headers.get("X-Slack-Retry-Num"))
        if bot.refuse_requests:
            bot.refuse_requests -= 1
            return web.Response(status=503)
        return await to_aiohttp_response(await bot.app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", receive)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(bot: Bot, secrets: Secrets) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect the bot by Socket Mode."""
    handler = AsyncSocketModeHandler(bot.app, app_token=secrets.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
