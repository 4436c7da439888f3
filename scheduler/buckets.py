"""Limits per workspace, method and channel: what a lane sends and what answers send share them, in every process.

`await take(store, workspace_id, rules.posting(conversation_id), now)` returns the moment when the call may be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import pacing
from storage.database import Store
from storage.pacing import IN_CHANNEL

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
            buckets[f"{POST}{IN_CHANNEL}{conversation_id}"] = 1 / self.channel_posts_per_second
        return buckets

    @property
    def seconds_a_post(self) -> float:
        """How long one message takes in a whole workspace. 0 without a limit."""
        return 60 / self.posts_per_minute if self.posts_per_minute is not None else 0.0

    def searching(self) -> Mapping[str, float]:
        """Return the bucket of one page of history. Without a limit there is still one, for pauses."""
        return {SEARCH: 60 / self.searches_per_minute if self.searches_per_minute is not None else 0.0}


NO_LIMITS = Limits(posts_per_minute=None, channel_posts_per_second=None, searches_per_minute=None)


async def take(store: Store, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> datetime:
    """Reserve one call in all of the named buckets. Return when it may be made: `now` or later. Wait until then."""
    if not seconds_between:
        return now
    return await store.write(lambda session: pacing.take(session, workspace_id, seconds_between, now))


async def take_if_free(store: Store, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> bool:
    """Reserve one call in all of the named buckets if it may be made at once; nobody waits for it otherwise."""
    return await store.write(lambda session: pacing.take_if_free(session, workspace_id, seconds_between, now))


async def pause(
    store: Store, workspace_id: int, bucket: str, *, until: datetime, ahead: timedelta = timedelta(0)
) -> None:
    """Obey a 429: nobody uses this bucket before `until`; the others go on."""
    await store.write(lambda session: pacing.pause(session, workspace_id, bucket, until=until, ahead=ahead))


async def paused_until(store: Store, workspace_id: int, bucket: str, now: datetime) -> datetime | None:
    """Return when a pause ends; None when there is none. To be asked after waiting: a 429 may have come to somebody
    meanwhile, and then the place that was waited for is worth nothing any more."""
    return await store.read(lambda session: pacing.paused_until(session, workspace_id, bucket, now))
