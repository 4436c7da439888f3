"""A line between the pretend workplace and us, for each way a platform reaches us."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.clocks import RemoteClock
from bot.conversation.cards import Form, TextInput
from bot.conversation.events import (
    AnyEvent,
    Submitted,
)
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.ports import ChatPlatform
from bot.receiving import nobody_asks
from bot.showing import Showing
from bot.slack.app import bolt_app, register
from bot.slack.calls import open_session, web_client
from bot.slack.front import Front as SlackFront
from bot.slack.platform import SlackPlatform
from bot.teams.app import Reception
from bot.teams.front import Front as TeamsFront
from bot.teams.keys import SigningKeys
from bot.teams.people import Chats, Names
from bot.teams.tokens import Tokens
from bot.web.app import web_app
from scheduler.clock import Clock
from tests.contracts.hands import Hand, SlackHand, TeamsHand
from tests.contracts.pretend import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAMS_APP_ID,
    TEAMS_TENANT_ID,
    Pretend,
    pretend_workplace,
)
from tests.teams.calling import teams_at
from tests.unpaced import Unpaced
from tests.web.serving import served

FORM = Form(name="plan", title="Plan", submit="Spara", close="Avbryt", body=(TextInput(name="cue", label="Om"),))


@dataclass
class RememberingIntake:
    """Keeps what comes, by its key; opens a form for every press that wants one and refuses a question mark."""

    showing: Showing
    kept: dict[str, AnyEvent] = field(default_factory=dict)
    seen_again: int = 0
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def keep(self, event: AnyEvent) -> bool:
        is_new = event.key not in self.kept
        self.kept.setdefault(event.key, event)
        self.seen_again += not is_new
        return is_new

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        is_new = await self.keep(event)
        kept()
        if not is_new:
            return None
        if isinstance(event, Submitted):
            return [Refuse({"cue": "Skriv en situation."})] if event.text("cue") == "?" else []
        return [OpenForm(FORM)]

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        self._tasks.append(asyncio.create_task(self.showing.carry_out(event, shows)))

    def events(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.kept.values() if isinstance(event, kind)]


@dataclass(frozen=True, slots=True)
class Line:
    pretend: Pretend
    """Its half of the workplace."""
    platform: ChatPlatform
    intake: RememberingIntake
    hand: Hand

    async def until_kept(self, kind: type[AnyEvent], number: int = 1) -> None:
        async with asyncio.timeout(10):
            while len(self.intake.events(kind)) < number:  # noqa: ASYNC110 - it comes from another process's side
                await asyncio.sleep(0.01)


@asynccontextmanager
async def _over_http(pretend: Pretend, clock: Clock) -> AsyncIterator[Line]:
    async with _slack(pretend, clock, over_socket=False) as line:
        yield line


@asynccontextmanager
async def _over_socket(pretend: Pretend, clock: Clock) -> AsyncIterator[Line]:
    async with _slack(pretend, clock, over_socket=True) as line:
        yield line


@asynccontextmanager
async def _slack(pretend: Pretend, clock: Clock, *, over_socket: bool) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        platform = SlackPlatform(client, clock, Unpaced())
        intake = RememberingIntake(Showing(platforms={"slack": platform}, clock=clock))
        bolt = bolt_app(client)
        register(bolt, intake, clock)
        if over_socket:
            handler = AsyncSocketModeHandler(bolt, APP_TOKEN, logger=logging.getLogger("knuff.bolt"))
            await handler.connect_async()  # type: ignore[no-untyped-call]
            stack.push_async_callback(handler.close_async)
        else:
            app = web_app(slack=SlackFront(bolt, secret=SIGNING_SECRET, clock=clock), readiness=_ready)
            address = await stack.enter_async_context(served(app))
            await pretend.arrange("settings", request_url=f"{address}/slack/events")
        yield Line(pretend, platform, intake, SlackHand(pretend))


@asynccontextmanager
async def _teams(pretend: Pretend, clock: Clock) -> AsyncIterator[Line]:
    half, chats = pretend.teams, Chats()
    async with (
        teams_at(half.service_url, clock=clock, token_url=half.token_url, chats=chats) as platform,
        open_session() as session,
    ):
        intake = RememberingIntake(Showing(platforms={"teams": platform}, clock=clock))

        async def note(_tenant: str, address: str) -> None:
            assert address == half.service_url

        keys = SigningKeys(session, url=half.openid_url, clock=clock)
        fresh = asyncio.create_task(keys.keep_fresh())
        front = TeamsFront(
            Reception(intake, tenant=TEAMS_TENANT_ID, names=Names(), chats=chats, clock=clock),
            tokens=Tokens(keys, app_id=TEAMS_APP_ID, clock=clock),
            tenant=TEAMS_TENANT_ID,
            note_address=note,
            loopback=True,
        )
        async with served(web_app(teams=front, readiness=_ready)) as address:
            await half.arrange("settings", request_url=f"{address}/api/messages")
            yield Line(half, platform, intake, TeamsHand(half))
        fresh.cancel()


LINES: Mapping[str, Callable[[Pretend, Clock], AbstractAsyncContextManager[Line]]] = {
    "slack over http": _over_http,
    "slack over a socket": _over_socket,
    "teams": _teams,
}


@asynccontextmanager
async def open_line(name: str) -> AsyncIterator[Line]:
    async with pretend_workplace() as pretend:
        clock = RemoteClock(pretend.clock_url)
        await clock.start()
        async with LINES[name](pretend, clock) as line:
            yield line


async def _ready() -> dict[str, bool]:
    return {}
