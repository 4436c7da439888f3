"""When a cohort is asked: its waves laid out on its calendar, promised day by day, and closed when their time is over.

A wave is open for ten working days. The one about a session opens that day, and is asked about and answered from the
next on: in the morning nobody knows how the day was.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from lessons import models
from lessons.models import Role
from lessons.outcomes import intervals
from lessons.outcomes.releasing import Answered, release
from lessons.surveys import SurveyDocument, Wave, roles_asked, weeks_of_waves
from scheduler.calendar import Calendar, working_day_after
from scheduler.weeks import monday_of_week
from storage import outcomes, sessions, survey_waves
from storage.database import Store
from storage.moments import local_day
from storage.survey_waves import Closing, Laid
from storage.surveys import Response
from storage.tables.programmes import Cohort

log = structlog.get_logger()

OPEN_DAYS = 10
WEDNESDAY = timedelta(days=2)
ONE_DAY = timedelta(days=1)


def lay_out(
    session: Session,
    cohort: Cohort,
    programme: models.Programme,
    surveys: SurveyDocument | None,
    *,
    today: date,
    now: datetime,
) -> None:
    """Lay out the waves of a cohort that have not opened yet, each time that its sessions have got their days. A cohort
    keeps the surveys it was confirmed with."""
    kept = survey_waves.document_of(session, cohort.id)
    if kept is not None:
        document_id, surveys = kept[0], SurveyDocument.from_json(kept[1])
    elif surveys is not None:
        document_id = survey_waves.stored_document(
            session,
            cohort.organisation_id,
            name=surveys.name,
            digest=surveys.digest(),
            body=surveys.to_json(),
            now=now,
        )
    else:
        return
    survey_waves.lay(
        session,
        organisation_id=cohort.organisation_id,
        cohort_id=cohort.id,
        document_id=document_id,
        waves=_of_cohort(cohort, programme, surveys, sessions.days_of(session, cohort.id)),
        today=today,
    )


def asked_again(
    session: Session,
    cohort: Cohort,
    programme: models.Programme,
    surveys: SurveyDocument | None,
    *,
    today: date,
) -> tuple[dict[Wave, date], dict[Wave, date]]:
    """Return when the waves of a cohort that have not opened will, and when they would with another programme: what
    `lay_out` would do, but for those about a meeting, which follow it."""
    rows = outcomes.waves(session, organisation_id=cohort.organisation_id, cohort_id=cohort.id)
    laid = {Wave(row.wave): row.opens_on for row in rows}
    confirmed = survey_waves.document_of(session, cohort.id)
    document = surveys if confirmed is None else SurveyDocument.from_json(confirmed[1])
    would = [] if document is None else _of_cohort(cohort, programme, document, {})
    opened = {wave for wave, day in laid.items() if day <= today}
    days = {wave: one.opens_on for one in would if (wave := Wave(one.wave)) not in opened}
    kept = {wave: laid[wave] for wave, day in days.items() if day < today and wave in laid}
    return (
        {wave: day for wave, day in laid.items() if wave is not Wave.DAY and wave not in opened},
        {wave: day for wave, day in days.items() if day >= today} | kept,
    )


def waves_of(
    programme: models.Programme,
    surveys: SurveyDocument,
    *,
    starts_on: date,
    calendar: Calendar,
    slot: time,
    sessions: Mapping[int, date],
) -> list[Laid]:
    """Return every wave in which somebody is asked something, in the order of their days. `sessions`: the day of each
    session of the programme, by its place there, from 1 on."""
    first_open = partial(_first_open, calendar=calendar, slot=slot)
    found = []
    for wave, week in weeks_of_waves(programme).items():
        monday = monday_of_week(week, starts_on=starts_on, calendar=calendar)
        wanted = max(monday + (WEDNESDAY if wave is Wave.T1 else timedelta(0)), starts_on)
        roles = roles_asked(surveys, programme, wave, week=week)
        found.append((wave, roles, first_open(wanted)))
    of_day: dict[date, list[Role]] = {}
    for number, one in enumerate(programme.sessions, start=1):
        if one.wave is not None and number in sessions:
            of_day.setdefault(first_open(sessions[number]), []).extend(one.roles)
    for day, invited in of_day.items():  # two on one day are asked about as one
        found.append((Wave.DAY, tuple(role for role in Role if role in invited and surveys.asked(Wave.DAY, role)), day))
    laid = [
        Laid(
            wave=wave.value,
            roles=tuple(role.value for role in roles),
            opens_on=opens_on,
            closes_on=last_day(opens_on, calendar, slot),
        )
        for wave, roles, opens_on in found
        if roles
    ]
    return sorted(laid, key=lambda one: one.opens_on)


def last_day(opens_on: date, calendar: Calendar, slot: time) -> date:
    """Return the last day that a wave can be answered: the tenth working day, the one it opens included."""
    return working_day_after(opens_on - ONE_DAY, OPEN_DAYS, slot=slot, calendar=calendar)


async def close_waves(store: Store, now: datetime, zone: str) -> bool:
    """Close every wave whose last day is over, each in a unit of work of its own: any process may, any number of times.
    Return whether all could be closed."""
    today, well = local_day(now, zone), True
    over = await store.read(partial(survey_waves.over_by, today=today))
    if over:
        await asyncio.to_thread(intervals.load)  # not while SQLite's only writer waits
    for wave_id in over:
        try:
            closed = await store.write(partial(survey_waves.close, wave_id=wave_id, now=now, release=released_of))
        except Exception:  # one unit of work: the other waves must not wait for this one
            log.exception("survey_not_closed", wave_id=wave_id)
            well = False
        else:
            if closed:
                log.info("survey_closed", wave_id=wave_id)
    return well


def released_of(closing: Closing) -> dict[str, Any]:
    """Return what others may see of a wave that is being closed."""
    surveys = SurveyDocument.from_json(closing.body)
    return release(
        surveys.surveys,
        digest=closing.digest,
        wave=Wave(closing.wave),
        asked={enrolment: Role(role) for enrolment, role in closing.asked.items()},
        responses=map(_answered, closing.responses),
        at_first=map(_answered, closing.at_first),
    )


def _answered(response: Response) -> Answered:
    return Answered(person=response.person, item=response.item_id, about=response.about, value=response.value)


def _of_cohort(
    cohort: Cohort, programme: models.Programme, surveys: SurveyDocument, sessions: Mapping[int, date]
) -> list[Laid]:
    return waves_of(
        programme,
        surveys,
        starts_on=cohort.starts_on,
        calendar=Calendar.from_choices(cohort.calendar),
        slot=time.fromisoformat(cohort.default_slot),
        sessions=sessions,
    )


def _first_open(day: date, calendar: Calendar, slot: time) -> date:
    return working_day_after(day - ONE_DAY, 1, slot=slot, calendar=calendar)
