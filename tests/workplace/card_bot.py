"""A bot in Teams of the smallest kind: it remembers what reached it, answers as each test says, and sends cards."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from workplace.settings import Secrets

Json = dict[str, Any]
GOT_IT: Json = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Mottaget."}


@dataclass(slots=True)
class CardBot:
    """`answers` says what an invoke of each name is answered with; `status` is that of every answer."""

    address: str
    secrets: Secrets
    session: aiohttp.ClientSession
    activities: list[Json] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=lambda: {"adaptiveCard/action": GOT_IT})
    status: int = 200

    def invokes(self, name: str) -> list[Any]:
        """The `value` of each invoke of this name, in order."""
        return [activity["value"] for activity in self.activities if activity.get("name") == name]

    def types(self) -> list[str]:
        return [activity["type"] for activity in self.activities]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something has reached the bot, half a minute at most."""
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in the server, which signals nothing
                await asyncio.sleep(0.005)

    async def send(self, person: str, card: Json | None = None, *, text: str = "", summary: str = "") -> str:
        """Send to somebody's personal chat; return the id of the message."""
        sent = await self._call("POST", f"{await self._chat(person)}/activities", message(card, text, summary))
        return str(sent["id"])

    async def send_to_channel(self, conversation: str, *, text: str) -> str:
        sent = await self._call("POST", f"{conversation}/activities", message(None, text, ""))
        return str(sent["id"])

    async def begin_thread(self, channel: str, activity: Json) -> str:
        """Post in a channel; return the id of the message, which is that of its thread."""
        sent = await self._call("POST", "", {"channelData": {"channel": {"id": channel}}, "activity": activity})
        return str(sent["activityId"])

    async def update(self, person: str, message_id: str, card: Json, *, summary: str = "") -> None:
        await self._call("PUT", f"{await self._chat(person)}/activities/{message_id}", message(card, "", summary))

    def dialog(self, title: str, card: Json) -> Json:
        """The answer that opens a dialog."""
        value = {"title": title, "height": "medium", "width": "medium", "card": attachment(card)}
        return {"task": {"type": "continue", "value": value}}

    async def _chat(self, person: str) -> str:
        body = {"isGroup": False, "members": [{"id": person}], "tenantId": self.secrets.teams_tenant_id}
        return str((await self._call("POST", "", body))["id"])

    async def _call(self, method: str, path: str, body: Json) -> Json:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.secrets.teams_app_id,
            "client_secret": self.secrets.teams_app_password,
            "scope": "https://api.botframework.com/.default",
        }
        async with self.session.post(f"{self.address}/teams/token", data=form) as granted:
            token = (await granted.json())["access_token"]
        url = f"{self.address}/teams/emea/v3/conversations/{path}".rstrip("/")
        async with self.session.request(
            method, url, json=body, headers={"Authorization": f"Bearer {token}"}
        ) as response:
            assert response.status < 300, await response.text()
            answer: Json = await response.json()
            return answer


def message(card: Json | None, text: str, summary: str) -> Json:
    made: Json = {"type": "message", "text": text, "summary": summary}
    return made | ({"attachments": [attachment(card)]} if card else {})


def attachment(card: Json) -> Json:
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}


@asynccontextmanager
async def listening(bot: CardBot) -> AsyncIterator[str]:
    """Let the bot listen on a free port; yield where."""

    async def messages(request: web.Request) -> web.Response:
        activity = await request.json()
        bot.activities.append(activity)
        answer = bot.answers.get(activity.get("name", ""))
        return web.Response(status=bot.status) if answer is None else web.json_response(answer, status=bot.status)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    finally:
        await runner.cleanup()
