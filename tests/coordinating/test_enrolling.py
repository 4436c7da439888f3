"""Many people at once: the same as one by one, on both databases, within the seconds a chat waits for."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from bot.conversation.enrolling import first_day_for
from storage import enrolments, people
from storage.database import Store, open_store
from storage.enrolments import Newcomer
from storage.tables.people import Cadence, Organisation, Person, Platform, Workspace
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument, Role
from tests.coordinating.office import Office, form_in, home, managers

NOW = datetime(2026, 2, 20, 9, tzinfo=UTC)
ZONES = ("Europe/Stockholm", "Europe/Helsinki", None, "Mars/Olympus")
MANY = [
    Newcomer(external_id=f"U{number:04}", zone=ZONES[number % 4], language=("sv", "en", None)[number % 3])
    for number in range(120)
]


@pytest.fixture
def filled(database_url: str) -> Iterator[Store]:
    store = open_store(database_url)
    yield store
    store.close()


def a_cohort(session: Session) -> tuple[Workspace, Cohort]:
    organisation = Organisation(name="Alvsunda", created_at=NOW)
    session.add(organisation)
    session.flush()
    workspace = Workspace(
        organisation_id=organisation.id, platform=Platform.SLACK, external_id=f"T{organisation.id}", created_at=NOW
    )
    document = ProgrammeDocument(
        organisation_id=organisation.id, programme_id="eight-weeks", digest="d", body="{}", stored_at=NOW
    )
    session.add_all([workspace, document])
    session.flush()
    cohort = Cohort(
        organisation_id=organisation.id, workspace_id=workspace.id, document_id=document.id, name="Våren",
        starts_on=date(2026, 3, 2), default_slot="09:00", created_at=NOW,
    )  # fmt: skip
    session.add(cohort)
    session.flush()
    return workspace, cohort


def enrol(session: Session, workspace: Workspace, cohort: Cohort, newcomers: list[Newcomer], now: datetime) -> int:
    ids = enrolments.met(session, workspace, newcomers, slot=cohort.default_slot, now=now)
    return enrolments.enrol(
        session, cohort, ids, role=Role.MANAGER, starts_on=cohort.starts_on, first_day=cohort.starts_on, now=now
    )


def test_people_met_together_are_the_same_as_people_met_one_by_one(filled: Store) -> None:
    def together_and_one_by_one(session: Session) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        workspace, cohort = a_cohort(session)
        elsewhere, _other = a_cohort(session)
        enrolments.met(session, workspace, MANY, slot=cohort.default_slot, now=NOW)
        for one in MANY:
            people.person_met(
                session,
                workspace=elsewhere,
                external_id=one.external_id,
                zone=one.zone,
                language=one.language,
                now=NOW,
                slot=cohort.default_slot,
            )
        return everybody(session, workspace), everybody(session, elsewhere)

    together, one_by_one = filled.write_now(together_and_one_by_one)
    assert len(together) == 120
    assert together == one_by_one


def everybody(session: Session, workspace: Workspace) -> list[dict[str, object]]:
    rows = session.exec(
        select(Person, Cadence)
        .join(Cadence, Cadence.id == Person.cadence_id)  # type: ignore[arg-type]
        .where(Person.workspace_id == workspace.id)
        .order_by(Person.external_id)
    )
    own = {"id", "organisation_id", "workspace_id", "cadence_id"}
    return [person.model_dump(exclude=own) | cadence.model_dump(exclude=own) for person, cadence in rows]


def test_enrolling_the_same_people_again_changes_nothing(filled: Store) -> None:
    def twice(session: Session) -> tuple[int, int, set[tuple[date, date, int]]]:
        workspace, cohort = a_cohort(session)
        first = enrol(session, workspace, cohort, MANY[:100], NOW)
        second = enrol(session, workspace, cohort, MANY, NOW)
        rows = session.exec(select(Enrolment)).all()
        return first, second, {(row.starts_on, row.first_day, row.organisation_id) for row in rows}

    assert filled.write_now(twice) == (100, 20, {(date(2026, 3, 2), date(2026, 3, 2), 1)})


def test_everybody_is_enrolled_with_the_cadence_they_keep(filled: Store) -> None:
    def enrolled(session: Session) -> list[tuple[int, int, str]]:
        workspace, cohort = a_cohort(session)
        for one in MANY[:10]:  # met before, at another time of day
            people.person_met(
                session, workspace=workspace, external_id=one.external_id, zone=one.zone, language=None, now=NOW
            )
        enrol(session, workspace, cohort, MANY, NOW)
        return list(
            session.exec(
                select(Person.cadence_id, Enrolment.cadence_id, Cadence.slot)
                .join(Enrolment, Enrolment.person_id == Person.id)  # type: ignore[arg-type]
                .join(Cadence, Cadence.id == Person.cadence_id)  # type: ignore[arg-type]
            )
        )

    rows = filled.write_now(enrolled)
    assert len(rows) == 120
    assert {(own == enrolled, slot) for own, enrolled, slot in rows} == {(True, "09:00")}


def test_moving_to_another_time_moves_the_enrolments_along(filled: Store) -> None:
    def moved(session: Session) -> set[tuple[bool, str, str, bool]]:
        workspace, cohort = a_cohort(session)
        enrol(session, workspace, cohort, MANY, NOW)
        later = home(2026, 2, 23)
        enrolments.move_to_slot(session, enrolments.enrolled_in(session, cohort), "10:15", later)
        rows = session.exec(
            select(Person, Enrolment, Cadence)
            .join(Enrolment, Enrolment.person_id == Person.id)  # type: ignore[arg-type]
            .join(Cadence, Cadence.id == Enrolment.cadence_id)  # type: ignore[arg-type]
        )
        return {
            (
                person.cadence_id == enrolment.cadence_id,
                cadence.slot,
                cadence.zone,
                enrolment.moved_at == later,
            )
            for person, enrolment, cadence in rows
        }

    assert filled.write_now(moved) == {
        (True, "10:15", "Europe/Stockholm", True),
        (True, "10:15", "Europe/Helsinki", True),
    }


def test_a_cohort_of_550_starts_while_the_chat_waits(office: Office) -> None:
    """Slack gives three seconds for the whole answer. Counted in our own seconds: the machine may have more to do."""
    office.start_cohort(managers(1))
    preview = form_in(office.send(office.plan(name="Alla"), profiles={"people": managers(550)}))
    began = time.thread_time()
    office.send(preview)
    assert time.thread_time() - began < 1.0
    assert len(office.rows(Enrolment)) == 551


def test_the_first_day_of_a_late_joiner_is_the_next_open_one() -> None:
    cohort = Cohort(
        organisation_id=1, workspace_id=1, document_id=1, name="V", starts_on=date(2026, 3, 2), created_at=NOW,
        calendar={"closed": ["2026-03-13"]},
    )  # fmt: skip
    assert first_day_for(cohort, now=home(2026, 2, 20)) == date(2026, 3, 2)
    assert first_day_for(cohort, now=home(2026, 3, 2)) == date(2026, 3, 3)
    assert first_day_for(cohort, now=home(2026, 3, 12)) == date(2026, 3, 16)
    assert first_day_for(cohort, now=home(2026, 4, 2)) == date(2026, 4, 7)
