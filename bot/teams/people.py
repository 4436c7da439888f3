"""Who is who in Teams: what it told us by the way. There is no list of people to ask for, nor anybody's zone in one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from botframework.connector.models import ChannelAccount

from bot.conversation.events import Profile
from bot.latest import Latest
from bot.settings import GUID
from bot.teams.addresses import CHANNEL_ID
from bot.teams.connector import Connector
from scheduler.clock import Clock
from scheduler.ports import Disconnected, NotSent, Refused, Unknown, Unreachable

PAGE = 500
"""The most members Teams gives in one call."""
SOMEBODY_WAITS_SECONDS = 2.0
MOST_PAGES = 100
MOST_NAMES = 10_000
MOST_CHATS = 10_000
MOST_BEGUN = 20
FRESH = timedelta(minutes=1)
"""As long, pages that were read are not read again."""
LEARNT = timedelta(minutes=10)
BOT = "28:"
log = structlog.get_logger()


class Names(Latest[str, str]):
    """What people are called, by Entra id: in memory only, and of those we heard of last."""

    def __init__(self) -> None:
        super().__init__(most=MOST_NAMES)

    def told(self, person: str, name: str) -> None:
        if name:
            self[person] = name


class Chats(Latest[str, str]):
    """Which chat is somebody's own with us: as the latest activity said, or as we opened it ourselves. In memory only,
    and of those we heard of last: what is sent from a dialog does not say where to answer."""

    def __init__(self) -> None:
        super().__init__(most=MOST_CHATS)


class Roster:
    def __init__(self, connector: Connector, names: Names, clock: Clock) -> None:
        self._connector = connector
        self._names = names
        self._clock = clock
        self._begun: Latest[tuple[str, str], _Begun] = Latest(most=MOST_BEGUN)
        self._learnt: Latest[tuple[str, str], datetime] = Latest(most=MOST_BEGUN)
        """When a channel was last read for what its members are called."""
        self._learning = asyncio.Lock()

    def profile(self, external_id: str) -> Profile | None:
        """Return who that can be: zone and language come with what they do. None for what is nobody's id."""
        return _somebody(external_id.lower()) if GUID.fullmatch(external_id) else None

    async def learn_names(self, workspace: str, channel: str, people: Sequence[str]) -> None:
        """Learn what these are called, from a channel they are in. Whoever is not in it stays without a name: nobody
        reads the channel for them again and again. Nothing is shown by this, so what is in doubt is tried later."""
        async with self._learning:  # of many messages that go out together one reads, and the others have it read
            read_at = self._learnt.get((workspace, channel))
            is_fresh = read_at is not None and self._clock.now() - read_at < LEARNT
            if is_fresh or all(one in self._names for one in people):
                return
            try:
                await self.members(workspace, channel)
            except Unknown as error:
                raise NotSent(f"names_{error}") from error
            except (Unreachable, Refused) as error:
                log.warning("names_not_learnt", error=str(error))
            self._learnt[workspace, channel] = self._clock.now()

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """Return everybody asked for, in order and once each; a channel stands for its members. One that cannot be read
        is told as somebody who is gone."""
        people: dict[str, None] = {}
        for external_id in external_ids:
            people |= dict.fromkeys(await self._people_behind(workspace, external_id))
        return [self.profile(person) or _nobody(person) for person in people]

    async def members(self, workspace: str, channel: str) -> list[str]:
        """Return the Entra ids of a channel's members, without bots. Whoever asks again soon after they could not all
        be read goes on from there."""
        key = (workspace, channel)
        begun = self._begun.get(key)
        if begun is None or self._clock.now() - begun.at >= FRESH:
            begun = _Begun(members=(), pages=(), at=self._clock.now())
        while len(begun.pages) < MOST_PAGES:
            try:
                begun = await self._next_page(workspace, channel, begun)
            except Refused:  # such as a place in the list that is there no more
                self._begun.pop(key, None)
                raise
            if begun.pages[-1] in (None, *begun.pages[:-1]):  # the last one, or one that was read
                break
            self._begun[key] = begun
        self._begun.pop(key, None)
        return list(dict.fromkeys(begun.members))

    async def _next_page(self, workspace: str, channel: str, begun: "_Begun") -> "_Begun":
        async with self._connector.to(
            workspace, conversation=channel, within_seconds=SOMEBODY_WAITS_SECONDS
        ) as conversations:
            page = await conversations.get_conversation_paged_members(
                channel, page_size=PAGE, continuation_token=begun.pages[-1] if begun.pages else None
            )
            found, more = list(page.members or []), page.continuation_token or None
        people = [(person, member.name) for member in found if (person := _person_in(member)) is not None]
        for person, name in people:
            self._names.told(person, name or "")
        members = (*begun.members, *(one for one, _ in people))
        return _Begun(members=members, pages=(*begun.pages, more), at=self._clock.now())

    async def _people_behind(self, workspace: str, external_id: str) -> list[str]:
        if not CHANNEL_ID.fullmatch(external_id):
            return [external_id]
        try:
            return await self.members(workspace, external_id)
        except (Unreachable, Disconnected, Refused) as error:  # we are not in that team, or there is none
            log.warning("audience_not_read", error=str(error))
            return [external_id]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Begun:
    """A channel's members as far as they were read."""

    members: tuple[str, ...]
    pages: tuple[str | None, ...]
    """After each page that was read, where the next one begins; None after the last."""
    at: datetime


def _person_in(member: ChannelAccount) -> str | None:
    """Return a member's Entra id; None for an app, which has none."""
    person = member.aad_object_id
    return person.lower() if isinstance(person, str) and GUID.fullmatch(person) else None


def _somebody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None)


def _nobody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None, is_gone=True)
