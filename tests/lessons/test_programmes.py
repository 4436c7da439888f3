"""Programmes in which roles differ, months rest, and one leads to another: what is read, and what is refused."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from lessons.checking import check_content
from lessons.gathering import gather
from lessons.library import load_library
from lessons.models import EVERYBODY, Programme, ProgrammeDocument, Role
from lessons.programme_rules import unknown_following
from lessons.reading import read_programme
from tests.lessons.written import ContentFolder, changed

TEXT = {"sv": "Text", "en": "Text"}
WEEK = {"principle": "value", "title": TEXT, "lessons": ["X01"]}
MANAGER, LEADER, MEMBER, POLITICIAN = Role


def programme(*weeks: dict[str, Any], **fields: Any) -> Programme:
    made = {"id": "trial", "title": TEXT, "about": TEXT, "weeks": [WEEK | week for week in weeks]}
    return Programme.model_validate(made | fields)


def test_steps_are_counted_in_the_order_of_the_file_first_for_everybody_then_by_role() -> None:
    by_role = {"politician": ["X04"], "manager": ["X02", "X03"], "team-member": []}
    steps = programme({"by_role": by_role}, {"lessons": ["X05"]}).steps()
    assert [(step.lesson_id, step.week, step.position, step.roles) for step in steps] == [
        ("X01", 1, 1, (LEADER,)),
        ("X02", 1, 1, (MANAGER,)),
        ("X03", 1, 2, (MANAGER,)),
        ("X04", 1, 1, (POLITICIAN,)),
        ("X05", 2, 1, EVERYBODY),
    ]


def test_what_a_file_does_not_use_of_the_format_leaves_no_trace_in_its_digest(own: ContentFolder) -> None:
    own.complete()
    document = load_library(own.path).document("one-week")
    kept = json.loads(document.to_json())["programme"]
    assert set(kept) == {"id", "title", "about", "weeks"}
    assert {key for week in kept["weeks"] for key in week} == {"principle", "title", "lessons"}


def test_a_document_with_everything_is_kept_and_read_again(own: ContentFolder) -> None:
    own.complete()
    own.programme(EVERYTHING)
    assert gather(own.path).faults == ()
    document = load_library(own.path).document("one-week")
    assert ProgrammeDocument.from_json(document.to_json()) == document
    assert document.programme.rests == (7, 12)
    assert document.programme.weeks[1].lessons_for(POLITICIAN) == ()
    assert document.programme.differs_by_role


def test_a_document_holds_the_cases_that_come_back_as_they_were(own: ContentFolder) -> None:
    own.complete()
    own.programme(EVERYTHING)
    library = load_library(own.path)
    document = library.document("one-week")
    assert document.cases == {"X02": library.case("X02")}
    assert "cases" not in json.loads(library.document("one-week").model_copy(update={"cases": {}}).to_json())
    with pytest.raises(ValidationError, match="the cases differ"):
        ProgrammeDocument.from_json(document.to_json().replace('"recall":["X02"]', '"recall":["X09"]'))


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("politician: []", "team-member: []", 20, "nobody in this programme has the role team-member"),
        ("roles: [manager, politician]", "roles: [manager, politician, manager]", 6, "`roles` has manager twice"),
        ("[X01, X03]", "[X01, X03, X01, X03, X01, X03]", 13, "6 lessons in one week would put two on one day"),
        ("[X01, X03]", f"[{', '.join(['X01', 'X03'] * 4)}]", 13, "8 lessons in one week would put two on one day"),
        ("manager: [X02]", "manager: [X02, X01, X03, X02, X01, X03]", 19, "6 lessons for manager in one week"),
        ("lessons: []", "lessons: [X01]", 17, "nobody gets these `lessons`"),
        ("quiet: true", "lessons: []", 23, "`lessons` is empty"),
        ("quiet: true", "quiet: true\n    lessons: [X01]", 23, "a quiet week has no lessons"),
        ("rests: [7, 12]", f"rests: {[*range(1, 13)]}", 7, "every month rests"),
        (
            "    lessons: [X01, X03]",
            "    by_role: {manager: [X01, X03], politician: []}",
            6,
            "politician gets no lesson",
        ),
        ("rests: [7, 12]", "rests: [7, 7]", 7, "`rests` has 7 twice"),
        ("rests: [7, 12]", "rests: [13]", 7, "`rests` is 13; 12 is the most"),
        ("rests: [7, 12]", "rests: [juli]", 7, "`rests` must be a whole number"),
        ("week: 3", "week: 4", 25, "there is no week 4: the programme has 3"),
        (
            "manager: [X02]",
            "boss: [X02]",
            19,
            "`by_role` cannot be 'boss'. Write one of 'manager', 'innovation-leader'",
        ),
        ("rests: [7, 12]", "waves: {foo: 2}", 7, "`waves` cannot be 'foo'. Write one of 't0', 'week-3', 't1' or 't2'."),
        ("roles: [politician]", "roles: [team-member]", 28, "nobody in this programme has the role team-member"),
    ],
)
def test_what_does_not_hold_is_said_in_one_sentence_on_its_line(
    own: ContentFolder, before: str, after: str, line: int, says: str
) -> None:
    (fault,) = read_programme(own.programme(changed(EVERYTHING, before, after))).faults
    assert (fault.line, says in fault.message) == (line, True), fault


def test_a_list_whose_only_item_is_wrong_is_not_also_told_to_be_empty(own: ContentFolder) -> None:
    one_week = "weeks:\n  - principle: value\n    by_role: {boss: [X01]}\n    title: {sv: Ett, en: One}\n"
    head = EVERYTHING.partition("weeks:")[0].replace("rests: [7, 12]\n", "")
    (fault,) = read_programme(own.programme(head + one_week)).faults
    assert fault.message.startswith("`by_role` cannot be 'boss'.")
    (fault,) = read_programme(own.programme(head + "weeks: []\n")).faults
    assert fault.message == "`weeks` is empty. Write at least one."


def test_a_programme_may_only_name_what_there_is(own: ContentFolder) -> None:
    own.complete()
    text = changed(EVERYTHING, "manager: [X02]", "manager: [X02, X09]")
    text = changed(changed(text, "recall: [X02]", "recall: [X01]"), "then: eight-weeks", "then: nine-weeks")
    path = own.programme(text)
    assert [(fault.line, fault.message) for fault in gather(own.path).faults if fault.path == path] == [
        (19, 'there is no lesson "X09". Did you mean "X03"? Write lessons/X09.md or take it out.'),
        (8, 'there is no recall card or quiz "X01". Did you mean "X02"? Choose one there is.'),
        (
            30,
            'there is no programme "nine-weeks". Did you mean "one-week"? '
            "Write programmes/nine-weeks.yaml or take it out.",
        ),
    ]


@pytest.mark.parametrize(
    ("following", "wrong"),
    [
        ({"a": None, "b": "a", "c": "b"}, ""),
        ({"a": "a"}, "a → a"),
        ({"a": "b", "b": "a"}, "a → b → a"),
        ({"a": "b", "b": "c", "c": "a"}, "a → b → c → a"),
        ({"a": "b", "b": "b"}, ""),
    ],
    ids=["a chain", "itself", "two", "three", "a circle it only leads into"],
)
def test_a_programme_that_leads_back_to_itself_is_refused(following: dict[str, str | None], wrong: str) -> None:
    found = list(unknown_following(programme({}, id="a", then=following["a"]), following))
    assert found == ([(("then",), CIRCLE.format(wrong))] if wrong else [])


CIRCLE = "`then` leads back to where it began: {}. Take `then` out of one of them."


def test_a_role_may_not_have_a_lesson_twice_but_two_roles_may_have_the_same(own: ContentFolder) -> None:
    own.complete()
    path = own.programme(changed(EVERYTHING, "manager: [X02]", "manager: [X02, X01]"))
    assert [(fault.line, fault.message) for fault in check_content(path)] == [
        (19, '"X01" is already in week 1. Choose another lesson.')
    ]
    shared = changed(EVERYTHING, "politician: []", "politician: [X02]")
    assert check_content(own.programme(shared)) == []


EVERYTHING = """\
id: one-week
version: 2
title: {sv: En vecka, en: One week}
about: {sv: Tre övningar., en: Three exercises.}
# Roles differ in the second week.
roles: [manager, politician]
rests: [7, 12]
recall: [X02]
weeks:
  # Everybody.
  - principle: value
    title: {sv: Nytta, en: Value}
    lessons: [X01, X03]
  # By role.
  - principle: leaders
    title: {sv: Ledare, en: Leaders}
    lessons: []
    by_role:
      manager: [X02]
      politician: []
  - principle: leaders
    title: {sv: Lugn vecka, en: Quiet week}
    quiet: true
sessions:
  - week: 3
    title: {sv: Dialog, en: Dialogue}
    about: {sv: Ni berättar vad ni har lärt er., en: You tell what you have learned.}
    roles: [politician]
    minutes: 90
then: eight-weeks
"""
