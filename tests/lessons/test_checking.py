"""What `knuff lessons check` tells an author."""

from pathlib import Path

import pytest

from lessons.checking import check_content, report
from lessons.folders import CONTENT
from tests.lessons.written import PROGRAMME, TRY_IT, ContentFolder, a_quiz, changed, line_of

SEVEN = "ett två tre fyra fem sex sju"
THREE_SEVENS = f"{SEVEN} {SEVEN} {SEVEN}"


def found_in(own: ContentFolder, text: str) -> list[tuple[int, str]]:
    own.lesson(text)
    return [(fault.line, fault.message) for fault in check_content(own.path)]


def test_our_own_content_has_no_faults() -> None:
    assert report(check_content()) == []


def test_good_content_of_an_organisation_has_no_faults(own: ContentFolder) -> None:
    own.complete()

    assert check_content(own.path) == []


@pytest.mark.parametrize(
    ("section", "language", "text", "says"),
    [
        ("title", "sv", SEVEN, '"## title" has 7 Swedish words; 6 is the limit. Cut 1.'),
        ("title", "en", SEVEN, '"## title" has 7 English words; 6 is the limit. Cut 1.'),
        ("why", "sv", THREE_SEVENS, '"## why" has 21 Swedish words; 20 is the limit. Cut 1.'),
        ("why", "sv", "Så är det. Så blir det.", '"## why" has 2 Swedish sentences. Write one.'),
        ("do", "en", f"Begin here {SEVEN} " * 3,  'a sentence under "## do" has 27 English words; 25 is the limit. '
         'Cut 2. It begins "Begin here ett två …".'),
        ("do", "sv", "Ett litet steg. " * 16, '"## do" has 48 Swedish words; 45 is the limit. Cut 3.'),
        ("example", "sv", "Vi ses nu. " * 14, '"## example" has 42 Swedish words; 40 is the limit. Cut 2.'),
        ("question", "sv", THREE_SEVENS, '"## question" has 21 Swedish words; 20 is the limit. Cut 1.'),
        ("reflection", "en", THREE_SEVENS, '"## reflection" has 21 English words; 20 is the limit. Cut 1.'),
        ("follow-up", "sv", THREE_SEVENS, '"## follow-up" has 21 Swedish words; 20 is the limit. Cut 1.'),
        ("smaller step", "sv", f"{SEVEN} " * 4, '"## smaller step" has 28 Swedish words; 25 is the limit. Cut 3.'),
    ],
)  # fmt: skip
def test_a_text_that_is_too_long_is_named_with_what_to_cut(
    own: ContentFolder, section: str, language: str, text: str, says: str
) -> None:
    written = with_text(TRY_IT, section, language, text)

    assert (line_of_text(written, section, language), says) in found_in(own, written)


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("title", "ett två tre fyra fem sex"),
        ("why", f"{SEVEN} {SEVEN} ett två tre fyra fem sex"),
        ("question", f"{SEVEN} {SEVEN} ett två tre fyra fem sex"),
        ("do", f"{SEVEN} {SEVEN} {SEVEN} ett två tre fyra. Ett två tre fyra fem sex {SEVEN} {SEVEN}."),
    ],
)
def test_a_text_at_its_limit_is_fine(own: ContentFolder, section: str, text: str) -> None:
    assert found_in(own, with_text(TRY_IT, section, "sv", text)) == []


