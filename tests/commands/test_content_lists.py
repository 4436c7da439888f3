"""`knuff lessons list|show` and `knuff methods list|show|print`: what there is, found by what somebody looks for."""

import re
from pathlib import Path

import orjson
import pytest

from tests.commands.typed import Ended, Knuff


def ids(ended: Ended) -> list[str]:
    assert (ended.returncode, ended.stderr) == (0, "")
    return [orjson.loads(line)["id"] for line in ended.stdout.splitlines()]


def test_all_lessons_are_listed_in_the_order_people_count(knuff: Knuff) -> None:
    listed = ids(knuff("lessons", "list", "--json"))

    assert len(listed) >= 124
    assert [one for one in listed if one in ("L09", "L10", "L99", "L100")] == ["L09", "L10", "L99", "L100"]


def test_a_check_without_faults_says_everything_that_was_read(knuff: Knuff) -> None:
    told = "Every lesson, recall card, programme, challenge, method and survey is in order, in both languages.\n"
    assert knuff("lessons", "check").stdout == told


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("--behaviour", "debrief", "behaviour"),
        ("--principle", "culture", "principle"),
        ("--element", "el.support", "element"),
        ("--kind", "if-then", "kind"),
        ("--role", "politician", "roles"),
    ],
)
def test_an_option_leaves_the_lessons_that_suit_it_and_all_of_them(
    knuff: Knuff, option: str, value: str, field: str
) -> None:
    every = [orjson.loads(line) for line in knuff("lessons", "list", "--json").stdout.splitlines()]

    found = ids(knuff("lessons", "list", option, value, "--json"))

    assert found == [lesson["id"] for lesson in every if lesson[field] == value or value in lesson[field]]
    assert 0 < len(found) < len(every)


def test_options_together_leave_what_suits_them_all(knuff: Knuff) -> None:
    found = knuff("lessons", "list", "--kind", "quiz", "--role", "politician", "--minutes", "2", "--json").stdout

    lessons = [orjson.loads(line) for line in found.splitlines()]
    assert lessons
    assert {(lesson["kind"], lesson["minutes"] <= 2, "politician" in lesson["roles"]) for lesson in lessons} == {
        ("quiz", True, True)
    }


def test_in_a_terminal_a_lesson_is_a_line_with_its_title_in_the_language_asked_for(knuff: Knuff) -> None:
    swedish, english = (knuff("lessons", "list", "--kind", "quiz", "--language", one).stdout for one in ("sv", "en"))

    assert "Idé eller innovation?" in swedish
    assert "Idea or innovation?" in english
    assert re.search(r"^\d+ of \d+ lessons$", english, re.MULTILINE)


def test_a_lesson_is_shown_whole_and_with_the_methods_that_go_with_it(knuff: Knuff) -> None:
    said = knuff("lessons", "show", "L27", "--language", "en").stdout

    for part in ("L27", "why", "do", "question", "smaller step", "act-it-out", "small_test"):
        assert part in said
    assert orjson.loads(knuff("lessons", "show", "L27", "--json").stdout)["id"] == "L27"


def test_lessons_of_an_organisation_are_listed_beside_ours(knuff: Knuff, tmp_path: Path) -> None:
    from tests.lessons.written import TRY_IT, ContentFolder

    ContentFolder(path=tmp_path).lesson(TRY_IT.replace("sv: Nyttan i en mening", "sv: Nyttan [bold]tydlig[/bold]"))

    said = knuff("lessons", "list", KNUFF_CONTENT_PATH=str(tmp_path)).stdout

    assert "X01" in said
    assert "[bold]" in said, "a title is shown as it stands"


def test_methods_are_found_by_purpose_time_and_people(knuff: Knuff) -> None:
    every = knuff("methods", "list", "--json").stdout.splitlines()
    methods = [orjson.loads(line) for line in every]
    assert len(methods) >= 20

    found = ids(knuff("methods", "list", "--purpose", "test", "--minutes", "45", "--people", "4", "--json"))

    assert found == [
        method["id"]
        for method in methods
        if method["purpose"] == "test"
        and method["minutes"][0] <= 45
        and method["people"][0] <= 4 <= method["people"][1]
    ]
    assert 0 < len(found) < len(every)
    assert set(ids(knuff("methods", "list", "--behaviour", "debrief", "--json"))) == {
        method["id"] for method in methods if "debrief" in method["behaviours"]
    }


def test_a_method_is_shown_whole_and_listed_with_its_title(knuff: Knuff) -> None:
    said = knuff("methods", "show", "act-it-out").stdout

    for part in ("Spela upp tjänsten", "45–60 minuter", "Så gör ni", "Om det går trögt", "De det gäller"):
        assert part in said
    assert "Act out the service" in knuff("methods", "list", "--language", "en").stdout
    assert orjson.loads(knuff("methods", "show", "act-it-out", "--json").stdout)["purpose"] == "test"


def test_a_methods_card_is_written_to_the_file_or_to_standard_output(knuff: Knuff, tmp_path: Path) -> None:
    out = tmp_path / "card.html"

    assert knuff("methods", "print", "act-it-out", "--out", str(out)).stdout == (
        f"{out} is ready: open it in a browser and print it on A4.\n"
    )
    assert knuff("methods", "print", "act-it-out").stdout == out.read_text(encoding="utf-8")
    assert '<html lang="sv">' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("lessons", "list", "--behaviour", "debrif"), "--behaviour does not know 'debrif'. Did you mean \"debrief\"?"),
        (("lessons", "list", "--kind", "game"), "--kind does not know 'game'. There is: try-it, reflect, quiz"),
        (("lessons", "list", "--language", "fi"), "--language does not know 'fi'. There is: sv, en."),
        (("lessons", "show", "L999"), "There is no lesson 'L999'."),
        (("lessons", "show", "L01", "--language", "fi"), "--language does not know 'fi'."),
        (("methods", "list", "--purpose", "dream"), "--purpose does not know 'dream'. There is: understand, imagine"),
        (("methods", "show", "act-it"), "There is no method 'act-it'. Did you mean \"act-it-out\"?"),
        (("methods", "print", "act-it-out", "--out", "/nowhere/a.html"), "--out /nowhere/a.html cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(knuff: Knuff, arguments: tuple[str, ...], says: str) -> None:
    ended = knuff(*arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr


@pytest.mark.parametrize("width", [40, 70])
@pytest.mark.parametrize(("what", "named"), [("lessons", "behaviour"), ("methods", "id")])
def test_in_a_narrow_terminal_no_name_is_cut_off(knuff: Knuff, what: str, named: str, width: int) -> None:
    names = {orjson.loads(line)[named] for line in knuff(what, "list", "--json").stdout.splitlines()}

    lines = knuff(what, "list", COLUMNS=str(width)).stdout.splitlines()

    assert max(len(line) for line in lines) <= width
    assert names <= {word for line in lines for word in line.split()}


@pytest.mark.parametrize(("typed", "meant"), [("L7", "L07"), ("l7", "L07"), ("k1", "K01"), ("L011", "L11")])
def test_a_number_written_otherwise_is_known_again(knuff: Knuff, typed: str, meant: str) -> None:
    ended = knuff("lessons", "show", typed)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f'Did you mean "{meant}"?' in ended.stderr
