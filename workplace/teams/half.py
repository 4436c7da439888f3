"""The Teams half put together: one tenant and everything that speaks for it."""

from dataclasses import dataclass

import aiohttp

from workplace.changes import Changes
from workplace.clock import Clock
from workplace.faults import Faults
from workplace.ledger import Ledger
from workplace.mishaps import Mishaps
from workplace.seed import Seed
from workplace.settings import Settings
from workplace.teams.connector.api import Connector
from workplace.teams.deliveries import Deliveries
from workplace.teams.faults import FaultRule
from workplace.teams.keys import Keys
from workplace.teams.limits import Limits, LimitSettings
from workplace.teams.tenant import Tenant
from workplace.teams.tokens import Tokens
from workplace.teams.transport import BotHttp


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamsHalf:
    tenant: Tenant
    connector: Connector
    tokens: Tokens
    limits: Limits
    faults: Faults[FaultRule]
    ledger: Ledger
    http: BotHttp
    keys: Keys
    deliveries: Deliveries

    async def stop(self) -> None:
        await self.deliveries.stop()


def build(
    settings: Settings,
    seed: Seed,
    *,
    clock: Clock,
    changes: Changes,
    session: aiohttp.ClientSession,
    keys: Keys,
    tokens: Tokens,
) -> TeamsHalf:
    """Return a fresh tenant. Keys and tokens are Microsoft's, and outlive it."""
    tenant = Tenant(seed, secrets=settings.secrets, clock=clock, changes=changes)
    limits = Limits(LimitSettings(enabled=settings.limits))
    faults: Faults[FaultRule] = Faults(seed=settings.chance)
    ledger = Ledger()
    http = BotHttp(session, url=settings.teams_url)
    return TeamsHalf(
        tenant=tenant,
        connector=Connector(tenant=tenant, tokens=tokens, limits=limits, faults=faults, ledger=ledger),
        tokens=tokens,
        limits=limits,
        faults=faults,
        ledger=ledger,
        http=http,
        keys=keys,
        deliveries=Deliveries(tenant=tenant, mishaps=Mishaps(faults), http=http, keys=keys),
    )
