"""A new cohort: from the form through the preview to the start. Nothing is promised before the last press."""

from dataclasses import replace

import pytest

from bot.conversation.cards import Buttons, Form, Input, PeopleInput
from bot.conversation.shows import OpenForm, Say
from lessons.library import load_library
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Delivery
from storage.tables.people import Cadence, Person
from storage.tables.programmes import (
    CatchUp,
    Cohort,
    CohortCoordinator,
    CohortDraft,
    Enrolment,
    LateJoiners,
    ProgrammeDocument,
    Role,
)
from tests.coordinating.office import KARIN, SAM, Office, form_in, home, managers, read, refusal_in, somebody


def previewed(office: Office, number: int = 3) -> Form:
    return form_in(office.send(office.plan(), profiles={"people": managers(number)}))


def test_the_first_form_asks_only_what_it_is_to_be(office: Office) -> None:
    first = office.filled(form_in(office.press("cohort.new"))).values
    assert first == {"programme": "eight-weeks", "starts_on": "2026-02-23", "name": ""}


def test_the_first_form_tells_of_each_programme_how_long_for_whom_and_what_it_is(office: Office) -> None:
    office.library = load_library()
    text = read(office.press("cohort.new"))
    for programme in office.library.programmes.values():
        assert f"**{programme.title.sv}** · {len(programme.weeks)} veckor · för " in text
        assert programme.about.sv.split(".")[0] in text


@pytest.mark.parametrize("typed", ["ny omgång", "New cohort"])
def test_who_types_reads_of_the_programmes_and_comes_to_the_form_with_one_chosen(office: Office, typed: str) -> None:
    office.library = load_library()
    shows = office.write(typed)
    (card,) = (show.card for show in shows if isinstance(show, Say))
    presses = [button for part in card.parts if isinstance(part, Buttons) for button in part.buttons]
    assert [button.value for button in presses] == list(office.library.programmes)
    year = next(button for button in presses if button.value == "year-of-ten")
    assert office.filled(form_in(office.press(year.action, year.value))).values["programme"] == "year-of-ten"


def test_the_second_form_says_what_was_chosen_and_until_when_it_takes(office: Office) -> None:
    text = read([OpenForm(office.plan())])
    assert "Namn: Våren" in text
    assert "Start: måndag 2 mars 2026" in text
    assert "Hur länge: 8 veckor, till och med fredag 24 april 2026" in text
    assert "För: alla roller" in text
    assert "uppehåll" not in text


def test_the_way_back_from_the_second_form_keeps_what_was_chosen_in_the_first(office: Office) -> None:
    plan = office.plan(name="Våren: a, b", starts_on="2026-03-09")
    (again,) = [button for part in plan.body if isinstance(part, Buttons) for button in part.buttons]
    first = office.filled(form_in(office.press(again.action, again.value))).values
    assert first == {"programme": "eight-weeks", "starts_on": "2026-03-09", "name": "Våren: a, b"}


@pytest.mark.parametrize("about", ["", "eight-weeks", "gone:2026-03-02:Våren", "eight-weeks:2026-13-02:Våren", "::"])
def test_a_second_form_about_nothing_there_is_says_so(office: Office, about: str) -> None:
    shows = office.send(replace(office.plan(), about=about), profiles={"people": managers(2)})
    assert "gäller inte längre" in read(shows)
    assert office.rows(CohortDraft) == []


@pytest.mark.parametrize("day", ["2026-02-20", "0001-01-01", "9999-12-31"])
def test_a_second_form_whose_start_has_passed_asks_for_a_new_one(office: Office, day: str) -> None:
    shows = office.send(replace(office.plan(), about=f"eight-weeks:{day}:Våren"), profiles={"people": managers(2)})
    assert "Startdagen passerade" in read(shows)
    assert office.rows(CohortDraft) == []


def test_the_second_form_opens_with_choices_that_suit_most(office: Office) -> None:
    values = office.filled(office.plan()).values
    assert (values["slot"], values["window"], values["late_hours"]) == ("08:15", "60", "4")
    assert values["flags"] == ("eves", "half_eves", "christmas_week")
    assert (values["catch_up"], values["late_joiners"]) == ("latest_only", "join_cohort")


