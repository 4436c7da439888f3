"""What an author wrote becomes a lesson, or a fault on the right line that says what to do."""

from pathlib import Path

import pytest

from lessons.faults import report
from lessons.markdown_reading import read_lesson
from lessons.models import Kind, Role, Text
from lessons.reading import read_programme
from tests.lessons.written import PROGRAMME, TRY_IT, ContentFolder, a_plan, a_quiz, changed, line_of


def faults_of(own: ContentFolder, text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in read_lesson(own.lesson(text)).faults]


def test_a_lesson_file_becomes_a_lesson_in_both_languages(own: ContentFolder) -> None:
    file = read_lesson(own.lesson())

    assert file.faults == ()
    assert file.lesson is not None
    assert file.lesson.kind is Kind.TRY_IT
    assert file.lesson.roles == (Role.MANAGER, Role.INNOVATION_LEADER)
    assert file.lesson.title == Text(sv="Nyttan i en mening", en="The value in one sentence")
    assert file.lesson.smaller_step.sv == "Skriv bara vem som får nytta."
    assert file.lesson.follow_up.en == "Who have you shown the sentence to?"


def test_a_quiz_keeps_the_order_of_its_choices_and_which_is_right(own: ContentFolder) -> None:
    lesson = read_lesson(own.lesson(a_quiz())).lesson

    assert lesson is not None
    assert [(choice.text.en, choice.right) for choice in lesson.choices] == [
        ("When it is new to everyone", False),
        ("When it is used and useful", True),
        ("When management has said yes", False),
    ]


def test_an_if_then_plan_has_its_cue_and_action(own: ContentFolder) -> None:
    lesson = read_lesson(own.lesson(a_plan())).lesson

    assert lesson is not None
    assert lesson.cue is not None
    assert lesson.action == Text(sv="frågar jag vilken nytta den ger", en="I ask what value it brings")


def test_a_text_goes_on_until_the_other_language_or_an_empty_line(own: ContentFolder) -> None:
    text = changed(TRY_IT, "sv: Vilken mening skrev du?", "sv: Vilken mening\nskrev du?")

    lesson = read_lesson(own.lesson(text)).lesson

    assert lesson is not None
    assert lesson.question.sv == "Vilken mening skrev du?"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_files_saved_on_windows_or_an_old_mac_are_read(own: ContentFolder, newline: str) -> None:
    path = own.lesson()
    path.write_bytes(b"\xef\xbb\xbf" + TRY_IT.replace("\n", newline).encode())

    assert read_lesson(path).lesson is not None


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("en: Which sentence did you write?", "", "## question", "the English text is missing under"),
        ("sv: Vilken mening skrev du?", "sv:", "sv:", "the Swedish text is missing under"),
        ("## question", "## querstion", "## querstion", 'Did you mean "question"?'),
        ("## question", "# question", "# question", "two # and a space"),
        ("## reflection", "## question", "## question", "stands twice, first on line"),
        ("en: Which sentence", "sv: Which sentence", "sv: Which", "the Swedish text stands twice"),
        ("en: Which sentence", "\nen Which sentence", "en Which", "has no language"),
        ("minutes: 3", "minuts: 3", "minuts", 'unknown key `minuts`. Did you mean "minutes"?'),
        ("minutes: 3", "minutes: many", "minutes", "`minutes`"),
        ("minutes: 3", "minutes: 90", "minutes", "`minutes` is 90; 5 is the most"),
        ("minutes: 3", "minutes: 3\nminutes: 2", "minutes", "`minutes` stands twice"),
        ("kind: try-it", "kind: tryit", "kind", "Write one of 'try-it'"),
        ("[manager, innovation-leader]", "[boss]", "roles", "`roles` cannot be 'boss'"),
        ("[manager, innovation-leader]", "[]", "roles", "`roles`"),
        ("id: X01", "id: X 1", "id:", "`id` cannot be 'X 1'"),
        ("source: ", "source: : ", "source", "this is not YAML"),
    ],
)
def test_a_fault_names_its_line_and_what_to_do(own: ContentFolder, before: str, after: str, at: str, says: str) -> None:
    text = changed(TRY_IT, before, after)

    path = own.lesson(text, name="X01.md")
    found = [(fault.line, fault.message) for fault in read_lesson(path).faults]

    lines = {number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(at)}
    assert [message for line, message in found if line in lines and says in message], found


