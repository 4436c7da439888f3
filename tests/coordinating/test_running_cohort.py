"""A cohort that exists: listed, changed after the difference was shown, paused, resumed, ended, tried by oneself."""

from datetime import date

import pytest

from bot.conversation.cards import Buttons, Card
from bot.conversation.shows import OpenForm, Say
from scheduler.planner import plan
from storage.tables.answers import Answer
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Delivery
from storage.tables.people import Cadence, Person
from storage.tables.programmes import Cohort, CohortState, Enrolment
from tests.coordinating.office import SAM, Office, Value, form_in, home, managers, read, refusal_in
from tests.coordinating.test_versions import asked, digest_of, newer


@pytest.fixture
def cohort(office: Office) -> int:
    return office.start_cohort(managers(6))


def test_without_a_cohort_one_is_invited_to_make_one(office: Office) -> None:
    text = read(office.press("cohort.home"))
    assert "Du har ingen omgång än." in text
    assert "[Ny omgång]" in text


def test_the_list_shows_each_cohort_with_its_programme_people_and_state(office: Office, cohort: int) -> None:
    text = read(office.press("cohort.home"))
    assert "**Våren** · Åtta veckor innovationsledning · start måndag 2 mars · 6 personer · väntar på start" in text


def test_typing_the_word_lists_the_cohorts_in_the_chat(office: Office, cohort: int) -> None:
    (say,) = office.write("omgångar")
    assert isinstance(say, Say)
    assert "**Våren**" in read([say])


def test_what_has_ended_comes_last_in_a_long_list_that_says_what_it_leaves_out(office: Office) -> None:
    cohorts = [office.start_cohort(managers(1), name=f"K{number}") for number in range(22)]
    office.press("cohort.end", cohorts[21])
    text = read(office.press("cohort.home"))
    assert "**K20**" in text
    assert "**K21**" not in text
    assert "… och 2 avslutade till" in text


def test_a_cohort_says_which_programme_it_goes_through(office: Office, cohort: int) -> None:
    text = read(office.press("cohort.open", cohort))
    assert "Program: Åtta veckor innovationsledning\nLäge: väntar på start" in text


def test_a_cohort_opens_with_everything_that_can_be_done(office: Office, cohort: int) -> None:
    form = form_in(office.press("cohort.open", cohort))
    actions = {button.action for part in form.body if isinstance(part, Buttons) for button in part.buttons}
    assert actions == {
        "cohort.account", "cohort.edit", "cohort.test", "cohort.add", "cohort.remove", "cohort.colleague",
        "cohort.pause", "cohort.end", "cohort.home", "outcomes.open",
    }  # fmt: skip
    assert all(button.opens_form for part in form.body if isinstance(part, Buttons) for button in part.buttons), (
        "each is answered in the form it sits in"
    )


# Changes