def test_the_whole_nudge_has_a_limit_of_its_own(own: ContentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.passage_checking.MOST_WORDS_IN_A_NUDGE", 20)

    assert (line_of(TRY_IT, "sv: Nyttan"), "title, why, do have 26 Swedish words; 20 is the limit. Cut 6.") in found_in(
        own, TRY_IT
    )


@pytest.mark.parametrize("section", ["title", "why", "question", "reflection", "follow-up", "smaller step"])
@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("sv", "Har du missat det?", "missat"),
        ("sv", "Du missade det.", "missade"),
        ("sv", "Borde du göra det?", "Borde"),
        ("sv", "Har du glömt det?", "glömt"),
        ("sv", "Du glömde det.", "glömde"),
        ("sv", "Du släpar med det.", "släpar"),
        ("sv", "Du ligger efter nu.", "ligger efter"),
        ("sv", "Du är efter i planen.", "efter i planen"),
        ("en", "Have you missed it?", "missed"),
        ("en", "You should have done it.", "should have"),
        ("en", "You forgot it.", "forgot"),
        ("en", "You are falling behind.", "falling behind"),
    ],
)
def test_words_that_blame_are_found_where_knuff_speaks_to_the_person(
    own: ContentFolder, section: str, language: str, text: str, word: str
) -> None:
    written = with_text(TRY_IT, section, language, text)

    message = f'"{word}" under "## {section}" can be heard as blame. Say what the person can do now instead.'
    assert (line_of_text(written, section, language), message) in found_in(own, written)


@pytest.mark.parametrize("section", ["do", "example"])
def test_somebody_in_the_exercise_may_say_what_we_would_not(own: ContentFolder, section: str) -> None:
    assert found_in(own, with_text(TRY_IT, section, "sv", "Fråga gruppen: ”Vad borde vi prata om?”")) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Vad gör ni bort från mötet, efter i dag?"),
        ("sv", "Vad ligger bakom, och vad kommer efter?"),
        ("en", "What is behind the numbers, and what is missing?"),
    ],
)
def test_everyday_words_are_not_taken_for_blame(own: ContentFolder, language: str, text: str) -> None:
    assert found_in(own, with_text(TRY_IT, "reflection", language, text)) == []


@pytest.mark.parametrize(
    ("text", "word", "plain"),
    [
        ("Bygg en MVP först.", "MVP", "första test"),
        ("Håll en retro i dag.", "retro", "genomgång"),
        ("Samla en task force.", "task force", "arbetsgrupp"),
        ("Fråga en stakeholder.", "stakeholder", "den som berörs"),
        ("Ge feedback i dag.", "feedback", "återkoppling"),
        ("Vad säger feedbacken?", "feedbacken", "återkoppling"),
        ("Sätt en deadline.", "deadline", "sista dag"),
    ],
)
def test_foreign_words_get_a_swedish_one(own: ContentFolder, text: str, word: str, plain: str) -> None:
    written = with_text(TRY_IT, "do", "sv", text)

    message = f'"{word}" under "## do" is not plain Swedish. Write "{plain}" instead.'
    assert found_in(own, written) == [(line_of_text(written, "do", "sv"), message)]


def test_the_english_text_may_say_feedback(own: ContentFolder) -> None:
    assert found_in(own, with_text(TRY_IT, "do", "en", "Give feedback before the deadline.")) == []


def test_nobody_is_shouted_at(own: ContentFolder) -> None:
    written = with_text(TRY_IT, "do", "en", "Write it now!")

    message = 'there is an exclamation mark under "## do". End the sentence with a full stop.'
    assert found_in(own, written) == [(line_of_text(written, "do", "en"), message)]


def test_heavy_swedish_is_told_with_its_longest_words(own: ContentFolder) -> None:
    heavy = (
        "Verksamhetsutvecklingens implementeringsstrategier förutsätter organisationsövergripande ansvarsfördelning."
    )
    written = with_text(with_text(TRY_IT, "do", "sv", heavy), "example", "sv", heavy * 2)

    [(line, message)] = [(line, message) for line, message in found_in(own, written) if "LIX" in message]

    assert line == line_of(written, "sv: ")
    assert "35 is the limit" in message
    assert "organisationsövergripande" in message


