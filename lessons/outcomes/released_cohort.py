"""All that has been released of a cohort, as one document: what a report is made of, and what one organisation hands to
another for a joint report."""

from datetime import date
from typing import Literal

from lessons.models import Content, Text
from lessons.outcomes.released_wave import Number, People, ReleasedWave
from lessons.surveys import Wave

COHORT_SCHEMA: Literal["knuff.outcomes/1"] = "knuff.outcomes/1"


class Finished(Content):
    """Rounds of a challenge that came to their end."""

    title: Text
    rounds: Number


class Attendance(Content):
    """How many came to a meeting that is measured, as it was counted there. None: nobody has said."""

    day: date
    attended: Number | None = None


class Counts(Content):
    """What is counted. Of people, None is one to four."""

    participants: People | None
    legs: Number
    batons: Number
    tested: Number
    units_asked: Number
    units_in_use: Number
    facilitators_at_least: People | None = None
    meetings: tuple[Attendance, ...] = ()
    rounds: tuple[Finished, ...] = ()


class WaveOfCohort(Content):
    """A wave, open or closed. Only when it has closed is anything told of it."""

    wave: Wave
    opens_on: date
    closes_on: date
    told: ReleasedWave | None = None


class ReleasedCohort(Content):
    format: Literal["knuff.outcomes/1"] = COHORT_SCHEMA
    organisation: str
    name: str
    programme: Text
    starts_on: date
    waves: tuple[WaveOfCohort, ...]
    counts: Counts
