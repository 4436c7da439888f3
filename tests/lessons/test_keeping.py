"""Lessons about the behaviour somebody keeps up: where its words may stand, and that any of them reads well there."""

from pathlib import Path

import pytest

from lessons.checking import check_content, report
from lessons.faults import ContentError
from lessons.folders import CONTENT, our_taxonomy
from lessons.keeping import NOT_CHOSEN, SECTIONS_WITH_PLACES, filled, filled_in, has_places, places_in
from lessons.library import load_library
from lessons.models import Language, ProgrammeDocument
from lessons.reading import read_taxonomy
from lessons.sections import SECTIONS
from tests.lessons.test_checking import with_text
from tests.lessons.written import TRY_IT, ContentFolder

DO_SV = "Öva på nästa möte på att {infinitive}. Ditt beteende: {behaviour}."
DO_EN = "At the next meeting, try to {infinitive}. Your behaviour: {behaviour}."
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
        'programmes/one-week.yaml:7: "X01" says what somebody has chosen to keep up, and nobody here is asked to '
        "choose. Write `keeps: true`, or choose another lesson."
    )


def test_a_lesson_of_ours_that_does_is_told_in_a_programme_of_ones_own_too(own: ContentFolder) -> None:
    text = KEEPS.replace("keeps: true\n", "").replace("[X01]", "[X01]\n    by_role: {manager: [X01, K01]}")
    [line] = faults_of(own, TRY_IT, text)
    assert line.startswith('programmes/one-week.yaml:8: "K01" says what somebody has chosen to keep up')


def test_a_programme_that_asks_people_to_choose_has_a_lesson_about_it(own: ContentFolder) -> None:
    [line] = faults_of(own, TRY_IT, KEEPS)
    assert line == (
        "programmes/one-week.yaml:4: `keeps` asks each person to choose, and no lesson here says what they have chosen."
        " Put {infinitive} in one, or take `keeps` out."
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
    assert NOT_CHOSEN.infinitive.sv in filled(lesson, None).do.sv
    assert NOT_CHOSEN.infinitive.en in filled(lesson, None).do.en


def test_lessons_with_places_come_last_in_the_library() -> None:
    have = [has_places(lesson) for lesson in load_library().lessons.values()]
    assert have == sorted(have)
    assert sum(have) == 8


def test_a_sentence_goes_on_with_what_somebody_keeps_up() -> None:
    one = our_taxonomy().behaviours["ask_first"]
    assert filled_in("Försök {infinitive}.", one, Language.SV) == "Försök fråga innan du säger vad du tycker."
    assert filled_in("Try to {infinitive}.", one, Language.EN) == "Try to ask before giving your own view."


@pytest.mark.parametrize("lesson_id", [f"K0{number}" for number in range(1, 9)])
def test_no_lesson_of_ours_puts_what_is_kept_up_between_quotation_marks(lesson_id: str) -> None:
    lesson = load_library().lesson(lesson_id)
    for name in SECTIONS_WITH_PLACES:
        for language in Language:
            text = getattr(lesson, SECTIONS[name]).in_(language)
            assert set(places_in(text)) <= {"infinitive"}, "a label is a name, and needs quotation marks"
            assert not any(mark + "{" in text or "}" + mark in text for mark in "”“‘’\"'")  # noqa: RUF001


def test_a_lesson_that_was_confirmed_before_there_was_an_infinitive_reads_as_it_did() -> None:
    keep_going = load_library().document("keep-going")
    before = "visa det. Ditt beteende: ”{behaviour}”. Så märks det: {seen}"
    stored = keep_going.to_json().replace("{infinitive}", before)
    chosen = our_taxonomy().behaviours["debrief"]
    read = filled(ProgrammeDocument.from_json(stored).lessons["K01"], chosen)
    assert f"Ditt beteende: ”{chosen.label.sv}”. Så märks det: {chosen.seen.sv}" in read.do.sv


FORM = 'infinitive: {sv: "fråga innan du säger vad du tycker", en: "ask before giving your own view"}'


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("", "`infinitive` is missing under `ask_first`."),
        ('infinitive: {sv: "fråga"}', "the English text is missing under `infinitive`."),
        (FORM.replace("fråga", "Fråga"), "`infinitive.sv` cannot be 'Fråga innan"),
        (FORM.replace("ask", "Ask"), "`infinitive.en` cannot be 'Ask before"),
        (FORM.replace("tycker", "tycker."), "`infinitive.sv` cannot be"),
        (FORM.replace("view", "view."), "`infinitive.en` cannot be"),
        (FORM.replace("tycker", "tycker …"), "`infinitive.sv` cannot be"),
        (FORM.replace("fråga", "att fråga"), "without att or to"),
        (FORM.replace("ask", "to ask"), "Begin with a small letter, without att or to, and leave out the full stop"),
        (FORM.replace("view", "view, and some more of it, until there is no room in a sentence"), "75 is the limit"),
    ],
)
def test_a_behaviour_says_in_both_languages_how_a_sentence_goes_on_with_it(
    tmp_path: Path, form: str, says: str
) -> None:
    ours = (CONTENT / "taxonomy.yaml").read_text(encoding="utf-8")
    assert ours.count(FORM) == 1
    path = tmp_path / "taxonomy.yaml"
    path.write_text(ours.replace(FORM, form), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        read_taxonomy(path)
    [line] = report(refused.value.faults)
    assert says in line
