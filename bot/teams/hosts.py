"""Where Teams' connector may be: our token and what we say go to Microsoft's hosts only."""

from urllib.parse import urlsplit

TEAMS = "smba.trafficmanager.net"
BOT_FRAMEWORK = ".botframework.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_allowed(address: object, *, loopback: bool) -> bool:
    """Whether a service address is one of Microsoft's, or with `loopback` one on this machine, for trials."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or parts.query or parts.fragment:
        return False
    if loopback and host in LOOPBACK:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in (None, 443) and (host == TEAMS or host.endswith(BOT_FRAMEWORK))
