"""A coordinator meets own cohorts only; everybody else is told whom to ask. Nobody is shown what a person did."""

import inspect
import re
from dataclasses import replace
from typing import get_type_hints

import pytest
from sqlmodel import Session, SQLModel, col, select

from bot.conversation.cards import Form
from bot.conversation.coordinating_routes import ROUTES
from storage import cohorts
from storage.tables.audit import AuditEntry
from storage.tables.people import Person
from storage.tables.programmes import Cohort, CohortCoordinator, CohortDraft, CohortState, Enrolment
from tests.coordinating.office import KARIN, KIM, SAM, Office, form_in, managers, read


def state_of(office: Office) -> list[object]:
    tables: tuple[type[SQLModel], ...] = (Cohort, Enrolment, CohortCoordinator, CohortDraft, AuditEntry)
    return [[row.model_dump() for row in office.rows(table)] for table in tables]


@pytest.fixture
def cohort(office: Office) -> int:
    return office.start_cohort(managers(6))


@pytest.mark.parametrize("action", sorted(ROUTES.presses))
def test_whoever_is_no_coordinator_is_told_whom_to_ask_whatever_they_press(
    office: Office, cohort: int, action: str
) -> None:
    before = state_of(office)
    text = read(office.press(action, cohort, who=KARIN))
    assert "Fråga utveckling@alvsunda.example." in text
    assert "Våren" not in text
    assert state_of(office) == before


@pytest.mark.parametrize("form", sorted(ROUTES.forms))
def test_whoever_is_no_coordinator_is_told_whom_to_ask_whatever_they_send(
    office: Office, cohort: int, form: str
) -> None:
    forged = Form(name=form, title="x", submit="x", close="x", body=(), about=str(cohort))
    before = state_of(office)
    text = read(office.send(forged, who=KARIN, profiles={"people": managers(2)}))
    assert "Fråga utveckling@alvsunda.example." in text
    assert state_of(office) == before


def test_whoever_is_no_coordinator_is_told_so_in_their_own_language(office: Office) -> None:
    office.language = "en"
    assert "Ask utveckling@alvsunda.example." in read(office.write("cohorts", who=KARIN))


def test_where_nobody_is_named_one_is_told_whom_to_ask_all_the_same(office: Office) -> None:
    office.contact = ""
    assert read(office.press("cohort.home", who=KARIN)).endswith("Fråga den som har infört Knuff hos er.")


@pytest.mark.parametrize("action", sorted(set(ROUTES.presses) - {"cohort.home", "cohort.new"}))
def test_another_coordinators_cohort_is_none_of_mine(office: Office, cohort: int, action: str) -> None:
    before = state_of(office)
    text = read(office.press(action, cohort, who=KIM))
    assert "Den omgången finns inte bland dina." in text
    assert "Våren" not in text
    assert state_of(office) == before


@pytest.mark.parametrize("form", ["cohort.edit", "cohort.add", "cohort.remove", "cohort.colleague", "cohort.test"])
def test_another_coordinators_cohort_takes_no_forms_of_mine(office: Office, cohort: int, form: str) -> None:
    mine = form_in(office.press(form, cohort))
    before = state_of(office)
    shows = office.send(mine, who=KIM, profiles={"people": managers(2)})
    assert "Den omgången finns inte bland dina." in read(shows)
    assert state_of(office) == before


def test_the_list_has_own_cohorts_only(office: Office, cohort: int) -> None:
    office.start_cohort(managers(2), who=KIM, name="Hösten")
    assert "Våren" not in read(office.press("cohort.home", who=KIM))
    assert "Hösten" not in read(office.press("cohort.home", who=SAM))


def test_a_preview_of_mine_is_nobody_elses_to_confirm(office: Office, cohort: int) -> None:
    adding = form_in(office.send(form_in(office.press("cohort.add", cohort)), profiles={"people": managers(9)}))
    changing = form_in(office.send(form_in(office.press("cohort.edit", cohort)), name="Hösten"))
    for draft in (adding, changing, replace(changing, name="cohort.confirm")):
        assert "gäller inte längre" in read(office.send(draft, who=KIM))
    assert len(office.rows(Enrolment)) == 6
    assert [row.name for row in office.rows(Cohort)] == ["Våren"]


def test_another_organisation_is_out_of_reach(office: Office, cohort: int) -> None:
    sam = office.person(SAM)
    elsewhere = Person(**{**sam.model_dump(), "organisation_id": 99})
    with pytest.raises(cohorts.CohortNotFound):
        office.look(lambda session: cohorts.own_cohort(session, elsewhere, cohort))
    assert office.look(lambda session: cohorts.own_cohorts(session, elsewhere)) == []


# Nobody watches: a property of the query layer.

QUERIES = {
    name: query
    for name, query in inspect.getmembers(cohorts, inspect.isfunction)
    if query.__module__ == cohorts.__name__ and not name.startswith("_")
}
TELLS_NOTHING_OF_PEOPLE = {"stored_document", "forget_drafts"}
"""One stores a programme; one throws away drafts by age."""
WHEN_SOMETHING_WAS_PROMISED = {"cohort_id", "day", "person_id"}
WHO_SOMEBODY_IS = {"id", "external_id", "workspace_id"}


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - TELLS_NOTHING_OF_PEOPLE))
def test_every_query_goes_by_way_of_a_coordinator_or_one_of_their_cohorts(name: str) -> None:
    parameters = get_type_hints(QUERIES[name])
    assert parameters.get("coordinator") is Person or parameters.get("cohort") is Cohort


def test_no_query_reads_what_a_person_did() -> None:
    source = inspect.getsource(cohorts)
    assert "storage.tables.answers" not in source
    assert set(re.findall(r"\bDelivery\.(\w+)", source)) <= WHEN_SOMETHING_WAS_PROMISED
    assert set(re.findall(r"\bPerson\.(\w+)", source)) <= WHO_SOMEBODY_IS


def test_no_query_hands_out_a_person() -> None:
    handed_out = {name: str(get_type_hints(query)["return"]) for name, query in QUERIES.items()}
    assert {name for name, what in handed_out.items() if "Person" in what or "Enrolment" in what} == set()


def test_the_numbers_are_the_same_whatever_people_do(office: Office, cohort: int) -> None:
    """Stopping, pausing, leaving and silence change nothing that a coordinator can see."""
    seen = [read(office.press(action, cohort)) for action in ("cohort.home", "cohort.open", "cohort.account")]

    def live(session: Session) -> None:
        for number, person in enumerate(session.exec(select(Person).where(col(Person.external_id).startswith("U000")))):
            person.stopped_at = office.now if number == 0 else None
            person.paused_from = office.now.date() if number == 1 else None
            person.left_at = office.now if number == 2 else None
            person.unanswered = 12
            person.last_seen_at = office.now

    office.look(live)
    again = [read(office.press(action, cohort)) for action in ("cohort.home", "cohort.open", "cohort.account")]
    assert again == seen


@pytest.mark.parametrize("state", list(CohortState))
def test_no_form_lists_who_takes_part(office: Office, cohort: int, state: CohortState) -> None:
    office.press({"paused": "cohort.pause", "ended": "cohort.end"}.get(state, "cohort.open"), cohort)
    shown = "".join(repr(office.press(action, cohort)) for action in ROUTES.presses)
    assert "U000" not in shown
