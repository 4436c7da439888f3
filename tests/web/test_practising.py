"""What is practised most can be chosen on our own page too, and the case of a day's message answered there."""

import re
from datetime import date

from sqlmodel import Session

from storage import recalls
from storage.tables.answers import AnswerKind, RecallMemory
from storage.tables.deliveries import Delivery
from storage.tables.focus import EnrolmentFocus, KeptBehaviour
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument
from tests.web.places import START, Place, library
from tests.web.test_answering import form_links, kinds

CASE = "L01"


def goes_through(place: Place, programme: str) -> None:
    """Let Karin's exercise be one of a programme."""

    def add(session: Session) -> None:
        karin, confirmed = session.get_one(Person, place.karin), library().document(programme)
        document = ProgrammeDocument(
            organisation_id=karin.organisation_id, programme_id=programme, digest=confirmed.digest(),
            body=confirmed.to_json(), stored_at=START,
        )  # fmt: skip
        session.add(document)
        session.flush()
        cohort = Cohort(
            organisation_id=karin.organisation_id, workspace_id=karin.workspace_id, document_id=document.id,
            name="Våren", starts_on=START.date(), created_at=START,
        )  # fmt: skip
        session.add(cohort)
        session.flush()
        enrolment = Enrolment(
            organisation_id=karin.organisation_id, cohort_id=cohort.id, person_id=karin.id, cadence_id=karin.cadence_id,
            starts_on=START.date(), first_day=START.date(), created_at=START,
        )  # fmt: skip
        session.add(enrolment)
        session.flush()
        nudge = session.get_one(Delivery, place.karins_nudge)
        nudge.cohort_id, nudge.enrolment_id = cohort.id, enrolment.id

    place.store.write_now(add)


async def test_what_is_practised_most_is_chosen_on_our_own_page(place: Place) -> None:
    goes_through(place, "eight-weeks")
    html = await place.open(place.karin)
    [link] = form_links(html, "focus.open")
    status, html = await place.send(await place.get(link), link, behaviours="close_loop")
    assert status == 200
    assert f"Du övar mest på: {library().taxonomy.behaviours['close_loop'].label.sv}." in html
    assert [row.behaviour for row in place.rows(EnrolmentFocus)] == ["close_loop"]


async def test_what_is_kept_up_is_chosen_there_too(place: Place) -> None:
    goes_through(place, "keep-going")
    html = await place.open(place.karin)
    assert "Vad vill du hålla i?" in html
    [link] = form_links(html, "keep.open")
    status, html = await place.send(await place.get(link), link, behaviour="ask_first")
    assert status == 200
    assert [row.behaviour for row in place.rows(KeptBehaviour)] == ["ask_first"]
    await place.intake.finish()


async def test_the_case_of_a_message_is_answered_on_the_page_of_its_exercise(place: Place) -> None:
    goes_through(place, "eight-weeks")

    def asks(session: Session) -> None:
        nudge = session.get_one(Delivery, place.karins_nudge)
        recalls.ask(
            session, person_id=place.karin, enrolment_id=nudge.enrolment_id or 0, card_id=CASE, delivery_id=nudge.id,
            day=date(2026, 3, 2),
        )  # fmt: skip

    place.store.write_now(asks)
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    case = library().case(CASE)
    assert case.case.sv in html
    assert case.reason.sv not in html
    assert len(re.findall(r'name="action" value="recall.choice"', html)) == 3
    status, html = await place.send(html, "recall.choice")
    assert status == 200
    assert case.reason.sv in html
    assert kinds(place) == [AnswerKind.RECALL]
    assert [row.reviews for row in place.rows(RecallMemory)] == [1]
