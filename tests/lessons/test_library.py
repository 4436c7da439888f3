"""Ours and the organisation's own lessons in one library, or a clear no at the start."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from lessons.library import ContentError, LessonNotFound, Library, ProgrammeNotFound, load_library
from lessons.models import Language, Lesson, ProgrammeDocument
from lessons.searching import are_forms
from tests.lessons.written import TRY_IT, ContentFolder, a_plan, a_quiz, changed


@pytest.fixture
def library(own: ContentFolder) -> Library:
    own.complete()
    return load_library(own.path)


def test_our_library_holds_eight_weeks_of_five_steps() -> None:
    library = load_library()

    steps = library.programme("eight-weeks").steps()

    assert [(step.week, step.position) for step in steps] == [(w, p) for w in range(1, 9) for p in range(1, 6)]
    assert [step.lesson_id for step in steps] == [f"L{number:02}" for number in range(1, 41)]


def test_every_lesson_of_a_week_is_about_its_principle() -> None:
    library = load_library()

    for week in library.programme("eight-weeks").weeks:
        assert {library.lesson(lesson_id).principle for lesson_id in week.lessons} == {week.principle}


def test_the_taxonomy_has_eight_principles_thirty_behaviours_and_twelve_elements() -> None:
    taxonomy = load_library().taxonomy

    assert (len(taxonomy.principles), len(taxonomy.behaviours), len(taxonomy.elements)) == (8, 30, 12)
    assert {behaviour.principle for behaviour in taxonomy.behaviours.values()} == set(taxonomy.principles)


def test_an_organisations_lessons_stand_beside_ours(library: Library) -> None:
    assert library.lesson("X01").title.en == "The value in one sentence"
    assert library.lesson("L01").id == "L01"
    assert [step.lesson_id for step in library.programme("one-week").steps()] == ["X01", "X02", "X03"]


def test_what_is_not_there_has_a_name_of_its_own(library: Library) -> None:
    with pytest.raises(LessonNotFound):
        library.lesson("X99")
    with pytest.raises(ProgrammeNotFound):
        library.programme("nine-weeks")
    with pytest.raises(ProgrammeNotFound):
        library.document("nine-weeks")


def test_a_broken_file_stops_the_start_and_names_file_and_line(own: ContentFolder) -> None:
    path = own.lesson(changed(TRY_IT, "en: Which sentence did you write?\n", ""))

    with pytest.raises(ContentError, match="the English text is missing") as refused:
        load_library(own.path)

    assert [(fault.path, fault.line) for fault in refused.value.faults] == [(path, 28)]
    assert f"{path}:28: " in str(refused.value)


def test_an_id_taken_twice_names_both_files(own: ContentFolder) -> None:
    path = own.lesson(TRY_IT.replace("X01", "L01"))

    with pytest.raises(ContentError) as refused:
        load_library(own.path)

    assert str(refused.value) == (
        f'{path}:2: the id "L01" is already used in lessons/content/lessons/L01.md. Give this one an id of its own.'
    )


def test_the_same_folder_named_twice_is_read_once(own: ContentFolder) -> None:
    own.complete()

    assert load_library(own.path, own.path / "." / "lessons" / "..").lesson("X01").id == "X01"


def test_a_text_that_could_be_plainer_does_not_stop_the_start(own: ContentFolder) -> None:
    own.lesson(changed(TRY_IT, "Vilken mening skrev du?", "Har du missat att skriva!"))

    assert load_library(own.path).lesson("X01").id == "X01"


def test_a_missing_content_folder_stops_the_start(own: ContentFolder) -> None:
    with pytest.raises(ContentError, match="this folder does not exist"):
        load_library(own.path / "nowhere")


def test_a_document_holds_the_programme_and_exactly_its_lessons(library: Library) -> None:
    document = library.document("one-week")

    assert sorted(document.lessons) == ["X01", "X02", "X03"]
    assert ProgrammeDocument.from_json(document.to_json()) == document


def test_the_same_content_has_the_same_digest_and_an_edit_another(own: ContentFolder) -> None:
    own.complete()
    first = load_library(own.path).document("one-week")

    assert load_library(own.path).document("one-week").digest() == first.digest()
    assert ProgrammeDocument.from_json(first.to_json()).digest() == first.digest()
    own.lesson(changed(TRY_IT, "Vilken mening skrev du?", "Vad skrev du?"))
    assert load_library(own.path).document("one-week").digest() != first.digest()


def test_the_order_lessons_are_kept_in_does_not_change_the_digest(library: Library) -> None:
    document = library.document("one-week")
    other = ProgrammeDocument(programme=document.programme, lessons=dict(reversed(document.lessons.items())))

    assert list(other.lessons) != list(document.lessons)
    assert other.digest() == document.digest()


def test_a_text_is_given_in_the_language_asked_for(library: Library) -> None:
    title = library.lesson("X01").title

    assert title.in_(Language.SV) == "Nyttan i en mening"
    assert title.in_(Language.EN) == "The value in one sentence"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda text: text.replace('"X03":', '"X04":'),
        lambda text: text.replace('"right":true', '"right":false'),
        lambda text: text.replace('"minutes":3', '"minutes":3,"secret":1', 1),
        lambda text: text[:-1],
    ],
)
def test_a_document_that_was_tampered_with_is_refused(library: Library, tamper: Callable[[str], str]) -> None:
    text = library.document("one-week").to_json()
    assert tamper(text) != text

    with pytest.raises(ValidationError):
        ProgrammeDocument.from_json(tamper(text))


def test_a_search_finds_titles_before_bodies(own: ContentFolder) -> None:
    own.lesson(changed(TRY_IT, "sv: Vilken mening skrev du?", "sv: Vad sa giraffen?"))
    own.lesson(changed(a_plan(), "sv: Nyttan i en mening", "sv: Giraffen på mötet"))

    assert ids(load_library(own.path).search("giraffen", Language.SV)) == ["X03", "X01"]


@pytest.mark.parametrize("wanted", ["ÖPPEN", "oppen", "öppen", "  Öppen, "])
def test_a_search_does_not_mind_accents_and_capitals(own: ContentFolder, wanted: str) -> None:
    own.lesson(changed(a_quiz("X02"), "sv: Nyttan i en mening", "sv: Öppen zebra"))

    assert ids(load_library(own.path).search(f"{wanted} zebra", Language.SV)) == ["X02"]


def test_a_search_wants_every_word(library: Library) -> None:
    assert ids(library.search("nyttan mening", Language.SV))[:4] == ["L02", "X01", "X02", "X03"]
    assert library.search("nyttan giraff", Language.SV) == []


@pytest.mark.parametrize(
    ("wanted", "language"), [("möten", Language.SV), ("mötena", Language.SV), ("meetings", Language.EN)]
)
def test_a_search_finds_a_word_in_another_form(wanted: str, language: Language) -> None:
    library = load_library()
    assert library.search(wanted, language) != []


def test_words_that_only_begin_alike_are_not_the_same() -> None:
    assert not are_forms("mot", "moten")
    assert not are_forms("planering", "planta")
    assert are_forms("ideas", "idea")


def test_a_search_is_in_one_language(own: ContentFolder) -> None:
    own.lesson(changed(TRY_IT, "en: The value in one sentence", "en: The giraffe"))
    library = load_library(own.path)

    assert ids(library.search("giraffe", Language.EN)) == ["X01"]
    assert library.search("giraffe", Language.SV) == []


def test_a_search_looks_inside_compounds_but_not_for_short_words(own: ContentFolder) -> None:
    own.lesson(changed(TRY_IT, "sv: Vilken mening skrev du?", "sv: Vad sa ni på giraffmötet om videon?"))
    library = load_library(own.path)

    assert "X01" in ids(library.search("mötet", Language.SV, limit=100))
    assert "X01" not in ids(library.search("ide", Language.SV, limit=100))


def test_a_search_gives_no_more_than_asked_for_and_nothing_for_nothing(library: Library) -> None:
    assert len(library.search("nyttan", Language.SV, limit=2)) == 2
    assert library.search(" ?! ", Language.SV) == []


def ids(lessons: list[Lesson]) -> list[str]:
    return [lesson.id for lesson in lessons]
