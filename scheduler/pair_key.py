"""What stands for two people who have met, where that is remembered: no use to whoever has the database alone. Pure."""

import hmac
from hashlib import blake2b

MADE_FOR = b"knuff: who has met whom"


class PairKey:
    """What the digests are made with. Printed or logged it says nothing."""

    __slots__ = ("_key",)

    def __init__(self, secret: bytes) -> None:
        """`secret`: one of the installation's. Another one, and what was remembered is no longer found."""
        self._key = hmac.digest(secret, MADE_FOR, "sha256")

    def __repr__(self) -> str:
        return "PairKey(secret)"

    def digest_of(self, organisation_id: int, one: int, other: int) -> str:
        """Return what stands for these two, in whichever order."""
        low, high = (one, other) if one < other else (other, one)
        return blake2b(b"%d:%d:%d" % (organisation_id, low, high), digest_size=16, key=self._key).hexdigest()
