"""Whether a request is Teams' own: a token that Teams signed, for us, for this moment."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

import jwt

from bot.latest import Latest
from bot.teams.keys import SigningKey, SigningKeys
from scheduler.clock import Clock

LEEWAY = timedelta(minutes=5)
"""Two clocks are never alike; Microsoft's own SDK gives as much."""
LONGEST = 8192
REMEMBERED = 1000


class NotGenuine(Exception):
    """It is not Teams' own. The text says what it failed, in our words, with nothing of the request in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a good token says. It is good for one service address, and for the channels its key may sign for."""

    service_url: str
    key_id: str
    endorsements: frozenset[str]
    ends_at: float
    """Seconds since 1970."""


class Tokens:
    """Checks tokens, and remembers those that were good until they end: Teams sends one many times."""

    def __init__(self, keys: SigningKeys, *, app_id: str, clock: Clock) -> None:
        self._keys = keys
        self._app_id = app_id
        self._clock = clock
        self._good: Latest[bytes, Token] = Latest(most=REMEMBERED)

    async def verified(self, authorization: Sequence[str]) -> Token:
        """Return what the token in the `Authorization` headers says. Raises NotGenuine unless there is one, and it is
        good."""
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._good.get(digest)
        if known is not None and self._keys.known(known.key_id) is not None:
            if known.ends_at + LEEWAY.total_seconds() <= self._clock.now().timestamp():
                raise NotGenuine("expired")
            return known
        key_id = _key_id(token)
        key = await self._keys.find(key_id)
        if key is None:
            raise NotGenuine("unknown key")
        good = self._checked(token, key_id, key)
        self._good[digest] = good
        return good

    def _checked(self, token: str, key_id: str, key: SigningKey) -> Token:
        claims = self._claims(token, key)
        now, leeway = self._clock.now().timestamp(), LEEWAY.total_seconds()
        ends_at = _moment(claims["exp"])
        if ends_at + leeway <= now:
            raise NotGenuine("expired")
        if "nbf" in claims and _moment(claims["nbf"]) - leeway > now:
            raise NotGenuine("not yet valid")
        service_url = claims.get("serviceurl")
        if not isinstance(service_url, str):
            raise NotGenuine("no service address")
        return Token(service_url=service_url, key_id=key_id, endorsements=key.endorsements, ends_at=ends_at)

    def _claims(self, token: str, key: SigningKey) -> dict[str, Any]:
        # Moments are checked above, by the clock we run by and not by the machine's.
        options: Any = {"require": ["exp", "iss", "aud"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._keys.issuer,
                options=options,
            )
        except Exception as error:  # whatever a stranger's text makes the library raise: it is no token of Teams'
            raise NotGenuine(type(error).__name__) from None


def _bearer(authorization: Sequence[str]) -> str:
    if len(authorization) != 1:
        raise NotGenuine("no token" if not authorization else "several tokens")
    scheme, _, token = authorization[0].partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST:
        raise NotGenuine("malformed")
    return token


def _key_id(token: str) -> str:
    try:
        key_id = jwt.get_unverified_header(token)["kid"]
    except Exception as error:  # as in `_claims`
        raise NotGenuine(type(error).__name__) from None
    if not isinstance(key_id, str):
        raise NotGenuine("no key id")
    return key_id


def _moment(claim: object) -> float:
    if not isinstance(claim, int | float) or not isfinite(claim):
        raise NotGenuine("no moment")
    return float(claim)
