"""What is practised most can be chosen on our own page too, and the case of a day's message answered there."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Page
from sqlmodel import Session

from storage import recalls
from storage.tables.answers import Answer, AnswerKind, RecallMemory
from storage.tables.deliveries import Delivery
from storage.tables.focus import EnrolmentFocus, KeptBehaviour
from storage.tables.people import Person
from tests.browser import accessibility_faults
from tests.enrolled import a_cohort, enrolled
from tests.web.places import START, Place, library
from tests.web.test_answering import form_links, kinds

CASE = "L01"
FIRST_NEW = "L43"
"""The first of the programme's cases that is no lesson of it."""


def goes_through(place: Place, programme: str, *, weeks_ago: int = 0) -> None:
    """Let Karin's exercise be one of a programme that began this week, or so long ago."""
    starts_on = START.date() - timedelta(weeks=weeks_ago)

    def add(session: Session) -> None:
        karin = session.get_one(Person, place.karin)
        cohort = a_cohort(session, library().document(programme), of=karin, starts_on=starts_on, at=START)
        enrolment = enrolled(session, karin, cohort, at=START)
        nudge = session.get_one(Delivery, place.karins_nudge)
        karin.welcomed_at = START
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


@pytest.mark.parametrize("asked_in_message", [False, True], ids=["on the page alone", "in today's message too"])
async def test_a_case_stands_first_on_our_own_page_and_is_answered_there(place: Place, asked_in_message: bool) -> None:
    goes_through(place, "eight-weeks", weeks_ago=2)
    card = "RC12" if asked_in_message else FIRST_NEW

    def asks(session: Session) -> None:
        nudge = session.get_one(Delivery, place.karins_nudge)
        recalls.ask(
            session, person_id=place.karin, enrolment_id=nudge.enrolment_id or 0, card_id=card, delivery_id=nudge.id,
            day=START.date(),
        )  # fmt: skip

    if asked_in_message:
        place.store.write_now(asks)
    html, case = await place.open(place.karin), library().case(card)
    assert html.index(case.case.sv) < html.index("Övningar att svara på")
    assert len(re.findall(r'name="action" value="recall.choice"', html)) == 3, "one"
    status, html = await place.send(html, "recall.choice")
    assert status == 200
    assert html.index(case.reason.sv) < html.index("Övningar att svara på"), "on the same page"
    assert 'value="recall.choice"' not in html
    assert [row.reviews for row in place.rows(RecallMemory)] == [1]
    [answer] = place.rows(Answer)
    assert (answer.kind, answer.delivery_id) == (
        AnswerKind.RECALL,
        place.karins_nudge if asked_in_message else None,
    )
    await place.intake.finish()
    assert [case.reason.sv in shown for shown in place.platform.shown] == ([True] if asked_in_message else [])
    exercise = await place.get(f"/my/answer/{place.karins_nudge}")
    assert (case.reason.sv in exercise) is asked_in_message


async def test_whoever_is_in_their_first_week_or_in_no_programme_has_no_case_on_the_page(place: Place) -> None:
    assert "recall.choice" not in await place.open(place.erik)
    goes_through(place, "eight-weeks")
    assert "recall.choice" not in await place.open(place.karin)


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_case_is_answered_from_the_keyboard_on_the_first_screen_and_axe_finds_nothing(
    place: Place, page: Page
) -> None:
    goes_through(place, "eight-weeks", weeks_ago=2)
    await page.set_viewport_size({"width": 375, "height": 667})
    await page.goto(place.address + place.link(place.karin, "/my"))
    await page.get_by_role("button").press("Enter")
    answers = page.locator('form:has(input[value="recall.choice"]) button')
    await page.get_by_role("heading", name="Ett fall att avgöra").wait_for()
    box = await page.get_by_text(library().case(FIRST_NEW).case.sv).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 667
    assert await accessibility_faults(page) == []
    await answers.first.press("Enter")
    await page.get_by_text(library().case(FIRST_NEW).reason.sv).wait_for()
    assert await answers.count() == 0
    assert await accessibility_faults(page) == []
