"""The baseline of inbound: a bolt app that acknowledges a button and does nothing else, on the same server as ours.

python -m bench.bare_bolt PORT SIGNING_SECRET SLACK_API_URL
"""

import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def application(signing_secret: str, api_url: str) -> Starlette:
    bolt = AsyncApp(
        client=AsyncWebClient(token="xoxb-invented", base_url=api_url),
        signing_secret=signing_secret,
        process_before_response=True,
    )

    @bolt.action("nudge.doing")
    async def pressed(ack: Any) -> None:
        await ack()

    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


if __name__ == "__main__":
    port, secret, api = sys.argv[1:]
    uvicorn.run(
        application(secret, api), port=int(port), http="httptools", loop="uvloop", log_level="warning", access_log=False
    )
