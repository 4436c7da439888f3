"""The programme's meetings as those who are invited meet them: in an exercise, in Home and in their calendar."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Card
from bot.conversation.sessions_coming import sessions_file
from bot.conversation.sessions_samples import with_meetings
from bot.conversation.shows import OpenForm, Say, ShowHome
from bot.conversation.texts import Words
from bot.conversation.visiting import House, Visit
from bot.courier import Envelope, compose
from lessons.library import Library
from scheduler.planner import plan
from storage.database import Store
from storage.moments import slot_moment
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person, Workspace
from storage.tables.sessions import CohortSession
from tests.coordinating.office import Office, Picked, form_in, home, managers, read, somebody
from tests.scheduler.test_calendar_file import read as events_in

LEADER, MANAGER, POLITICIAN = "U0000", "U0001", "U0002"
MONDAY, WEDNESDAY = date(2026, 6, 8), date(2026, 6, 10)
"""Innovation leaders have an exercise on both, managers on the first. The first meeting is on the second."""


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    """A cohort that begins on 8 June, with one person of each role."""
    office = Office(store=store, library=with_meetings(library), now=home(2026, 5, 29))
    start(office)
    return office


def start(office: Office, zone: str = "Europe/Stockholm", language: str = "sv") -> int:
    roles = ("innovation-leader", "manager", "politician")
    lists: Picked = {
        f"people_{role}": (replace(somebody(one.external_id, zone=zone), language=language),)
        for role, one in zip(roles, managers(3), strict=True)
    }
    asked = office.plan(programme="with-meetings", starts_on="2026-06-08")
    return int(form_in(office.send(form_in(office.send(asked, profiles=lists)))).about)


async def sent_on(office: Office, day: date, who: str) -> Card | None:
    """Return the message that somebody gets with the exercise of a day, composed as the courier does."""
    moment = slot_moment(day, time(8, 15), "Europe/Stockholm")
    for minutes in range(-60, 61, 15):
        await plan(office.store, moment + timedelta(minutes=minutes))
    person = office.person(who).id
    rows = [row for row in office.rows(Delivery) if (row.person_id, row.day, row.kind) == (person, day, Kind.NUDGE)]
    planned = [row.rides_on or row.id for row in rows if row.state is State.PLANNED]
    if not planned:
        return None
    house = office.house()
    envelope = office.look(lambda session: compose(session, house=house, delivery_id=planned[0], now=moment))
    assert isinstance(envelope, Envelope)
    return envelope.card


async def told_on(office: Office, day: date, who: str) -> list[str]:
    card = await sent_on(office, day, who)
    return [line for line in read([Say(card)] if card else []).splitlines() if line.startswith("Träff ")]


def shown_home(office: Office, who: str) -> str:
    (show,) = [one for one in office.press("home.refresh", who=who) if isinstance(one, ShowHome)]
    return read([Say(show.card)])


def visiting(office: Office, session: Session, who: str) -> Visit:
    person = session.exec(select(Person).where(Person.external_id == who)).one()
    return Visit(
        session=session, house=office.house(), workspace=session.exec(select(Workspace)).one(), person=person,
        words=Words("sv"), now=office.now,
    )  # fmt: skip


def calendar(office: Office, who: str = MANAGER) -> list[dict[str, str]]:
    return events_in(office.look(lambda session: sessions_file(visiting(office, session, who))))


def move(office: Office, **values: Any) -> None:
    row = office.rows(CohortSession)[0]
    asked = form_in(office.press("session.move", row.id))
    office.send(form_in(office.send(asked, **values)))


async def test_the_exercise_of_the_day_before_tells_of_the_meeting(office: Office) -> None:
    move(office, day="2026-06-09", place="Stadshuset")
    told = await told_on(office, MONDAY, LEADER)
    assert told == ["Träff i morgon, tisdag 9 juni, 13.00, 3½ timmar, Stadshuset: Avstamp"]


async def test_whoever_gets_nothing_the_day_before_is_told_in_the_last_exercise_and_only_there(office: Office) -> None:
    assert await told_on(office, MONDAY, MANAGER) == ["Träff onsdag 10 juni 13.00, 3½ timmar: Avstamp"]
    assert await told_on(office, MONDAY, LEADER) == ["Träff onsdag 10 juni 13.00, 3½ timmar: Avstamp"]
    assert await told_on(office, WEDNESDAY, LEADER) == [], "it is today, and the next one is a week away"
    assert await told_on(office, MONDAY + timedelta(weeks=1), LEADER) == [
        "Träff onsdag 17 juni 13.00, 1½ timme: Användarens vardag"
    ]


async def test_a_meeting_that_has_moved_is_told_of_before_its_new_day(office: Office) -> None:
    move(office, day="2026-06-12", begins="09:00")
    assert await told_on(office, MONDAY, LEADER) == [], "there is another exercise before it"
    assert await told_on(office, WEDNESDAY, LEADER) == ["Träff fredag 12 juni 09.00, 3½ timmar: Avstamp"]


def test_elsewhere_it_is_said_by_whose_clock(store: Store, library: Library) -> None:
    office = Office(store=store, library=with_meetings(library), now=home(2026, 5, 29))
    start(office, zone="Europe/Helsinki")
    assert "13.00 svensk tid" in shown_home(office, LEADER)


def test_home_shows_the_next_meeting_until_it_begins(office: Office) -> None:
    assert "Nästa träff\n**Avstamp**\nonsdag 10 juni 13.00, 3½ timmar" in shown_home(office, MANAGER)
    begun = office.at(home(2026, 6, 10, 13))
    assert "Nästa träff\n**Användarens vardag**\nonsdag 17 juni 13.00, 1½ timme" in shown_home(begun, MANAGER)
    assert "Nästa träff\n**Avstämning**\nonsdag 2 september" in shown_home(begun, POLITICIAN)
    assert "Nästa träff" not in shown_home(begun, "U0SAM")


def test_whoever_has_left_the_cohort_and_whoever_was_in_one_that_ended_has_none(office: Office) -> None:
    cohort = office.rows(CohortSession)[0].cohort_id
    remove = form_in(office.press("cohort.remove", cohort))
    office.send(remove, profiles={"people": (somebody(MANAGER),)})
    later = office.at(office.now + timedelta(days=1))
    assert "Nästa träff" not in shown_home(later, MANAGER)
    assert {one["STATUS"] for one in calendar(later, MANAGER)} == {"CANCELLED"}, "they are in a calendar already"
    assert "Nästa träff" in shown_home(later, LEADER)
    office.press("cohort.end", cohort)
    assert "Nästa träff" not in shown_home(later, LEADER)


def test_the_meetings_are_listed_for_whoever_asks_in_words(office: Office) -> None:
    text = read(office.write("träffar", who=POLITICIAN))
    assert text.count("timmar") + text.count("minuter") == 2
    assert "Ni delar en lärdom var" in text
    assert "Du har ingen träff på gång." in read(office.write("my meetings", who="U0SAM"))


def test_a_calendar_moves_a_meeting_that_has_moved_and_takes_away_one_that_is_off(office: Office) -> None:
    before = calendar(office)
    assert [one["SUMMARY"] for one in before] == [
        "Avstamp", "Användarens vardag", "Pröva antaganden", "Innovationsdagen", "Avstämning",
    ]  # fmt: skip
    assert (before[0]["DTSTART"], before[0]["DURATION"], before[0]["SEQUENCE"]) == ("20260610T110000Z", "PT210M", "0")
    assert "LOCATION" not in before[0]
    move(office, day="2026-06-11", begins="09:00", place="Rådhuset, sal 1; västra")
    after = calendar(office)
    assert [one["UID"] for one in sorted(after, key=lambda one: one["DTSTART"])] == [one["UID"] for one in before]
    assert (after[0]["DTSTART"], after[0]["SEQUENCE"]) == ("20260611T070000Z", "1")
    assert after[0]["LOCATION"] == "Rådhuset, sal 1; västra"
    assert {one["STATUS"] for one in after} == {"CONFIRMED"}
    office.press("cohort.end", office.rows(CohortSession)[0].cohort_id)
    off = calendar(office)
    assert (off[0]["UID"], off[0]["SEQUENCE"], off[0]["STATUS"]) == (before[0]["UID"], "2", "CANCELLED")


def test_a_calendar_holds_what_the_person_is_invited_to_and_nothing_else(office: Office) -> None:
    assert [one["SUMMARY"] for one in calendar(office, POLITICIAN)] == ["Avstamp", "Avstämning"]
    assert calendar(office, "U0SAM") == []


def test_the_way_to_the_calendar_is_a_link_to_ones_own_page_where_there_is_one(office: Office) -> None:
    assert "Till kalendern" not in shown_home(office, LEADER)
    with_page = OfficeWithPage(store=office.store, library=office.library, now=office.now, keys=office.keys)
    assert "[Till kalendern]" in shown_home(with_page, LEADER)
    (show,) = with_page.press("sessions.calendar", who=LEADER)
    assert isinstance(show, OpenForm)
    assert "Hämta kalenderfilen" in read([show])


class OfficeWithPage(Office):
    def house(self) -> House:
        return replace(super().house(), page_address="https://knuff.example.se")
