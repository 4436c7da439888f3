"""Where Teams' connector may be: our token and what we say go to Microsoft's hosts only."""

import re

LONGEST = 1000
_HOST = r"smba\.trafficmanager\.net|(?:[a-z0-9-]+\.)+botframework\.com"
_ON_THIS_MACHINE = r"127\.0\.0\.1|localhost|\[::1\]"
# Strict, for whoever reads an address differently goes somewhere else: no name in front, question behind, escape,
# backslash, space or sign beyond ASCII (without re.ASCII a long s, U+017F, would be an s).
_PATH = r"(?:/[a-z0-9._~-]*)*"
_MICROSOFTS = re.compile(rf"https://(?:{_HOST})(?::443)?{_PATH}", re.ASCII | re.IGNORECASE)
_FOR_TRIALS = re.compile(rf"https?://(?:{_ON_THIS_MACHINE})(?::[0-9]{{1,5}})?{_PATH}", re.ASCII | re.IGNORECASE)


def is_allowed(address: object, *, loopback: bool) -> bool:
    """Whether a service address is one of Microsoft's, or with `loopback` one on this machine, for trials."""
    if not isinstance(address, str) or len(address) > LONGEST:
        return False
    return bool(_MICROSOFTS.fullmatch(address) or (loopback and _FOR_TRIALS.fullmatch(address)))
