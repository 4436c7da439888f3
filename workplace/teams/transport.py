"""How an activity reaches the bot: over HTTP, with a token that says it comes from the Bot Framework."""

import asyncio
import json

import aiohttp

from workplace.answers import Answer, decoded
from workplace.shapes import Json

PATIENCE_SECONDS = 10.0


class BotHttp:
    def __init__(self, session: aiohttp.ClientSession, *, url: str) -> None:
        self.url = url
        self._session = session

    async def post(self, activity: Json, *, authorization: str | None) -> Answer:
        """Deliver one activity and wait ten seconds at most for the answer."""
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi"}
        if authorization is not None:
            headers["Authorization"] = authorization
        body = json.dumps(activity, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async with self._session.post(self.url, data=body, headers=headers) as response:
                    reason = None if 200 <= response.status < 300 else "http_error"
                    return Answer(reason=reason, status=response.status, body=decoded(await response.text()))
        except TimeoutError:
            return Answer(reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(reason="connection_failed")
