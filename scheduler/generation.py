"""Two versions at once: a process whose database another Knuff has brought to a newer schema does nothing more with it.

It stays and says so, rather than end: whoever watches over processes would start it again and again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog

from storage import schema
from storage.database import Store

LOOK_SECONDS = 5.0
SAY_SECONDS = 60.0
TO_DO = "another Knuff has upgraded the database: stop this process, or start it again with the newer version"
log = structlog.get_logger()


@dataclass(kw_only=True)
class Generation:
    """Whether the database still has the schema that this process works with. Asked before each piece of work; the
    database is looked at every few seconds."""

    seconds_passed: Callable[[], float] = monotonic
    _looked_at: float = float("-inf")
    _said_at: float = float("-inf")
    _is_ours: bool = True

    async def is_ours(self, store: Store) -> bool:
        """False: leave everything to the other Knuff. Said once a minute, with what to do. Raises the database's own
        errors."""
        now = self.seconds_passed()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now  # whoever asks meanwhile need not look too: there may be hundreds of lanes
            self._is_ours = await store.read(schema.is_ours)
        if not self._is_ours and now - self._said_at >= SAY_SECONDS:
            self._said_at = now
            log.error("database_has_another_schema", to_do=TO_DO)
        return self._is_ours