def test_a_report_line_reads_file_line_fault(own: ContentFolder) -> None:
    path = own.lesson(changed(TRY_IT, "en: People who see the value find it easier to choose.\n", ""))

    assert report(read_lesson(path).faults) == [
        f'{path}:{line_of(TRY_IT, "## why")}: the English text is missing under "## why". '
        'Write a line that starts with "en: ".'
    ]


def test_a_missing_section_is_named(own: ContentFolder) -> None:
    text = TRY_IT[: TRY_IT.index("## smaller step")]

    assert [message for _, message in faults_of(own, text)] == [
        '"## smaller step" is missing. Write it in both languages.'
    ]


def test_every_fault_of_a_file_is_told_at_once(own: ContentFolder) -> None:
    text = changed(changed(TRY_IT, "minutes: 3\n", ""), "sv: Nyttan i en mening\n", "")

    messages = [message for _, message in faults_of(own, text)]

    assert [message for message in messages if "`minutes` is missing" in message]
    assert [message for message in messages if "the Swedish text is missing" in message]
    assert len(messages) == 2


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("## right choice", "## choice", 'exactly one "## right choice", and here are 0'),
        ("## choice", "## right choice", 'exactly one "## right choice", and here are 2'),
        ("## reason", "## example 2", 'the kind quiz needs "## reason"'),
        ("kind: quiz", "kind: observe", '"## choice" belongs to the kind quiz'),
        ("kind: quiz", "kind: if-then", 'the kind if-then needs "## cue"'),
        ("## choice\nsv: När ledningen har sagt ja\nen: When management has said yes\n", "", "here are 2"),
    ],
)
def test_a_quiz_has_three_choices_one_of_them_right_and_a_reason(
    own: ContentFolder, before: str, after: str, says: str
) -> None:
    assert [message for _, message in faults_of(own, changed(a_quiz(), before, after)) if says in message]


def test_a_plan_needs_its_action(own: ContentFolder) -> None:
    text = a_plan()[: a_plan().index("## action")]

    assert faults_of(own, text) == [(3, 'the kind if-then needs "## action". Write it in both languages.')]


def test_a_choice_too_long_for_a_button_is_refused_on_its_line(own: ContentFolder) -> None:
    long = "När " + "ledningen " * 8
    text = changed(a_quiz(), "sv: När ledningen har sagt ja", f"sv: {long}")

    assert faults_of(own, text) == [
        (line_of(text, "sv: När ledningen"), '"## choice" has 83 characters; 75 is the limit. Shorten it.')
    ]


def test_a_file_must_be_called_what_it_is(own: ContentFolder) -> None:
    assert [fault.message for fault in read_lesson(own.lesson(name="X09.md")).faults] == [
        'the id is "X01" but the file is called X09.md. Give both the same name.'
    ]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\n", b"---\n", b"---\n---\n", b"--- \n- a\n---\n", b"\xff\xfe\x00", b"---\nid: 2026-13-45\n---\n"),
        *(b"---\n1: 2\n---\n", b"---\nid: &a [*a]\n---\n", b"---\n\x00\n---\n", b"---\n? [a, b]\n: c\n---\n"),
        *(b"---\nid: X01\n---\ntext\n", b"## title\nsv: x\n", b"---\nid: " + b"[" * 5000 + b"\n---\n"),
    ],
)
def test_rubbish_is_a_fault_and_never_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    for read, name in ((read_lesson, "X01.md"), (read_programme, "x.yaml")):
        path = tmp_path / name
        path.write_bytes(content)
        faults = read(path).faults
        assert faults
        assert all(fault.message.endswith((".", "?")) for fault in faults)


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        (
            "title: {sv: En vecka, en: One week}",
            "title: {sv: En vecka}",
            2,
            "the English text is missing under `title`",
        ),
        ("principle: leaders", "principal: leaders", 10, "unknown key `principal`"),
        ("  en: Three exercises.", "  english: Three exercises.", 5, "unknown key `english`"),
        (
            "principle: leaders",
            "roles: [manager]\n    principle: leaders",
            10,
            "`roles` does not belong under `weeks`. Move it or remove it.",
        ),
        ("      - X03", "      - 3", 13, "`lessons` must be text"),
        ("    lessons: [X01, X02]", "    lessons: []", 9, "`lessons`"),
        ("id: one-week", "id: two-weeks", 1, "the file is called one-week.yaml"),
    ],
)
def test_a_programme_fault_names_its_line(own: ContentFolder, before: str, after: str, line: int, says: str) -> None:
    faults = read_programme(own.programme(changed(PROGRAMME, before, after))).faults

    assert [fault for fault in faults if fault.line == line and says in fault.message], faults
