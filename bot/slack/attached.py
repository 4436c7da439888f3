"""Slack as `knuff serve` and `knuff worker` run it."""

from dataclasses import replace

from bot.attached import Endpoint, Parts
from bot.connection import Connection
from bot.conversation.visiting import House
from bot.pacing import SharedPacing
from bot.receiving import Intake
from bot.settings import Settings
from bot.slack.app import bolt_app, register
from bot.slack.calls import open_session, web_client
from bot.slack.connection import identify
from bot.slack.front import Front
from bot.slack.platform import SlackPlatform
from bot.slack.socket import Socket
from bot.slack.tiers import per_minute
from scheduler.buckets import Limits
from scheduler.clock import Clock
from scheduler.lanes import SendingRules
from storage.database import Store


class AttachedSlack:
    def __init__(self, settings: Settings, *, store: Store, clock: Clock) -> None:
        """Must be made on the running loop, with settings that have what Slack needs."""
        self._settings = settings
        self._clock = clock
        limits = Limits(
            posts_per_minute=settings.posts_per_minute or None,
            channel_posts_per_second=settings.channel_posts_per_second or None,
            searches_per_minute=settings.searches_per_minute or None,
        )
        self.rules = SendingRules(
            limits=limits,
            lease_seconds=settings.lease_seconds,
            reconcile_after_seconds=settings.reconcile_seconds,
        )
        self._session = open_session()
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
        client = web_client(self._session, token=token, api_url=settings.slack_api_url)
        pacing = SharedPacing(
            store=store,
            clock=clock,
            platform=SlackPlatform.name,
            limits=limits,
            per_minute=per_minute(settings.slack_tiers),
        )
        self.platform = SlackPlatform(client, clock, pacing)
        self.connection = Connection(
            platform=SlackPlatform.name,
            identify=identify(client),
            store=store,
            clock=clock,
            organisation_name=settings.organisation,
        )
        self._bolt = bolt_app(client)
        app_token = settings.slack_app_token
        self._socket = Socket(self._bolt, app_token=app_token.get_secret_value()) if app_token else None

    def house(self, house: House) -> House:
        return replace(
            house, extra_audiences=self._settings.slack_audiences, posts_per_minute=self._settings.posts_per_minute
        )

    def endpoint(self, intake: Intake) -> Endpoint | None:
        register(self._bolt, intake, self._clock)
        secret = self._settings.slack_signing_secret
        return Front(self._bolt, secret=secret.get_secret_value(), clock=self._clock) if secret else None

    def from_the_start(self) -> Parts:
        return {}

    def once_connected(self) -> Parts:
        return {"socket": self._socket.listen} if self._socket is not None else {}

    async def is_listening(self) -> bool:
        return self._socket is None or await self._socket.is_connected()

    async def close(self) -> None:
        await self._session.close()
