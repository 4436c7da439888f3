"""Knocking at the bot's door with a token of any kind: a good one, and every bad one somebody might try."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Literal, get_args

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import encode

from workplace.answers import Answer
from workplace.shapes import Json
from workplace.teams import activities
from workplace.teams.keys import Key, Keys, claims
from workplace.teams.records import Message, Person
from workplace.teams.tenant import Tenant
from workplace.teams.transport import BotHttp

TokenKind = Literal[
    "good",
    "none",
    "empty",
    "malformed",
    "two_tokens",
    "expired",
    "not_yet",
    "wrong_audience",
    "wrong_issuer",
    "unknown_key",
    "unsigned",
    "shared_secret",
    "tampered",
    "wrong_service_url",
    "unendorsed",
    "foreign_tenant",
    "foreign_service_url",
]
KINDS: tuple[str, ...] = get_args(TokenKind)
FOREIGN_TENANT = "f0e19000-0000-4000-8000-00000000f0e1"
FOREIGN_SERVICE_URL = "https://smba.trafficmanager.example/emea/"
HOUR_SECONDS = 3600


async def knock(
    kind: TokenKind, *, tenant: Tenant, keys: Keys, http: BotHttp, person: Person, more: Json, service_url: str
) -> Answer:
    """Send one message from `person`, with `more` on top of it, and return what the bot answered."""
    address = FOREIGN_SERVICE_URL if kind == "foreign_service_url" else service_url
    activity = _message(tenant, person, service_url=address) | more
    if kind == "foreign_tenant":
        activity["conversation"] = activity["conversation"] | {"tenantId": FOREIGN_TENANT}
        activity["channelData"] = activity["channelData"] | {"tenant": {"id": FOREIGN_TENANT}}
    said = claims(app_id=tenant.app_id, service_url=address, now=tenant.clock.seconds())
    return await http.post(activity, authorization=_header(kind, said, keys))


def _message(tenant: Tenant, person: Person, *, service_url: str) -> Json:
    chat = tenant.chat_of(person)
    said = Message(
        conversation_id=chat.id,
        id=tenant.new_id(),
        author=person.id,
        by_bot=False,
        text="Släpp in mig",
        at=tenant.clock.now(),
    )
    return activities.message(tenant, person, chat, said, service_url=service_url)


def _header(kind: TokenKind, said: Json, keys: Keys) -> str | None:
    match kind:
        case "none":
            return None
        case "empty":
            return "Bearer "
        case "malformed":
            return "Bearer not.a.token"
        case "two_tokens":
            token = keys.teams.sign(said)
            return f"Bearer {token} {token}"
        case _:
            return f"Bearer {_token(kind, said, keys)}"


def _token(kind: TokenKind, said: Json, keys: Keys) -> str:
    match kind:
        case "expired":
            return keys.teams.sign(_moved(said, seconds=-2 * HOUR_SECONDS))
        case "not_yet":
            return keys.teams.sign(_moved(said, seconds=2 * HOUR_SECONDS))
        case "wrong_audience":
            return keys.teams.sign(said | {"aud": "a1b2c3d4-0000-4000-8000-00000000ffff"})
        case "wrong_issuer":
            return keys.teams.sign(said | {"iss": "https://api.botframework.example"})
        case "unknown_key":
            return Key.new().sign(said)
        case "unsigned":
            return encode(said, "", algorithm="none", headers={"kid": keys.teams.id})
        case "shared_secret":
            return _signed_with_what_everybody_knows(said, keys.teams)
        case "tampered":
            header, _, signature = keys.teams.sign(said).split(".")
            return f"{header}.{_encoded(said | {'exp': said['exp'] + HOUR_SECONDS})}.{signature}"
        case "wrong_service_url":
            return keys.teams.sign(said | {"serviceurl": "https://smba.trafficmanager.net/elsewhere/"})
        case "unendorsed":
            return keys.other.sign(said)
        case _:
            return keys.teams.sign(said)


def _moved(said: Json, *, seconds: int) -> Json:
    return said | {name: said[name] + seconds for name in ("nbf", "iat", "exp")}


def _encoded(part: Json) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _signed_with_what_everybody_knows(said: Json, key: Key) -> str:
    """Return a token whose signature is a keyed hash, with our public key as the secret: whoever takes the algorithm
    from the token itself finds it good."""
    known = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = f"{_encoded({'alg': 'HS256', 'kid': key.id, 'typ': 'JWT'})}.{_encoded(said)}"
    signature = hmac.new(known, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{urlsafe_b64encode(signature).decode().rstrip('=')}"
