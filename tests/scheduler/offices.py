"""A world with a lane to send from."""

from datetime import timedelta
from typing import Any

from scheduler.buckets import NO_LIMITS
from scheduler.lanes import Lane, SendingRules
from storage.database import Store
from storage.tables.deliveries import Delivery, Reason, State
from tests.scheduler.couriers import PaperCourier, TrialClock
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 08:15")
UNLIMITED = SendingRules(limits=NO_LIMITS, in_flight=1)


class Office:
    """A world with one lane of its own clock and courier."""

    def __init__(self, world: World, rules: SendingRules = UNLIMITED, holder: str = "a") -> None:
        self.world = world
        self.clock = TrialClock(SLOT)
        self.courier = PaperCourier()
        self.rules = rules
        self.holder = holder

    def lane(self, holder: str | None = None, *, store: Store | None = None) -> Lane:
        return Lane(
            store=store or self.world.store,
            courier=self.courier,
            clock=self.clock,
            rules=self.rules,
            workspace_id=self.world.workspace,
            holder=holder or self.holder,
        )

    async def send(self, holder: str | None = None) -> int:
        return await self.lane(holder).run()

    async def go_on(self, holder: str | None = None, **span: float) -> int:
        self.clock.wind_to(self.clock.now() + timedelta(**span))
        return await self.send(holder)


async def planned(world: World, people: int = 1, **fields: Any) -> list[Delivery]:
    """Promise Monday's nudge to so many people, and return the promises."""
    cohort = world.cohort()
    for _ in range(people):
        world.person(cohort, **fields)
    await world.plan(SLOT)
    return world.deliveries()


def fate(world: World, row: Delivery) -> State | Reason:
    found: Delivery = world.look_up(Delivery, row.id)
    return found.reason or found.state
