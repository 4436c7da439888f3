"""A running cohort goes over to a newer version whose meetings and surveys are others: seen first, then laid anew."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.conversation.cards import Form
from bot.conversation.sessions_samples import ABOUT, with_meetings
from bot.conversation.texts import Words
from lessons.library import Library
from lessons.models import Role, Text
from lessons.models import Session as Meeting
from storage import sessions
from storage.database import Store
from storage.tables.programmes import Cohort
from storage.tables.sessions import CohortSession
from storage.tables.surveys import SurveyWave
from tests.coordinating.office import Office, form_in, home, read
from tests.coordinating.test_meetings import DAYS, preview
from tests.coordinating.test_meetings_of_leaders import calendar, sent_on, shown_home, told_on

LEADER, MANAGER = "U0000", "U0003"
KICK_OFF, EVERYDAY, TESTING, THE_DAY, LOOKING_BACK = range(5)
JUNE = home(2026, 6, 11, 10)
"""The first meeting has been held, and the second is a week ahead."""
FROM = "2026-06-22"
"""Week three: the third meeting is in week four, after the rest in July."""


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=with_meetings(library), now=home(2026, 5, 29))


@pytest.fixture
def cohort(office: Office) -> int:
    return int(form_in(office.send(preview(office))).about)


def meetings_of(office: Office) -> list[Meeting]:
    return list(office.library.programmes["with-meetings"].sessions)


def with_newer(office: Office, meetings: list[Meeting], **changed: object) -> Office:
    """A day after the first meeting, when there is a version with these meetings."""
    old = office.library.programmes["with-meetings"]
    newer = old.model_copy(update={"version": old.version + 1, "sessions": tuple(meetings)} | changed)
    library = replace(office.library, programmes={**office.library.programmes, newer.id: newer})
    return replace(office, library=library, now=max(JUNE, office.now))


def another(one: Meeting, **changed: object) -> Meeting:
    return one.model_copy(update=changed)


def a_meeting(week: int, sv: str, **changed: object) -> Meeting:
    one = Meeting(week=week, title=Text(sv=sv, en=f"{sv} in English"), about=ABOUT, minutes=120)
    return another(one, **changed)


def difference(office: Office, cohort: int, monday: str = FROM) -> Form:
    return form_in(office.send(form_in(office.press("cohort.version", cohort)), monday=monday))


def go_over(office: Office, cohort: int, monday: str = FROM) -> str:
    return read(office.send(difference(office, cohort, monday)))


def lines_of(form: Form) -> list[str]:
    return [part.text for part in form.body if hasattr(part, "text")]


def laid(office: Office) -> list[tuple[int, date, str, int, bool]]:
    rows = office.rows(CohortSession)
    return [(row.number, row.day, row.begins, row.minutes, row.called_off_at is not None) for row in rows]


def listed(office: Office, cohort: int) -> str:
    return read(office.press("session.list", cohort))


def put(office: Office, number: int, day: str, **values: Any) -> None:
    row = office.rows(CohortSession)[number]
    asked = form_in(office.press("session.move", row.id))
    office.send(form_in(office.send(asked, day=day, **values)))


# What is shown


def test_the_difference_names_what_comes_changes_and_goes_with_its_day_and_nothing_is_changed_yet(
    office: Office, cohort: int
) -> None:
    before = laid(office)
    one = meetings_of(office)
    meetings = [
        *one[:TESTING],
        another(one[THE_DAY], week=7),
        another(one[LOOKING_BACK], minutes=60, roles=(Role.MANAGER,)),
        a_meeting(5, "Halvtid"),
    ]
    later = with_newer(office, meetings)
    lines = lines_of(difference(later, cohort))
    assert "Ny träff: Halvtid, onsdag 12 augusti 13.00, 2 timmar. För alla." in lines
    assert "Träff som utgår: Pröva antaganden, onsdag 5 augusti 13.00." in lines
    assert "Träffen Innovationsdagen: onsdag 19 augusti 13.00 → onsdag 26 augusti 13.00" in lines
    assert "Träffen Avstämning: 45 minuter → 1 timme; för alla → för chefer" in lines
    assert not any("Avstamp" in line or "Användarens vardag" in line for line in lines)
    assert any(line.startswith("De inbjudna ser ändringen i Hem direkt.") for line in lines)
    assert laid(office) == before


def test_a_version_with_the_same_meetings_says_nothing_of_them_and_moves_none(office: Office, cohort: int) -> None:
    put(office, LOOKING_BACK, "2026-08-19")
    before = [(number, day) for number, day, *_ in laid(office)]
    later = with_newer(office, meetings_of(office))
    lines = lines_of(difference(later, cohort))
    assert "Övningarna blir desamma." in lines
    assert not any("räffen" in line and "→" in line for line in lines)
    go_over(later, cohort)
    assert [(number, day) for number, day, *_ in laid(later)] == before


def test_what_is_in_a_week_that_is_over_or_has_been_held_is_named_and_not_made_up_for(
    office: Office, cohort: int
) -> None:
    one = meetings_of(office)
    meetings = [*one, a_meeting(2, "Andra starten")]
    meetings[KICK_OFF] = another(one[KICK_OFF], week=5)
    later = with_newer(office, meetings)
    lines = lines_of(difference(later, cohort))
    assert "Träffar som inte blir av, eftersom deras vecka har varit: Andra starten." in lines
    assert "Träffar som hålls före den dagen och inte kommer igen: Avstamp." in lines
    go_over(later, cohort)
    assert [day for _, day, *_ in laid(later)] == DAYS


# What is done


def test_meetings_from_that_monday_on_are_laid_anew_and_those_before_it_stay_as_they_were(
    office: Office, cohort: int
) -> None:
    first = office.rows(CohortSession)[KICK_OFF].id
    then = office.at(home(2026, 6, 10, 17))
    then.send(form_in(then.press("session.count", first)), attended="4")
    one = meetings_of(office)
    meetings = [
        another(one[KICK_OFF], week=2, minutes=30),
        another(one[EVERYDAY], week=5),
        another(one[THE_DAY], week=7, minutes=300),
        another(one[LOOKING_BACK], title=Text(sv="Bokslut", en="Closing the books")),
        a_meeting(4, "Halvtid"),
    ]
    later = with_newer(office, meetings)
    assert "Omgången går enligt den nya versionen" in go_over(later, cohort)
    assert laid(later) == [
        (1, DAYS[0], "13:00", 210, False),
        (2, DAYS[1], "13:00", 90, False),
        (3, DAYS[2], "13:00", 120, False),
        (4, date(2026, 8, 26), "12:00", 300, False),
        (5, DAYS[4], "13:00", 45, False),
    ]
    assert office.rows(CohortSession)[KICK_OFF].attended == 4
    text = listed(later, cohort)
    assert "**Avstamp**\nonsdag 10 juni 13.00, 3½ timmar\nFör alla · ingen plats än · 4 kom" in text
    assert "**Halvtid**\nonsdag 5 augusti" in text, "in the place of what was that week"
    assert "**Bokslut**\nonsdag 2 september" in text
    assert "Pröva antaganden" not in text


def test_one_that_goes_is_called_off_and_is_nowhere_any_more_but_for_calendars(office: Office, cohort: int) -> None:
    gone = office.rows(CohortSession)[TESTING]
    meetings = meetings_of(office)
    del meetings[TESTING]
    later = with_newer(office, meetings)
    go_over(later, cohort)
    assert [off for *_, off in laid(later)] == [False, False, True, False, False]
    assert [day for _, day, *_ in laid(later)] == DAYS, "no other moves because of it"
    assert "Pröva antaganden" not in listed(later, cohort)
    assert "finns inte bland dina" in read(later.press("session.move", gone.id))
    edited = form_in(later.send(form_in(later.press("cohort.edit", cohort)), closed="2026-08-05\n2026-08-19"))
    assert "Pröva antaganden" not in "\n".join(lines_of(edited))
    later.send(edited)
    assert [day for _, day, *_ in laid(later)] == [*DAYS[:3], date(2026, 8, 20), DAYS[4]]


def test_in_calendars_what_moves_moves_what_goes_is_cancelled_and_what_is_new_comes(
    office: Office, cohort: int
) -> None:
    put(office, THE_DAY, "2026-08-20", place="Stadshuset")
    before = {one["SUMMARY"]: one for one in calendar(office.at(JUNE), MANAGER)}
    meetings = meetings_of(office)
    meetings[LOOKING_BACK] = another(meetings[LOOKING_BACK], week=7)
    meetings[TESTING] = a_meeting(5, "Halvtid")
    later = with_newer(office, meetings)
    go_over(later, cohort)
    after = {one["SUMMARY"]: one for one in calendar(later, MANAGER)}
    assert after.keys() == before.keys() | {"Halvtid"}
    moved, gone, stays = (after[name] for name in ("Avstämning", "Pröva antaganden", "Innovationsdagen"))
    assert moved["DTSTART"] == "20260826T110000Z"
    assert gone["STATUS"] == "CANCELLED"
    assert (stays["DTSTART"], stays["LOCATION"]) == ("20260820T110000Z", "Stadshuset")
    assert {one["STATUS"] for name, one in after.items() if one is not gone} == {"CONFIRMED"}
    for name, was in before.items():
        assert after[name]["UID"] == was["UID"]
    for one in ("Avstämning", "Pröva antaganden"):
        assert int(after[one]["SEQUENCE"]) > int(before[one]["SEQUENCE"])
    assert after["Halvtid"]["UID"] not in {one["UID"] for one in before.values()}


def test_whoever_is_invited_sees_the_next_one_there_is(office: Office, cohort: int) -> None:
    meetings = meetings_of(office)
    del meetings[TESTING]
    del meetings[EVERYDAY]
    later = with_newer(office, meetings)
    assert "**Användarens vardag**" in shown_home(later, LEADER)
    go_over(later, cohort, "2026-06-15")
    assert "Nästa träff\n**Innovationsdagen**\nonsdag 19 augusti" in shown_home(later, LEADER)
    assert "Pröva antaganden" not in read(later.write("träffar", who=LEADER))


def test_a_second_newer_version_brings_nothing_back_by_mistake(office: Office, cohort: int) -> None:
    meetings = meetings_of(office)
    del meetings[TESTING]
    later = with_newer(office, meetings)
    go_over(later, cohort)
    again = with_newer(later, [*meetings, a_meeting(4, "Pröva antaganden")])
    go_over(again, cohort)
    assert laid(again)[TESTING] == (3, DAYS[2], "13:00", 60, True)
    assert laid(again)[-1] == (6, DAYS[2], "13:00", 120, False)
    cancelled, new = (one for one in calendar(again, MANAGER) if one["SUMMARY"] == "Pröva antaganden")
    assert {cancelled["STATUS"], new["STATUS"]} == {"CANCELLED", "CONFIRMED"}
    assert cancelled["UID"] != new["UID"]
    edited = form_in(again.send(form_in(again.press("cohort.edit", cohort)), closed="2026-08-19"))
    assert "Pröva antaganden" not in "\n".join(lines_of(edited)), "what was called off takes nobody's day"
    again.send(edited)
    assert laid(again)[-1] == (6, DAYS[2], "13:00", 120, False)


async def test_no_exercise_tells_of_a_meeting_that_was_called_off(office: Office, cohort: int) -> None:
    monday = date(2026, 6, 15)
    later = with_newer(office, [one for one in meetings_of(office) if one.title.sv != "Användarens vardag"])
    go_over(later, cohort, monday.isoformat())
    assert await sent_on(later, monday, LEADER) is not None
    assert await told_on(later, monday, LEADER) == []


def test_what_is_asked_about_a_meeting_follows_it(office: Office, cohort: int) -> None:
    def asked() -> list[tuple[date, list[str]]]:
        return [(row.opens_on, row.roles) for row in office.rows(SurveyWave) if row.wave == "day"]

    leading = [Role.MANAGER, Role.INNOVATION_LEADER]
    assert asked() == [(DAYS[3], leading)]
    meetings = meetings_of(office)
    meetings[THE_DAY] = another(meetings[THE_DAY], week=7)
    meetings[EVERYDAY] = another(meetings[EVERYDAY], wave="day")
    meetings[LOOKING_BACK] = another(meetings[LOOKING_BACK], wave="day")
    later = with_newer(office, meetings)
    lines = lines_of(difference(later, cohort))
    assert "Träffen Avstämning: de inbjudna får en fråga om dagen" in lines
    go_over(later, cohort)
    assert [day for day, _ in asked()] == [date(2026, 8, 26), DAYS[4]]
    del meetings[THE_DAY]
    even_later = with_newer(later, meetings)
    go_over(even_later, cohort)
    assert [day for day, _ in asked()] == [DAYS[4]], "nobody is asked about what was called off"


# What a coordinator has moved


def test_what_a_coordinator_has_moved_stays_on_its_day_and_that_is_said(office: Office, cohort: int) -> None:
    put(office, THE_DAY, "2026-08-20", begins="09:00", place="Stadshuset")
    meetings = meetings_of(office)
    meetings[THE_DAY] = another(meetings[THE_DAY], week=7, minutes=300)
    later = with_newer(office, meetings)
    lines = lines_of(difference(later, cohort))
    said = "Träffen Innovationsdagen ligger kvar torsdag 20 augusti 09.00, eftersom en samordnare har valt den dagen."
    assert said in lines
    assert "Träffen Innovationsdagen: 4 timmar → 5 timmar" in lines
    go_over(later, cohort)
    row = office.rows(CohortSession)[THE_DAY]
    assert (row.day, row.begins, row.minutes, row.place) == (date(2026, 8, 20), "09:00", 300, "Stadshuset")
    assert row.moved_at is not None


def test_what_a_coordinator_has_moved_goes_when_the_new_version_is_without_it(office: Office, cohort: int) -> None:
    put(office, THE_DAY, "2026-08-20")
    meetings = meetings_of(office)
    del meetings[THE_DAY]
    later = with_newer(office, meetings)
    assert "Träff som utgår: Innovationsdagen, torsdag 20 augusti 13.00." in lines_of(difference(later, cohort))
    go_over(later, cohort)
    assert office.rows(CohortSession)[THE_DAY].called_off_at == later.now


def test_what_was_put_off_from_an_old_week_and_what_comes_in_one_that_is_over_stay(office: Office, cohort: int) -> None:
    put(office, EVERYDAY, "2026-08-11")
    meetings = meetings_of(office)
    meetings[TESTING] = another(meetings[TESTING], week=2)
    del meetings[EVERYDAY]
    later = with_newer(office, meetings)
    lines = lines_of(difference(later, cohort))
    over = "ligger kvar onsdag 5 augusti 13.00, fast den nya versionen har den i en vecka som har varit."
    assert f"Träffen Pröva antaganden {over}" in lines
    go_over(later, cohort)
    assert [(day, off) for _, day, _, _, off in laid(later)] == [
        (DAYS[0], False), (date(2026, 8, 11), False), *((day, False) for day in DAYS[2:])
    ]  # fmt: skip


def test_a_meeting_that_was_moved_meanwhile_is_looked_at_again(office: Office, cohort: int) -> None:
    meetings = meetings_of(office)
    meetings[THE_DAY] = another(meetings[THE_DAY], week=7)
    later = with_newer(office, meetings)
    shown = difference(later, cohort)
    row, day = office.rows(CohortSession)[THE_DAY], date(2026, 8, 20)
    office.look(lambda session: sessions.move(session, row, day=day, begins="13:00", place="", now=later.now))
    assert "Inget ändrades." in read(later.send(shown))
    assert office.rows(CohortSession)[THE_DAY].day == day
    assert office.rows(Cohort)[0].document_id == 1


# Surveys


def test_a_survey_that_moves_comes_or_goes_is_named_with_its_day_and_laid_out_so(office: Office, cohort: int) -> None:
    def opens() -> dict[str, date]:
        return {row.wave: row.opens_on for row in office.rows(SurveyWave)}

    before = opens()
    later = with_newer(office, meetings_of(office), waves={"t0": 1, "week-3": 4, "t1": 8})
    lines = lines_of(difference(later, cohort))
    assert "Enkäten ”Vecka tre”: måndag 22 juni → måndag 3 augusti" in lines
    assert f"Enkät som utgår: ”Efter programmet”, {Words('sv').day(before['t2'])}." in lines
    assert not any("Före första" in line or "Sista veckan" in line for line in lines)
    go_over(later, cohort)
    kept = {wave: day for wave, day in before.items() if wave not in ("t2", "week-3")}
    assert opens() == kept | {"week-3": date(2026, 8, 3)}


def test_a_version_that_asks_where_the_old_one_asked_nothing_is_asked_about(office: Office) -> None:
    asks_nothing = [another(one, wave=None) for one in meetings_of(office)]
    office = replace(with_newer(office, asks_nothing, waves={}, version=1), now=office.now)
    cohort = int(form_in(office.send(preview(office))).about)
    assert office.rows(SurveyWave) == []
    later = with_newer(office, [*asks_nothing, a_meeting(7, "Innovationsmässan", wave="day")], waves={"t1": 8})
    assert "Ny enkät: ”Sista veckan”, onsdag 2 september." in lines_of(difference(later, cohort))
    go_over(later, cohort)
    opens = {row.wave: row.opens_on for row in office.rows(SurveyWave)}
    assert opens == {"t1": date(2026, 9, 2), "day": date(2026, 8, 26)}
