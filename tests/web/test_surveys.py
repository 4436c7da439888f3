"""A survey is answered on our own page too, changed there, and read there when it has closed."""

import re
from datetime import date

from sqlmodel import Session, select

from bot.conversation.survey_view import find_view
from scheduler import surveys as waves
from storage import survey_waves, surveys
from storage.tables.people import Person
from storage.tables.programmes import Enrolment
from storage.tables.surveys import SurveyResponse
from tests.enrolled import a_cohort, enrolled
from tests.web.places import START, Place, library

MONDAY = date(2026, 3, 2)


def is_asked(place: Place) -> None:
    """Let Karin be in a cohort whose first wave has opened today."""

    def enrol(session: Session) -> None:
        karin, document = session.get_one(Person, place.karin), library().document("eight-weeks")
        cohort = a_cohort(session, document, of=karin, starts_on=MONDAY, at=START)
        enrolled(session, karin, cohort, at=START)
        questions = library().survey_document()
        waves.lay_out(session, cohort, document.programme, questions, today=MONDAY, now=START)

    place.store.write_now(enrol)


async def test_whoever_was_taken_out_reads_what_they_answered_and_answers_no_more(place: Place) -> None:
    is_asked(place)
    [link] = re.findall(r'href="(/my/form/survey\.open[^"]*)"', await place.open(place.karin))
    link = link.replace("&amp;", "&")
    await place.send(await place.get(link), link, S5="0")

    def take_out(session: Session) -> None:
        session.exec(select(Enrolment)).one().ends_on = MONDAY

    place.store.write_now(take_out)
    html = await place.get("/my")
    assert "Du är inte med i programmet längre. Det du svarade:" in html
    assert "survey.open" not in html


async def test_whoever_declined_it_all_reads_that_once_and_not_for_every_question(place: Place) -> None:
    is_asked(place)

    def decline(session: Session) -> None:
        found = find_view(session, 1, person_id=place.karin, on=MONDAY)
        assert found is not None
        asked, view = found
        none = {one.question: None for one in view.items}
        assert surveys.respond(session, asked, none, person_id=place.karin, now=START)

    place.store.write_now(decline)
    html = await place.open(place.karin)
    assert "Inga svar från dig är sparade. Du kan svara ändå" in html
    assert "Ändra mina svar" not in html
    assert "Du avstod." not in html
    place.store.write_now(lambda session: survey_waves.close(session, 1, START, lambda _: {}))
    html = await place.get("/my")
    assert html.count("Du avstod.") == 1
    assert "Det du svarade" not in html


async def test_all_answers_are_taken_away_there_too(place: Place) -> None:
    is_asked(place)
    html = await place.open(place.karin)
    [link] = [one.replace("&amp;", "&") for one in re.findall(r'href="(/my/form/survey\.open[^"]*)"', html)]
    await place.send(await place.get(link), link, S5="0")
    html = await place.get("/my")
    assert "Allt du har svarat i den här enkäten tas bort." in html
    await place.send(html, "survey.remove")
    assert {row.value for row in place.rows(SurveyResponse)} == {None}


async def test_it_is_answered_changed_and_read_when_it_has_closed(place: Place) -> None:
    is_asked(place)
    html = await place.open(place.karin)
    assert "Enkät: hur är det i dag?" in html
    [link] = [one.replace("&amp;", "&") for one in re.findall(r'href="(/my/form/survey\.open[^"]*)"', html)]
    form = await place.get(link)
    assert form.count("<fieldset") >= 6
    status, form = await place.send(form, link)
    assert status == 422
    status, html = await place.send(form, link, S5="0", S8="4")
    assert status == 200
    status, html = await place.send(await place.get(link), link, S8="5")
    assert [(row.item_id, row.value) for row in place.rows(SurveyResponse)] == [("S5", "0"), ("S8", "5")]
    assert "<strong>Känner du till vårt arbete med innovation?</strong> Nej" in (await place.get("/my"))
    place.store.write_now(lambda session: survey_waves.close(session, 1, START, lambda _: {}))
    html = await place.get("/my")
    assert "Stängd. Det du svarade:" in html
    assert "survey.open" not in html
    html = await place.open(place.erik)
    assert "nkät" not in html
