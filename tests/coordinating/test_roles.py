"""A programme that has something else for each role, and rests in July: chosen, shown and started."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.conversation.cards import ChoiceInput, Form, Input, PeopleInput
from bot.conversation.coordinating_role_samples import with_a_programme_by_role
from bot.conversation.shows import OpenForm
from lessons import models
from lessons.library import Library
from storage.database import Store
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment, Role
from tests.coordinating.office import Office, Picked, form_in, home, managers, read, refusal_in, somebody

LEADERS, MANAGERS = managers(5)[:3], managers(5)[3:]
LISTS: Picked = {"people_innovation-leader": LEADERS, "people_manager": MANAGERS}
START = "2026-06-08"


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=with_a_programme_by_role(library), now=home(2026, 5, 29))


def plan(office: Office, programme: str = "by-role") -> Form:
    return office.plan(name="Hösten", programme=programme, starts_on=START)


def previewed(office: Office, lists: Picked, **more: str) -> Form:
    return form_in(office.send(plan(office), profiles=lists, **more))


def inputs_of(form: Form) -> list[Input]:
    return [one for one in form.body if isinstance(one, Input)]


def roles(office: Office) -> dict[str, Role]:
    people = {person.id: person.external_id for person in office.rows(Person)}
    return {people[enrolment.person_id]: enrolment.role for enrolment in office.rows(Enrolment)}


def test_people_are_picked_for_each_role_of_a_programme_that_makes_a_difference_and_nowhere_else(
    office: Office,
) -> None:
    people = [one.name for one in inputs_of(plan(office)) if isinstance(one, PeopleInput)]
    assert people == ["people_manager", "people_innovation-leader", "people_politician"]
    assert "role" not in [one.name for one in inputs_of(plan(office))], "everybody is in a list"
    same_for_all = [one.name for one in inputs_of(plan(office, "eight-weeks"))]
    assert [name for name in same_for_all if name.startswith("people")] == ["people"]
    assert "role" in same_for_all


def test_only_roles_that_the_programme_is_for_are_offered(office: Office) -> None:
    office.extra_audiences = True
    (role,) = (one for one in inputs_of(plan(office)) if isinstance(one, ChoiceInput) and one.name == "role")
    assert [option.value for option in role.options] == ["manager", "innovation-leader", "politician"]


def test_a_programme_for_one_role_asks_for_no_role(office: Office) -> None:
    one = office.library.programmes["eight-weeks"].model_copy(update={"roles": (models.Role.POLITICIAN,)})
    office.library = replace(office.library, programmes={"eight-weeks": one})
    form = plan(office, "eight-weeks")
    assert "role" not in [one.name for one in inputs_of(form)]
    office.send(form_in(office.send(form, profiles={"people": managers(2)})))
    assert set(roles(office).values()) == {Role.POLITICIAN}


def test_the_months_of_rest_are_said_in_words_before_anybody_is_picked(office: Office) -> None:
    text = read([OpenForm(plan(office))])
    assert "Programmet har uppehåll i juli. Då skickas inget, och programmet fortsätter efteråt där det var." in text
    assert "8 veckor, till och med fredag 4 september 2026" in text


def test_each_is_enrolled_in_the_role_of_their_list(office: Office) -> None:
    office.send(previewed(office, LISTS))
    assert roles(office) == {
        **dict.fromkeys((one.external_id for one in LEADERS), Role.INNOVATION_LEADER),
        **dict.fromkeys((one.external_id for one in MANAGERS), Role.MANAGER),
    }


def test_who_is_in_no_list_but_in_the_channel_gets_the_role_of_the_others(office: Office) -> None:
    office.extra_audiences = True
    office.send(previewed(office, {**LISTS, "audience": (*managers(2), somebody("UNEW"))}, role="politician"))
    assert roles(office)["UNEW"] is Role.POLITICIAN
    assert roles(office)[LEADERS[0].external_id] is Role.INNOVATION_LEADER


def test_the_preview_says_what_each_role_gets_and_when(office: Office) -> None:
    text = read([OpenForm(previewed(office, LISTS))])
    assert "Chefer, 2: 8 övningar, måndag 8 juni – måndag 31 augusti" in text
    assert "Innovationsledare, 3: 16 övningar, måndag 8 juni – onsdag 2 september" in text
    assert "Förtroendevalda, 0: 1 övning, måndag 31 augusti" in text
    assert "Övningar per person" not in text
    assert f"Meddelanden med övningar: {2 * 8 + 3 * 16}" in text


def test_the_preview_says_when_the_programme_rests_and_does_not_list_those_days(office: Office) -> None:
    text = read([OpenForm(previewed(office, LISTS))])
    assert "Uppehåll: juli" in text
    assert "Under uppehållet skickas inget. Programmets nästa vecka kommer efter det." in text
    assert "midsommarafton" in text.lower()
    assert " juli –" not in text


def test_the_months_of_rest_go_with_the_cohort_and_stay_when_it_is_changed(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    assert office.rows(Cohort)[0].calendar["resting"] == [7]
    assert "Uppehåll: juli" in read(office.press("cohort.open", cohort))
    edit = form_in(office.press("cohort.edit", cohort))
    office.send(form_in(office.send(edit, slot="09:30", closed="2026-06-18")))
    (kept,) = office.rows(Cohort)
    assert (kept.default_slot, kept.calendar["resting"], kept.calendar["closed"]) == ("09:30", [7], ["2026-06-18"])


@pytest.mark.parametrize("start", ["2026-06-29", "2026-07-01", "2026-07-20"])
def test_a_start_in_a_week_of_rest_is_refused_with_the_first_day_after_it(office: Office, start: str) -> None:
    first = form_in(office.press("cohort.new"))
    refused = refusal_in(office.send(first, name="Hösten", programme="by-role", starts_on=start))
    assert refused == {"starts_on": "Den dagen skickas inget. Närmaste möjliga dag är måndag 3 augusti."}


@pytest.mark.parametrize(
    ("lists", "where", "says"),
    [
        ({**LISTS, "people_politician": MANAGERS}, "people_politician", "Någon står i två listor."),
        ({"people_manager": (somebody("UBOT", is_bot=True),)}, "people_manager", "En av dem du valde"),
        ({}, "people_manager", "Välj minst en person."),
    ],
    ids=["two lists", "a bot", "nobody"],
)
def test_what_does_not_fit_is_said_at_the_list_it_is_about(
    office: Office, lists: Picked, where: str, says: str
) -> None:
    refused = refusal_in(office.send(plan(office), profiles=lists))
    assert refused.keys() == {where}
    assert says in refused[where]


def test_a_list_of_a_role_the_programme_is_not_for_counts_for_nothing(office: Office) -> None:
    """No form of ours has it."""
    office.send(previewed(office, {**LISTS, "people_team-member": (somebody("UNEW"),)}))
    assert "UNEW" not in roles(office)


def test_whoever_is_added_later_gets_a_role_the_programme_is_for(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    add = form_in(office.press("cohort.add", cohort))
    (role,) = (one for one in add.body if isinstance(one, ChoiceInput) and one.name == "role")
    assert [option.value for option in role.options] == ["manager", "innovation-leader", "politician"]
    refused = refusal_in(office.send(add, profiles={"people": (somebody("UNEW"),)}, role="team-member"))
    assert refused.keys() == {"role"}
    office.send(form_in(office.send(add, profiles={"people": (somebody("UNEW"),)}, role="politician")))
    assert Counter(roles(office).values()) == {Role.INNOVATION_LEADER: 3, Role.MANAGER: 2, Role.POLITICIAN: 1}


def test_whoever_comes_in_before_a_rest_reads_when_their_first_exercise_comes(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    office.now = home(2026, 6, 26)
    add = form_in(office.press("cohort.add", cohort))
    text = read(office.send(add, profiles={"people": (somebody("UNEW"),)}, role="manager"))
    assert "Första övningen kommer måndag 3 augusti" in text


def test_whoever_begins_with_day_one_before_a_rest_reads_that_it_comes_after_it(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS, late_joiners="day_one"))).about)
    office.now = home(2026, 6, 26)
    add = form_in(office.press("cohort.add", cohort))
    text = read(office.send(add, profiles={"people": (somebody("UNEW"),)}, role="manager"))
    assert "Första övningen kommer måndag 3 augusti" in text


def test_whoever_got_the_wrong_role_is_removed_and_added_in_the_right_one(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    wrong = {"people": MANAGERS[:1]}
    office.send(form_in(office.press("cohort.remove", cohort)), profiles=wrong)
    add = form_in(office.press("cohort.add", cohort))
    office.send(form_in(office.send(add, profiles=wrong, role="politician")))
    assert roles(office)[MANAGERS[0].external_id] is Role.POLITICIAN


def test_a_day_without_exercises_can_be_closed_too(office: Office) -> None:
    """Managers and innovation leaders get nothing on Fridays, but follow-ups would come."""
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    difference = office.send(form_in(office.press("cohort.edit", cohort)), closed="2026-06-12")
    assert "uppföljningar och planer rättar sig efter dem" in read(difference)
    office.send(form_in(difference))
    assert office.rows(Cohort)[0].calendar["closed"] == ["2026-06-12"]


def test_each_exercise_is_offered_once_as_a_test_however_many_roles_get_it(office: Office) -> None:
    cohort = int(form_in(office.send(previewed(office, LISTS))).about)
    (lessons,) = (one for one in form_in(office.press("cohort.test", cohort)).body if isinstance(one, ChoiceInput))
    offered = [option.value for option in lessons.options]
    assert sorted(set(offered)) == sorted(offered)
    assert len(offered) == len(office.library.document("by-role").lessons)
