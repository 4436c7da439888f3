"""A coordinator sees when the participants are asked, and what they answered only as it was released."""

from datetime import date

from bot.conversation.cards import Heading, Note, Paragraph
from bot.conversation.shows import OpenForm
from bot.conversation.survey_dates import asking_parts
from bot.conversation.texts import Words
from lessons.library import load_library
from scheduler.calendar import Calendar
from storage.tables.programmes import Role
from storage.tables.surveys import SurveyDocument, SurveyWave
from tests.coordinating.office import Office, form_in, managers, read

DAYS = [date(2026, 3, 2), date(2026, 3, 16), date(2026, 4, 22), date(2026, 7, 13)]


def waves(office: Office) -> list[tuple[str, date]]:
    return [(row.wave, row.opens_on) for row in office.rows(SurveyWave)]


def test_the_preview_says_when_they_are_asked_and_who_sees_it(office: Office) -> None:
    preview = form_in(office.send(office.plan(), profiles={"people": managers(5)}))
    text = read([OpenForm(preview)])
    assert "När deltagarna får frågor om programmet" in text
    assert "måndag 16 mars: hur känns det så här långt?" in text
    assert "onsdag 22 april: vad har det gett?" in text
    assert "aldrig vem som har svarat" in text
    assert "färre än fem får" not in text
    assert office.rows(SurveyWave) == []


def test_the_preview_of_fewer_than_five_says_that_no_answers_can_be_shown(office: Office) -> None:
    text = read([OpenForm(form_in(office.send(office.plan(), profiles={"people": managers(4)})))])
    assert "Så länge färre än fem får frågorna visas inga svar för dig eller någon annan" in text
    assert "Så länge färre än fem får frågan" not in text, "said once"
    assert "minst fem personers svar" not in text


def test_where_some_surveys_are_of_fewer_than_five_those_say_so_and_another_year_is_named() -> None:
    """Four managers are asked more often than the two politicians beside them."""
    library = load_library()
    parts = asking_parts(
        Words("sv"),
        library.programme("year-of-ten"),
        library.survey_document(),
        starts_on=date(2026, 3, 2),
        calendar=Calendar(),
        slot="08:15",
        people_of={Role.MANAGER: 4, Role.POLITICIAN: 2},
    )
    text = "\n".join(part.text for part in parts if isinstance(part, Heading | Paragraph | Note))
    assert "måndag 2 mars: hur är det i dag?\n" in text
    assert "måndag 16 mars: hur känns det så här långt? Så länge färre än fem får frågan visas inga svar.\n" in text
    assert "minst fem personers svar" in text
    assert "2027: hur är det nu" in text


def test_the_start_lays_them_out_with_the_questions_as_they_are(office: Office) -> None:
    office.start_cohort(managers(3))
    assert waves(office) == list(zip(("t0", "week-3", "t1", "t2"), DAYS, strict=True))
    office.start_cohort(managers(3), name="Hösten")
    assert len(office.rows(SurveyDocument)) == 1, "the same questions are kept once"


def test_they_move_with_the_start_and_with_new_closed_days(office: Office) -> None:
    cohort = office.start_cohort(managers(3))
    office.send(form_in(office.send(form_in(office.press("cohort.edit", cohort)), starts_on="2026-03-09")))
    assert waves(office)[0] == ("t0", date(2026, 3, 9))
    asked = form_in(office.press("cohort.edit", cohort))
    office.send(form_in(office.send(asked, starts_on="2026-03-09", closed="2026-03-09")))
    assert waves(office)[0] == ("t0", date(2026, 3, 10))
    assert len(waves(office)) == 4


def test_a_cohort_that_is_ended_early_is_not_asked_any_more(office: Office) -> None:
    office.press("cohort.end", office.start_cohort(managers(3)))
    assert waves(office) == []
