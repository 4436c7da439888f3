"""Who is who in Slack: profiles, cached for ten minutes, and the members of channels and user groups."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation.events import Profile
from bot.slack.calls import Calls
from bot.slack.errors import code_of
from bot.slack.happenings import profile_of
from scheduler.clock import Clock
from scheduler.ports import Disconnected, Refused, Unreachable

FRESH = timedelta(minutes=10)
ONE_BY_ONE = 3
"""More strangers than this are looked up in the whole list, in one call a thousand."""
PAGE = 1000
SOMEBODY_WAITS_SECONDS = 2.0
"""Whoever is asked about one by one has just done something; what they did is not kept waiting longer than this."""
AUDIENCES = ("C", "G", "S", "@")
"""How the ids of channels and user groups begin, and the handle of a group. People's begin with U or W."""
log = structlog.get_logger()
UNKNOWN_CODES = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


class Roster:
    def __init__(self, client: AsyncWebClient, clock: Clock, calls: Calls) -> None:
        self._client = client
        self._clock = clock
        self._calls = calls
        self._known: dict[str, tuple[Profile, datetime]] = {}
        self._listed_at: datetime | None = None
        self._listing: asyncio.Task[None] | None = None

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        """Ask Slack who that is, now. None when it knows nobody by that id."""
        async with self._calls.to("users.info", workspace, within_seconds=SOMEBODY_WAITS_SECONDS):
            try:
                answer = await self._client.users_info(user=external_id, include_locale=True)
            except SlackApiError as error:
                if code_of(error) in UNKNOWN_CODES:
                    return None
                raise
            profile = profile_of(answer["user"])
        return self._remember(profile, self._clock.now())

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """Return everybody asked for, in order and once each; a channel or user group ("S…", "@handle") stands for its
        members. One that cannot be read is told as somebody who is gone."""
        people: dict[str, None] = {}
        for external_id in external_ids:
            people |= dict.fromkeys(await self._people_behind(workspace, external_id))
        now = self._clock.now()
        strangers = [person for person in people if not self._fresh(person, now) and not person.startswith(AUDIENCES)]
        if len(strangers) > ONE_BY_ONE and not (self._listed_at and now - self._listed_at < FRESH):
            await self._listed(workspace)
        return [await self._told(workspace, person, self._clock.now()) for person in people]

    async def members(self, workspace: str, audience_id: str) -> list[str]:
        """Return the members of a channel, or of a user group by its id ("S…") or handle ("@chefer")."""
        if audience_id.startswith("@"):
            audience_id = await self._group(workspace, audience_id.removeprefix("@"))
        if audience_id.startswith("S"):
            async with self._calls.to("usergroups.users.list", workspace):
                answer = await self._client.usergroups_users_list(usergroup=audience_id)
                return list(answer["users"])
        members: list[str] = []
        cursor = ""
        while True:
            async with self._calls.to("conversations.members", workspace):
                answer = await self._client.conversations_members(channel=audience_id, cursor=cursor, limit=PAGE)
                members += answer["members"]
                cursor = _next_page(answer)
            if not cursor:
                return members

    async def _people_behind(self, workspace: str, external_id: str) -> list[str]:
        if not external_id.startswith(AUDIENCES):
            return [external_id]
        try:
            return await self.members(workspace, external_id)
        except (Unreachable, Disconnected, Refused) as error:  # we are not in the channel, or may not read groups
            log.warning("audience_not_read", audience=external_id, error=str(error))
            return [external_id]

    async def _told(self, workspace: str, person: str, now: datetime) -> Profile:
        if person.startswith(AUDIENCES):
            return _nobody(person)
        return self._fresh(person, now) or await self.profile(workspace, person) or _nobody(person)

    async def _group(self, workspace: str, handle: str) -> str:
        """Return the id of a user group by its handle. Raises Unreachable when there is none."""
        async with self._calls.to("usergroups.list", workspace):
            groups = (await self._client.usergroups_list())["usergroups"]
            for group in groups:
                if group["handle"].casefold() == handle.casefold():
                    return str(group["id"])
        raise Unreachable("no_such_subteam")

    async def _listed(self, workspace: str) -> None:
        """Have everybody listed. Whoever gives up waiting does not stop the listing: the next who asks is answered."""
        if self._listing is None or self._listing.done():
            self._listing = asyncio.create_task(self._list_everybody(workspace))
            self._listing.add_done_callback(_listing_ended)
        await asyncio.shield(self._listing)

    async def _list_everybody(self, workspace: str) -> None:
        cursor = ""
        while True:
            async with self._calls.to("users.list", workspace):
                answer = await self._client.users_list(cursor=cursor, limit=PAGE, include_locale=True)
                profiles = [profile_of(user) for user in answer["members"]]
                cursor = _next_page(answer)
            now = self._clock.now()
            for profile in profiles:
                self._remember(profile, now)
            if not cursor:
                self._listed_at = now
                return

    def _fresh(self, person: str, now: datetime) -> Profile | None:
        profile, seen_at = self._known.get(person, (None, now))
        return profile if now - seen_at < FRESH else None

    def _remember(self, profile: Profile, now: datetime) -> Profile:
        self._known[profile.external_id] = (profile, now)
        return profile


def _next_page(answer: AsyncSlackResponse) -> str:
    return (answer.get("response_metadata") or {}).get("next_cursor") or ""


def _listing_ended(listing: "asyncio.Task[None]") -> None:
    """Say that it failed, also when everybody has given up waiting for it."""
    if not listing.cancelled() and (error := listing.exception()) is not None:
        log.warning("people_not_listed", error=type(error).__name__)


def _nobody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None, is_gone=True)
