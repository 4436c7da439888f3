"""Slack's rate limits: tiers per method, and posting's own two. Every number can be changed while it runs."""

from collections import Counter
from datetime import datetime
from math import ceil

from pydantic import BaseModel, ConfigDict, Field


class LimitSettings(BaseModel):
    """Calls per minute by tier; posting per channel and per workspace.

    Slack publishes one message a second and channel "with short bursts", and only "several hundred" a minute for
    the workspace: the burst of 3 and the 300 are ours.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    tiers: dict[int, int] = Field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100})
    methods: dict[str, int] = Field(default_factory=dict, description="calls per minute, instead of the tier's")
    post_per_minute: int = Field(default=300, ge=1)
    post_burst: int | None = Field(default=None, ge=1, description="of the workspace; a minute's worth if null")
    channel_seconds: float = Field(default=1.0, gt=0, description="between posts in one channel, in the long run")
    channel_burst: int = Field(default=3, ge=1)


class Bucket:
    """A token bucket: `burst` at once, then one every `seconds`."""

    def __init__(self, *, burst: int, seconds: float, now: datetime) -> None:
        self._burst = burst
        self._seconds = seconds
        self._tokens = float(burst)
        self._seen_at = now

    def wait_seconds(self, now: datetime) -> float:
        """Return how long until one more is allowed; 0 when it is allowed now."""
        passed = (now - self._seen_at).total_seconds()
        self._tokens = min(float(self._burst), self._tokens + passed / self._seconds)
        self._seen_at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) * self._seconds

    def take(self) -> None:
        self._tokens -= 1


class Limits:
    def __init__(self, settings: LimitSettings) -> None:
        self.refused: Counter[str] = Counter()
        self.change(settings)

    def change(self, settings: LimitSettings) -> None:
        """Take new settings; every bucket starts full."""
        self.settings = settings
        self._buckets: dict[str, Bucket] = {}

    def retry_after_seconds(self, method: str, *, tier: int | None, channel: str | None, now: datetime) -> int | None:
        """Count one call; return None when it may pass, else the whole seconds to wait."""
        if not self.settings.enabled:
            return None
        buckets = self._for(method, tier=tier, channel=channel, now=now)
        wait = max((bucket.wait_seconds(now) for bucket in buckets), default=0.0)
        if wait > 0:
            self.refused[method] += 1
            return max(1, ceil(wait))
        for bucket in buckets:
            bucket.take()
        return None

    def _for(self, method: str, *, tier: int | None, channel: str | None, now: datetime) -> list[Bucket]:
        settings = self.settings
        if method == "chat.postMessage":
            minute = settings.post_per_minute
            everyone = self._bucket(method, burst=settings.post_burst or minute, seconds=60 / minute, now=now)
            here = self._bucket(
                f"{method} {channel}", burst=settings.channel_burst, seconds=settings.channel_seconds, now=now
            )
            return [everyone, here]
        per_minute = settings.methods.get(method) or (settings.tiers.get(tier) if tier else None)
        return [self._bucket(method, burst=per_minute, seconds=60 / per_minute, now=now)] if per_minute else []

    def _bucket(self, key: str, *, burst: int, seconds: float, now: datetime) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(burst=burst, seconds=seconds, now=now)
        return self._buckets[key]
