"""The programmes in docs/examples: whole, and what they say of themselves."""

from pathlib import Path

import pytest

from lessons.checking import check_content
from lessons.library import load_library
from lessons.models import Role

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_nothing_is_wrong_with_them() -> None:
    assert check_content(EXAMPLES) == []


@pytest.mark.parametrize(
    ("programme", "weeks"), [("year-of-ten", 44), ("organisation-relay", 24), ("unit-build-up", 40)]
)
def test_they_are_as_long_as_the_table_says(programme: str, weeks: int) -> None:
    assert len(load_library(EXAMPLES).programme(programme).weeks) == weeks


def test_politicians_have_exercises_at_the_beginning_and_at_the_end_of_the_year_alone() -> None:
    steps = load_library(EXAMPLES).programme("year-of-ten").steps()
    assert {step.week for step in steps if Role.POLITICIAN in step.roles} == {1, 2, 43, 44}


def test_every_lesson_suits_the_role_that_gets_it() -> None:
    library = load_library(EXAMPLES)
    for name in ("year-of-ten", "organisation-relay", "unit-build-up"):
        programme = library.programme(name)
        for step in programme.steps():
            wanted = set(step.roles) & set(programme.roles)
            assert wanted <= set(library.lesson(step.lesson_id).roles), (name, step)
