"""A day's promises to ask what the waves of a cohort's surveys ask. A wave may be open after its cohort has come
to its end; one that a coordinator ended asks nobody any more."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from lessons.surveys import Wave
from scheduler.calendar import Calendar
from scheduler.message_day import fate, is_message_day, why_closed
from scheduler.quietness import quietness_of
from storage import survey_promising
from storage.planning import DueCadence, Group
from storage.survey_promising import OpenWave, WavePromise
from storage.tables.deliveries import Reason
from storage.tables.programmes import CatchUp


def plan_surveys(
    session: Session, cadence: DueCadence, groups: Sequence[Group], day: date, now: datetime, takes: timedelta
) -> int:
    """Promise to everybody of a cadence what is asked of them on a day, after all else that the day brings. Return how
    many promises were new."""
    cohorts = {group.cohort_id: group for group in groups}
    waves = survey_promising.open_waves(session, cohorts, day)
    return sum(_plan_wave(session, cadence, cohorts[wave.cohort_id], wave, day, now, takes) for wave in waves)


def _plan_wave(
    session: Session, cadence: DueCadence, cohort: Group, wave: OpenWave, day: date, now: datetime, takes: timedelta
) -> int:
    if wave.wave == Wave.DAY and day == wave.opens_on:
        return 0  # in the morning nobody knows how the day was
    calendar = Calendar.from_choices(cohort.calendar)
    moments, falls_away = fate(
        cadence, calendar, day, now, late_hours=cohort.late_hours, catch_up=CatchUp.LATEST_ONLY, takes=takes
    )
    promise = WavePromise(cadence_id=cadence.id, wave=wave, day=day, moments=moments)
    quietness = quietness_of(cadence, calendar, day)
    paused = Reason.COHORT_PAUSED if cohort.is_paused(day) else None
    ended = Reason.COHORT_ENDED if cohort.has_ended(day) and wave.closes_on == cohort.ended_on else None
    reason = ended or paused or why_closed(cadence, calendar, day) or falls_away
    if reason is None and not is_message_day(cadence, calendar, day):
        reason = Reason.PACE
    promised = survey_promising.promise_wave(session, promise, quietness) if reason is None else 0
    if day == wave.closes_on:
        promised += survey_promising.explain_wave(session, promise, reason or Reason.ONE_MESSAGE, quietness)
    return promised
