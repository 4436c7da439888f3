"""Limits per workspace, method and channel: what a lane sends and what answers send share them, in every process.

`await take(store, workspace_id, rules.posting(conversation_id), now)` returns the moment when the call may be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage import pacing
from storage.database import Store

POST = "chat.postMessage"
SEARCH = "conversations.history"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a platform lets us do in one workspace. None: no limit of ours, the platform's own 429 only."""

    posts_per_minute: float | None = 60
    """For the whole workspace. Slack publishes no figure."""
    channel_posts_per_second: float | None = 1
    """In one channel or personal chat, as Slack documents."""
    searches_per_minute: float | None = 50
    """Slack's tier 3."""

    def posting(self, conversation_id: str | None) -> Mapping[str, float]:
        """Return the buckets of one posted message, each with the seconds it takes to be free again."""
        buckets = {}
        if self.posts_per_minute is not None:
            buckets[POST] = 60 / self.posts_per_minute
        if self.channel_posts_per_second is not None and conversation_id is not None:
            buckets[f"{POST}/{conversation_id}"] = 1 / self.channel_posts_per_second
        return buckets

    def searching(self) -> Mapping[str, float]:
        return {} if self.searches_per_minute is None else {SEARCH: 60 / self.searches_per_minute}


NO_LIMITS = Limits(posts_per_minute=None, channel_posts_per_second=None, searches_per_minute=None)


async def take(store: Store, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> datetime:
    """Reserve one call in all of the named buckets. Return when it may be made: `now` or later. Wait until then."""
    if not seconds_between:
        return now
    return await store.write(lambda session: pacing.take(session, workspace_id, seconds_between, now))


async def take_if_free(store: Store, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> bool:
    """Reserve one call in all of the named buckets if it may be made at once; nobody waits for it otherwise."""
    if not seconds_between:
        return True
    return await store.write(lambda session: pacing.take_if_free(session, workspace_id, seconds_between, now))


async def pause(store: Store, workspace_id: int, bucket: str, *, until: datetime) -> None:
    """Obey a 429: nobody uses this bucket before `until`; the others go on."""
    await store.write(lambda session: pacing.pause(session, workspace_id, bucket, until=until))
