"""People come in after a preview, are removed, and colleagues help to coordinate."""

from datetime import date

import pytest
from sqlalchemy import update

from storage.tables.people import Person
from storage.tables.programmes import Cohort, CohortCoordinator, Enrolment, LateJoiners, Role
from tests.coordinating.office import KARIN, Office, form_in, home, managers, read, refusal_in, somebody


@pytest.fixture
def cohort(office: Office) -> int:
    return office.start_cohort(managers(3))


def add(office: Office, cohort: int, number: int = 5, **values: str) -> str:
    asked = form_in(office.press("cohort.add", cohort))
    return read(office.send(form_in(office.send(asked, profiles={"people": managers(number)}, **values))))


def enrolment_of(office: Office, external_id: str) -> Enrolment:
    person = office.person(external_id)
    return next(enrolment for enrolment in office.rows(Enrolment) if enrolment.person_id == person.id)


def test_adding_is_previewed_first(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.add", cohort))
    text = read(office.send(asked, profiles={"people": managers(5)}))
    assert "2 personer läggs till. Första övningen kommer måndag 2 mars." in text
    assert "De börjar från dag ett." in text
    assert "3 personer var redan med." in text
    assert "Med i omgången nu: 3 personer." in text
    assert len(office.rows(Enrolment)) == 3


def test_whoever_is_added_before_the_start_begins_with_the_others(office: Office, cohort: int) -> None:
    assert "2 personer är tillagda. 3 personer var redan med." in add(office, cohort)
    assert {(e.starts_on, e.first_day) for e in office.rows(Enrolment)} == {(date(2026, 3, 2), date(2026, 3, 2))}


def test_whoever_is_added_takes_the_role_that_was_chosen(office: Office, cohort: int) -> None:
    add(office, cohort, 4, role="politician")
    assert enrolment_of(office, "U0003").role is Role.POLITICIAN
    assert enrolment_of(office, "U0002").role is Role.MANAGER


def test_a_late_joiner_joins_where_the_cohort_is(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 3, 12))
    asked = form_in(later.press("cohort.add", cohort))
    preview = later.send(asked, profiles={"people": managers(4)})
    assert "De går in där omgången är." in read(preview)
    later.send(form_in(preview))
    late = enrolment_of(office, "U0003")
    assert (late.starts_on, late.first_day) == (date(2026, 3, 2), date(2026, 3, 13))
    assert late.moved_at == later.now


def test_a_late_joiner_starts_from_day_one_where_that_is_the_policy(office: Office) -> None:
    cohort = office.start_cohort(managers(3), late_joiners=LateJoiners.DAY_ONE.value)
    later = office.at(home(2026, 4, 2))
    asked = form_in(later.press("cohort.add", cohort))
    preview = later.send(asked, profiles={"people": managers(4)})
    assert "Första övningen kommer tisdag 7 april." in read(preview), "after Easter"
    assert "De börjar från dag ett." in read(preview)
    later.send(form_in(preview))
    late = enrolment_of(office, "U0003")
    assert (late.starts_on, late.first_day) == (date(2026, 4, 7), date(2026, 4, 7))
    assert enrolment_of(office, "U0002").starts_on == date(2026, 3, 2)


def test_nobody_joins_a_programme_that_is_over(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 5, 5))
    errors = refusal_in(later.send(form_in(later.press("cohort.add", cohort)), profiles={"people": managers(4)}))
    assert errors == {"people": "Omgångens sista övning var fredag 24 april. Starta en ny omgång för dem."}


def test_more_people_than_the_window_takes_are_refused(office: Office) -> None:
    cohort = office.start_cohort(managers(3), window="15")
    office.posts_per_minute = 1
    asked = form_in(office.press("cohort.add", cohort))
    errors = refusal_in(office.send(asked, profiles={"people": managers(16)}))
    assert errors["people"].startswith("Det tar 16 minuter att nå 16 personer med 1 meddelanden i minuten.")
    assert "läggs till" in read(office.send(asked, profiles={"people": managers(15)}))


