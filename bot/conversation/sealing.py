"""A form that may be handed in once by whoever holds it: drawn by lot and sealed, so that nobody can make one up. Whom
it was given to is in it nowhere, and with what is kept of it nobody finds the form without our secret. Pure, but for
the lot."""

import hmac
from base64 import urlsafe_b64encode
from secrets import token_bytes

DRAWN_BYTES = 16
SEAL_BYTES = 16


def new_token(secret: bytes, step: str) -> str:
    """Return a new form of a step."""
    drawn = _as_text(token_bytes(DRAWN_BYTES))
    return drawn + _seal(secret, step, drawn)


def is_ours(secret: bytes, step: str, token: str) -> bool:
    """Whether a form is one of ours, of this step, whatever was sent."""
    drawn, seal = token[:TEXT_LENGTH], token[TEXT_LENGTH:]
    return hmac.compare_digest(seal.encode(), _seal(secret, step, drawn).encode())


def digest_of(secret: bytes, step: str, token: str) -> str:
    """Return what is kept of a form that has been handed in. The form itself lies in a message that others may read."""
    return hmac.digest(secret, f"used form {step} {token}".encode(), "sha256").hex()


def _seal(secret: bytes, step: str, drawn: str) -> str:
    message = f"anonymous form {step} {drawn}".encode()
    return _as_text(hmac.digest(secret, message, "sha256")[:SEAL_BYTES])


def _as_text(some: bytes) -> str:
    return urlsafe_b64encode(some).decode().rstrip("=")


TEXT_LENGTH = len(_as_text(bytes(DRAWN_BYTES)))
