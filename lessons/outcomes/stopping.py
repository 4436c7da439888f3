"""Whether so few feel supported that whoever coordinates must stop and talk before the next cohort."""

from collections.abc import Sequence

from lessons.outcomes.measures import GUARD, OWN
from lessons.outcomes.released_cohort import WaveOfCohort
from lessons.outcomes.released_wave import Limited
from lessons.outcomes.saying import FEWEST_FOR_STOPPING, feels_like_control
from lessons.surveys import Wave


def stopped_by(waves: Sequence[WaveOfCohort]) -> Wave | None:
    """Return the time when too few felt supported; None where nobody must stop. `waves` are a cohort's, in the order
    they opened."""
    wave, is_felt = _judged(waves) or (None, False)
    return wave if is_felt else None


def feels_controlled(waves: Sequence[WaveOfCohort]) -> bool | None:
    """None where nobody can tell."""
    found = _judged(waves)
    return None if found is None else found[1]


def _judged(waves: Sequence[WaveOfCohort]) -> tuple[Wave, bool] | None:
    """By the last time that ten or more answered it and it may be told. None where there is no such time: fewer say
    nothing of it."""
    for wave in reversed(waves):
        found = wave.told.question(GUARD) if wave.told is not None else None
        if found is None or found.survey != OWN or found.share is None:
            continue
        if found.share.answers < FEWEST_FOR_STOPPING:
            continue
        if isinstance(found.share, Limited):
            return wave.wave, not found.share.is_lower
        return wave.wave, feels_like_control(found.share.yes, found.share.answers)
    return None
