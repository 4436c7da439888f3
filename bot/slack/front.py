"""Slack's requests over HTTP: checked on the raw bytes, decoded quickly, handed to bolt as if they came through a
socket.

Bolt would check and decode a second time, at three times the cost (form decoding is the largest part of a request).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.bodies import body_of
from bot.slack.mrkdwn import Json
from bot.slack.signature import is_genuine
from scheduler.clock import Clock

LARGEST = 3_000_000
BOLT_CANNOT_READ_IT = (404, 500)
"""Nobody took it, or a fault in bolt's own middleware: ours answers neither, and what Slack documents leads to
neither."""
log = structlog.get_logger()

_unquote: Callable[[str], str]
try:  # the C unquoter of yarl takes a fifteenth of the time; its name is private, hence the other way
    from yarl._quoting_c import _Unquoter  # type: ignore[import-not-found]

    _unquote = _Unquoter(qs=False, plus=True)
except ImportError:
    _unquote = unquote_plus


class Front:
    """The endpoint /slack/events."""

    def __init__(self, bolt: AsyncApp, *, secret: str, clock: Clock) -> None:
        self._bolt = bolt
        self._secret = secret.encode()
        self._clock = clock

    async def __call__(self, request: Request) -> Response:
        try:
            body = await body_of(request, most=LARGEST)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        if not is_genuine(
            body,
            timestamp=request.headers.get("x-slack-request-timestamp"),
            signature=request.headers.get("x-slack-signature"),
            secret=self._secret,
            now=self._clock.now(),
        ):
            log.warning("slack_request_not_genuine")
            return Response(status_code=401)
        try:
            payload = decoded(body)
        except ValueError:
            log.warning("slack_request_malformed")
            return Response(status_code=400)
        try:
            answer = await self._bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        except (AttributeError, KeyError, TypeError, ValueError):  # bolt expects Slack's shapes
            return Response(status_code=400)
        if answer.status in BOLT_CANNOT_READ_IT:
            return Response(status_code=400)
        return Response(answer.body, status_code=answer.status, media_type=_media_type(answer.headers))


def decoded(body: bytes) -> Json:
    """Return what a request says: JSON, JSON in a form field, or the fields of a slash command. Raises ValueError."""
    text = body.decode("utf-8")
    if text.startswith("payload="):
        fields = text.removeprefix("payload=").partition("&")[0]
        payload: Any = orjson.loads(_unquote(fields))
    elif text.lstrip().startswith("{"):
        payload = orjson.loads(text)
    else:
        payload = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100))
    if not isinstance(payload, dict):
        raise ValueError("not an object")
    return payload


def _media_type(headers: dict[str, Any]) -> str:
    named = headers.get("content-type") or ["text/plain"]
    return str(named[0]).partition(";")[0]
