"""The real planner and the real lanes, driven by a virtual clock: a metronome that need not tick in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.conversation.desk import House
from bot.courier import ChatCourier
from bot.rehearsal.paper import PaperPlatform
from bot.rehearsal.virtual_clock import VirtualClock
from scheduler.lanes import Lane, SendingRules
from scheduler.pair_key import PairKey
from scheduler.planner import plan
from scheduler.relays import plan_relays
from scheduler.rounds import plan_rounds
from storage import next_moments, work
from storage.database import Store

TICK = timedelta(seconds=1)


class PlanningFailed(Exception):
    """A unit of the planner raised; the log says what."""


class Machine:
    """`plans_at` and `sends_at` say when it is its turn; None: not before something happens."""

    def __init__(
        self, *, store: Store, house: House, clock: VirtualClock, platforms: Mapping[str, PaperPlatform]
    ) -> None:
        self._store = store
        self._clock = clock
        self._courier = ChatCourier(store=store, house=house, platforms=platforms)
        # One message at a time, on this task: the clock is virtual, so nothing is gained by several.
        self._rules_on = {
            name: SendingRules(limits=platform.limits, in_flight=1) for name, platform in platforms.items()
        }
        self._pair_key = PairKey(house.secret)
        self._paces = {name: platform.limits.seconds_a_post for name, platform in platforms.items()}
        self.plans_at: datetime | None = None
        self.sends_at: datetime | None = None
        self._rounds_at: datetime | None = None
        """When something of a round or a relay is due, as far as the latest tick saw."""

    def tick_soon(self) -> None:
        """Somebody joined or changed rhythm: the next tick sees to it."""
        self.plans_at = min(filter(None, (self.plans_at, self._clock.now() + TICK)))

    async def plan(self) -> None:
        now = self._clock.now()
        planned = [await plan(self._store, now, paces=self._paces)]
        if self._rounds_at is not None and self._rounds_at <= now:  # most rehearsals have none
            planned.append(await plan_rounds(self._store, now, pair_key=self._pair_key))
            planned.append(await plan_relays(self._store, now))
        if any(one.failed for one in planned):
            raise PlanningFailed(now.isoformat())
        cadence_at = await self._store.read(next_moments.next_to_plan)
        self._rounds_at = await self._store.read(next_moments.next_of_rounds)
        self.plans_at = _later(min(filter(None, (cadence_at, self._rounds_at)), default=None), now)
        self.sends_at = await self._store.read(next_moments.next_to_send)

    async def send(self) -> None:
        """Let every lane with work send, one after the other. Their waiting puts the clock forward."""
        now = self._clock.now()
        for one in await self._store.read(lambda session: work.due(session, now)):
            lane = Lane(
                store=self._store,
                courier=self._courier,
                clock=self._clock,
                rules=self._rules_on[one.platform],
                workspace_id=one.workspace_id,
                holder="rehearsal",
            )
            await lane.run()
        self.sends_at = _later(await self._store.read(next_moments.next_to_send), self._clock.now())


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    """What is still due after it was done waits for the next tick."""
    return max(moment, now + TICK) if moment is not None else None
