"""All that may be told of a cohort, gathered as one document: what was released of its waves, and what is counted."""

from sqlmodel import Session

from bot.conversation.documents import document
from lessons.library import Library
from lessons.models import Text
from lessons.outcomes.measures import count_shown
from lessons.outcomes.released_cohort import Attendance, Counts, Finished, ReleasedCohort, WaveOfCohort
from lessons.outcomes.released_wave import read_wave
from lessons.surveys import Wave
from storage import facilitation, messages, outcomes, sessions
from storage.tables.programmes import Cohort


def released_cohort(session: Session, cohort: Cohort, *, organisation: str, library: Library) -> ReleasedCohort:
    """Raises LookupError for a cohort without a programme."""
    digest = messages.digest_of(session, cohort.id)
    confirmed = document(session, digest) if digest else None
    if confirmed is None:
        raise LookupError(f"cohort {cohort.id} has no programme")
    whose = {"organisation_id": cohort.organisation_id, "cohort_id": cohort.id}
    measured = {number for number, one in enumerate(confirmed.programme.sessions, start=1) if one.measured}
    done = outcomes.done(session, **whose)
    return ReleasedCohort(
        organisation=organisation,
        name=cohort.name,
        programme=confirmed.programme.title,
        starts_on=cohort.starts_on,
        waves=released_waves(session, cohort),
        counts=Counts(
            participants=count_shown(done.in_a_leg),
            legs=done.legs,
            batons=done.batons,
            tested=done.tested,
            units_asked=done.asked_afterwards,
            units_in_use=done.still_in_use,
            facilitators_at_least=facilitation.count(session, **whose),
            meetings=tuple(
                Attendance(day=one.day, attended=one.attended)
                for one in sessions.of_cohort(session, cohort)
                if one.number in measured
            ),
            rounds=tuple(
                Finished(title=_title(library, challenge), rounds=number) for challenge, number in done.rounds.items()
            ),
        ),
    )


def released_waves(session: Session, cohort: Cohort) -> tuple[WaveOfCohort, ...]:
    """Return a cohort's waves in the order they opened, with what was released of those that have closed."""
    rows = outcomes.waves(session, organisation_id=cohort.organisation_id, cohort_id=cohort.id)
    return tuple(_wave(row) for row in rows)


def _wave(row: outcomes.WaveRow) -> WaveOfCohort:
    return WaveOfCohort(
        wave=Wave(row.wave),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        told=read_wave(row.released) if row.released is not None else None,
    )


def _title(library: Library, challenge_id: str) -> Text:
    """A challenge that is no longer in the library is called by its id."""
    known = library.challenges.get(challenge_id)
    return Text(sv=challenge_id, en=challenge_id) if known is None else Text(sv=known.title.sv, en=known.title.en)
