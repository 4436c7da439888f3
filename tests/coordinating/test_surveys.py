"""A coordinator sees when the participants are asked, and what they answered only as it was released."""

from datetime import date

from bot.conversation.shows import OpenForm
from storage.tables.surveys import SurveyDocument, SurveyWave
from tests.coordinating.office import Office, form_in, managers, read

DAYS = [date(2026, 3, 2), date(2026, 3, 16), date(2026, 4, 22), date(2026, 7, 13)]


def waves(office: Office) -> list[tuple[str, date]]:
    return [(row.wave, row.opens_on) for row in office.rows(SurveyWave)]


def test_the_preview_says_when_they_are_asked_and_who_sees_it(office: Office) -> None:
    preview = form_in(office.send(office.plan(), profiles={"people": managers(3)}))
    text = read([OpenForm(preview)])
    assert "När deltagarna får frågor om programmet" in text
    assert "måndag 16 mars: hur känns det så här långt?" in text
    assert "onsdag 22 april: vad har det gett?" in text
    assert "aldrig vem som har svarat" in text
    assert office.rows(SurveyWave) == []


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
