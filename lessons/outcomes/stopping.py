"""Whether so few feel supported that whoever coordinates must stop and talk before the next cohort."""

from collections.abc import Sequence

from lessons.outcomes.measures import GUARD, OWN
from lessons.outcomes.released_cohort import WaveOfCohort
from lessons.outcomes.released_wave import Limited
from lessons.outcomes.saying import FEWEST_FOR_STOPPING, feels_like_control


def must_stop(waves: Sequence[WaveOfCohort]) -> bool:
    """`waves` are a cohort's, in the order they opened."""
    return feels_controlled(waves) is True


def feels_controlled(waves: Sequence[WaveOfCohort]) -> bool | None:
    """Judged by the last time that ten or more answered it and it may be told. None where there is no such time: fewer
    say nothing of it."""
    for wave in reversed(waves):
        found = wave.told.question(GUARD) if wave.told is not None else None
        if found is None or found.survey != OWN or found.share is None:
            continue
        if found.share.answers < FEWEST_FOR_STOPPING:
            continue
        if isinstance(found.share, Limited):
            return not found.share.is_lower
        return feels_like_control(found.share.yes, found.share.answers)
    return None
