"""A programme with roles that rests in July, rehearsed small: each role gets its own steps, and nobody anything in the
rest."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO
from random import Random
from typing import Any

import pytest
from rich.console import Console

from bot.rehearsal import Result, rehearse, shown
from bot.rehearsal.course import Course
from lessons.library import Library, load_library
from lessons.models import Programme, Role, Session

START = date(2026, 6, 15)
"""Two weeks before the rest and two after it."""
PEOPLE = 14
MANAGER, LEADER, _, POLITICIAN = Role


@pytest.fixture(scope="module")
def library() -> Library:
    """Ours, with four weeks: innovation leaders have three steps a week, managers one, politicians first and last."""
    library = load_library()
    eight = library.programme("eight-weeks")
    weeks = [
        week.model_copy(
            update={
                "lessons": week.lessons[:3],
                "by_role": {MANAGER: week.lessons[3:4], POLITICIAN: () if number in (1, 2) else week.lessons[4:]},
            }
        )
        for number, week in enumerate(eight.weeks[:4])
    ]
    update = {"id": "trial", "weeks": tuple(weeks), "roles": (MANAGER, LEADER, POLITICIAN), "rests": (7,)}
    update["sessions"] = tuple(
        Session(week=week, title=eight.title, about=eight.about, roles=roles, minutes=210)
        for week, roles in ((1, (MANAGER, LEADER, POLITICIAN)), (2, (LEADER,)), (3, (MANAGER,)))
    )
    return replace(library, programmes={"trial": eight.model_copy(update=update)})


@pytest.fixture(scope="module")
def rehearsed(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, list[Any]]:
    log = tmp_path_factory.mktemp("roles") / "log.jsonl"
    result = rehearse("trial", PEOPLE, START, 1, log, library=library, comings_and_goings=True)
    return result, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_every_promise_of_each_role_is_kept_or_explained(rehearsed: tuple[Result, list[Any]]) -> None:
    result, _ = rehearsed
    assert (result.findings.lost, result.findings.of_others, result.findings.in_rest) == ((), (), ())
    assert result.is_kept
    assert result.refused_forms == {}


def test_the_programmes_meetings_lie_on_working_days_and_none_in_the_rest(rehearsed: tuple[Result, list[Any]]) -> None:
    result, _ = rehearsed
    told = result.as_json()["sessions"]
    assert [(one["week"], one["roles"], one["working_day"], one["in_rest"]) for one in told] == [
        (1, ["manager", "innovation-leader", "politician"], True, False),
        (2, ["innovation-leader"], True, False),
        (3, ["manager"], True, False),
    ]
    first, second, third = (date.fromisoformat(one["day"]) for one in told)
    assert START <= first < second < date(2026, 6, 29) < date(2026, 8, 3) <= third
    in_july = replace(result, sessions=(replace(result.sessions[0], is_in_rest=True),))
    assert not in_july.is_kept


def test_the_result_says_what_each_role_received_and_that_the_rest_was_quiet(
    rehearsed: tuple[Result, list[Any]],
) -> None:
    told = rehearsed[0].as_json()
    assert told["messages_in_rest"] == 0
    assert told["by_role"].keys() == {"manager", "innovation-leader", "politician"}
    assert {role: some["weeks"] for role, some in told["by_role"].items()} == {
        "manager": [1, 2, 3, 4],
        "innovation-leader": [1, 2, 3, 4],
        "politician": [1, 4],
    }
    assert sum(some["people"] for some in told["by_role"].values()) == PEOPLE
    assert all(some["first_day"] < "2026-06-29" < "2026-08-03" < some["last_day"] for some in told["by_role"].values())


def test_nothing_is_explained_in_the_rest_either(rehearsed: tuple[Result, list[Any]]) -> None:
    """A rest is no closed day on which something falls away: the weeks wait."""
    days = {line["day"] for line in rehearsed[1] if line["kind"] == "nudge" and "reason" in line}
    assert not [day for day in days if "2026-06-29" <= day <= "2026-08-02"]


def test_the_screen_has_a_line_for_each_role_and_calls_the_days_of_rest_by_name(
    rehearsed: tuple[Result, list[Any]],
) -> None:
    screen = Console(file=StringIO(), width=120)
    screen.print(shown(rehearsed[0]))
    assert isinstance(screen.file, StringIO)
    text = screen.file.getvalue()
    assert "Innovation leader" in text
    assert "Rest" in text


@pytest.mark.parametrize(
    ("start", "weeks", "until"),
    [("2026-06-15", 9, "2026-08-17"), ("2026-08-03", 4, "2026-08-31"), ("2026-06-01", 4, "2026-08-01")],
    ids=["around the rest", "after it", "right before it, with questions to ask afterwards"],
)
def test_a_rest_is_counted_in_how_long_it_takes(library: Library, start: str, weeks: int, until: str) -> None:
    course = Course(programme=library.programme("trial"), start=date.fromisoformat(start))
    assert (course.weeks, course.until.isoformat()) == (weeks, until)


def test_every_role_is_there_and_in_a_plain_programme_all_have_one(library: Library) -> None:
    people = [f"p{number}" for number in range(30)]
    trial: Programme = library.programme("trial")
    roles = Course(programme=trial, start=START).roles_of(people, Random(1))
    assert set(roles.values()) == {MANAGER, LEADER, POLITICIAN}
    plain = trial.model_copy(update={"weeks": load_library().programme("eight-weeks").weeks})
    assert set(Course(programme=plain, start=START).roles_of(people, Random(1)).values()) == {MANAGER}
