"""When a lane may make its next post: its place among everybody's, at the platform's pace and after its pauses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from scheduler import buckets
from scheduler.buckets import POST, Limits
from scheduler.clock import Clock
from scheduler.pauses import Pauses
from storage import pacing, putting_off
from storage.database import Store
from storage.sending import DueMessage

HOLDS_UP_SECONDS = 2.0
"""A chat that was told to wait for longer is passed over."""


@dataclass(kw_only=True)
class Posting:
    """That of one lane, while somebody holds it."""

    store: Store
    clock: Clock
    limits: Limits
    workspace_id: int
    pauses: Pauses
    not_free: set[int] = field(default_factory=set)
    """Messages whose chat had one a moment ago: they wait for their place before they are claimed."""
    has_spare: bool = False
    """A reserved post was not needed after all: the next message uses it."""

    def with_claim(self, message: DueMessage) -> Mapping[str, float] | None:
        """Return the buckets in which a message's post is reserved in the transaction that claims it, so that claims on
        their way together share a commit. None: it waits for its place first."""
        if self.limits.posts_per_minute is not None or message.delivery_id in self.not_free:
            return None
        return self.limits.posting(message.conversation_id)

    async def place(self, message: DueMessage) -> datetime | None:
        """Reserve one post. Return when it may be made; None when the platform told that chat alone to wait: then the
        message is put off for as long, and holds up no other."""
        posting = dict(self.limits.posting(message.conversation_id))
        if self.has_spare:
            posting.pop(POST, None)
        now = self.clock.now()
        return await self.store.write(lambda session: self._place(session, message, posting, now)) if posting else now

    async def give_back(self, message: DueMessage, allowed_at: datetime) -> None:
        """Let whoever comes next have the place of a post that we do not make: most likely it is for this message."""
        posting = self.limits.posting(message.conversation_id)
        await self.store.write(lambda session: pacing.give_back(session, self.workspace_id, posting, allowed_at))

    async def hear_of_pause(self) -> None:
        """Look whether a pause began while we waited: it holds for every place from before it."""
        self.pauses.heard_of(await buckets.paused_until(self.store, self.workspace_id, POST, self.clock.now()))

    def _place(
        self, session: Session, message: DueMessage, posting: Mapping[str, float], now: datetime
    ) -> datetime | None:
        chat = next((bucket for bucket in posting if bucket != POST), None)
        until = pacing.paused_until(session, self.workspace_id, chat, now) if chat else None
        if until is not None and until > now + timedelta(seconds=HOLDS_UP_SECONDS):
            putting_off.put_off(session, message.delivery_id, until=until)
            return None
        return pacing.take(session, self.workspace_id, posting, now)
