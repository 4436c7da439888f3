"""The programme's meetings as a coordinator looks after them: laid out, moved once the difference is seen, counted."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Buttons, Form
from bot.conversation.sessions_samples import with_meetings
from bot.conversation.shows import OpenForm, Show
from lessons.library import Library
from storage import sessions, surveys
from storage.database import Store
from storage.tables.audit import AuditEntry
from storage.tables.programmes import Cohort, CohortDraft, Enrolment
from storage.tables.sessions import CohortSession
from storage.tables.surveys import SurveyWave
from tests.coordinating.office import KIM, SAM, Office, form_in, home, managers, read, refusal_in

LEADERS, MANAGERS = managers(5)[:3], managers(5)[3:]
DAYS = [date(2026, 6, 10), date(2026, 6, 17), date(2026, 8, 5), date(2026, 8, 19), date(2026, 9, 2)]
"""Weeks 1, 2, 4, 6 and 8: the programme rests in July, and so in the week it begins."""
AFTER_THE_FIRST = home(2026, 6, 10, 17)


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=with_meetings(library), now=home(2026, 5, 29))


def preview(office: Office, programme: str = "with-meetings") -> Form:
    lists = {"people_innovation-leader": LEADERS, "people_manager": MANAGERS}
    return form_in(office.send(office.plan(programme=programme, starts_on="2026-06-08"), profiles=lists))


@pytest.fixture
def cohort(office: Office) -> int:
    return int(form_in(office.send(preview(office))).about)


def meetings(office: Office) -> list[CohortSession]:
    return office.rows(CohortSession)


def first(office: Office) -> CohortSession:
    return meetings(office)[0]


def moving(office: Office, **values: Any) -> Form:
    """Show what another day or place for the first meeting would change."""
    asked = form_in(office.press("session.move", first(office).id))
    return form_in(office.send(asked, **values))


def actions(form: Form) -> Counter[str]:
    return Counter(button.action for part in form.body if isinstance(part, Buttons) for button in part.buttons)


# Laid out


def test_the_preview_says_when_the_meetings_would_be_and_nothing_is_kept(office: Office) -> None:
    text = read([OpenForm(preview(office))])
    assert "onsdag 10 juni 13.00: Avstamp" in text
    assert "onsdag 5 augusti 13.00: Pröva antaganden" in text
    assert meetings(office) == []


def test_a_confirmed_cohort_has_its_meetings_on_its_calendar(office: Office, cohort: int) -> None:
    assert [row.day for row in meetings(office)] == DAYS
    assert {(row.cohort_id, row.begins, row.place, row.attended) for row in meetings(office)} == {
        (cohort, "13:00", "", None)
    }
    assert [row.minutes for row in meetings(office)] == [210, 90, 60, 240, 45]


def test_a_programme_without_meetings_has_none_and_no_way_to_them(office: Office) -> None:
    started = form_in(office.send(preview(office, "by-role")))
    assert meetings(office) == []
    assert "session.list" not in actions(started)


def test_the_list_says_what_when_and_for_whom(office: Office, cohort: int) -> None:
    assert "session.list" in actions(form_in(office.press("cohort.open", cohort)))
    shown = form_in(office.press("session.list", cohort))
    text = read([OpenForm(shown)])
    assert "**Avstamp**\nonsdag 10 juni 13.00, 3½ timmar\nFör alla · ingen plats än" in text
    assert "**Användarens vardag**\nonsdag 17 juni 13.00, 1½ timme\nFör chefer och innovationsledare" in text
    assert "45 minuter" in text
    assert actions(shown)["session.move"] == 5


# Moved


def test_the_difference_is_shown_before_a_meeting_is_moved(office: Office, cohort: int) -> None:
    text = read([OpenForm(moving(office, day="2026-06-11", begins="09:30", place="  Stadshuset,\n rum 3 "))])
    assert "Dag: onsdag 10 juni → torsdag 11 juni" in text
    assert "Börjar: 13.00 → 09.30" in text
    assert "Plats: ingen plats än → Stadshuset, rum 3" in text
    assert (first(office).day, first(office).times_changed) == (DAYS[0], 0)


def test_a_confirmed_move_is_made_and_written_down_without_what_it_was(office: Office, cohort: int) -> None:
    text = read(office.send(moving(office, day="2026-06-11", begins="09:30", place="Stadshuset")))
    assert "Träffen är ändrad." in text
    row = first(office)
    assert (row.day, row.begins, row.place, row.times_changed) == (date(2026, 6, 11), "09:30", "Stadshuset", 1)
    assert row.moved_at == office.now
    line = office.rows(AuditEntry)[-1]
    assert (line.action, line.cohort_id, line.detail) == ("session_moved", cohort, {"number": 1})


def test_nothing_changed_is_no_difference(office: Office, cohort: int) -> None:
    assert "Det blir ingen skillnad." in read([OpenForm(moving(office))])
    assert office.rows(CohortDraft) == []


OUTSIDE = "Välj en dag medan omgången pågår, från måndag 8 juni till fredag 4 september 2026."
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"day": ""}, "Välj en dag."),
    ({"day": "2026-05-28"}, "Välj i dag eller en senare dag."),
    ({"day": "2026-06-05"}, OUTSIDE),
    ({"day": "2026-09-07"}, OUTSIDE),
    ({"day": "2026-06-13"}, "Det går inte lördag 13 juni (helg). Välj en annan dag."),
    ({"day": "2026-06-19"}, "Det går inte fredag 19 juni (Midsommarafton). Välj en annan dag."),
    ({"day": "2026-07-08"}, "Det går inte onsdag 8 juli (programmet vilar). Välj en annan dag."),
    ({"begins": "06:30"}, "Välj en tid från 07.00 till 20.00."),
    ({"begins": "25:00"}, "Välj en tid från 07.00 till 20.00."),
    ({"place": "x" * 121}, "Skriv platsen på en rad, med högst 120 tecken."),
    ({"place": "rum\x003"}, "Skriv platsen på en rad, med högst 120 tecken."),
]


def test_what_cannot_be_is_said_under_its_input(office: Office, cohort: int) -> None:
    asked = form_in(office.press("session.move", first(office).id))
    for values, wrong in WRONG:
        assert refusal_in(office.send(asked, **values)) == dict.fromkeys(values, wrong)
    assert first(office).times_changed == 0


def test_a_half_eve_is_open_for_a_meeting_in_the_morning_only(office: Office, cohort: int) -> None:
    asked = form_in(office.press("session.move", first(office).id))
    assert "day" in refusal_in(office.send(asked, day="2026-06-18", begins="13:00"))
    assert form_in(office.send(asked, day="2026-06-18", begins="09:00")).name == "session.change"


def test_a_meeting_that_has_begun_is_not_moved(office: Office, cohort: int) -> None:
    asked = form_in(office.press("session.move", first(office).id))
    difference = moving(office, day="2026-06-11")
    later = office.at(home(2026, 6, 10, 13))
    for shows in (later.press("session.move", first(office).id), later.send(asked, day="2026-06-11")):
        assert "Träffen har redan börjat och kan inte ändras." in read(shows)
    assert "Inget ändrades." in read(later.send(difference))
    assert first(office).day == DAYS[0]


def test_a_move_that_somebody_else_has_overtaken_changes_nothing(office: Office, cohort: int) -> None:
    difference = moving(office, day="2026-06-11")
    office.send(form_in(office.press("cohort.colleague", cohort)), profiles={"people": (managers(1)[0],)})
    colleague = managers(1)[0].external_id
    asked = form_in(office.press("session.move", first(office).id, who=colleague))
    office.send(form_in(office.send(asked, who=colleague, day="2026-06-12")), who=colleague)
    assert "Inget ändrades." in read(office.send(difference))
    assert first(office).day == date(2026, 6, 12)


def test_of_two_who_move_a_meeting_at_once_only_the_first_does(office: Office, cohort: int) -> None:
    seen = first(office).model_copy()

    def to(day: date) -> bool:
        return office.look(
            lambda session: sessions.move(session, seen, day=day, begins="13:00", place="", now=office.now)
        )

    assert [to(date(2026, 6, 11)), to(date(2026, 6, 12))] == [True, False]
    assert (first(office).day, first(office).times_changed) == (date(2026, 6, 11), 1)


def test_only_their_own_coordinator_reaches_a_meeting(office: Office, cohort: int) -> None:
    row = first(office).id
    other = int(form_in(office.send(preview_of(office, KIM), who=KIM)).about)
    for who, action, value in (
        (KIM, "session.list", cohort), (KIM, "session.move", row), (KIM, "session.count", row),
        (SAM, "session.list", other), (SAM, "session.move", 9_999), (SAM, "session.count", "x"),
    ):  # fmt: skip
        assert "finns inte bland dina" in read(office.press(action, value, who=who)), (who, action)
    assert "samordnare" in read(office.press("session.move", row, who="U0000"))


def preview_of(office: Office, who: str) -> Form:
    lists = {"people_manager": MANAGERS}
    return form_in(
        office.send(office.plan(who=who, programme="by-role", starts_on="2026-06-08"), who=who, profiles=lists)
    )


def test_the_questions_about_a_meeting_move_with_it(office: Office, cohort: int) -> None:
    (wave,) = [row for row in office.rows(SurveyWave) if row.wave == "day"]
    assert wave.opens_on == DAYS[3], "the fourth is asked about"
    asked = form_in(office.press("session.move", meetings(office)[3].id))
    office.send(form_in(office.send(asked, day="2026-08-20")))
    (wave,) = [row for row in office.rows(SurveyWave) if row.wave == "day"]
    assert wave.opens_on == date(2026, 8, 20)


def of_the_measured(office: Office) -> list[tuple[date, date]]:
    return [(row.opens_on, row.closes_on) for row in office.rows(SurveyWave) if row.wave == "day"]


def put_off(office: Office, day: str) -> list[Show]:
    asked = form_in(office.press("session.move", meetings(office)[3].id))
    return office.send(form_in(office.send(asked, day=day)))


def test_nobody_is_asked_about_a_meeting_that_was_put_off_on_its_own_morning(office: Office, cohort: int) -> None:
    put_off(office.at(home(2026, 8, 19, 9)), "2026-08-26")
    assert of_the_measured(office) == [(date(2026, 8, 26), date(2026, 9, 8))]


def answers_where_it_is_tomorrow(office: Office, cohort: int, that_day: datetime) -> None:
    def answer(session: Session) -> None:
        row = session.exec(select(Enrolment).where(Enrolment.cohort_id == cohort)).first()
        assert row is not None
        here, there = (
            surveys.open_waves(session, person_id=row.person_id, on=day)
            for day in (that_day.date(), that_day.date() + timedelta(days=1))
        )
        assert not any(wave.wave == "day" for wave in here), "nobody knows yet how it was"
        [wave] = [wave for wave in there if wave.wave == "day"]
        assert surveys.respond(
            session, wave, {surveys.Question("S4"): "not-there"}, person_id=row.person_id, now=that_day
        )

    office.look(answer)


def test_if_somebody_has_answered_about_it_already_nobody_else_is_asked(office: Office, cohort: int) -> None:
    that_day = home(2026, 8, 19, 12)
    answers_where_it_is_tomorrow(office, cohort, that_day)
    put_off(office.at(that_day), "2026-08-26")
    assert sorted(of_the_measured(office)) == [
        (date(2026, 8, 19), date(2026, 8, 19)),
        (date(2026, 8, 26), date(2026, 9, 8)),
    ]


def test_a_meeting_that_is_put_back_on_its_own_day_is_asked_about_after_all(office: Office, cohort: int) -> None:
    that_day = home(2026, 8, 19, 12)
    before = of_the_measured(office)
    answers_where_it_is_tomorrow(office, cohort, that_day)
    put_off(office.at(that_day), "2026-08-26")
    asked = form_in(office.at(that_day).press("session.move", meetings(office)[3].id))
    office.at(that_day).send(form_in(office.at(that_day).send(asked, day="2026-08-19", begins="14:00")))
    assert of_the_measured(office) == before


def test_what_was_put_beside_a_day_that_got_closed_moves_with_its_meeting(office: Office, cohort: int) -> None:
    put_off(office, "2026-08-20")
    office.send(edited(office, cohort, closed="2026-08-20"))
    assert [opens_on for opens_on, _ in of_the_measured(office)] == [date(2026, 8, 21)]
    put_off(office, "2026-08-26")
    assert [opens_on for opens_on, _ in of_the_measured(office)] == [date(2026, 8, 26)]


def test_a_day_that_got_closed_before_the_move_was_confirmed_changes_nothing(office: Office, cohort: int) -> None:
    asked = form_in(office.press("session.move", first(office).id))
    difference = form_in(office.send(asked, day="2026-06-11"))

    def close(session: Session) -> None:
        row = session.get_one(Cohort, cohort)
        row.calendar = {**row.calendar, "closed": ["2026-06-11"]}
        session.add(row)

    office.look(close)
    assert "Inget ändrades." in read(office.send(difference))
    assert first(office).day == DAYS[0]


# With the cohort


def edited(office: Office, cohort: int, **values: Any) -> Form:
    return form_in(office.send(form_in(office.press("cohort.edit", cohort)), **values))


def test_meetings_move_with_the_start_but_for_those_put_where_they_are(office: Office, cohort: int) -> None:
    office.send(moving(office, day="2026-06-16"))
    difference = edited(office, cohort, starts_on="2026-06-15")
    text = read([OpenForm(difference)])
    assert "Träffen Användarens vardag: onsdag 17 juni → onsdag 24 juni" in text
    assert "Avstamp:" not in text
    office.send(difference)
    assert [row.day for row in meetings(office)][:3] == [date(2026, 6, 16), date(2026, 6, 24), date(2026, 8, 12)]
    assert [row.times_changed for row in meetings(office)][:2] == [1, 1]
    assert "den dagen går inte längre" not in read(office.press("session.list", cohort))
    office.send(edited(office, cohort, starts_on="2026-06-17"))
    assert read(office.press("session.list", cohort)).count("den dagen går inte längre") == 1, "it is before the start"


def test_a_place_alone_does_not_keep_a_meeting_on_its_day(office: Office, cohort: int) -> None:
    office.send(moving(office, place="Stadshuset"))
    office.send(edited(office, cohort, starts_on="2026-06-15"))
    assert (first(office).day, first(office).place) == (date(2026, 6, 17), "Stadshuset")


def test_a_day_that_is_closed_moves_its_meeting_and_one_put_there_by_hand_is_pointed_out(
    office: Office, cohort: int
) -> None:
    office.send(moving(office, day="2026-06-11"))
    office.send(edited(office, cohort, closed="2026-06-11\n2026-06-17"))
    assert [row.day for row in meetings(office)][:2] == [date(2026, 6, 11), date(2026, 6, 16)]
    assert read(office.press("session.list", cohort)).count("den dagen går inte längre") == 1
    office.press("cohort.end", cohort)
    assert "den dagen går inte längre" not in read(office.press("session.list", cohort)), "it cannot be moved any more"


def test_what_has_been_held_stays_where_it_was(office: Office, cohort: int) -> None:
    office.send(edited(office, cohort, closed="2026-06-10 – 2026-06-12\n2026-06-17"))
    assert [row.day for row in meetings(office)][:2] == [date(2026, 6, 9), date(2026, 6, 16)]
    later = office.at(home(2026, 6, 9, 17))
    later.send(edited(later, cohort, closed=""))
    assert [row.day for row in meetings(office)][:2] == [date(2026, 6, 9), date(2026, 6, 17)]


def test_a_meeting_is_not_moved_onto_one_that_was_put_where_it_is(office: Office, cohort: int) -> None:
    office.send(moving(office, day="2026-06-24"))
    office.send(edited(office, cohort, starts_on="2026-06-15"))
    assert [row.day for row in meetings(office)][:2] == [date(2026, 6, 24), date(2026, 6, 25)]


# Counted


def counting(office: Office, attended: str) -> list[Show]:
    later = office.at(AFTER_THE_FIRST)
    asked = form_in(later.press("session.count", first(office).id))
    return later.send(asked, attended=attended)


def test_how_many_came_is_a_number_and_nothing_else_is_kept(office: Office, cohort: int) -> None:
    asked = form_in(office.at(AFTER_THE_FIRST).press("session.count", first(office).id))
    assert "onsdag 10 juni 13.00. För alla" in read([OpenForm(asked)])
    shows = counting(office, " 12 ")
    assert "12 kom" in read(shows)
    assert first(office).attended == 12
    line = office.rows(AuditEntry)[-1]
    assert (line.action, line.detail) == ("session_counted", {"number": 1})
    counting(office, "")
    assert first(office).attended is None, "a slip can be taken back"


def test_what_is_no_whole_number_is_refused(office: Office, cohort: int) -> None:
    for text in ("tolv", "-1", "1,5", "1 000", "²", "١٢", "1e3", "9" * 400):
        assert refusal_in(counting(office, text)) == {"attended": "Skriv ett heltal med siffror, till exempel 18."}


def test_more_than_three_times_as_many_as_were_invited_is_refused(office: Office, cohort: int) -> None:
    wrong = {"attended": "Det är mer än tre gånger så många som är inbjudna. Skriv högst 15."}
    assert refusal_in(counting(office, "16")) == wrong
    counting(office, "15")
    assert first(office).attended == 15


def test_nobody_is_counted_before_it_has_begun(office: Office, cohort: int) -> None:
    asked = form_in(office.at(AFTER_THE_FIRST).press("session.count", first(office).id))
    for shows in (office.press("session.count", first(office).id), office.send(asked, attended="3")):
        assert "Träffen har inte börjat än." in read(shows)
    assert first(office).attended is None


def test_the_last_can_be_counted_when_the_cohort_has_ended_and_none_moved(office: Office, cohort: int) -> None:
    over = office.at(home(2026, 9, 2, 18))
    over.press("cohort.end", cohort)
    last = meetings(office)[-1]
    asked = form_in(over.press("session.count", last.id))
    over.send(asked, attended="4")
    assert meetings(office)[-1].attended == 4
    assert "Omgången är avslutad" in read(over.press("session.move", last.id))
