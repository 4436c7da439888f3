"""A Teams that takes everything quickly, counts it, and refuses what comes faster than permitted.

    python -m bench.teams_stand_in PORT [--per-second N] [--slow]

Everything the bot needs is at one address: the connector, the token endpoint, the OpenID document with its key, and
`/token_to_bot`, where a load generator is given a token signed with that key. The limit is of all calls in the tenant,
with a fifth of a second's worth at once: what leaves evenly does not arrive evenly. `--slow`: the token endpoint and
the key server take two seconds, and tokens end after eight, so that the next is fetched four seconds after the first.
"""

import asyncio
import itertools
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from time import monotonic

import jwt
import uvloop
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from bench.buckets import Bucket

APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
PASSWORD = "invented"
TENANT = "7e57a1d0-0000-4000-8000-00000000a1d0"
ISSUER = "https://api.botframework.com"
SLOW_SECONDS = 2.0
SLOW_TOKENS_LIVE = 8
KEY_ID = "bench"


def connector_at(address: str) -> str:
    return f"{address}/teams/emea/"


def settings_at(address: str) -> dict[str, str]:
    """Return what `knuff serve` must be told to take the stand-in at that address for Teams."""
    return {
        "KNUFF_TEAMS_APP_ID": APP_ID,
        "KNUFF_TEAMS_APP_PASSWORD": PASSWORD,
        "KNUFF_TEAMS_TENANT_ID": TENANT,
        "KNUFF_TEAMS_OPENID_URL": f"{address}/openid",
        "KNUFF_TEAMS_TOKEN_URL": f"{address}/token",
        "KNUFF_TEAMS_SERVICE_URL": connector_at(address),
    }


class StandIn:
    def __init__(self, *, per_second: int | None, is_slow: bool) -> None:
        self._calls = Bucket(per_second, 1 + per_second / 5) if per_second else None
        self._slow_seconds = SLOW_SECONDS if is_slow else 0.0
        self._tokens_live = SLOW_TOKENS_LIVE if is_slow else 3600
        self._numbers = itertools.count(1)
        self._counts: Counter[str] = Counter()
        self._posted_at: list[float] = []
        self._key = generate_private_key(public_exponent=65537, key_size=2048)

    def application(self) -> web.Application:
        application = web.Application()
        router, conversations = application.router, "/teams/emea/v3/conversations"
        # Stock botbuilder writes two slashes after an address that ends with one, or answers a message nobody sent.
        router.add_post(conversations, self._counted("create", self._create))
        router.add_post(conversations + "/{conversation}/activities", self._counted("send", self._send))
        router.add_post(conversations + "/{conversation}/activities/{activity}", self._counted("send", self._send))
        router.add_put(conversations + "/{conversation}/activities/{activity}", self._counted("update", self._update))
        router.add_post("/token", self._token)
        router.add_get("/openid", self._openid)
        router.add_get("/keys", self._keys)
        router.add_get("/token_to_bot", self._token_to_bot)
        router.add_get("/counts", self.counts)
        router.add_post("/counts", self.forget)
        return application

    async def counts(self, _request: web.Request) -> web.Response:
        """How often each call was made, how often we refused, and the seconds from the first message to the last."""
        seconds = self._posted_at[-1] - self._posted_at[0] if self._posted_at else 0
        return web.json_response({"calls": dict(self._counts), "posted": len(self._posted_at), "seconds": seconds})

    async def forget(self, _request: web.Request) -> web.Response:
        self._counts.clear()
        self._posted_at.clear()
        return web.json_response({})

    def _counted(
        self, name: str, answer: Callable[[web.Request], web.Response]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            await request.json()
            self._counts[name] += 1
            if self._calls is not None and (wait := self._calls.wait(monotonic())):
                self._counts["429"] += 1
                return web.json_response(
                    {"error": {"code": "TooManyRequests"}}, status=429, headers={"Retry-After": str(int(wait) + 1)}
                )
            return answer(request)

        return handle

    def _create(self, request: web.Request) -> web.Response:
        return web.json_response({"id": f"a:{next(self._numbers)}"}, status=201)

    def _send(self, request: web.Request) -> web.Response:
        self._posted_at.append(monotonic())
        return web.json_response({"id": f"1772437{next(self._numbers):08d}"}, status=201)

    def _update(self, request: web.Request) -> web.Response:
        return web.json_response({"id": request.match_info["activity"]})

    async def _token(self, _request: web.Request) -> web.Response:
        self._counts["token"] += 1
        await asyncio.sleep(self._slow_seconds)
        return web.json_response(
            {
                "token_type": "Bearer",
                "expires_in": self._tokens_live,
                "access_token": f"invented-{self._counts['token']}",
            }
        )

    async def _openid(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self._slow_seconds)
        return web.json_response(
            {
                "issuer": ISSUER,
                "jwks_uri": f"http://{request.host}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        self._counts["keys"] += 1
        await asyncio.sleep(self._slow_seconds)
        told = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**told, "kid": KEY_ID, "use": "sig", "endorsements": ["msteams"]}]})

    async def _token_to_bot(self, request: web.Request) -> web.Response:
        """Return a token good for an hour around `at` (seconds since 1970); of the key `kid`, also one nobody knows."""
        at = float(request.query["at"])
        claims = {
            "iss": ISSUER, "aud": APP_ID, "serviceurl": connector_at(f"http://{request.host}"),
            "nbf": int(at) - 300, "exp": int(at) + 3600,
        }  # fmt: skip
        headers = {"kid": request.query["kid"]}
        return web.Response(text=jwt.encode(claims, self._key, algorithm="RS256", headers=headers))


def main(arguments: list[str]) -> None:
    port, *options = arguments
    per_second = int(options[options.index("--per-second") + 1]) if "--per-second" in options else None
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    application = StandIn(per_second=per_second, is_slow="--slow" in options).application()
    web.run_app(application, host="127.0.0.1", port=int(port), loop=loop, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1:])