def test_the_difference_is_shown_before_anything_changes(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.edit", cohort))
    shows = office.send(asked, name="Hösten", slot="09:30", window="120", closed="2026-03-10 – 2026-03-11")
    text = read(shows)
    assert "Namnet: Våren → Hösten" in text
    assert "Tiden: 08.15 → 09.30. Den som har valt egen tid behåller den." in text
    assert "Utskicket får ta: 1 timme → 2 timmar\n" in text
    assert "Faller bort: tisdag 10 mars (stängt hos er)" in text
    assert "Övningar kvar per person: 38 → 36" in text
    (row,) = office.rows(Cohort)
    assert (row.name, row.default_slot, row.calendar["closed"]) == ("Våren", "08:15", [])


def test_a_confirmed_change_is_made(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.edit", cohort))
    difference = form_in(
        office.send(
            asked, name="Hösten", slot="09:30", window="120", late_hours="8", catch_up="skip", late_joiners="day_one",
            closed="2026-03-10",
        )
    )  # fmt: skip
    shows = office.send(difference)
    (row,) = office.rows(Cohort)
    assert (row.name, row.default_slot, row.window_minutes, row.late_hours) == ("Hösten", "09:30", 120, 8)
    assert (row.catch_up, row.late_joiners, row.calendar["closed"]) == ("skip", "day_one", ["2026-03-10"])
    assert "Ändringen gäller från och med nästa utskick." in read(shows)


def test_a_new_time_moves_everybody_but_those_who_chose_their_own(office: Office, cohort: int) -> None:
    chose = office.person("U0002").id
    later = office.at(home(2026, 2, 23))
    later.write("tid 08.15", who="U0002")
    later.send(form_in(later.send(form_in(later.press("cohort.edit", cohort)), slot="09:30")))
    slots = {cadence.id: cadence.slot for cadence in office.rows(Cadence)}
    enrolled = {e.person_id: (slots[e.cadence_id], e.moved_at == later.now) for e in office.rows(Enrolment)}
    assert enrolled.pop(chose) == ("08:15", False)
    assert set(enrolled.values()) == {("09:30", True)}
    assert {slots[p.cadence_id] for p in office.rows(Person) if p.id in enrolled} == {"09:30"}


def test_new_closed_days_have_the_planner_look_at_everybody_again(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 3, 4))
    later.send(form_in(later.send(form_in(later.press("cohort.edit", cohort)), closed="2026-03-06")))
    assert {enrolment.moved_at for enrolment in office.rows(Enrolment)} == {later.now}


def test_a_change_without_a_difference_says_so(office: Office, cohort: int) -> None:
    shows = office.send(form_in(office.press("cohort.edit", cohort)))
    assert "Det blir ingen skillnad." in read(shows)


def test_before_the_start_the_start_can_be_moved_for_everybody(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.edit", cohort))
    difference = office.send(asked, starts_on="2026-03-09")
    assert "Starten: måndag 2 mars → måndag 9 mars" in read(difference)
    office.send(form_in(difference))
    assert office.rows(Cohort)[0].starts_on == date(2026, 3, 9)
    assert {(e.starts_on, e.first_day) for e in office.rows(Enrolment)} == {(date(2026, 3, 9), date(2026, 3, 9))}


def test_what_has_begun_keeps_its_start(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 3, 4))
    asked = form_in(later.press("cohort.edit", cohort))
    assert "starts_on" not in later.filled(asked).values
    later.send(form_in(later.send(asked, name="Hösten", starts_on="2026-04-01")))
    assert office.rows(Cohort)[0].starts_on == date(2026, 3, 2)


def test_days_that_have_been_stay_as_they_were(office: Office, cohort: int) -> None:
    later = office.at(home(2026, 3, 12))
    shows = later.send(form_in(later.press("cohort.edit", cohort)), closed="2026-03-10\n2026-03-16")
    assert "10 mars" not in read(shows)
    later.send(form_in(shows))
    assert office.rows(Cohort)[0].calendar["closed"] == ["2026-03-16"]


def test_a_difference_confirmed_twice_changes_once(office: Office, cohort: int) -> None:
    difference = form_in(office.send(form_in(office.press("cohort.edit", cohort)), name="Hösten"))
    office.send(difference)
    assert "gäller inte längre" in read(office.send(difference))
    assert [entry.action for entry in office.rows(AuditEntry)].count("cohort_changed") == 1


def test_a_difference_that_is_no_longer_true_changes_nothing(office: Office, cohort: int) -> None:
    colleague = form_in(office.press("cohort.colleague", cohort))
    office.send(colleague, profiles={"people": managers(1)})
    mine = form_in(office.send(form_in(office.press("cohort.edit", cohort)), name="Hösten"))
    theirs = form_in(office.send(form_in(office.press("cohort.edit", cohort, who="U0000")), who="U0000", window="120"))
    office.send(theirs, who="U0000")
    assert "Omgången har ändrats sedan du såg skillnaden" in read(office.send(mine))
    assert (office.rows(Cohort)[0].name, office.rows(Cohort)[0].window_minutes) == ("Våren", 120)


def test_a_new_start_confirmed_too_late_changes_nothing(office: Office, cohort: int) -> None:
    mine = form_in(office.send(form_in(office.press("cohort.edit", cohort)), starts_on="2026-03-09"))
    assert "startdagen passerat" in read(office.at(home(2026, 3, 3)).send(mine))
    assert office.rows(Cohort)[0].starts_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("values", "at"),
    [({"name": ""}, "name"), ({"slot": "05:00"}, "slot"), ({"closed": "?"}, "closed"), ({"window": "?"}, "window"),
     ({"starts_on": "2026-04-03"}, "starts_on"), ({"starts_on": "2026-02-20"}, "starts_on")],
)  # fmt: skip
def test_a_bad_change_is_refused_at_its_input(office: Office, cohort: int, values: dict[str, Value], at: str) -> None:
    asked = form_in(office.press("cohort.edit", cohort))
    assert set(refusal_in(office.send(asked, who=SAM, profiles=None, **values))) == {at}


def test_a_change_the_pace_cannot_keep_is_refused(office: Office) -> None:
    cohort = office.start_cohort(managers(50))
    office.posts_per_minute = 2
    errors = refusal_in(office.send(form_in(office.press("cohort.edit", cohort)), window="15"))
    assert "Det tar 25 minuter att nå 50 personer" in errors["window"]


# States


def test_a_paused_cohort_goes_on_when_it_is_resumed(office: Office, cohort: int) -> None:
    assert "Omgången är pausad." in read(office.press("cohort.pause", cohort))
    (row,) = office.rows(Cohort)
    assert (row.state, row.paused_from) == (CohortState.PAUSED, date(2026, 2, 20))
    assert "[Fortsätt]" in read(office.press("cohort.open", cohort))
    assert "Omgången fortsätter." in read(office.press("cohort.resume", cohort))
    (row,) = office.rows(Cohort)
    assert (row.state, row.paused_from) == (CohortState.RUNNING, None)


