"""What happens by itself on the virtual clock, in the order it happens; what falls in an outage happens after it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rehearsal.changes import Outage
from bot.rehearsal.virtual_clock import VirtualClock


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happens by itself: when next, and how."""

    at: Callable[[], datetime | None]
    take: Callable[[], Awaitable[None]]


class Turns:
    def __init__(
        self, *, clock: VirtualClock, outages: Sequence[Outage], acting: Turn, planning: Turn, sending: Turn
    ) -> None:
        """People act (`acting`) and the planner plans while a lane waits in its `sending`."""
        self._clock = clock
        self._outages = outages
        self._always = (acting, planning)
        self._sending = sending
        clock.meanwhile = self._meanwhile

    async def live_until(self, until: datetime) -> None:
        """Let everything happen that happens until a moment, in the order it happens."""
        while await self._next(until, *self._always, self._sending):
            pass
        self._clock.go_to(until)

    async def _meanwhile(self, until: datetime) -> None:
        while await self._next(until, *self._always):
            pass
        self._clock.go_to(self._when_up(until))  # a process that was frozen goes on where it was

    async def _next(self, until: datetime, *turns: Turn) -> bool:
        """Do what comes first; at the same moment, in the order given. False when nothing more comes until then."""
        due = [
            (self._when_up(moment), number) for number, turn in enumerate(turns) if (moment := turn.at()) is not None
        ]
        if not due or min(due)[0] > until:
            return False
        moment, number = min(due)
        self._clock.go_to(moment)
        await turns[number].take()
        return True

    def _when_up(self, moment: datetime) -> datetime:
        """Return the moment, or when Knuff is up again after it: people try again until it is."""
        for outage in self._outages:
            if outage.since <= moment < outage.until:
                return outage.until
        return moment
