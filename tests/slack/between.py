"""What stands between us and Slack, a proxy or a portal, and answers in its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

REFUSAL = "Åtkomst nekad".encode("latin-1")


def page(body: bytes, *, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


PAGES = {
    "hangs up in the middle": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
    "hangs up at once": b"",
    "a proxy's page": page(b"proxy", kind="text/plain"),
    "a page in latin-1": page(REFUSAL, kind="text/plain"),
    "something packed": page(b"\x1f\x8b\x08\x00packed", kind="application/gzip"),
    "says that all is well, and no more": page(b'{"ok": true}', kind="application/json"),
}
"""What we have been answered by something that is not Slack."""


@dataclass
class Stranger:
    api_url: str = ""
    asked: int = 0


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[Stranger]:
    """Give every request the same answer, whatever it asks; None: never any."""
    stranger = Stranger()
    talks: list[asyncio.Task[None]] = []

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stranger.asked += 1
        talks.append(asyncio.create_task(_talk(reader, writer, answer)))

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        stranger.api_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
        yield stranger
        await asyncio.wait_for(asyncio.gather(*talks), 5)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes | None) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()  # until whoever asked has given up
        else:
            writer.write(answer)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@dataclass
class Proxy:
    api_url: str = ""
    withholds: dict[str, int] = field(default_factory=dict)
    """How many answers of each method are yet to be replaced by a page; Slack is asked all the same."""


@asynccontextmanager
async def proxied(api_url: str) -> AsyncIterator[Proxy]:
    """Stand between us and a Slack, and hand on everything but what is withheld."""
    proxy = Proxy()

    async def hand_on(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        url = f"{api_url}{method}?{request.query_string}"
        async with session.request(request.method, url, data=await request.read(), headers=headers) as answer:
            body, kind, status = await answer.read(), answer.content_type, answer.status
        if proxy.withholds.get(method, 0) > 0:
            proxy.withholds[method] -= 1
            return web.Response(body=REFUSAL, content_type="text/plain")
        return web.Response(body=body, content_type=kind, status=status)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", hand_on)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        try:
            await site.start()
            proxy.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
            yield proxy
        finally:
            await runner.cleanup()
