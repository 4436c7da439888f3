"""What a stand-in permits, as the platforms do."""


class Bucket:
    """Lets `per_second` through, after a rest `burst` at once."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._every = 1 / per_second
        self._burst = burst
        self._free_at = 0.0

    def wait(self, now: float) -> float:
        """Take one and return 0, or return the seconds until there is one."""
        free_at = max(self._free_at, now - self._every * (self._burst - 1))
        if free_at > now:
            return free_at - now
        self._free_at = free_at + self._every
        return 0
