"""A pretend workplace, a bot of a few lines that notes what it hears in Teams, and hands to act with there."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.workplace.conftest import Hands
from workplace.municipality import MATS
from workplace.settings import Secrets

Json = dict[str, Any]


@dataclass(slots=True)
class Ear:
    """A bot that hears: `answer` says what it replies with, a body with status 200, or a status alone."""

    heard: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[Json], Any] = lambda activity: None

    async def listen(self, request: web.Request) -> web.Response:
        activity = await request.json()
        self.heard.append(activity)
        self.headers.append(dict(request.headers))
        said = self.answer(activity)
        if isawaitable(said):
            said = await said
        return web.Response(status=said) if isinstance(said, int) else web.json_response(said)


@dataclass(frozen=True, slots=True)
class Bot:
    """The other direction: calls of the connector, with a token."""

    address: str
    session: aiohttp.ClientSession
    token: str

    async def call(
        self, method: str, path: str, body: Json | None = None, *, token: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        url = f"{self.address}/teams/emea/v3/conversations{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def say(self, conversation: str, card: Json | None = None, **more: Any) -> str:
        status, answer = await self.call("POST", f"/{conversation}/activities", message(card, **more))
        assert status == 201, answer
        return str(answer["id"])


@dataclass(frozen=True, slots=True)
class Desk:
    """Acts and looks through `/_control/teams`."""

    hands: Hands

    async def act(self, person: str, act: str, *, status: int = 200, **body: Any) -> Json:
        return await self.hands.post(f"/_control/teams/people/{person}/{act}", body, status=status)

    async def post(self, path: str, status: int = 200, **body: Any) -> Json:
        return await self.hands.post(f"/_control/teams/{path}", body, status=status)

    async def get(self, path: str) -> Json:
        return await self.hands.get(f"/_control/teams/{path}")

    async def sees(self, person: str) -> Json:
        return await self.get(f"people/{person}")

    async def chat(self, person: str = MATS) -> str:
        """The id of a person's chat with the bot."""
        return str((await self.sees(person))["personal"]["id"])

    async def faults(self, *rules: Json) -> None:
        await self.post("faults", rules=list(rules))


def card(*actions: Json, body: list[Json] | None = None, version: str = "1.5") -> Json:
    words: list[Json] = [{"type": "TextBlock", "text": "Värdet i en mening"}]
    return {
        "type": "AdaptiveCard",
        "version": version,
        "body": [*(words if body is None else body), {"type": "ActionSet", "actions": list(actions)}],
    }


def attachment(content: Any) -> Json:
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}


def message(content: Json | None = None, **more: Any) -> Json:
    return {"type": "message", "summary": "Värdet", "attachments": [attachment(content or card())], **more}


def execute(title: str, verb: str, value: str = "") -> Json:
    data = {"knuff": {"action": verb, "value": value}}
    fallback = {"type": "Action.Submit", "title": title, "data": data}
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data, "fallback": fallback}


def opens(title: str, action: str) -> Json:
    data = {"msteams": {"type": "task/fetch"}, "knuff": {"action": action, "value": "1"}}
    return {"type": "Action.Submit", "title": title, "data": data}


def sends(title: str = "Spara", **more: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": {"knuff": {"form": "reflection", "token": "t1"}}, **more}


def dialog(*actions: Json, body: list[Json]) -> Json:
    task = {"title": "Reflektion", "height": "medium", "card": attachment(card(*actions, body=body))}
    return {"task": {"type": "continue", "value": task}}


@pytest.fixture
def desk(hands: Hands) -> Desk:
    return Desk(hands)


@pytest.fixture
async def ear(desk: Desk) -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/api/messages", ear.listen)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await desk.post("settings", request_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
    yield ear
    await runner.cleanup()


@pytest.fixture
async def bot(hands: Hands, session: aiohttp.ClientSession, secrets: Secrets) -> Bot:
    status, answer = await ask_for_token(hands, form_of(secrets))
    assert status == 200
    return Bot(hands.address, session, answer["access_token"])


def form_of(secrets: Secrets) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": secrets.teams_app_id,
        "client_secret": secrets.teams_app_password,
        "scope": "https://api.botframework.com/.default",
    }


async def ask_for_token(hands: Hands, form: dict[str, str]) -> tuple[int, Json]:
    async with hands.session.post(f"{hands.address}/teams/token", data=form) as response:
        answer: Json = await response.json()
        return response.status, answer
