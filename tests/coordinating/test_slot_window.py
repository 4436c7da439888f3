"""A slot is a window: a coordinator is told beforehand when the last person is reached, and what that costs."""

from tests.coordinating.office import Office, form_in, managers, read, refusal_in


def previewed(office: Office, number: int, *, starts_on: str = "2026-03-02", **values: str) -> str:
    return read(office.send(office.plan(starts_on=starts_on), profiles={"people": managers(number)}, **values))


def test_the_preview_warns_when_there_are_more_than_can_be_reached_in_half_an_hour(office: Office) -> None:
    office.posts_per_minute = 10
    text = previewed(office, 550)
    assert "Det är fler än vi hinner nå på 30 minuter.** Den sista får sin övning omkring 09.10." in text
    assert "fler än vi hinner nå" not in previewed(office, 300)


def test_the_warning_is_in_the_coordinators_own_language(office: Office) -> None:
    office.posts_per_minute, office.language = 10, "en"
    text = previewed(office, 550)
    assert "more people than we can reach in 30 minutes.** The last one gets the exercise at about 09:10." in text


def test_the_preview_names_the_days_that_end_before_the_last_one_is_reached(office: Office) -> None:
    office.posts_per_minute = 10
    assert "Alla hinner inte få sin övning torsdag 2 april." in previewed(office, 200, slot="11:45")
    assert "Alla hinner inte" not in previewed(office, 150, slot="11:45")
    in_may = previewed(office, 200, slot="11:45", starts_on="2026-04-20")
    assert "**3 dagar räcker tiden inte till alla.** Den första är torsdag 30 april." in in_may


def test_a_cohort_a_little_earlier_is_counted_in(office: Office) -> None:
    office.posts_per_minute = 2
    office.start_cohort(managers(40), name="Hösten", slot="08:00")
    text = previewed(office, 20)
    assert "Andra omgångar skickar ungefär samtidigt." in text
    assert "Omkring 08.30" in text
    assert "Andra omgångar" not in previewed(office, 20, slot="09:00")


def test_adding_and_changing_warn_too(office: Office) -> None:
    cohort = office.start_cohort(managers(3))
    office.posts_per_minute = 1
    add = form_in(office.press("cohort.add", cohort))
    adding = read(office.send(add, profiles={"people": managers(40)}))
    assert "Den sista får sin övning omkring 08.55." in adding
    nobody_new = read(office.send(add, profiles={"people": managers(3)}))
    assert "Den sista" not in nobody_new
    office.send(form_in(office.send(add, profiles={"people": managers(40)})))
    edit = form_in(office.press("cohort.edit", cohort))
    assert "Den sista får sin övning omkring 10.10." in read(office.send(edit, slot="09:30"))


def test_a_longer_sending_than_the_coordinator_allows_is_still_refused_with_when_it_would_end(office: Office) -> None:
    office.posts_per_minute = 2
    errors = refusal_in(office.send(office.plan(), profiles={"people": managers(50)}, window="15"))
    assert "Det tar 25 minuter att nå 50 personer" in errors["window"]
    assert "Den sista skulle få sin övning omkring 08.40." in errors["window"]
