"""What is measured: SKL's measures and our own, and how each is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.outcomes.suppression import FEWEST
from lessons.surveys import Wave

OWN = "own-items"
"""The survey that the measures are made of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """What SKL reported of its relays in 2015; of units, what it planned. It told neither method nor response rate."""

    percent: int | None = None
    count: int | None = None


SKL: Mapping[str, Reference] = {
    "skl_participants": Reference(count=550),
    "skl_know_stimulate": Reference(percent=80),
    "skl_know_innovation": Reference(percent=80),
    "skl_insight_own": Reference(percent=70),
    "skl_awareness": Reference(percent=57),
    "skl_day_attend": Reference(count=250),
    "skl_day_satisfied": Reference(percent=80),
    "skl_units_model": Reference(count=10),
}
"""By measure, as Vinnova published them (2014-06031)."""

SHARES: Mapping[str, tuple[str, Wave]] = {
    "skl_know_stimulate": ("S1", Wave.T1),
    "skl_know_innovation": ("S2", Wave.T1),
    "skl_insight_own": ("S3", Wave.T1),
    "skl_awareness": ("S5", Wave.T2),
    "skl_day_satisfied": ("S4", Wave.DAY),
    "suits": ("S12", Wave.T1),
    "support": ("S13", Wave.T1),
    "noticed": ("S14", Wave.T1),
}
"""The measures that are a share: which question, in which wave."""

STANDS_IN_EACH_WAVE = frozenset((OWN, item) for item in ("S11a", "S11b", "S11c", "S11d"))
"""Questions that are asked before the first exercise too, and yet told as they stand: how it is in a team is worth
knowing from the start. So how they have changed is not told."""

STANDS_AND_CHANGE = frozenset({(OWN, "S5")})
"""Told as they stand the last time, beside SKL's figure; and as a change, where the two together tell nobody."""

GUARD = "S13"
"""Whether it feels like support, not like control."""


def measure_of(survey: str, item: str, wave: Wave) -> str | None:
    """Return the measure that a question is in this wave; None where it is none of those with a name."""
    return next((name for name, asked in SHARES.items() if survey == OWN and asked == (item, wave)), None)


def measure_so_far(survey: str, item: str, wave: Wave) -> str | None:
    """Return the measure of the last week that a question tells of in week three, or None: how it is so far."""
    return measure_of(survey, item, Wave.T1) if wave is Wave.WEEK_3 else None


def count_shown(count: int) -> int | None:
    """Return a count of people that may be shown: none is none, and one to four are not told."""
    return count if count == 0 or count >= FEWEST else None
