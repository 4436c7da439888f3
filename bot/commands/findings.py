"""What `knuff doctor` says of each thing it looks at."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `fault` says what is wrong and what to do; none when it is in order."""

    what: str
    fault: str | None = None
    advice: str | None = None
    """Worth knowing, and no fault."""
    is_seen: bool = True
    """False: it cannot be seen from here, or not now."""


def clock_beside(told: str | None, *, whose: str) -> Finding:
    """Compare this machine's clock with the Date that a platform's server told."""
    try:
        there = parsedate_to_datetime(told or "").astimezone(UTC)
    except ValueError:
        return Finding("Clock", advice=f"{whose} did not say what time it is.")
    seconds = abs((datetime.now(UTC) - there).total_seconds())
    if seconds > MOST_SKEW_SECONDS:
        return Finding(
            "Clock", f"This machine's clock is {seconds:.0f} seconds from {whose}'s: turn time synchronisation on."
        )
    return Finding("Clock")
