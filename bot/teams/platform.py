"""Teams as our `ChatPlatform`: one call to the connector for one thing asked, and its errors as ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeGuard

from bot.conversation.cards import Card, Form, People
from bot.conversation.events import MessageRef, Profile
from bot.ports import Address, Channel, Search, TriggerExpired
from bot.teams import dress
from bot.teams.addresses import PLATFORM
from bot.teams.connector import Connector
from bot.teams.people import BOT, Chats, Names, Roster
from bot.teams.text import Json
from scheduler.clock import Clock
from scheduler.ports import ChannelGone, NotSent, Refused, Unknown, Unreachable

CHANNEL_DATA = "channelData"
LANE_WAITS_SECONDS = 2.0
"""A message that has been marked waits no longer for a second call; it is sent a little later instead."""
MOST_ID = 500
NO_LONGER_THERE = "ActivityNotFoundInConversation"


class TeamsPlatform:
    name = PLATFORM
    has_roster = False

    def __init__(self, connector: Connector, *, app_id: str, names: Names, chats: Chats, clock: Clock) -> None:
        self._connector = connector
        self._bot = f"{BOT}{app_id}"
        self._names = names
        self._chats = chats
        self._roster = Roster(connector, names, clock)

    async def send(self, to: Address | Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        """As promised by the port. Whoever sends a delivery has waited for one turn before it was marked."""
        has_waited = delivery_id is not None
        await self._learn_names(to.workspace, card)
        message = dress.message(card, names=self._names)
        if delivery_id is not None:
            # An opaque id and nothing else: it is for whoever audits what was sent.
            message[CHANNEL_DATA] = {"knuff": {"delivery_id": delivery_id}}
        if isinstance(to, Channel):
            return await self._begin_thread(to, message, has_waited=has_waited)
        conversation = to.conversation or self._chats.get(to.person)
        if conversation is None:
            conversation = await self._open_chat(to, has_waited=has_waited)
            has_waited = False
        longest = {} if delivery_id is None else {"within_seconds": LANE_WAITS_SECONDS}
        try:
            async with self._connector.to(
                to.workspace, conversation=conversation, is_post=True, has_waited=has_waited, **longest
            ) as conversations:
                sent = await conversations.send_to_conversation(conversation, message)
        except Unreachable:
            self._chats.pop(to.person, None)
            raise
        if not sent or not _is_id(sent.id):
            raise Unknown("no_id")
        return MessageRef(conversation=conversation, message=sent.id)

    async def _learn_names(self, workspace: str, card: Card) -> None:
        for part in card.parts:
            if isinstance(part, People) and part.found_in is not None:
                await self._roster.learn_names(workspace, part.found_in, part.external_ids)

    async def _begin_thread(self, to: Channel, message: Json, *, has_waited: bool) -> MessageRef:
        """Post in a channel, as the beginning of a thread of its own: that is a conversation to the connector."""
        wanted = {
            "isGroup": True,
            "bot": {"id": self._bot},
            "tenantId": to.workspace,
            CHANNEL_DATA: {"channel": {"id": to.conversation}, "tenant": {"id": to.workspace}},
            "activity": message,
        }
        try:
            async with self._connector.to(
                to.workspace, conversation=to.conversation, is_post=True, has_waited=has_waited
            ) as conversations:
                thread = await conversations.create_conversation(wanted)
        except Unreachable as error:
            raise ChannelGone(*error.args) from error
        if not thread or not (_is_id(thread.id) and _is_id(thread.activity_id)):
            raise Unknown("no_id")
        return MessageRef(conversation=thread.id, message=thread.activity_id)

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        """Show the card in place of the message; one that is no longer there is left alone."""
        activity = {**dress.message(card, names=self._names), "id": message.message}
        try:
            async with self._connector.to(workspace, conversation=message.conversation) as conversations:
                await conversations.update_activity(message.conversation, message.message, activity)
        except Unreachable:
            return
        except Refused as refused:
            if refused.args[0] != NO_LONGER_THERE:
                raise

    async def find(self, to: Address | Channel, *, delivery_id: int, since: datetime) -> Search:
        """Teams lets no bot read a chat, so what is in doubt stays so."""
        return Search(found=None, complete=False, can_be_asked=False)

    async def show_home(self, to: Address, card: Card) -> None:
        """Home is a card on request here, and nothing to keep up to date."""

    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        """Forms open in the answer to a press and in no other way, so here it is always too late."""
        raise TriggerExpired(form.name)

    async def replace_form(self, workspace: str, form: Form, *, view: str) -> None:
        raise TriggerExpired(form.name)

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        return self._roster.profile(external_id)

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """As promised by the port; a channel among the ids stands for its members."""
        return await self._roster.profiles(workspace, external_ids)

    async def members(self, workspace: str, audience_id: str) -> list[str]:
        return await self._roster.members(workspace, audience_id)

    async def _open_chat(self, to: Address, *, has_waited: bool) -> str:
        """Return the chat with somebody whose chat is not known. Nothing is shown by this, so what is in doubt was
        surely not sent; and what is refused is the person, whom Teams does not know."""
        wanted = {
            "isGroup": False,
            "bot": {"id": self._bot},
            "members": [{"id": to.person}],
            "tenantId": to.workspace,
            CHANNEL_DATA: {"tenant": {"id": to.workspace}},
        }
        try:
            async with self._connector.to(to.workspace, has_waited=has_waited) as conversations:
                chat = (await conversations.create_conversation(wanted)).id
        except Unknown as error:
            raise NotSent(f"chat_{error}") from error
        except Refused as refused:
            raise Unreachable(*refused.args) from refused
        if not _is_id(chat):
            raise NotSent("chat_without_id")
        self._chats[to.person] = chat
        return chat


def _is_id(given: object) -> TypeGuard[str]:
    """Whether the connector gave us something that can be kept, and used in an address."""
    return isinstance(given, str) and 0 < len(given) <= MOST_ID and given.isprintable()
