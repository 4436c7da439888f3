"""Texts that repeat another lesson, and what only shows over a whole library."""

import pytest

from lessons.balance import FEWEST_KINDS, behaviour_faults
from lessons.checking import check_content, report
from lessons.folders import CONTENT
from lessons.gathering import gather
from tests.lessons.test_checking import line_of_text, with_text
from tests.lessons.written import RECALL, TRY_IT, ContentFolder, a_quiz, changed, line_of

TWELVE = "Fråga en kollega vad som tar mest tid och skriv ner svaret"


def test_a_text_that_repeats_an_earlier_lesson_is_told_with_its_file(own: ContentFolder) -> None:
    earlier = own.lesson(with_text(TRY_IT, "do", "sv", f"{TWELVE}."))
    text = with_text(a_quiz(), "do", "sv", f"{TWELVE} i dag.")
    own.lesson(text)

    [line] = report(check_content(own.path))

    assert line == (
        f'{own.path}/lessons/X02.md:{line_of_text(text, "do", "sv")}: "## do" shares 83% of its word triples with '
        f'"## do" of {earlier}; less than 40% is fine. Say it in another way.'
    )


def test_a_lesson_may_say_a_thing_twice_itself(own: ContentFolder) -> None:
    own.lesson(with_text(with_text(TRY_IT, "do", "sv", f"{TWELVE}."), "smaller step", "sv", f"{TWELVE} i dag."))

    assert check_content(own.path) == []


def test_our_own_lessons_may_not_be_repeated_either(own: ContentFolder) -> None:
    ours = next(file for file in gather().lessons if file.path.stem == "L01")
    do = next(section for section in ours.sections if section.name == "do")
    own.lesson(with_text(TRY_IT, "do", "sv", next(iter(do.passages.values())).text))

    [line] = report(check_content(own.path))

    assert '"## do" shares 100% of its word triples with "## do" of lessons/content/lessons/L01.md' in line


def test_a_recall_card_may_not_repeat_the_case_of_a_quiz(own: ContentFolder) -> None:
    own.lesson(
        with_text(a_quiz(), "do", "sv", "Medborgarmötet blev rörigt. Du har tio minuter med gruppen. Vad gör du?")
    )
    own.recall_card()

    [line] = report(check_content(own.path))

    assert f'XR01.md:{line_of(RECALL, "sv: Medborgarmötet")}: "## case" shares 100%' in line


@pytest.mark.parametrize(
    ("section", "one", "other", "is_fault"),
    [
        ("why", f"{TWELVE}, visar en studie av 51 grupper.", f"{TWELVE}, visar 138 studier tillsammans.", True),
        ("why", "Lag som är trygga lär sig mer, visar en studie av 51 grupper i USA.",
         "Lag som är trygga frågar mer, visar en studie av 51 grupper i USA.", True),
        ("why", "Trygga lag lär sig mer, visar en studie av 51 grupper i USA.",
         "Den som frågar får veta mer, visar en studie av 51 grupper.", False),
        ("do", "Vad blev lättare att säga ja till?", "Vad blev lättare sedan ni sagt det?", False),
        ("question", "Vad blev lättare?", "Vad blev lättare?", False),
    ],
)  # fmt: skip
def test_two_lessons_on_the_same_study_may_name_it_alike_and_short_questions_repeat(
    own: ContentFolder, section: str, one: str, other: str, is_fault: bool
) -> None:
    own.lesson(with_text(TRY_IT, section, "sv", one))
    own.lesson(with_text(a_quiz(), section, "sv", other))

    assert [f'"## {section}" shares' in line for line in report(check_content(own.path))] == [True] * is_fault


def test_each_behaviour_of_our_library_is_practised_in_four_kinds_of_lessons() -> None:
    gathered = gather()
    assert [*behaviour_faults(CONTENT, gathered.lessons, gathered.taxonomy)] == []

    fewer = [file for file in gathered.lessons if file.lesson and file.lesson.behaviour != "debrief"]
    fewer += [file for file in gathered.lessons if file.lesson and file.lesson.behaviour == "debrief"][
        : FEWEST_KINDS - 1
    ]

    [fault] = behaviour_faults(CONTENT, fewer, gathered.taxonomy)
    assert fault.message.startswith('"debrief" is practised in ')
    assert fault.message.endswith("4 is the least. Write one of another kind.")


def test_an_organisations_few_lessons_need_not_cover_every_behaviour(own: ContentFolder) -> None:
    own.lesson()

    assert check_content(own.path) == []


@pytest.mark.parametrize(
    ("section", "language", "text", "word", "instead"),
    [
        ("do", "sv", "Fråga din chef vad hon vill.", "hon", "hen"),
        ("do", "sv", "Han svarar inte. Vad gör du?", "Han", "hen"),
        ("question", "sv", "Vad var hennes svar?", "hennes", "hen"),
        ("follow-up", "sv", "Vad sa hans kollega?", "hans", "hen"),
        ("do", "en", "Ask your manager what she wants.", "she", "they"),
        ("reflection", "en", "What surprised him?", "him", "they"),
    ],
)
def test_nobody_is_a_woman_or_a_man_in_what_knuff_says(
    own: ContentFolder, section: str, language: str, text: str, word: str, instead: str
) -> None:
    written = with_text(TRY_IT, section, language, text)
    path = own.lesson(written)

    assert report(check_content(own.path)) == [
        f'{path}:{line_of_text(written, section, language)}: "{word}" under "## {section}" says what sex somebody is. '
        f'Write "{instead}", the role or the plural.'
    ]


@pytest.mark.parametrize(
    ("section", "language", "text"),
    [
        ("example", "sv", "Rektorn Amina gick dit själv. Hon frågade."),
        ("example", "en", "Amina, the head, went there herself. She asked."),
        ("do", "sv", "Be Hans i växeln om hjälp. Hen vet."),
        ("do", "sv", "Handen upp, sa vi, och alla hann."),
        ("do", "en", "The theme here is other people."),
    ],
)
def test_somebody_in_an_example_may_be_she_or_he_and_names_are_names(
    own: ContentFolder, section: str, language: str, text: str
) -> None:
    own.lesson(with_text(TRY_IT, section, language, text))

    assert check_content(own.path) == []


@pytest.mark.parametrize(
    ("text", "word", "plain"),
    [
        ("Implementera det i dag.", "Implementera", "införa"),
        ("Hur går implementeringen?", "implementeringen", "införande"),
        ("Fråga samtliga.", "samtliga", "alla"),
        ("Skriv vad, samt när.", "samt", "och"),
        ("Gör det i syfte att lära.", "i syfte att", "för att"),
        ("Håll en workshop.", "workshop", "arbetsmöte"),
        ("Pitcha idén.", "Pitcha", "kort berättelse"),
    ],
)
def test_words_of_reports_and_foreign_ones_get_a_plain_one(
    own: ContentFolder, text: str, word: str, plain: str
) -> None:
    own.lesson(with_text(TRY_IT, "do", "sv", text))

    [fault] = check_content(own.path)
    assert fault.message == f'"{word}" under "## do" is not plain Swedish. Write "{plain}" instead.'


@pytest.mark.parametrize(
    "text", ["Samtala om det, och samla er.", "Ett ejderdun, en metro.", "Hör av dig, så som ni sa."]
)
def test_words_that_only_look_like_them_are_left_alone(own: ContentFolder, text: str) -> None:
    own.lesson(changed(TRY_IT, "sv: Vilken mening skrev du?", f"sv: {text}"))

    assert check_content(own.path) == []
