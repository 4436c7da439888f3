"""Teams' signing service: keys of its own, the OpenID document that publishes them, and tokens signed with them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.teams.payloads import APP_ID, SERVICE_URL
from tests.web.serving import served

Json = dict[str, Any]
ISSUER = "https://api.botframework.com"


@cache
def private_key(name: str) -> RSAPrivateKey:
    """One for each name, made once: it takes a while."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def token(*, key: str = "key-1", signed_with: str | None = None, at: datetime, **claims: Any) -> str:
    """A good token for us at that moment; a claim of None is left out."""
    said = {
        "iss": ISSUER, "aud": APP_ID, "serviceurl": SERVICE_URL,
        "nbf": int(at.timestamp()), "exp": int((at + timedelta(hours=1)).timestamp()),
        **claims,
    }  # fmt: skip
    said = {name: claim for name, claim in said.items() if claim is not None}
    return jwt.encode(said, private_key(signed_with or key), algorithm="RS256", headers={"kid": key})


def public(name: str, *, endorsements: list[str] | None = None) -> Json:
    """A key as it is published."""
    told = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {**told, "kid": name, "use": "sig", "endorsements": ["msteams"] if endorsements is None else endorsements}


@dataclass
class Publisher:
    """What the OpenID document says, how slowly, and how often it was asked."""

    address: str = ""
    keys: list[Any] = field(default_factory=lambda: [public("key-1")])
    asked: int = 0
    seconds: float = 0.0
    fails: bool = False

    @property
    def url(self) -> str:
        return f"{self.address}/.well-known/openidconfiguration"

    def routes(self) -> list[Route]:
        return [Route("/.well-known/openidconfiguration", self._document), Route("/keys", self._keys)]

    async def _document(self, _request: Request) -> Response:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        if self.fails:
            return Response("<html>", status_code=502)
        return JSONResponse({"issuer": ISSUER, "jwks_uri": f"{self.address}/keys"})

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": self.keys})


@asynccontextmanager
async def published() -> AsyncIterator[Publisher]:
    publisher = Publisher()
    async with served(Starlette(routes=publisher.routes())) as address:
        publisher.address = address
        yield publisher