def test_adding_is_refused_for_bots_and_for_nobody(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.add", cohort))
    bot = refusal_in(office.send(asked, profiles={"people": (somebody("B1", is_bot=True),)}))
    assert bot == {"people": "En av dem du valde är en bot eller ett stängt konto. Ta bort den och skicka igen."}
    assert refusal_in(office.send(asked, profiles={"people": ()})) == {"people": "Välj minst en person."}


def test_adding_confirmed_twice_adds_once(office: Office, cohort: int) -> None:
    preview = form_in(office.send(form_in(office.press("cohort.add", cohort)), profiles={"people": managers(5)}))
    office.send(preview)
    assert "gäller inte längre" in read(office.send(preview))
    assert len(office.rows(Enrolment)) == 5


def test_a_channel_can_be_added_where_the_installation_allows_it(office: Office, cohort: int) -> None:
    office.extra_audiences = True
    asked = form_in(office.press("cohort.add", cohort))
    members = (*managers(5), somebody("B1", is_bot=True))
    preview = office.send(asked, profiles={"people": (), "audience": members})
    assert "1 bot eller stängt konto räknades inte med." in read(preview)
    office.send(form_in(preview))
    assert len(office.rows(Enrolment)) == 5


def test_whoever_is_removed_gets_no_more_from_that_day_on(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 3, 12))
    shows = later.send(form_in(later.press("cohort.remove", cohort)), profiles={"people": managers(1)})
    assert "De du valde är inte längre med i omgången." in read(shows)
    assert "Personer: 2" in read(shows)
    assert enrolment_of(office, "U0000").ends_on == date(2026, 3, 12)
    assert enrolment_of(office, "U0001").ends_on is None


def test_removing_says_the_same_whoever_it_was(office: Office, cohort: int) -> None:
    """Not whether they had stopped, nor whether they were in at all."""
    stopped = office.person("U0001").id
    office.look(
        lambda session: session.exec(update(Person).where(Person.id == stopped).values(stopped_at=office.now))  # type: ignore[arg-type]
    )
    asked = form_in(office.press("cohort.remove", cohort))
    said = [
        read(office.send(asked, profiles={"people": (somebody(who),)})).split("\n")[1]
        for who in ("U0000", "U0001", "UNKNOWN")
    ]
    assert said == ["**De du valde är inte längre med i omgången.**"] * 3


def test_removing_nobody_is_refused(office: Office, cohort: int) -> None:
    errors = refusal_in(office.send(form_in(office.press("cohort.remove", cohort)), profiles={"people": ()}))
    assert errors == {"people": "Välj minst en person."}


def test_somebody_with_a_closed_account_can_be_removed(office: Office, cohort: int) -> None:
    office.send(form_in(office.press("cohort.remove", cohort)), profiles={"people": (somebody("U0000", gone=True),)})
    assert enrolment_of(office, "U0000").ends_on is not None


def test_whoever_was_removed_comes_back_to_their_own_place(office: Office, cohort: int) -> None:
    before = enrolment_of(office, "U0000").id
    removing = office.at(home(2026, 3, 12))
    removing.send(form_in(removing.press("cohort.remove", cohort)), profiles={"people": managers(1)})
    later = office.at(home(2026, 3, 17))
    assert "1 person är tillagd. 2 personer var redan med." in add(later, cohort, 3)
    back = enrolment_of(office, "U0000")
    assert (back.id, back.ends_on, back.starts_on) == (before, None, date(2026, 3, 2))
    assert (back.first_day, back.moved_at) == (date(2026, 3, 18), later.now)


def test_somebody_who_has_stopped_stays_stopped_when_added_again(office: Office, cohort: int) -> None:
    office.look(lambda session: session.exec(update(Person).values(stopped_at=office.now, left_at=office.now)))
    add(office, office.start_cohort(managers(1), name="Hösten"), 3)
    back = office.person("U0000")
    assert back.stopped_at == office.now, "that is for them to say"
    assert back.left_at is None, "the platform has just said that they are there"


def test_a_colleague_sees_the_cohort_too(office: Office, cohort: int) -> None:
    assert "samordnare" in read(office.press("cohort.home", who=KARIN))
    asked = form_in(office.press("cohort.colleague", cohort))
    shows = office.send(asked, profiles={"people": (somebody(KARIN),)})
    assert "Klart. De du valde ser nu omgången" in read(shows)
    assert "**Våren**" in read(office.press("cohort.home", who=KARIN))
    office.send(asked, profiles={"people": (somebody(KARIN),)})
    assert len(office.rows(CohortCoordinator)) == 2


def test_a_bot_is_no_colleague(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.colleague", cohort))
    assert "people" in refusal_in(office.send(asked, profiles={"people": (somebody("B1", is_bot=True),)}))
    assert "people" in refusal_in(office.send(asked, profiles={"people": ()}))
    assert len(office.rows(CohortCoordinator)) == 1


def test_a_colleague_may_do_all_that_the_first_one_may(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.colleague", cohort))
    office.send(asked, profiles={"people": (somebody(KARIN),)})
    office.press("cohort.pause", cohort, who=KARIN)
    assert office.rows(Cohort)[0].state == "paused"