def test_groups_and_channels_are_offered_only_where_the_installation_allows_them(office: Office) -> None:
    assert [one.name for one in people_inputs(office.plan())] == ["people"]
    office.extra_audiences = True
    offered = people_inputs(office.plan())
    assert [(one.name, one.audience) for one in offered] == [
        ("people", "people"),
        ("audience", "channel"),
        ("group", "group"),
    ]


def people_inputs(form: Form) -> list[PeopleInput]:
    return [one for one in form.body if isinstance(one, Input) and isinstance(one, PeopleInput)]


def test_the_preview_says_everything_that_will_happen(office: Office) -> None:
    form = previewed(office)
    text = read([OpenForm(form)])
    assert form.submit == "Starta omgången"
    assert "Första övningen: måndag 2 mars 2026, 08.15" in text
    assert "Sista övningen: fredag 24 april 2026, 08.15" in text
    # Good Friday and Easter Monday; Maundy Thursday is a half eve and the slot is in the morning.
    assert "Övningar per person: 38 skickas, 2 får inte plats" in text
    assert "Meddelanden med övningar: 114" in text
    assert "fredag 3 april – Långfredagen" in text
    assert "måndag 6 april – Annandag påsk" in text
    assert "torsdag 2 april" not in text
    assert "Omkring 08.16" in text


def test_the_preview_promises_nothing_to_anybody(office: Office) -> None:
    previewed(office)
    assert (office.rows(Cohort), office.rows(Enrolment), office.rows(Delivery)) == ([], [], [])
    assert [person.external_id for person in office.rows(Person)] == [SAM]


def test_the_start_enrols_everybody_as_it_was_previewed(office: Office) -> None:
    shows = office.send(previewed(office))
    (cohort,) = office.rows(Cohort)
    assert (cohort.name, cohort.starts_on.isoformat(), cohort.default_slot) == ("Våren", "2026-03-02", "08:15")
    assert (cohort.window_minutes, cohort.late_hours) == (60, 4)
    assert (cohort.catch_up, cohort.late_joiners) == (CatchUp.LATEST_ONLY, LateJoiners.JOIN_COHORT)
    enrolments = office.rows(Enrolment)
    assert len(enrolments) == 3
    assert {(e.role, e.starts_on.isoformat(), e.first_day.isoformat()) for e in enrolments} == {
        (Role.MANAGER, "2026-03-02", "2026-03-02")
    }
    assert all(enrolment.moved_at == office.now for enrolment in enrolments), "the planner is asked for a welcome"
    assert "Våren är skapad med 3 personer. Första övningen kommer måndag 2 mars." in read(shows)


def test_the_start_stores_the_programme_as_it_stands(office: Office) -> None:
    office.start_cohort(managers(1))
    office.start_cohort(managers(2), name="Hösten")
    (document,) = office.rows(ProgrammeDocument)
    assert document.digest == office.library.document("eight-weeks").digest()
    assert document.body == office.library.document("eight-weeks").to_json()


def test_whoever_starts_a_cohort_is_its_coordinator(office: Office) -> None:
    cohort = office.start_cohort(managers(1))
    assert [(row.cohort_id, row.person_id) for row in office.rows(CohortCoordinator)] == [
        (cohort, office.person(SAM).id)
    ]


def test_everybody_gets_the_cohorts_time_in_their_own_zone(office: Office) -> None:
    office.start_cohort((somebody("U1"), somebody("U2", zone="America/New_York")), slot="09:30")
    cadences = {cadence.id: cadence for cadence in office.rows(Cadence)}
    rhythms = {
        person.external_id: (cadences[person.cadence_id].zone, cadences[person.cadence_id].slot)
        for person in office.rows(Person)
    }
    assert rhythms["U1"] == ("Europe/Stockholm", "09:30")
    assert rhythms["U2"] == ("America/New_York", "09:30")
    enrolled = {enrolment.person_id: enrolment.cadence_id for enrolment in office.rows(Enrolment)}
    assert all(enrolled[person.id] == person.cadence_id for person in office.rows(Person) if person.id in enrolled)


def test_somebody_with_a_rhythm_of_their_own_keeps_it(office: Office) -> None:
    office.write("dagar mån tis", who=KARIN)
    before = office.person(KARIN).cadence_id
    office.start_cohort((somebody(KARIN),), slot="10:00")
    assert office.person(KARIN).cadence_id == before
    assert office.rows(Enrolment)[0].cadence_id == before


