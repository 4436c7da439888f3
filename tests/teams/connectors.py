"""A connector that answers as it is told, and what it can be told to answer."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.pacing import LONGEST_WAIT_SECONDS
from scheduler.buckets import POST

CHAT = "a:1karin"
Given = Callable[[], web.StreamResponse]


class Connector:
    """Answers calls as it is told: the named kind of call first, then with what Teams would say."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.bodies: list[object] = []
        self.raw_paths: list[str] = []
        self.tokens = 0
        self.answers: dict[str, list[Given]] = {}
        self.hang_up_on: set[str] = set()

    def will(self, call: str, *given: Given) -> None:
        self.answers.setdefault(call, []).extend(given)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} {request.path.rpartition('/')[2]}"
        self.calls.append(call)
        self.raw_paths.append(request.raw_path)
        self.bodies.append(await request.json() if request.can_read_body else None)
        if call in self.hang_up_on:
            assert request.transport is not None
            request.transport.close()
        if waiting := self.answers.get(call):
            return waiting.pop(0)()
        return web.json_response({"id": CHAT if call == "POST conversations" else "1-message"})

    async def token(self, request: web.Request) -> web.StreamResponse:
        self.tokens += 1
        if waiting := self.answers.get("token"):
            return waiting.pop(0)()
        return web.json_response({"access_token": f"token-{self.tokens}", "expires_in": 3600})


class NotingPauses:
    def __init__(self) -> None:
        self.pauses: list[tuple[str, datetime]] = []
        self.waited: list[str | None] = []
        self.within: list[float] = []

    async def wait_for(
        self, workspace: str, method: str, *, channel: str | None = None, within_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        assert method == POST
        self.waited.append(channel)
        self.within.append(within_seconds)

    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        self.pauses.append((method, until))


def refusing(status: int, code: str | None = None, **headers: str) -> Given:
    body = {"error": {"code": code, "message": "Karins hemliga ord"}} if code else {}
    return lambda: web.json_response(
        body, status=status, headers={name.replace("_", "-"): v for name, v in headers.items()}
    )


def in_words(status: int, message: str) -> Given:
    return lambda: web.json_response({"errorCode": 209, "message": message}, status=status)


def a_page(status: int) -> Given:
    return lambda: web.Response(status=status, text="<html>proxy</html>", content_type="text/html")
