"""A Slack that takes everything quickly, counts it, and refuses what comes faster than permitted.

    python -m bench.slack_stand_in PORT [--per-minute N]

It answers as Slack does where Knuff looks (ids, `Retry-After`), and knows nobody in particular.
Limits: posting in the workspace, with one second's worth of burst; posting in one channel, once a second with a burst
of two.
"""

import asyncio
import itertools
import sys
from collections import Counter
from time import monotonic

import uvloop
from aiohttp import web

from bench.buckets import Bucket

WORKSPACE = "T0BENCH001"
BOT_TOKEN = "xoxb-invented"
SIGNING_SECRET = "invented"


class StandIn:
    def __init__(self, per_minute: float | None) -> None:
        self._posting = Bucket(per_minute / 60, 1 + per_minute / 60) if per_minute else None
        self._channels: dict[str, Bucket] = {}
        self._numbers = itertools.count(1)
        self._counts: Counter[str] = Counter()
        self._posted_at: list[float] = []

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self.call)
        application.router.add_get("/counts", self.counts)
        application.router.add_post("/counts", self.forget)
        return application

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        said: dict[str, object] = {**request.query}
        if request.content_type == "application/json":
            said |= await request.json()
        else:
            said |= {name: str(value) for name, value in (await request.post()).items()}
        self._counts[method] += 1
        if method == "chat.postMessage":
            if wait := self._wait_to_post(str(said["channel"])):
                self._counts["429"] += 1
                headers = {"Retry-After": str(int(wait) + 1)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            self._posted_at.append(monotonic())
        return web.json_response({"ok": True, **self._answer(method, said)})

    async def counts(self, _request: web.Request) -> web.Response:
        """How often each method was called, how often we refused, and the seconds from the first post to the last."""
        seconds = self._posted_at[-1] - self._posted_at[0] if self._posted_at else 0
        return web.json_response({"calls": dict(self._counts), "posted": len(self._posted_at), "seconds": seconds})

    async def forget(self, _request: web.Request) -> web.Response:
        self._counts.clear()
        self._posted_at.clear()
        return web.json_response({})

    def _wait_to_post(self, channel: str) -> float:
        if self._posting is None:
            return 0
        if wait := self._channels.setdefault(channel, Bucket(1, 2)).wait(monotonic()):
            return wait
        return self._posting.wait(monotonic())

    def _answer(self, method: str, said: dict[str, object]) -> dict[str, object]:
        user = str(said.get("user") or said.get("users") or "U00000007")
        match method:
            case "auth.test":
                return {
                    "team_id": WORKSPACE,
                    "team": "Granby",
                    "user_id": "U0KNUFF",
                    "bot_id": "B0KNUFF",
                    "user": "knuff",
                }
            case "chat.postMessage":
                channel = str(said["channel"])
                chat = "D" + channel[1:] if channel.startswith("U") else channel
                return {"channel": chat, "ts": f"1772437{next(self._numbers):08d}.000100"}
            case "chat.update":
                return {"channel": said["channel"], "ts": said["ts"]}
            case "conversations.open":
                return {"channel": {"id": "D" + user[1:]}}
            case "conversations.history":
                return {"messages": [], "has_more": False}
            case "users.info":
                return {
                    "user": {"id": user, "tz": "Europe/Stockholm", "locale": "sv-SE", "is_bot": False, "deleted": False}
                }
            case "users.list" | "conversations.members":
                return {"members": []}
            case _:
                return {}


def main(arguments: list[str]) -> None:
    port = int(arguments[0])
    per_minute = float(arguments[2]) if arguments[1:2] == ["--per-minute"] else None
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    web.run_app(StandIn(per_minute).application(), host="127.0.0.1", port=port, loop=loop, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1:])