def test_the_organisation_decides_where_saving_begins_for_whoever_is_enrolled(office: Office) -> None:
    quiet = replace(office, saves_text=False)
    quiet.start_cohort((somebody(KARIN),))
    assert not office.person(KARIN).saves_text


def test_starting_twice_starts_once(office: Office) -> None:
    preview = previewed(office)
    office.send(preview)
    again = office.send(preview)
    assert len(office.rows(Cohort)) == 1
    assert len(office.rows(Enrolment)) == 3
    assert "Förhandsvisningen gäller inte längre." in read(again)


def test_a_form_sent_twice_leaves_the_newer_preview_only(office: Office) -> None:
    first, second = previewed(office), previewed(office, number=2)
    assert "gäller inte längre" in read(office.send(first))
    assert office.rows(Cohort) == []
    office.send(second)
    assert len(office.rows(Enrolment)) == 2


def test_a_preview_that_lay_open_past_its_start_starts_nothing(office: Office) -> None:
    preview = previewed(office)
    shows = office.at(home(2026, 3, 2, 7)).send(preview)
    assert "Startdagen passerade" in read(shows)
    assert "[Ny omgång]" in read(shows)
    assert office.rows(Cohort) == []


def test_nobody_can_start_somebody_elses_preview(office: Office) -> None:
    preview = previewed(office)
    shows = office.send(preview, who="U0KIM")
    assert "gäller inte längre" in read(shows)
    assert office.rows(Cohort) == []
    assert len(office.rows(CohortDraft)) == 1


def test_the_members_of_a_channel_are_enrolled_without_its_bots(office: Office) -> None:
    office.extra_audiences = True
    members = (*managers(4), somebody("B1", is_bot=True), somebody("U8", gone=True))
    shows = office.send(office.plan(), profiles={"people": managers(2), "audience": members})
    assert "Personer: 4" in read(shows)
    assert "2 botar eller stängda konton räknades inte med." in read(shows)
    office.send(form_in(shows))
    assert len(office.rows(Enrolment)) == 4


def test_the_members_of_a_group_are_enrolled(office: Office) -> None:
    office.extra_audiences = True
    shows = office.send(office.plan(), profiles={"group": managers(3)})
    office.send(form_in(shows))
    assert len(office.rows(Enrolment)) == 3


def test_the_start_is_written_down_in_numbers(office: Office) -> None:
    cohort = office.start_cohort(managers(3))
    (entry,) = office.rows(AuditEntry)
    assert (entry.action, entry.cohort_id, entry.actor_id) == ("cohort_started", cohort, office.person(SAM).id)
    assert entry.at == office.now
    assert entry.detail == {"people": 3, "digest": office.library.document("eight-weeks").digest()}


def test_the_start_sends_nothing_by_itself(office: Office) -> None:
    shows = office.send(previewed(office))
    assert not any(isinstance(show, Say) for show in shows)
    assert office.rows(Delivery) == []


def test_other_cohorts_at_the_same_time_are_counted_in(office: Office) -> None:
    """They wait in the same queue, so the last person has today's message later."""
    office.start_cohort(managers(600), name="Hösten")
    other_time = office.plan()
    people = {"people": managers(600)}
    text = read(office.send(other_time, slot="10:00", profiles=people))
    assert "Omkring 10.10" in text
    assert "Andra omgångar" not in text
    text = read(office.send(other_time, profiles=people))
    assert "Omkring 08.35" in text
    assert "Andra omgångar skickar ungefär samtidigt. De är inräknade." in text
    errors = refusal_in(office.send(other_time, window="15", profiles=people))
    assert "Det tar 20 minuter att nå 600 personer" in errors["window"]
    assert (
        "eftersom andra omgångar skickar ungefär samtidigt. Den sista skulle få sin övning omkring 08.35"
        in errors["window"]
    )
    office.press("cohort.end", 1)
    text = read(office.send(other_time, window="15", profiles=people))
    assert "Omkring 08.25" in text


def test_a_cohort_does_not_queue_behind_itself(office: Office) -> None:
    cohort = office.start_cohort(managers(600), window="15")
    asked = form_in(office.press("cohort.edit", cohort))
    assert "Namnet: Våren → Hösten" in read(office.send(asked, name="Hösten"))


def test_a_platform_without_limits_reaches_everybody_at_once(office: Office) -> None:
    office.posts_per_minute = 0
    text = read([OpenForm(previewed(office, number=550))])
    assert "Omkring 08.15" in text