def test_a_broken_file_is_still_read_for_its_words(own: ContentFolder) -> None:
    text = changed(with_text(TRY_IT, "question", "sv", "Har du missat det?"), "minutes: 3\n", "")

    messages = [message for _, message in found_in(own, text)]

    assert [message for message in messages if "`minutes` is missing" in message]
    assert [message for message in messages if '"missat"' in message]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("principle: value", "principle: values", 'unknown principle "values". Did you mean "value"?'),
        ("behaviour: name_value", "behaviour: nothing", 'unknown behaviour "nothing". Choose one'),
        ("element: el.planning", "element: planning", 'unknown element "planning". Did you mean "el.planning"?'),
    ],
)
def test_a_lesson_may_only_name_what_the_taxonomy_knows(own: ContentFolder, before: str, after: str, says: str) -> None:
    text = changed(TRY_IT, before, after)

    [(line, message)] = found_in(own, text)

    assert line == line_of(text, after)
    assert message.startswith(says)


def test_a_programme_may_only_name_lessons_there_are(own: ContentFolder) -> None:
    own.complete()
    own.programme(changed(changed(PROGRAMME, "X03", "X04"), "leaders", "leader"))

    assert report(check_content(own.path)) == [
        f'{own.path}/programmes/one-week.yaml:10: unknown principle "leader". Did you mean "leaders"? '
        "Choose one from taxonomy.yaml.",
        f'{own.path}/programmes/one-week.yaml:13: there is no lesson "X04". Did you mean "X03"? '
        "Write lessons/X04.md or take it out.",
    ]


def test_a_programme_of_an_organisation_may_use_our_lessons(own: ContentFolder) -> None:
    own.complete()
    own.programme(changed(PROGRAMME, "X03", "L01"))

    assert check_content(own.path) == []


def test_a_lesson_comes_once_in_a_programme(own: ContentFolder) -> None:
    own.complete()
    own.programme(changed(PROGRAMME, "X03", "X01"))

    assert [(fault.line, fault.message) for fault in check_content(own.path)] == [
        (13, '"X01" is already in week 1. Choose another lesson.')
    ]


def test_what_a_programme_says_is_checked_too(own: ContentFolder) -> None:
    own.complete()
    own.programme(changed(PROGRAMME, "sv: Tre övningar.", "sv: Tre övningar du har missat! " + "Så. " * 60))

    found = [(fault.line, fault.message) for fault in check_content(own.path)]

    assert {line for line, _ in found} == {4}
    assert any("exclamation mark in `about`" in message for _, message in found)
    assert any('"missat" in `about`' in message for _, message in found)
    assert any("65 Swedish words; 60 is the limit" in message for _, message in found)


def test_one_file_can_be_checked_alone(own: ContentFolder) -> None:
    good = own.lesson(a_quiz())
    bad = own.lesson(with_text(TRY_IT, "do", "sv", "Gör det!"))

    assert check_content(good) == []
    assert [fault.path for fault in check_content(bad)] == [bad]


def test_a_file_outside_a_content_folder_is_not_called_fault_free(tmp_path: Path) -> None:
    path = tmp_path / "X01.md"
    path.write_text(TRY_IT, encoding="utf-8")

    assert [line for line in report(check_content(path)) if "this is no content file" in line]


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere", "this folder does not exist"), ("", "there is no content here")]
)
def test_a_folder_without_content_is_a_fault(tmp_path: Path, name: str, says: str) -> None:
    assert [line for line in report(check_content(tmp_path / name)) if says in line]


def test_a_file_with_another_ending_is_not_forgotten_in_silence(own: ContentFolder) -> None:
    own.lesson(name="X01.markdown")

    assert [fault.message for fault in check_content(own.path)] == [
        "this file is not read: files in lessons end in .md. Rename it or move it."
    ]


def test_our_own_files_are_named_from_the_folder_of_the_code() -> None:
    fault = next(iter(check_content(CONTENT / "taxonomy.yaml")))

    assert report([fault])[0].startswith("lessons/content/taxonomy.yaml: ")


def with_text(lesson: str, section: str, language: str, text: str) -> str:
    """The lesson with another text in one language of one section."""
    lines = lesson.splitlines()
    lines[line_of_text(lesson, section, language) - 1] = f"{language}: {text.strip()}"
    return "\n".join(lines) + "\n"


def line_of_text(lesson: str, section: str, language: str) -> int:
    return line_of(lesson, f"## {section}") + (1 if language == "sv" else 2)
