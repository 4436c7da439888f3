"""Who is who in Teams: what it told us by the way. There is no list of people to ask for, nor anybody's zone in one."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

import structlog
from botframework.connector.models import ChannelAccount

from bot.conversation.events import Profile
from bot.teams.connector import Connector
from scheduler.ports import Disconnected, Refused, Unreachable

PAGE = 500
"""The most members Teams gives in one call."""
SOMEBODY_WAITS_SECONDS = 2.0
MOST_NAMES = 10_000
BOT = "28:"
log = structlog.get_logger()
_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CHANNEL = re.compile(r"19:[^\s/]{1,200}@thread\.[a-z0-9]{1,20}")


class Names(Mapping[str, str]):
    """What people are called, by Entra id: in memory only, and of those we heard of last."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()

    def told(self, person: str, name: str) -> None:
        if not name:
            return
        self._names[person] = name
        self._names.move_to_end(person)
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)

    def __getitem__(self, person: str) -> str:
        return self._names[person]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Roster:
    def __init__(self, connector: Connector, names: Names) -> None:
        self._connector = connector
        self._names = names

    def profile(self, external_id: str) -> Profile | None:
        """Return who that can be: zone and language come with what they do. None for what is nobody's id."""
        return _somebody(external_id) if _PERSON.fullmatch(external_id) else None

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """Return everybody asked for, in order and once each; a channel stands for its members. One that cannot be read
        is told as somebody who is gone."""
        people: dict[str, None] = {}
        for external_id in external_ids:
            people |= dict.fromkeys(await self._people_behind(workspace, external_id))
        return [self.profile(person) or _nobody(person) for person in people]

    async def members(self, workspace: str, channel: str) -> list[str]:
        """Return the Entra ids of a channel's members, without bots."""
        members: list[str] = []
        more: str | None = None
        while True:
            async with self._connector.to(workspace, within_seconds=SOMEBODY_WAITS_SECONDS) as conversations:
                page = await conversations.get_conversation_paged_members(
                    channel, page_size=PAGE, continuation_token=more
                )
                found, more = list(page.members or []), page.continuation_token
            for member in found:
                person = _person_in(member)
                if person is not None:
                    self._names.told(person, member.name or "")
                    members.append(person)
            if not more:
                return members

    async def _people_behind(self, workspace: str, external_id: str) -> list[str]:
        if not _CHANNEL.fullmatch(external_id):
            return [external_id]
        try:
            return await self.members(workspace, external_id)
        except (Unreachable, Disconnected, Refused) as error:  # we are not in that team, or there is none
            log.warning("audience_not_read", audience=external_id, error=str(error))
            return [external_id]


def _person_in(member: ChannelAccount) -> str | None:
    """Return a member's Entra id; None for an app, which has none."""
    person = member.aad_object_id
    is_person = isinstance(person, str) and _PERSON.fullmatch(person) and not str(member.id).startswith(BOT)
    return person if is_person else None


def _somebody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None)


def _nobody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone=None, language=None, is_gone=True)
