"""Teams' rate limits: so many calls in each of several windows, per conversation and for the whole tenant."""

from collections import Counter, deque
from math import ceil

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

Windows = tuple[tuple[PositiveInt, PositiveFloat], ...]


class LimitSettings(BaseModel):
    """So many calls within so many seconds. The figures are Microsoft's ("Optimize your bot with rate limiting in
    Teams", October 2026): for one bot in one conversation, and 50 a second for one app in one tenant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    posts: Windows = ((7, 1), (8, 2), (60, 30), (1800, 3600))
    members: Windows = ((14, 1), (16, 2), (120, 30), (3600, 3600))
    tenant: Windows = ((50, 1),)


class Limits:
    """A call refused for its number counts against nothing."""

    def __init__(self, settings: LimitSettings) -> None:
        self.refused: Counter[str] = Counter()
        self.change(settings)

    def change(self, settings: LimitSettings) -> None:
        """Take new settings; everything that was called before is forgotten."""
        self.settings = settings
        self._windows = {"conversation": settings.posts, "members": settings.members, "tenant": settings.tenant}
        self._longest = {name: max((n for n, _ in windows), default=1) for name, windows in self._windows.items()}
        self._called: dict[tuple[str, str], deque[float]] = {}

    def retry_after_seconds(self, *, kind: str | None, conversation: str, now: float) -> int | None:
        """Count one call of a `kind`: "conversation" for posts, "members", or None where only the tenant's limit holds.

        Return None when it may pass, else the whole seconds to wait, at least 1.
        """
        if not self.settings.enabled:
            return None
        keys = [("tenant", "")] if kind is None else [("tenant", ""), (kind, conversation)]
        waits = [(self._wait_seconds(key, now), key[0]) for key in keys]
        longest, name = max(waits)
        if longest > 0:
            self.refused[name] += 1
            return max(1, ceil(longest))
        for key in keys:
            self._calls(key).append(now)
        return None

    def _wait_seconds(self, key: tuple[str, str], now: float) -> float:
        calls = self._calls(key)
        return max(
            (calls[-n] + seconds - now for n, seconds in self._windows[key[0]] if len(calls) >= n),
            default=0.0,
        )

    def _calls(self, key: tuple[str, str]) -> deque[float]:
        calls = self._called.get(key)
        if calls is None:
            calls = self._called[key] = deque(maxlen=self._longest[key[0]])
        return calls
