"""Somebody in a programme: its document, a cohort and their place in it, in the tables."""

from datetime import date, datetime

from sqlmodel import Session

from lessons.models import ProgrammeDocument
from storage import cohorts
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment


def a_cohort(session: Session, confirmed: ProgrammeDocument, *, of: Person, starts_on: date, at: datetime) -> Cohort:
    """Return a cohort of this programme in somebody's workspace, stored at that moment (UTC)."""
    kept = cohorts.stored_document(
        session, of.organisation_id, programme_id=confirmed.programme.id, digest=confirmed.digest(),
        body=confirmed.to_json(), now=at,
    )  # fmt: skip
    cohort = Cohort(
        organisation_id=of.organisation_id, workspace_id=of.workspace_id, document_id=kept, name="Våren",
        starts_on=starts_on, created_at=at,
    )  # fmt: skip
    session.add(cohort)
    session.flush()
    return cohort


def enrolled(session: Session, person: Person, cohort: Cohort, *, at: datetime) -> Enrolment:
    """Return the person's place in the cohort from its first day on."""
    enrolment = Enrolment(
        organisation_id=person.organisation_id, cohort_id=cohort.id, person_id=person.id, cadence_id=person.cadence_id,
        starts_on=cohort.starts_on, first_day=cohort.starts_on, created_at=at,
    )  # fmt: skip
    session.add(enrolment)
    session.flush()
    return enrolment
