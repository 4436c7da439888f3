"""Who is who in Slack: profiles, cached for ten minutes, and the members of channels and user groups."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation.events import Profile
from bot.slack.errors import code_of, ours
from bot.slack.happenings import profile_of
from scheduler.clock import Clock
from scheduler.ports import Disconnected, Refused, Unreachable

FRESH = timedelta(minutes=10)
ONE_BY_ONE = 3
"""More strangers than this are looked up in the whole list, in one call a thousand."""
PAGE = 1000
AUDIENCES = ("C", "G", "S", "@")
"""How the ids of channels and user groups begin, and the handle of a group. People's begin with U or W."""
log = structlog.get_logger()
UNKNOWN_CODES = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


class Roster:
    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[Profile, datetime]] = {}
        self._listed_at: datetime | None = None

    async def profile(self, external_id: str) -> Profile | None:
        """Ask Slack who that is, now. None when it knows nobody by that id."""
        now = self._clock.now()
        with ours(method="users.info", now=now):
            try:
                answer = await self._client.users_info(user=external_id, include_locale=True)
            except SlackApiError as error:
                if code_of(error) in UNKNOWN_CODES:
                    return None
                raise
        return self._remember(profile_of(answer["user"]), now)

    async def profiles(self, external_ids: Sequence[str]) -> list[Profile]:
        """Return everybody asked for, in order and once each; a channel or user group ("S…", "@handle") stands for its
        members. One that cannot be read is told as somebody who is gone."""
        people: dict[str, None] = {}
        for external_id in external_ids:
            people |= dict.fromkeys(await self._people_behind(external_id))
        now = self._clock.now()
        strangers = [person for person in people if not self._fresh(person, now) and not person.startswith(AUDIENCES)]
        if len(strangers) > ONE_BY_ONE and not (self._listed_at and now - self._listed_at < FRESH):
            await self._list_everybody(now)
        return [await self._told(person, now) for person in people]

    async def members(self, audience_id: str) -> list[str]:
        """Return the members of a channel, or of a user group by its id ("S…") or handle ("@chefer")."""
        if audience_id.startswith("@"):
            audience_id = await self._group(audience_id.removeprefix("@"))
        if audience_id.startswith("S"):
            with ours(method="usergroups.users.list", now=self._clock.now()):
                answer = await self._client.usergroups_users_list(usergroup=audience_id)
            return list(answer["users"])
        members: list[str] = []
        cursor = ""
        while True:
            with ours(method="conversations.members", now=self._clock.now()):
                answer = await self._client.conversations_members(channel=audience_id, cursor=cursor, limit=PAGE)
            members += answer["members"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return members

    async def _people_behind(self, external_id: str) -> list[str]:
        if not external_id.startswith(AUDIENCES):
            return [external_id]
        try:
            return await self.members(external_id)
        except (Unreachable, Disconnected, Refused) as error:  # we are not in the channel, or may not read groups
            log.warning("audience_not_read", audience=external_id, error=str(error))
            return [external_id]

    async def _told(self, person: str, now: datetime) -> Profile:
        if person.startswith(AUDIENCES):
            return _nobody(person)
        return self._fresh(person, now) or await self.profile(person) or _nobody(person)

    async def _group(self, handle: str) -> str:
        """Return the id of a user group by its handle. Raises Unreachable when there is none."""
        with ours(method="usergroups.list", now=self._clock.now()):
            answer = await self._client.usergroups_list()
        for group in answer["usergroups"]:
            if group["handle"].casefold() == handle.casefold():
                return str(group["id"])
        raise Unreachable("no_such_subteam")

    async def _list_everybody(self, now: datetime) -> None:
        cursor = ""
        while True:
            with ours(method="users.list", now=now):
                answer = await self._client.users_list(cursor=cursor, limit=PAGE, include_locale=True)
            for user in answer["members"]:
                self._remember(profile_of(user), now)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                self._listed_at = now
                return

    def _fresh(self, person: str, now: datetime) -> Profile | None:
        profile, seen_at = self._known.get(person, (None, now))
        return profile if now - seen_at < FRESH else None

    def _remember(self, profile: Profile, now: datetime) -> Profile:
        self._known[profile.external_id] = (profile, now)
        return profile


def _nobody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None, is_gone=True)
