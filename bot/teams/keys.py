"""The keys Teams signs its requests with: read at start and daily in the background, and once more for a key nobody
knows."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from scheduler.clock import Clock

TIMEOUT = ClientTimeout(total=10, connect=3)
A_DAY_SECONDS = 24 * 60 * 60.0
AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
"""How long to wait after each try while the keys cannot be read."""
FOR_AN_UNKNOWN_KEY = timedelta(minutes=5)
"""How often a key nobody knows may make us ask: anybody can invent one."""
WAIT_SECONDS = 2.0
"""How long a request waits for its key: Teams gives us a few seconds for everything."""
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKey:
    public: RSAPublicKey
    endorsements: frozenset[str]
    """The channels whose requests it may sign."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What Teams publishes about itself."""

    issuer: str = ""
    keys: Mapping[str, SigningKey] = field(default_factory=dict)


class SigningKeys:
    def __init__(self, session: ClientSession, *, url: str, clock: Clock) -> None:
        self._session = session
        self._url = url
        self._clock = clock
        self._published = Published()
        self._reading: asyncio.Task[bool] | None = None
        self._asked_at: datetime | None = None
        """When a key nobody knew last made us ask."""

    @property
    def issuer(self) -> str:
        return self._published.issuer

    def known(self, key_id: str) -> SigningKey | None:
        return self._published.keys.get(key_id)

    async def find(self, key_id: str) -> SigningKey | None:
        """Return the key, having asked Teams once more if nobody knows it. None: Teams does not either, did not say so
        in time, or was asked a moment ago."""
        if (key := self.known(key_id)) is not None:
            return key
        reading = self._reading
        if reading is None or reading.done():
            now = self._clock.now()
            if self._asked_at is not None and now - self._asked_at < FOR_AN_UNKNOWN_KEY:
                return None
            self._asked_at = now
            reading = self._read()
        await asyncio.wait({reading}, timeout=WAIT_SECONDS)
        return self.known(key_id)

    async def keep_fresh(self) -> None:
        """Read the keys now and every day, sooner while they cannot be read, until cancelled."""
        failures = 0
        try:
            while True:
                if await asyncio.shield(self._read()):
                    failures = 0
                    await self._clock.sleep(A_DAY_SECONDS)
                else:
                    await asyncio.sleep(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS) - 1)])
                    failures += 1
        finally:
            if self._reading is not None:
                self._reading.cancel()

    def _read(self) -> "asyncio.Task[bool]":
        """Begin to read the keys, or join whoever does."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._replaced())
        return self._reading

    async def _replaced(self) -> bool:
        """Read the keys. Those we have stay good while newer ones cannot be read."""
        try:
            document = await self._json(self._url)
            published = Published(issuer=_text(document["issuer"]), keys=_keys(await self._json(document["jwks_uri"])))
        except (ClientError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.error("teams_keys_not_read", error=type(error).__name__)
            return False
        self._published = published
        log.info("teams_keys_read", keys=len(published.keys))
        return True

    async def _json(self, url: str) -> Any:
        async with self._session.get(url, timeout=TIMEOUT, raise_for_status=True) as answer:
            return await answer.json(content_type=None)


def _keys(document: Any) -> dict[str, SigningKey]:
    """Return the RSA keys that sign, by id. One that cannot be read takes no other with it. Raises ValueError when none
    is left."""
    keys = {}
    for one in document["keys"]:
        if not isinstance(one, dict) or one.get("kty") != "RSA" or one.get("use", "sig") != "sig":
            continue
        try:
            public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": one["n"], "e": one["e"]})
            endorsements = frozenset(map(str, one.get("endorsements") or ()))
        except (PyJWTError, ValueError, KeyError, TypeError) as error:
            log.warning("teams_key_unreadable", error=type(error).__name__)
            continue
        if isinstance(public, RSAPublicKey) and isinstance(one.get("kid"), str):
            keys[one["kid"]] = SigningKey(public=public, endorsements=endorsements)
    if not keys:
        raise ValueError("no keys")
    return keys


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value
