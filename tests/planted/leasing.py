"""Lease ignored: whoever wants a lane has it, whoever else is in it."""

from typing import Any

from storage import leases
from tests.planted.patching import Patch


def ignored(patch: Patch) -> None:
    def mine(*_args: Any, **_values: Any) -> bool:
        return True

    for name in ("acquire", "renew"):
        patch(leases, name, mine)
    # Whoever looks for work passes over the lanes that are somebody else's.
    patch(leases, "held_until", lambda *_args, **_values: None)
