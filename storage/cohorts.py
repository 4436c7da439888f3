"""Cohorts as their coordinators set them up. Everything is reached through a coordinator, who meets only their own.

Nothing here tells what anybody did: who answers, pauses or stops is not a coordinator's business.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from storage import closing, documents, survey_waves
from storage.tables import metadata
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Delivery
from storage.tables.people import Cadence, Person
from storage.tables.programmes import Cohort, CohortCoordinator, CohortDraft, CohortState, Enrolment

_document = metadata.tables["programme_document"]

AT_A_TIME = 5_000
"""Ids in one statement: SQLite takes 32,766 values."""


class CohortNotFound(LookupError):
    """No such cohort among this coordinator's own."""


class CohortHasEnded(Exception):
    """What has ended is not changed any more. `args[0]` is the cohort."""


class DraftNotFound(LookupError):
    """The draft was confirmed or thrown away, or is somebody else's."""


def own_cohorts(session: Session, coordinator: Person) -> list[Cohort]:
    """Return the coordinator's cohorts, newest start first."""
    return list(
        session.exec(
            select(Cohort)
            .join(CohortCoordinator, col(CohortCoordinator.cohort_id) == Cohort.id)
            .where(
                CohortCoordinator.person_id == coordinator.id,
                Cohort.organisation_id == coordinator.organisation_id,
            )
            .order_by(col(Cohort.starts_on).desc(), col(Cohort.id).desc())
        )
    )


