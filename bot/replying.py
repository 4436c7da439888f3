"""A message in answer to somebody: said once, also when the platform leaves us in doubt whether it arrived."""

from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import uuid4

from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.ports import Address, ChatPlatform, Search
from scheduler.clock import Clock
from scheduler.ports import DeliveryError, Unknown

MOST_SENDS = 3
MOST_SEARCHES = 3
BEFORE_SEARCH_SECONDS = 2.0
"""A message that has just been accepted may not be found at once."""


@runtime_checkable
class FindsReplies(Protocol):
    """A platform that can be asked whether a reply of ours arrived."""

    async def reply(self, to: Address, card: Card, *, reply_id: str) -> MessageRef: ...
    async def find_reply(self, to: Address, *, reply_id: str, since: datetime) -> Search: ...


async def reply(platform: ChatPlatform, to: Address, card: Card, *, clock: Clock) -> None:
    """Say it. In doubt, look for it first and say it again only when it surely is not there. Raises DeliveryError."""
    if not isinstance(platform, FindsReplies):
        await platform.send(to, card, delivery_id=None)
        return
    reply_id, since = uuid4().hex, clock.now()
    for left in range(MOST_SENDS, 0, -1):
        try:
            await platform.reply(to, card, reply_id=reply_id)
            return
        except Unknown:
            if await _arrived(platform, to, reply_id, since, clock):
                return
            if left == 1:
                raise


async def _arrived(platform: FindsReplies, to: Address, reply_id: str, since: datetime, clock: Clock) -> bool:
    """Return whether it is there. Raises the last error when nothing that was asked gave a complete answer."""
    for left in range(MOST_SEARCHES, 0, -1):
        await clock.sleep(BEFORE_SEARCH_SECONDS)
        try:
            search = await platform.find_reply(to, reply_id=reply_id, since=since)
        except DeliveryError:
            if left == 1:
                raise
            continue
        if search.found is not None or search.complete:
            return search.found is not None
    raise Unknown("search_incomplete")
