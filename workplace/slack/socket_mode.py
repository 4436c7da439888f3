"""Socket Mode: the bot calls us, and payloads travel in envelopes it must acknowledge."""

import asyncio
import json
import secrets
from collections import deque

from aiohttp import WSMsgType, web

from workplace.answers import Answer
from workplace.shapes import Json
from workplace.slack.transport import PATIENCE_SECONDS, EnvelopeType, Retry
from workplace.slack.workspace import Workspace

MOST_CONNECTIONS = 10


class SocketMode:
    """Up to ten sockets; each payload goes to one of them, in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sockets: deque[web.WebSocketResponse] = deque()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def is_open(self) -> bool:
        return bool(self._sockets)

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it closes; 401 without a fresh ticket."""
        if not self._workspace.handles.spend_ticket(request.query.get("ticket", "")):
            return web.Response(status=401)
        if len(self._sockets) >= MOST_CONNECTIONS:
            return web.Response(status=429)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._sockets.remove(socket)
        return socket

    async def send(self, kind: EnvelopeType, payload: Json, *, retry: Retry | None = None) -> Answer:
        if not self._sockets:
            return Answer(reason="connection_failed")
        self._sockets.rotate(-1)
        envelope_id = secrets.token_hex(16)
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        try:
            await self._sockets[0].send_json(_envelope(envelope_id, kind, payload, retry))
            reply = await asyncio.wait_for(acknowledged, PATIENCE_SECONDS)
        except TimeoutError:
            return Answer(reason="timeout")
        except ConnectionError:
            return Answer(reason="connection_failed")
        finally:
            del self._waiting[envelope_id]
        return Answer(reason=None, status=200, body=reply.get("payload") or None)

    async def disconnect(self, reason: str) -> None:
        """Ask every socket to come back ("refresh_requested"), or cut it without a word ("drop")."""
        for socket in list(self._sockets):
            if reason != "drop":
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "pretend"}})
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": "pretend", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.app.app_id},
        }

    def _acknowledge(self, data: str) -> None:
        try:
            reply = json.loads(data)
        except ValueError:
            return
        waiting = self._waiting.get(reply.get("envelope_id", "")) if isinstance(reply, dict) else None
        if waiting and not waiting.done():
            waiting.set_result(reply)


def _envelope(envelope_id: str, kind: EnvelopeType, payload: Json, retry: Retry | None) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
    return envelope
