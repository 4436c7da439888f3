"""Whether a request is Slack's own: HMAC-SHA256 over the raw bytes, at most five minutes old by our clock."""

import hmac
from datetime import datetime, timedelta

OLDEST = timedelta(minutes=5)


def is_genuine(body: bytes, *, timestamp: str | None, signature: str | None, secret: bytes, now: datetime) -> bool:
    """Check the two headers against the body. Headers that are missing or no such thing are simply not genuine."""
    if not timestamp or not signature or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > OLDEST.total_seconds():
        return False
    expected = "v0=" + hmac.digest(secret, b"v0:" + timestamp.encode() + b":" + body, "sha256").hex()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
