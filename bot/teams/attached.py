"""Teams as `knuff serve` and `knuff worker` run it."""

from dataclasses import replace

from bot.attached import Endpoint, Parts
from bot.connection import Connection
from bot.conversation.visiting import House
from bot.pacing import SharedPacing
from bot.receiving import Intake
from bot.settings import Settings, is_loopback
from bot.teams.addresses import PLATFORM, Addresses
from bot.teams.app import Reception
from bot.teams.connection import identify
from bot.teams.connector import Connector, open_session
from bot.teams.credentials import credentials_of
from bot.teams.front import Front
from bot.teams.keys import SigningKeys
from bot.teams.people import Chats, Names
from bot.teams.platform import TeamsPlatform
from bot.teams.tokens import Tokens
from scheduler.buckets import Limits
from scheduler.clock import Clock
from scheduler.lanes import SendingRules
from storage.database import Store

SHARE = 0.985
"""How much of the tenant's limit we use. Calls that leave evenly spaced arrive a few milliseconds early or late, and
one more in any second than allowed is refused, which costs a second."""
IN_FLIGHT = 16
"""A call may take a fifth of a second: then fifty a second are ten on their way. A crash leaves as many in doubt at
most, and nobody can be asked about them."""


class AttachedTeams:
    def __init__(self, settings: Settings, *, store: Store, clock: Clock) -> None:
        """Must be made on the running loop, with settings that have what Teams needs."""
        self._settings = settings
        self._clock = clock
        self._app_id, self._tenant = settings.teams_app_id or "", settings.teams_tenant_id or ""
        limits = limits_of(settings)
        self.rules = SendingRules(
            limits=limits,
            lease_seconds=settings.lease_seconds,
            reconcile_after_seconds=settings.reconcile_seconds,
            in_flight=IN_FLIGHT,
        )
        self._session = open_session()
        self._credentials = credentials_of(settings, self._session, clock)
        self._in_trial = is_loopback(settings.teams_openid_url)
        self._addresses = Addresses(store, clock, otherwise=settings.teams_service_url, loopback=self._in_trial)
        self._names, self._chats = Names(), Chats()
        self._keys = SigningKeys(self._session, url=settings.teams_openid_url, clock=clock)
        pacing = SharedPacing(store=store, clock=clock, platform=PLATFORM, limits=limits, per_minute={})
        connector = Connector(
            self._session,
            tenant=self._tenant,
            credentials=self._credentials,
            addresses=self._addresses,
            clock=clock,
            pacing=pacing,
        )
        self.platform = TeamsPlatform(connector, app_id=self._app_id, names=self._names, chats=self._chats, clock=clock)
        self.connection = Connection(
            platform=PLATFORM,
            identify=identify(self._credentials, connector, tenant=self._tenant),
            store=store,
            clock=clock,
            organisation_name=settings.organisation,
        )

    def house(self, house: House) -> House:
        """Members of a channel can be read without further permissions, so picking them is always offered."""
        a_minute = self._settings.teams_requests_per_second * 60
        return replace(house, extra_audiences=True, posts_per_minute=max(1, int(a_minute)) if a_minute else 0)

    def endpoint(self, intake: Intake) -> Endpoint:
        return Front(
            Reception(intake, tenant=self._tenant, names=self._names, chats=self._chats, clock=self._clock),
            tokens=Tokens(self._keys, app_id=self._app_id, clock=self._clock),
            tenant=self._tenant,
            note_address=self._addresses.note,
            loopback=self._in_trial,
        )

    def from_the_start(self) -> Parts:
        """Keys are there before the first request needs them; what comes in is kept also while we are not connected."""
        return {"keys": self._keys.keep_fresh}

    def once_connected(self) -> Parts:
        return {}

    async def is_listening(self) -> bool:
        return bool(self._keys.issuer)

    async def close(self) -> None:
        await self._credentials.close()
        await self._session.close()


def limits_of(settings: Settings) -> Limits:
    """Return what Teams lets us do in the tenant. Calls of every kind count together there, so posts share theirs."""
    return Limits(
        posts_per_minute=settings.teams_requests_per_second * 60 * SHARE or None,
        channel_posts_per_second=settings.teams_channel_posts_per_second or None,
        searches_per_minute=None,
    )
