"""A recall card is a case with three choices and a reason; a quiz can be asked again just as well."""

import pytest

from lessons.checking import check_content
from lessons.library import CaseNotFound, ContentError, load_library
from lessons.markdown_reading import read_recall_card
from lessons.models import Text
from tests.lessons.written import RECALL, ContentFolder, a_quiz, a_recall_card, changed, line_of


def found_in(own: ContentFolder, text: str) -> list[tuple[int, str]]:
    own.recall_card(text)
    return [(fault.line, fault.message) for fault in check_content(own.path)]


def test_a_recall_card_is_read_in_both_languages_with_its_choices_in_order(own: ContentFolder) -> None:
    file = read_recall_card(own.recall_card())

    assert file.faults == ()
    assert file.card is not None
    assert file.card.case.en.startswith("The public meeting was a muddle.")
    assert [(choice.text.sv, choice.right) for choice in file.card.choices] == [
        ("Skriver en rapport själv", False),
        ("Ber alla sova på saken", False),
        ("Frågar vad ni väntade er", True),
    ]


def test_good_recall_cards_of_an_organisation_have_no_faults(own: ContentFolder) -> None:
    assert found_in(own, RECALL) == []


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("## right choice", "## choice", "id:", 'a recall card has exactly one "## right choice", and here are 0.'),
        ("## choice", "## right choice", "## right", "and here are 2. Mark one."),
        ("## reason", "## why", "## why", 'unknown section "## why".'),
        ("## case", "## do", "## reason", '"## case" is missing. Write it in both languages.'),
        ("en: Ask what you expected\n", "", "## right choice", 'the English text is missing under "## right choice".'),
        ("roles: [manager]", "minutes: 3\nroles: [manager]", "minutes", "unknown key `minutes`."),
        ("behaviour: debrief", "behaviour: debrif", "behaviour", 'Did you mean "debrief"?'),
        ("id: XR01", "id: XR02", "id:", 'the id is "XR02" but the file is called XR01.md.'),
    ],
)
def test_a_fault_of_a_recall_card_names_its_line_and_what_to_do(
    own: ContentFolder, before: str, after: str, at: str, says: str
) -> None:
    text = changed(RECALL, before, after)
    own.recall_card(text, name="XR01.md")

    found = [(fault.line, fault.message) for fault in check_content(own.path)]

    lines = {number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(at)} | {2}
    assert [message for line, message in found if line in lines and says in message], found
    with pytest.raises(ContentError):
        load_library(own.path)


def test_a_choice_too_long_for_a_phone_is_refused_on_its_line(own: ContentFolder) -> None:
    text = changed(RECALL, "sv: Ber alla sova på saken", f"sv: {'sova ' * 20}")

    [(line, message)] = found_in(own, text)

    assert line == line_of(text, "sv: sova")
    assert "99 characters; 75 is the limit" in message


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("sv: Medborgarmötet blev rörigt.", f"sv: {'Mötet blev rörigt. ' * 20}", " Swedish words; 45 is the limit."),
        ("sv: Efter mötet", "sv: Efter det långa mötet i går kväll", '"## title" has 7 Swedish words; 6 is the limit.'),
        ("en: The gap", f"en: {'The gap. ' * 30}The gap", " English words; 50 is the limit."),
        ("Vad gör du?", "Vad borde du göra?", '"borde" under "## case" can be heard as blame.'),
        ("Ask what you expected", "Ask them!", 'there is an exclamation mark under "## right choice".'),
    ],
)
def test_how_a_recall_card_reads_is_checked(own: ContentFolder, before: str, after: str, says: str) -> None:
    assert [message for _, message in found_in(own, changed(RECALL, before, after)) if says in message]


def test_a_recall_card_and_a_lesson_cannot_have_the_same_id(own: ContentFolder) -> None:
    own.lesson(a_quiz("XR01"))
    path = own.recall_card()

    with pytest.raises(ContentError) as refused:
        load_library(own.path)

    assert str(refused.value).startswith(f'{path}:2: the id "XR01" is already used in {own.path}/lessons/XR01.md.')


def test_the_right_choice_may_not_always_stand_in_the_same_place(own: ContentFolder) -> None:
    for number in range(1, 6):
        own.recall_card(a_recall_card(f"XR0{number}"))
    assert check_content(own.path) == [], "five may be chance"

    own.recall_card(a_recall_card("XR06"))

    [fault] = check_content(own.path)
    assert fault.path == own.path / "recall"
    assert fault.message == (
        "the right choice is the third in 6 of 6 recall cards; people soon see that. Move it in 3 of them."
    )


def test_half_in_the_same_place_is_chance(own: ContentFolder) -> None:
    for number in range(1, 7):
        own.recall_card(a_recall_card(f"XR0{number}", right=3 if number <= 3 else 1))

    assert check_content(own.path) == []


def test_quizzes_are_looked_at_in_the_same_way(own: ContentFolder) -> None:
    for number in range(1, 7):
        own.lesson(a_quiz(f"X{number}"))

    [fault] = check_content(own.path)

    assert fault.path == own.path / "lessons"
    assert "the right choice is the second in 6 of 6 quizzes" in fault.message


def test_a_recall_card_and_a_quiz_are_asked_in_the_same_way(own: ContentFolder) -> None:
    own.lesson(a_quiz("X02"))
    own.recall_card()
    library = load_library(own.path)

    card, quiz = library.case("XR01"), library.case("X02")

    assert card.title == Text(sv="Efter mötet", en="After the meeting")
    assert card.case.sv.endswith("Vad gör du?")
    assert card.behaviour == "debrief"
    assert quiz.case == library.lesson("X02").do
    assert quiz.reason.en == "The value comes only when somebody uses it."
    assert [choice.right for choice in quiz.choices] == [False, True, False]


@pytest.mark.parametrize("case_id", ["X01", "XR99"])
def test_only_a_recall_card_or_a_quiz_can_be_asked_again(own: ContentFolder, case_id: str) -> None:
    own.lesson()

    with pytest.raises(CaseNotFound):
        load_library(own.path).case(case_id)
