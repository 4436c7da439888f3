"""The programmes in our content: whole, and what they say of themselves."""

import pytest

from lessons.library import Library, load_library
from lessons.models import Role

FOR_ROLES = ("year-of-ten", "organisation-relay", "unit-build-up")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize(
    ("programme", "weeks"), [("year-of-ten", 44), ("organisation-relay", 24), ("unit-build-up", 40)]
)
def test_they_are_as_long_as_they_say(library: Library, programme: str, weeks: int) -> None:
    assert len(library.programme(programme).weeks) == weeks


def test_politicians_have_exercises_at_the_beginning_and_at_the_end_of_the_year_alone(library: Library) -> None:
    steps = library.programme("year-of-ten").steps()
    assert {step.week for step in steps if Role.POLITICIAN in step.roles} == {1, 2, 43, 44}


def test_july_is_off_in_the_year_and_nowhere_else(library: Library) -> None:
    assert {id: one.rests for id, one in library.programmes.items() if one.rests} == {"year-of-ten": (7,)}


@pytest.mark.parametrize("name", FOR_ROLES)
def test_every_lesson_suits_the_role_that_gets_it(library: Library, name: str) -> None:
    programme = library.programme(name)
    for step in programme.steps():
        wanted = set(step.roles) & set(programme.roles)
        assert wanted <= set(library.lesson(step.lesson_id).roles), step


@pytest.mark.parametrize(("name", "ways"), [("year-of-ten", 3), ("organisation-relay", 2), ("unit-build-up", 3)])
def test_what_roles_get_differs(library: Library, name: str, ways: int) -> None:
    """In the relay managers and innovation leaders go side by side."""
    programme = library.programme(name)
    gets = {tuple(step.lesson_id for step in programme.steps() if role in step.roles) for role in programme.roles}
    assert len(gets) == ways


def test_every_recall_card_comes_back_in_some_programme_to_a_role_it_suits(library: Library) -> None:
    asked = {
        card_id
        for programme in library.programmes.values()
        for card_id in programme.recall
        if set(library.case(card_id).roles) & set(programme.roles)
    }
    assert library.recall_cards.keys() - asked == set()


@pytest.mark.parametrize(
    ("role", "cases"),
    [(Role.MANAGER, 12), (Role.INNOVATION_LEADER, 12), (Role.TEAM_MEMBER, 12), (Role.POLITICIAN, 10)],
)
def test_eight_weeks_has_twelve_cases_for_everybody_in_a_workplace(library: Library, role: Role, cases: int) -> None:
    """A quiz of the programme suits whoever has had it."""
    programme = library.programme("eight-weeks")
    had = {step.lesson_id for step in programme.steps() if role in step.roles}
    assert len([one for one in programme.recall if one in had or role in library.case(one).roles]) == cases
