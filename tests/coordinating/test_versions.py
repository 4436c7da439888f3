"""A running cohort and a newer version of its programme: seen, shown as a difference, and taken over on a Monday."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.cards import ChoiceInput, Form, Input
from lessons.library import Library
from lessons.models import Role, Text
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import State
from storage.tables.programmes import Cohort, ProgrammeDocument
from tests.coordinating.office import KIM, Office, form_in, home, managers, read, refusal_in
from tests.coordinating.test_with_the_planner import assert_one_message_a_day, live, steps_of

WEDNESDAY = home(2026, 3, 11, 13)
"""In the second week of a cohort that began on 2 March."""

OTHERS = [f"L{number}" for number in range(41, 61)]
"""Exercises that are not in the eight weeks."""


def with_newer(library: Library, *, shifted: int = 0, weeks: int = 8, roles: bool = False) -> Library:
    """Return the library with a second version of the eight weeks. `shifted`: its exercises come so many days later,
    and others before them. `roles`: politicians get less of the fourth week."""
    old = library.programme("eight-weeks")
    wanted = [*OTHERS[:shifted], *(step.lesson_id for step in old.steps()), *OTHERS[shifted:]][: 5 * weeks]
    made = tuple(
        old.weeks[number % 8].model_copy(update={"lessons": tuple(wanted[5 * number : 5 * number + 5])})
        for number in range(weeks)
    )
    if roles:
        fewer = {Role.POLITICIAN: made[3].lessons[:2]}
        made = (*made[:3], made[3].model_copy(update={"by_role": fewer}), *made[4:])
    newer = old.model_copy(update={"version": 2, "weeks": made})
    return replace(library, programmes={"eight-weeks": newer})


def newer(office: Office, **how: int) -> Office:
    return replace(office, library=with_newer(office.library, **how), now=WEDNESDAY)  # type: ignore[arg-type]


def asked(office: Office, cohort: int) -> Form:
    return form_in(office.press("cohort.version", cohort))


def mondays_in(form: Form) -> list[str]:
    (monday,) = (one for one in form.body if isinstance(one, Input) and isinstance(one, ChoiceInput))
    return [option.value for option in monday.options]


def digest_of(office: Office) -> str:
    (cohort,) = office.rows(Cohort)
    return next(row.digest for row in office.rows(ProgrammeDocument) if row.id == cohort.document_id)


def test_a_newer_version_is_said_on_the_cohorts_page_and_changes_nothing_by_itself(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    before = digest_of(office)
    assert "nyare version" not in read(office.press("cohort.open", cohort))
    later = newer(office, shifted=2)
    assert "Det finns en nyare version av programmet." in read(later.press("cohort.open", cohort))
    assert "[Se vad som ändras]" in read(later.press("cohort.open", cohort))
    assert digest_of(office) == before


def test_a_changed_file_without_a_new_version_is_no_newer_version(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    library = with_newer(office.library, shifted=2)
    same = library.programme("eight-weeks").model_copy(update={"version": 1})
    office.library = replace(library, programmes={"eight-weeks": same})
    assert "nyare version" not in read(office.press("cohort.open", cohort))
    assert "ingen nyare version" in read(office.press("cohort.version", cohort))


def test_what_has_ended_is_offered_nothing_newer(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    office.press("cohort.end", cohort)
    assert "nyare version" not in read(newer(office).press("cohort.open", cohort))


def test_only_mondays_whose_week_nobody_has_begun_anywhere_are_offered(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    later = newer(office)
    assert mondays_in(asked(later, cohort)) == [
        "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13", "2026-04-20",
    ]  # fmt: skip
    assert mondays_in(asked(later.at(home(2026, 3, 14)), cohort))[0] == "2026-03-16"
    assert mondays_in(asked(later.at(home(2026, 3, 15)), cohort))[0] == "2026-03-23", "it is Monday somewhere already"
    assert mondays_in(asked(newer(office, weeks=9).at(home(2026, 4, 20)), cohort)) == ["2026-04-27"]
    assert "ingen nyare version" in read(later.at(home(2026, 4, 20)).press("cohort.version", cohort))


def test_the_difference_says_which_weeks_change_and_for_whom_before_anything_is_changed(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    before = digest_of(office)
    later = newer(office, roles=True)
    changed = later.library.lesson("L36").model_copy(update={"why": Text(sv="Annat.", en="Other.")})
    later.library = replace(later.library, lessons={**later.library.lessons, "L36": changed})
    text = read(later.send(asked(later, cohort)))
    gone = [later.library.lesson(one).title.sv for one in ("L18", "L19", "L20")]
    assert f"**Vecka 4, förtroendevalda** Utgår: {gone[0]}, {gone[1]} och {gone[2]}." in text
    assert f"**Vecka 8** Ny text: {changed.title.sv}." in text
    assert "Från och med måndag 16 mars går omgången enligt den nya versionen." in text
    assert "Vecka 3" not in text
    assert digest_of(office) == before


def test_exercises_of_weeks_that_are_over_are_named_and_none_of_what_was_had_comes_again(office: Office) -> None:
    """Two others came in first, so all the old ones come two days later."""
    cohort = office.start_cohort(managers(2))
    later = newer(office, shifted=2)
    text = read(later.send(asked(later, cohort)))
    missed = [later.library.lesson(one).title.sv for one in OTHERS[:2]]
    assert f"Kommer inte, eftersom deras vecka har varit: {missed[0]} och {missed[1]}." in text
    had = [later.library.lesson(one).title.sv for one in ("L09", "L10")]
    assert not any(f"Kommer till: {title}" in text for title in had)


@pytest.mark.parametrize(("shifted", "weeks", "monday"), [(2, 8, 0), (3, 10, 1), (4, 3, 0)])
async def test_nobody_gets_a_step_or_an_exercise_twice_and_what_was_promised_stays(
    office: Office, shifted: int, weeks: int, monday: int
) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 11))
    before = {step.id: (step.step, step.lesson_id, step.day, step.state) for step in steps_of(office, "U0000")}
    assert len(before) == 8
    later = newer(office, shifted=shifted, weeks=weeks)
    form = asked(later, cohort)
    done = read(later.send(form_in(later.send(form, monday=mondays_in(form)[monday]))))
    assert "Omgången går enligt den nya versionen från och med måndag" in done
    await live(later, date(2026, 3, 12), date(2026, 5, 15))
    steps = steps_of(office, "U0000")
    assert {step.id: (step.step, step.lesson_id, step.day, step.state) for step in steps if step.id in before} == before
    assert [step.step for step in steps] == list(range(1, len(steps) + 1))
    assert max(Counter(step.lesson_id for step in steps).values()) == 1
    newest = later.library.programme("eight-weeks").steps()
    wanted = {step.lesson_id for step in newest if step.week >= 3 + monday} | {step.lesson_id for step in steps[:10]}
    assert wanted <= {step.lesson_id for step in steps}
    assert {step.state for step in steps} <= {State.SENT, State.EXPLAINED}
    assert_one_message_a_day(office)


def test_what_changed_meanwhile_is_looked_at_again(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    later = newer(office, shifted=2)
    difference = form_in(later.send(asked(later, cohort)))
    even_newer = replace(later, library=with_newer(office.library, shifted=3))
    assert "Inget ändrades" in read(even_newer.send(difference))
    difference = form_in(later.send(asked(later, cohort)))
    later.send(difference)
    assert "gäller inte längre" in read(later.send(difference))
    assert "nyare version" not in read(later.press("cohort.open", cohort))


def test_a_monday_that_was_not_offered_is_refused(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    later = newer(office)
    for monday in ("", "2026-03-09", "2026-03-17", "monday"):
        assert refusal_in(later.send(asked(later, cohort), monday=monday)) == {"monday": "Välj ett av alternativen."}


def test_nobody_elses_cohort_is_moved(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    later = newer(office)
    difference = form_in(later.send(asked(later, cohort)))
    assert "gäller inte längre" in read(later.send(difference, who=KIM))
    assert "finns inte bland dina" in read(later.send(asked(later, cohort), who=KIM))


def test_the_change_is_written_down_without_a_word_of_anybodys(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    before = digest_of(office)
    later = newer(office, shifted=2)
    later.send(form_in(later.send(asked(later, cohort))))
    entry = office.rows(AuditEntry)[-1]
    assert (entry.action, entry.cohort_id) == ("cohort_version_changed", cohort)
    assert entry.detail == {"version": 2, "before": before, "digest": digest_of(office), "week": 3}
    assert digest_of(office) != before


def test_the_change_is_in_the_coordinators_own_language(office: Office) -> None:
    office.language = "en"
    cohort = office.start_cohort(managers(2))
    later = newer(office, shifted=2, roles=True)
    assert "There is a newer version of the programme." in read(later.press("cohort.open", cohort))
    text = read(later.send(asked(later, cohort)))
    assert "**Week 4, politicians** " in text
    assert "From Monday 16 March on the cohort goes by the new version." in text