def test_pausing_twice_says_that_nothing_changed(office: Office, cohort: int) -> None:
    office.press("cohort.pause", cohort)
    assert "Inget ändrades." in read(office.at(home(2026, 2, 24)).press("cohort.pause", cohort))
    assert office.rows(Cohort)[0].paused_from == date(2026, 2, 20)


def test_pausing_and_ending_are_asked_about_first(office: Office, cohort: int) -> None:
    form = form_in(office.press("cohort.open", cohort))
    asked = {b.action for part in form.body if isinstance(part, Buttons) for b in part.buttons if b.confirm}
    assert asked == {"cohort.pause", "cohort.end"}


def test_what_has_ended_stays_ended(office: Office, cohort: int) -> None:
    edit, add, remove = (form_in(office.press(f"cohort.{what}", cohort)) for what in ("edit", "add", "remove"))
    difference = form_in(office.send(edit, name="Hösten"))
    assert "Omgången är avslutad. Inget mer skickas." in read(office.press("cohort.end", cohort))
    assert office.rows(Cohort)[0].ended_on == date(2026, 2, 20)
    for shows in (
        office.press("cohort.resume", cohort),
        office.press("cohort.edit", cohort),
        office.press("cohort.add", cohort),
        office.press("cohort.remove", cohort),
        office.send(edit, name="Hösten"),
        office.send(difference),
        office.send(add, profiles={"people": managers(9)}),
        office.send(remove, profiles={"people": managers(2)}),
    ):
        assert "Omgången är avslutad och går inte att ändra." in read(shows)
    (row,) = office.rows(Cohort)
    assert (row.state, row.name) == (CohortState.ENDED, "Våren")
    assert {enrolment.ends_on for enrolment in office.rows(Enrolment)} == {None}


# A test to oneself


def test_a_test_is_an_answer_to_the_coordinators_own_press(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.test", cohort))
    shows = office.send(asked, lesson="L02")
    assert [type(show) for show in shows] == [Say, OpenForm]
    card = shows[0].card if isinstance(shows[0], Say) else None
    assert isinstance(card, Card)
    assert office.library.lesson("L02").title.sv in read(shows[:1])
    assert not any(isinstance(part, Buttons) for part in card.parts), "nothing to press, so nothing to record"
    assert (office.rows(Delivery), office.rows(Answer)) == ([], [])


def test_every_exercise_of_the_programme_can_be_tested(office: Office, cohort: int) -> None:
    asked = form_in(office.press("cohort.test", cohort))
    for lesson in office.library.document("eight-weeks").lessons.values():
        assert lesson.title.sv in read(office.send(asked, lesson=lesson.id))


def test_a_test_of_no_exercise_is_refused(office: Office, cohort: int) -> None:
    errors = refusal_in(office.send(form_in(office.press("cohort.test", cohort)), lesson="L99"))
    assert errors == {"lesson": "Välj ett av alternativen."}


async def test_a_newer_version_is_refused_once_its_week_has_been_promised(office: Office, cohort: int) -> None:
    """The difference lay open over the weekend."""
    later = newer(office, shifted=2)
    before = digest_of(office)
    for day in (15, 16):
        difference = form_in(later.send(asked(later, cohort)))
        assert "veckan för nära" in read(later.at(home(2026, 3, day)).send(difference))
    difference = form_in(later.send(asked(later, cohort)))
    for day in range(9, 17):
        await plan(office.store, home(2026, 3, day))
    assert "veckan för nära" in read(later.send(difference)), "a clock that is wrong promises nothing twice"
    assert digest_of(office) == before
    following = form_in(later.send(asked(later, cohort), monday="2026-03-23"))
    assert "från och med måndag 23 mars" in read(later.send(following))
    assert digest_of(office) != before


def test_every_change_is_written_down_without_names_or_texts(office: Office, cohort: int) -> None:
    office.send(form_in(office.send(form_in(office.press("cohort.edit", cohort)), name="Hemligt namn")))
    office.send(form_in(office.send(form_in(office.press("cohort.add", cohort)), profiles={"people": managers(8)})))
    office.send(form_in(office.press("cohort.remove", cohort)), profiles={"people": managers(2)})
    office.send(form_in(office.press("cohort.colleague", cohort)), profiles={"people": managers(1)})
    for action in ("pause", "resume", "end"):
        office.press(f"cohort.{action}", cohort)
    entries = office.rows(AuditEntry)[1:]
    assert [(entry.action, entry.detail) for entry in entries] == [
        ("cohort_changed", {}),
        ("people_added", {"people": 2}),
        ("people_removed", {"people": 2}),
        ("coordinators_added", {"people": 1}),
        ("cohort_paused", {}),
        ("cohort_resumed", {}),
        ("cohort_ended", {}),
    ]
    sam = office.person(SAM).id
    assert {(e.actor_id, e.cohort_id, e.at, e.organisation_id) for e in entries} == {(sam, cohort, office.now, 1)}