def own_cohort(session: Session, coordinator: Person, cohort_id: int) -> Cohort:
    """Return one of the coordinator's cohorts. Raises CohortNotFound."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or cohort.organisation_id != coordinator.organisation_id:
        raise CohortNotFound(cohort_id)
    if session.get(CohortCoordinator, (cohort_id, coordinator.id)) is None:
        raise CohortNotFound(cohort_id)
    return cohort


def open_cohort(session: Session, coordinator: Person, cohort_id: int) -> Cohort:
    """As `own_cohort`, for changing it. Raises CohortHasEnded too."""
    cohort = own_cohort(session, coordinator, cohort_id)
    if cohort.state is CohortState.ENDED:
        raise CohortHasEnded(cohort)
    return cohort


def number_of_people(session: Session, cohort: Cohort, on: date) -> int:
    """Return how many people are enrolled on a day. Somebody who stopped quietly still counts: only removal shows."""
    return session.exec(
        select(func.count()).select_from(Enrolment).where(Enrolment.cohort_id == cohort.id, *_still_in(on))
    ).one()


def people_at_each_time(
    session: Session, coordinator: Person, *, without: Cohort | None = None
) -> list[tuple[str, str, int]]:
    """Return how many people in the coordinator's workspace get a message of other cohorts at which time of day, in
    which zone: ("08:15", "Europe/Stockholm", 550)."""
    found = (
        select(col(Cadence.slot), col(Cadence.zone), func.count(col(Enrolment.person_id).distinct()))
        .join(Cohort, col(Cohort.id) == Enrolment.cohort_id)
        .join(Cadence, col(Cadence.id) == Enrolment.cadence_id)
        .where(
            Cohort.workspace_id == coordinator.workspace_id,
            Cohort.state == CohortState.RUNNING,
            col(Enrolment.ends_on).is_(None),
        )
        .group_by(col(Cadence.slot), col(Cadence.zone))
        .order_by(col(Cadence.slot), col(Cadence.zone))
    )
    if without is not None:
        found = found.where(Cohort.id != without.id)
    return list(session.exec(found).all())


def number_already_in(session: Session, cohort: Cohort, external_ids: Sequence[str], on: date) -> int:
    """Return how many of these people are enrolled on a day."""
    found = (
        select(func.count())
        .select_from(Enrolment)
        .join(Person, col(Person.id) == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, Person.workspace_id == cohort.workspace_id, *_still_in(on))
    )
    some = (external_ids[start : start + AT_A_TIME] for start in range(0, len(external_ids), AT_A_TIME))
    return sum(session.exec(found.where(col(Person.external_id).in_(ids))).one() for ids in some)


def number_by_day(session: Session, cohort: Cohort, *, last: date) -> dict[date, int]:
    """Return to how many people something was promised, for every day up to `last` with a promise."""
    rows = session.exec(
        select(col(Delivery.day), func.count(col(Delivery.person_id).distinct()))
        .where(Delivery.cohort_id == cohort.id, Delivery.day <= last)
        .group_by(col(Delivery.day))
    )
    return dict(rows.all())


def stored_document(
    session: Session, organisation_id: int, *, programme_id: str, digest: str, body: str, now: datetime
) -> int:
    """Return the id of the document with this digest, storing it the first time."""
    return documents.stored(
        session, _document, organisation_id, programme_id=programme_id, digest=digest, body=body, now=now
    )


def add_coordinator(session: Session, cohort: Cohort, person: Person) -> None:
    """Give a cohort one more coordinator. Doing it twice changes nothing."""
    if session.get(CohortCoordinator, (cohort.id, person.id)) is None:
        session.add(CohortCoordinator(cohort_id=cohort.id, person_id=person.id))
    person.is_coordinator = True


def end_enrolments(session: Session, cohort: Cohort, external_ids: Sequence[str], on: date, now: datetime) -> int:
    """End the enrolments of some people from a day on, with their open follow-ups and plans. Return how many were
    enrolled."""
    named = select(Person.id).where(
        Person.workspace_id == cohort.workspace_id, col(Person.external_id).in_(external_ids)
    )
    ended = session.exec(
        update(Enrolment)
        .where(col(Enrolment.cohort_id) == cohort.id, col(Enrolment.person_id).in_(named), *_still_in(on))
        .values(ends_on=on)
        .execution_options(synchronize_session="fetch")
    )
    closing.let_go_of_what_nobody_asks(session, cohort.organisation_id, on, now, cohort_id=cohort.id)
    return ended.rowcount


def set_state(session: Session, cohort: Cohort, state: CohortState, on: date, now: datetime) -> bool:
    """Pause, resume or end a cohort from a day on; its open follow-ups, plans and surveys end with it. Return whether
    anything changed; what has ended stays ended."""
    if cohort.state in (state, CohortState.ENDED):
        return False
    cohort.state = state
    cohort.paused_from = on if state is CohortState.PAUSED else None
    if state is CohortState.ENDED:
        cohort.ended_on = on
    session.add(cohort)
    if state is CohortState.ENDED:
        session.flush()
        closing.let_go_of_what_nobody_asks(session, cohort.organisation_id, on, now, cohort_id=cohort.id)
        survey_waves.end(session, cohort_id=cohort.id, on=on)
    return True


def keep_draft(
    session: Session,
    coordinator: Person,
    what: str,
    shown: dict[str, Any],
    now: datetime,
    cohort: Cohort | None = None,
) -> str:
    """Keep what a coordinator has been shown, in place of earlier drafts, and return its key.

    `what` says what it is a draft of. The key stands for this very content: SQLite gives the id of a draft that has
    been thrown away to the next one, and nobody may confirm something else than they saw.
    """
    session.exec(delete(CohortDraft).where(col(CohortDraft.coordinator_id) == coordinator.id))
    draft = CohortDraft(
        organisation_id=coordinator.organisation_id,
        coordinator_id=coordinator.id,
        cohort_id=cohort.id if cohort else None,
        body={"what": what, "shown": shown},
        made_at=now,
    )
    session.add(draft)
    session.flush()
    return _key(draft)


def take_draft(session: Session, coordinator: Person, key: str, what: str) -> tuple[dict[str, Any], int | None]:
    """Take out the coordinator's own draft: whoever comes second finds nothing. Raises DraftNotFound.

    Return what was shown and the cohort's id.
    """
    mine = select(CohortDraft).where(CohortDraft.coordinator_id == coordinator.id)
    draft = next((draft for draft in session.exec(mine) if _key(draft) == key), None)
    if draft is None or draft.body["what"] != what:
        raise DraftNotFound(key)
    session.expunge(draft)
    if session.exec(delete(CohortDraft).where(col(CohortDraft.id) == draft.id)).rowcount == 0:
        raise DraftNotFound(key)
    return draft.body["shown"], draft.cohort_id


def forget_drafts(session: Session, *, made_before: datetime) -> int:
    """Throw away what nobody confirmed: drafts name people. Return how many there were."""
    return session.exec(delete(CohortDraft).where(col(CohortDraft.made_at) < made_before)).rowcount


def write_down(
    session: Session, coordinator: Person, action: str, cohort: Cohort, now: datetime, **detail: Any
) -> None:
    """Add a line to the audit: who did what to which cohort, in numbers."""
    session.add(
        AuditEntry(
            organisation_id=coordinator.organisation_id,
            at=now,
            actor_id=coordinator.id,
            action=action,
            cohort_id=cohort.id,
            detail=detail,
        )
    )


def _key(draft: CohortDraft) -> str:
    content = json.dumps([draft.cohort_id, draft.body], sort_keys=True)
    return f"{draft.id}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _still_in(on: date) -> tuple[ColumnElement[bool], ...]:
    return ((col(Enrolment.ends_on).is_(None)) | (col(Enrolment.ends_on) > on),)
