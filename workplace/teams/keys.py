"""The keys with which everything sent to the bot is signed, and the document in which the bot finds them."""

from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import encode
from jwt.algorithms import RSAAlgorithm

from workplace.shapes import Json

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
TOKEN_LIFE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] = (CHANNEL,)

    @classmethod
    def new(cls, *, endorsements: tuple[str, ...] = (CHANNEL,)) -> "Key":
        return cls(token_urlsafe(20), rsa.generate_private_key(public_exponent=65537, key_size=2048), endorsements)

    def sign(self, claims: Json) -> str:
        return encode(claims, self.private, algorithm="RS256", headers={"kid": self.id, "x5t": self.id})

    def published(self) -> Json:
        numbers = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.id,
            "x5t": self.id,
            "n": numbers["n"],
            "e": numbers["e"],
            "endorsements": list(self.endorsements),
        }


@cache
def _first_keys() -> tuple[Key, Key]:
    """Return the keys a workplace begins with. Making one takes a tenth of a second, so a process makes them once, and
    not before they are needed."""
    return Key.new(), Key.new(endorsements=("webchat",))


class Keys:
    """One key signs for Teams. Another stands beside it in the document, for a channel that is not Teams."""

    def __init__(self) -> None:
        self.fetched = 0
        self._newest: Key | None = None

    @property
    def teams(self) -> Key:
        return self._newest or _first_keys()[0]

    @property
    def other(self) -> Key:
        return _first_keys()[1]

    def rotate(self) -> str:
        """Sign with a new key from now on, and publish the old one no more; return the new key's id."""
        self._newest = Key.new()
        return self._newest.id

    def document(self, *, base_url: str) -> Json:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{base_url}/teams/openid/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def published(self) -> Json:
        self.fetched += 1
        return {"keys": [self.teams.published(), self.other.published()]}


def claims(*, app_id: str, service_url: str, now: float) -> Json:
    """Return what a token to the bot says; moments are whole seconds of the workplace's clock."""
    return {
        "serviceurl": service_url,
        "nbf": int(now),
        "iat": int(now),
        "exp": int(now) + TOKEN_LIFE_SECONDS,
        "iss": ISSUER,
        "aud": app_id,
    }
