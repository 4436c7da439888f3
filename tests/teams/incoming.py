"""Teams, calling our endpoint over HTTP with tokens of its own, and what we remember of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.events import AnyEvent
from bot.conversation.shows import Refuse, Show
from bot.receiving import nobody_asks
from bot.teams.app import Reception
from bot.teams.front import Front
from bot.teams.keys import SigningKeys
from bot.teams.people import Chats, Names
from bot.teams.tokens import Tokens
from bot.web.app import web_app
from scheduler.clock import ShiftedClock
from tests.teams.payloads import APP_ID, TENANT
from tests.teams.signing import Publisher, token
from tests.web.serving import served

Json = dict[str, Any]
START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class RememberingIntake:
    """Keeps events in a list; says what it was told to."""

    def __init__(self) -> None:
        self.kept: list[AnyEvent] = []
        self.shown: list[Show] = []
        self.says: list[Show] = []
        self.fails = False
        self.seconds = 0.0
        self.handling_fails = False
        self.handling_seconds = 0.0

    async def keep(self, event: AnyEvent) -> bool:
        await asyncio.sleep(self.seconds)
        if self.fails:
            raise OSError("disk full")
        if event.key in {kept.key for kept in self.kept}:
            return False
        self.kept.append(event)
        return True

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        is_new = await self.keep(event)
        kept()
        if not is_new:
            return None
        await asyncio.sleep(self.handling_seconds)
        if self.handling_fails:
            raise OSError("disk full")
        if any(isinstance(show, Refuse) for show in self.says):
            self.kept.remove(event)  # as the inbox does
        return self.says

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        self.shown += shows


@dataclass
class RememberingAddresses:
    noted: list[tuple[str, str]] = field(default_factory=list)
    fails: bool = False
    seconds: float = 0.0

    async def note(self, workspace: str, address: str) -> None:
        await asyncio.sleep(self.seconds)
        if self.fails:
            raise OSError("database away")
        self.noted.append((workspace, address))


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes


@dataclass
class Teams:
    """Teams, calling us."""

    client: aiohttp.ClientSession
    publisher: Publisher
    intake: RememberingIntake
    addresses: RememberingAddresses
    names: Names
    chats: Chats
    clock: ShiftedClock

    async def post(self, activity: object, **claims: Any) -> Answered:
        return await self.with_token(token(at=self.clock.now(), **claims), activity)

    async def with_token(self, text: str, activity: object) -> Answered:
        body = activity if isinstance(activity, bytes) else orjson.dumps(activity)
        return await self.ask([("Authorization", f"Bearer {text}")], body)

    async def ask(self, headers: list[tuple[str, str]], body: Any) -> Answered:
        async with self.client.post("/api/messages", data=body, headers=headers) as answer:
            return Answered(answer.status, await answer.read())

    async def answer(self, activity: Json) -> Any:
        answer = await self.post(activity)
        assert answer.status == 200, answer.status
        return orjson.loads(answer.body) if answer.body else None


@asynccontextmanager
async def teams_calling() -> AsyncIterator[Teams]:
    clock, intake, addresses = ShiftedClock(START), RememberingIntake(), RememberingAddresses()
    names, chats = Names(), Chats()
    publisher = Publisher()
    front: Front

    async def endpoint(request: Request) -> Response:
        return await front(request)

    async def readiness() -> dict[str, bool]:
        return {"database": True}

    # One server for us and for Teams' keys: to start and stop a second takes longer than a test.
    app = web_app(teams=endpoint, readiness=readiness, pages=publisher.routes())
    async with served(app) as address, aiohttp.ClientSession(address) as client:
        publisher.address = address
        front = Front(
            Reception(intake, tenant=TENANT, names=names, chats=chats, clock=clock),
            tokens=Tokens(SigningKeys(client, url=publisher.url, clock=clock), app_id=APP_ID, clock=clock),
            tenant=TENANT.upper(),
            note_address=addresses.note,
            loopback=False,
        )
        yield Teams(client, publisher, intake, addresses, names, chats, clock)
