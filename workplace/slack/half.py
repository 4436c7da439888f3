"""The Slack half put together: one workspace and everything that speaks for it."""

from dataclasses import dataclass

import aiohttp

from workplace.changes import Changes
from workplace.clock import Clock
from workplace.faults import Faults
from workplace.ledger import Ledger
from workplace.mishaps import Mishaps
from workplace.seed import Seed
from workplace.settings import Settings
from workplace.slack.api import WebApi
from workplace.slack.deliveries import Deliveries
from workplace.slack.faults import FaultRule
from workplace.slack.limits import Limits, LimitSettings
from workplace.slack.socket_mode import SocketMode
from workplace.slack.transport import SignedHttp
from workplace.slack.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackHalf:
    workspace: Workspace
    api: WebApi
    limits: Limits
    faults: Faults[FaultRule]
    ledger: Ledger
    http: SignedHttp
    socket: SocketMode
    deliveries: Deliveries

    async def stop(self) -> None:
        await self.socket.disconnect("drop")
        await self.deliveries.stop()


def build(
    settings: Settings, seed: Seed, *, clock: Clock, changes: Changes, session: aiohttp.ClientSession
) -> SlackHalf:
    """Return a fresh workspace, as if the bot had just been installed in it."""
    workspace = Workspace(seed, secrets=settings.secrets, clock=clock, changes=changes)
    limits = Limits(LimitSettings(enabled=settings.limits))
    faults: Faults[FaultRule] = Faults(seed=settings.chance)
    ledger = Ledger()
    socket = SocketMode(workspace)
    http = SignedHttp(session, url=settings.request_url, signing_secret=settings.secrets.signing_secret, clock=clock)
    deliveries = Deliveries(workspace=workspace, mishaps=Mishaps(faults), http=http, socket=socket)
    workspace.tell_bot = deliveries.own_event
    return SlackHalf(
        workspace=workspace,
        api=WebApi(workspace=workspace, limits=limits, faults=faults, ledger=ledger),
        limits=limits,
        faults=faults,
        ledger=ledger,
        http=http,
        socket=socket,
        deliveries=deliveries,
    )
