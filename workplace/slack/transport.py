"""How a payload reaches the bot over HTTP, signed as Slack signs."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from workplace.answers import Answer, decoded
from workplace.clock import Clock
from workplace.shapes import Json

PATIENCE_SECONDS = 3.0
EnvelopeType = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    number: int
    reason: str


class Transport(Protocol):
    async def send(self, kind: EnvelopeType, payload: Json, *, retry: Retry | None = None) -> Answer:
        """Deliver one payload and wait three seconds at most for the acknowledgement."""


class SignedHttp:
    def __init__(self, session: aiohttp.ClientSession, *, url: str, signing_secret: str, clock: Clock) -> None:
        self.url = url
        self._session = session
        self._secret = signing_secret.encode()
        self._clock = clock

    async def send(self, kind: EnvelopeType, payload: Json, *, retry: Retry | None = None) -> Answer:
        content_type, body = _encoded(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self._signature(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async with self._session.post(self.url, data=body, headers=headers) as response:
                    return _answer(response, await response.text())
        except TimeoutError:
            return Answer(reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(reason="connection_failed")

    def _signature(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock.seconds()))
        digest = hmac.new(self._secret, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(kind: EnvelopeType, payload: Json) -> tuple[str, bytes]:
    if kind == "events_api":
        return "application/json", json.dumps(payload, ensure_ascii=False).encode()
    fields = {"payload": json.dumps(payload, ensure_ascii=False)} if kind == "interactive" else payload
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _answer(response: aiohttp.ClientResponse, text: str) -> Answer:
    if not 200 <= response.status < 300:
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Answer(reason="http_error", status=response.status, no_retry=no_retry)
    return Answer(reason=None, status=response.status, body=decoded(text))
