"""Lessons about the behaviour somebody keeps up: where its words may stand, and that any of them reads well there."""

from lessons.checking import check_content, report
from lessons.folders import our_taxonomy
from lessons.keeping import NOT_CHOSEN, filled, has_places
from lessons.library import load_library
from tests.lessons.test_checking import line_of_text, with_text
from tests.lessons.written import TRY_IT, ContentFolder

DO_SV = "Gör det på nästa möte. Ditt beteende: {behaviour}."
DO_EN = "Do it at the next meeting. Your behaviour: {behaviour}."
WITH_A_PLACE = with_text(with_text(TRY_IT, "do", "sv", DO_SV), "do", "en", DO_EN)
KEEPS = """\
id: one-week
title: {sv: En vecka, en: One week}
about: {sv: En övning., en: One exercise.}
keeps: true
weeks:
  - principle: value
    title: {sv: Nytta, en: Value}
    lessons: [X01]
"""


def faults_of(own: ContentFolder, lesson: str, programme: str | None = KEEPS) -> list[str]:
    own.lesson(lesson)
    if programme is not None:
        (own.path / "programmes").mkdir()
        (own.path / "programmes" / "one-week.yaml").write_text(programme, encoding="utf-8")
    return [line.removeprefix(f"{own.path}/") for line in report(check_content(own.path))]


def test_a_lesson_may_name_what_somebody_has_chosen_in_a_programme_that_keeps_it_up(own: ContentFolder) -> None:
    assert faults_of(own, WITH_A_PLACE) == []


def test_in_any_other_programme_it_may_not(own: ContentFolder) -> None:
    [line] = faults_of(own, WITH_A_PLACE, KEEPS.replace("keeps: true\n", ""))
    assert line == (
        f'lessons/X01.md:{line_of_text(WITH_A_PLACE, "do", "sv")}: the programme "one-week" has this lesson, and does '
        "not say `keeps: true`. Take out the places."
    )


def test_nor_in_none(own: ContentFolder) -> None:
    [line] = faults_of(own, WITH_A_PLACE, None)
    assert "no programme that says `keeps: true` has this lesson" in line


def test_a_place_stands_in_both_languages_has_a_name_we_know_and_is_where_it_can_be_filled(own: ContentFolder) -> None:
    text = WITH_A_PLACE
    for section, language, written in (
        ("title", "sv", "Gör {behaviour}"), ("title", "en", "Do {behaviour}"),
        ("why", "sv", "Den som gör {behaviour} lär sig."), ("why", "en", "Who does {behaviour} learns."),
        ("question", "sv", "Hur gick {dance}?"), ("question", "en", "How did {dance} go?"),
        ("smaller step", "sv", "Gör {behaviour} en gång."),
    ):  # fmt: skip
        text = with_text(text, section, language, written)
    told = "\n".join(faults_of(own, text))
    for wrong in (
        '"## title" has no room for what somebody has chosen', '"## why" has no room',
        '"{dance}" is filled in with nothing', "{behaviour} stands in the Swedish text only",
    ):  # fmt: skip
        assert wrong in told


def test_what_is_too_long_with_one_behaviour_in_it_is_told_once_with_that_behaviour(own: ContentFolder) -> None:
    words = "Gör det varje gång du får chansen den här veckan, i smått och i stort. Så märks det: {seen} "
    long = with_text(WITH_A_PLACE, "do", "sv", words + "Berätta sedan för en kollega hur det gick.")
    told = faults_of(own, with_text(long, "do", "en", "Do it. In practice: {seen}"))
    assert len({line.partition(" in its place")[0] for line in told}) == len(told)
    assert any("with “Tackar för dåliga nyheter” in its place" in line and "45 is the limit" in line for line in told)


def test_a_lesson_without_places_is_the_same_whatever_somebody_has_chosen() -> None:
    lesson = load_library().lesson("L01")
    assert not has_places(lesson)
    assert filled(lesson, next(iter(our_taxonomy().behaviours.values()))) == lesson


def test_until_something_is_chosen_the_lesson_reads_with_words_of_its_own() -> None:
    lesson = load_library().lesson("K01")
    assert has_places(lesson)
    assert NOT_CHOSEN.label.sv in filled(lesson, None).do.sv
    assert NOT_CHOSEN.label.en in filled(lesson, None).do.en


def test_lessons_with_places_come_last_in_the_library() -> None:
    have = [has_places(lesson) for lesson in load_library().lessons.values()]
    assert have == sorted(have)
    assert sum(have) == 8
