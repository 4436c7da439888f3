"""Teams as our platform, calling whatever address a test names, with a token that is there already."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.pacing import Pacing
from bot.teams.addresses import Addresses
from bot.teams.connector import Connector, open_session
from bot.teams.credentials import Credentials
from bot.teams.people import Chats, Names
from bot.teams.platform import TeamsPlatform
from scheduler.clock import Clock
from storage.database import Store
from tests.in_memory import in_memory
from tests.unpaced import Unpaced
from workplace.settings import TEAMS_APP_ID, TEAMS_APP_PASSWORD, TEAMS_TENANT_ID

TENANT = TEAMS_TENANT_ID


@asynccontextmanager
async def teams_at(
    address: str,
    *,
    clock: Clock,
    token_url: str | None = None,
    pacing: Pacing | None = None,
    store: Store | None = None,
    password: str = TEAMS_APP_PASSWORD,
    names: Names | None = None,
    chats: Chats | None = None,
) -> AsyncIterator[TeamsPlatform]:
    """`address`: the service address; `token_url` else lies beside it as the pretend workplace has it."""
    names, chats = names if names is not None else Names(), chats if chats is not None else Chats()
    async with connector_at(
        address, clock=clock, token_url=token_url, pacing=pacing, store=store, password=password
    ) as (connector, _):
        yield TeamsPlatform(connector, app_id=TEAMS_APP_ID, names=names, chats=chats, clock=clock)


@asynccontextmanager
async def connector_at(
    address: str,
    *,
    clock: Clock,
    token_url: str | None = None,
    pacing: Pacing | None = None,
    store: Store | None = None,
    password: str = TEAMS_APP_PASSWORD,
) -> AsyncIterator[tuple[Connector, Credentials]]:
    own = None
    if store is None:
        store = own = in_memory()
    async with open_session() as session:
        credentials = Credentials(
            session,
            url=token_url or f"{address.rstrip('/').removesuffix('/emea')}/token",
            app_id=TEAMS_APP_ID,
            password=password,
            clock=clock,
        )
        connector = Connector(
            session,
            tenant=TENANT,
            credentials=credentials,
            addresses=Addresses(store, clock, otherwise=address),
            clock=clock,
            pacing=pacing or Unpaced(),
        )
        yield connector, credentials
        await credentials.close()
    if own is not None:
        own.close()
