"""Cohorts come to be and people come to them: what happens when a coordinator confirms."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.conversation.cohort_choices import CohortChoices, Member
from lessons.models import ProgrammeDocument
from lessons.surveys import SurveyDocument
from scheduler import sessions, surveys
from scheduler.calendar import Calendar
from storage import cohorts, enrolments
from storage.tables.people import Person, Workspace
from storage.tables.programmes import Cohort, LateJoiners, Role

HOME_ZONE = ZoneInfo("Europe/Stockholm")
"""Where a cohort's own days begin and end: the coordinator's side of the schedule."""


def start_cohort(
    session: Session,
    *,
    workspace: Workspace,
    coordinator: Person,
    choices: CohortChoices,
    document: ProgrammeDocument,
    now: datetime,
    saves_text: bool = True,
    asking: SurveyDocument | None = None,
) -> Cohort:
    """Store the programme as it stands, the cohort and everybody in it; a welcome is promised to whoever is new.
    `asking` is what they will be asked about the programme."""
    digest = document.digest()
    cohort = Cohort(
        organisation_id=workspace.organisation_id,
        workspace_id=workspace.id,
        document_id=cohorts.stored_document(
            session,
            workspace.organisation_id,
            programme_id=choices.programme_id,
            digest=digest,
            body=document.to_json(),
            now=now,
        ),
        name=choices.name,
        starts_on=choices.starts_on,
        default_slot=choices.slot,
        window_minutes=choices.window_minutes,
        late_hours=choices.late_hours,
        catch_up=choices.catch_up,
        late_joiners=choices.late_joiners,
        calendar=choices.calendar.to_choices(),
        created_at=now,
    )
    session.add(cohort)
    session.flush()
    cohorts.add_coordinator(session, cohort, coordinator)
    sessions.lay_out(session, cohort, document.programme)
    surveys.lay_out(session, cohort, document.programme, asking, today=now.astimezone(HOME_ZONE).date(), now=now)
    added = enrol(
        session,
        workspace=workspace,
        cohort=cohort,
        members=choices.members,
        role=choices.role,
        saves_text=saves_text,
        now=now,
    )
    cohorts.write_down(session, coordinator, "cohort_started", cohort, now, people=added, digest=digest)
    return cohort


def enrol(
    session: Session,
    *,
    workspace: Workspace,
    cohort: Cohort,
    members: Sequence[Member],
    role: Role,
    now: datetime,
    saves_text: bool,
) -> int:
    """Enrol everybody who is not in yet, from the first day they can be: in the role they were picked for, or else in
    `role`. Return how many that were. `saves_text` is where those we have not met begin."""
    session.flush()
    first_day = first_day_for(cohort, now=now)
    enrolled = 0
    for own in Role:
        newcomers = [
            enrolments.Newcomer(external_id=member.external_id, zone=member.zone, language=member.language)
            for member in members
            if (member.role or role) is own
        ]
        if newcomers:
            enrolled += enrolments.enrol(
                session,
                cohort,
                enrolments.met(session, workspace, newcomers, slot=cohort.default_slot, saves_text=saves_text, now=now),
                role=own,
                starts_on=first_day if cohort.late_joiners is LateJoiners.DAY_ONE else cohort.starts_on,
                first_day=first_day,
                now=now,
            )
    return enrolled


def first_day_for(cohort: Cohort, *, now: datetime) -> date:
    """Return the first day somebody enrolled now gets an exercise: the start, or else the next open day after today."""
    today = now.astimezone(HOME_ZONE).date()
    if cohort.starts_on > today:
        return cohort.starts_on
    return next_open_day(today, calendar=Calendar.from_choices(cohort.calendar), cohort=cohort)


def next_open_day(day: date, *, calendar: Calendar, cohort: Cohort) -> date:
    """Return the first day strictly after `day` on which the cohort's slot is open."""
    slot = time.fromisoformat(cohort.default_slot)
    following = day + timedelta(days=1)
    while calendar.why_closed(following, slot) is not None:
        following += timedelta(days=1)
    return following
