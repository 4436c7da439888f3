"""Listening to Slack over a socket that we open (Socket Mode): connected until stopped, and said when it is not.

Left to itself the SDK asks for a socket for ever and tells nobody that Slack refuses.
"""

import asyncio
import logging

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError

from bot.slack.errors import NO_ANSWER, cause_of

CONNECT_AGAIN_SECONDS = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0)
CONNECTS_WITHIN_SECONDS = 20.0
LOOK_SECONDS = 2.0
MOST_LOST_LOOKS = 15
"""So many looks in a row the SDK may take to connect again by itself, as it does when Slack renews a socket."""
log = structlog.get_logger()


class SocketLost(SlackClientError):
    """The SDK has not got it back."""


class Socket:
    def __init__(self, bolt: AsyncApp, *, app_token: str) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def listen(self) -> None:
        """Hand what comes in to bolt, until cancelled."""
        tries = 0
        while True:
            try:
                await self._connect()
                tries = 0
                await self._until_lost()
            except NO_ANSWER as error:
                log.error("socket_not_connected", error=cause_of(error))
            finally:
                await self._close()
            await asyncio.sleep(CONNECT_AGAIN_SECONDS[min(tries, len(CONNECT_AGAIN_SECONDS) - 1)])
            tries += 1

    async def is_connected(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def _connect(self) -> None:
        """Ask Slack for the socket's address ourselves, since only then is a refusal told. Raises the SDK's errors."""
        opened = await self._bolt.client.apps_connections_open(app_token=self._app_token)
        self._handler = AsyncSocketModeHandler(self._bolt, self._app_token, logger=logging.getLogger("knuff.bolt"))
        self._handler.client.wss_uri = opened["url"]
        # Not wait_for: up to Python 3.11 it forgets that we were cancelled if the connection is made at that moment.
        async with asyncio.timeout(CONNECTS_WITHIN_SECONDS):
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("socket_connected")

    async def _until_lost(self) -> None:
        lost = 0
        while lost < MOST_LOST_LOOKS:
            await asyncio.sleep(LOOK_SECONDS)
            lost = 0 if await self.is_connected() else lost + 1
        raise SocketLost

    async def _close(self) -> None:
        handler, self._handler = self._handler, None
        if handler is not None:
            await handler.close_async()  # type: ignore[no-untyped-call]
