"""A method card says how a group method is run, and holds together."""

import re

import pytest

from lessons.checking import check_content
from lessons.library import ContentError, MethodNotFound, load_library
from lessons.methods import Purpose
from lessons.models import Language
from tests.lessons.written import METHOD, ContentFolder, changed, line_of


def found_in(own: ContentFolder, text: str) -> list[tuple[int, str]]:
    own.method(text)
    return [(fault.line, fault.message) for fault in check_content(own.path)]


def test_a_method_card_is_read_with_its_steps_roles_and_traps(own: ContentFolder) -> None:
    own.method()

    method = load_library(own.path).method("quiet-start")

    assert method.purpose is Purpose.IMAGINE
    assert method.minutes == (10, 15)
    assert [(step.minutes, step.text.en) for step in method.steps] == [
        (5, "Write on your own."),
        (7, "Read aloud in turn."),
    ]
    assert method.roles[0].does.sv == "Håller tiden."
    assert check_content(own.path) == []


def test_a_lesson_and_a_challenge_know_the_methods_that_go_with_them(own: ContentFolder) -> None:
    own.method()
    library = load_library(own.path)

    assert "quiet-start" in [method.id for method in library.methods_about(lesson="L01")]
    assert "quiet-start" in [method.id for method in library.methods_about(challenge="idea-sprint")]
    assert "quiet-start" not in [method.id for method in library.methods_about(lesson="L02")]


def test_a_method_is_found_by_the_words_somebody_remembers(own: ContentFolder) -> None:
    own.method(changed(METHOD, "sv: Papper och pennor.", "sv: En giraff av papper."))
    library = load_library(own.path)

    assert [method.id for method in library.search_methods("Giraffen", Language.SV)] == ["quiet-start"]
    assert library.search_methods("giraff", Language.EN) == []
    assert "quiet-start" in [method.id for method in library.search_methods("tysta START", Language.SV)]
    assert library.search_methods(" ? ", Language.SV) == []


def test_a_method_nobody_has_written_has_an_error_of_its_own() -> None:
    with pytest.raises(MethodNotFound):
        load_library().method("shouting")


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("minutes: [10, 15]", "minutes: [15, 30]", "steps:",
         "the steps take 12 minutes together, and `minutes` says 15 to 30. Let them agree."),
        ("minutes: [10, 15]", "minutes: [5, 11]", "steps:",
         "the steps take 12 minutes together, and `minutes` says 5 to 11."),
        ("minutes: [10, 15]", "minutes: [15, 10]", "minutes:",
         "`minutes` goes from 15 to 10. Write the smaller number first."),
        ("minutes: [10, 15]", "minutes: [10]", "minutes:", "`minutes` needs one more: the least and the most. Add it."),
        ("minutes: [10, 15]", "minutes: [10, 12, 15]", "minutes:", "`minutes` has 3; 2 is the most. Take some out."),
        ("minutes: [10, 15]", "minutes: [10, many]", "minutes:", "`minutes` must be a whole number"),
        ("people: [3, 12]", "people: [12, 3]", "people:",
         "`people` goes from 12 to 3. Write the smaller number first."),
        ("people: [3, 12]", "people: [0, 3]", "people:", "`people` is 0; 1 is the least."),
        ("purpose: imagine", "purpose: dream", "purpose:", "`purpose` cannot be 'dream'. Write one of 'understand'"),
        ("[culture]", "[cultur]", "principles:", 'unknown principle "cultur". Did you mean "culture"?'),
        ("[facilitate]", "[facilitate, listen]", "behaviours:", 'unknown behaviour "listen".'),
        ("[facilitate]", "[facilitate, facilitate]", "behaviours:",
         '"facilitate" stands twice under `behaviours`. Keep one.'),
        ("[L01]", "[L01, L999]", "lessons:", 'there is no lesson "L999".'),
        ("[idea-sprint]", "[idea_sprint]", "challenges:", "`challenges` cannot be 'idea_sprint'."),
        ("[idea-sprint]", "[idea-sprin]", "challenges:",
         'there is no challenge "idea-sprin". Did you mean "idea-sprint"?'),
        ("users:", "user:", "user:", 'unknown key `user`. Did you mean "users"?'),
        ("{sv: Papper och pennor., en: Paper and pens.}", "{sv: Papper.}", "needs:",
         "the English text is missing under `needs`."),
        ("id: quiet-start", "id: quiet-end", "id:", "the file is called quiet-start.yaml"),
        ('"Diehl & Stroebe 1987"', "{sv: Egen form}", "source:", "the English text is missing under `source`."),
        ('"Diehl & Stroebe 1987"', "1987", "source:", "`source` has a text in each language. Write {sv: …, en: …}."),
        ("{sv: Tyst start, en: Quiet start}", "Tyst start", "title:", "`title` has a text in each language."),
    ],
)  # fmt: skip
def test_a_fault_of_a_method_names_its_line_and_what_to_do(
    own: ContentFolder, before: str, after: str, at: str, says: str
) -> None:
    text = changed(METHOD, before, after)

    found = found_in(own, text)

    assert [message for line, message in found if line == line_of(text, at) and says in message], found
    with pytest.raises(ContentError):
        load_library(own.path)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            "sv: Alla skriver innan någon talar.",
            f"sv: {'Alla skriver. ' * 30}",
            "`about` has 60 Swedish words; 40 is the",
        ),
        ("en: Write on your own.", f"en: {'Write now. ' * 40}", "`text` has 80 English words; 60 is the limit."),
        ("sv: Håller tiden.", "sv: Borde hålla tiden.", '"Borde" in `does` can be heard as blame.'),
        ("en: Keeps the time.", "en: Keeps the time!", "there is an exclamation mark in `does`."),
        ("sv: Läs upp i tur och ordning.", "sv: Ge feedback.", '"feedback" in `text` is not plain Swedish.'),
        ("sv: Papper och pennor.", f"sv: {'Verksamhetsutvecklingens implementeringsstrategier ' * 8}", "LIX"),
    ],
)
def test_how_a_method_reads_is_checked(own: ContentFolder, before: str, after: str, says: str) -> None:
    assert [message for _, message in found_in(own, changed(METHOD, before, after)) if says in message]


def test_a_reference_is_written_once_and_words_of_ones_own_in_both_languages(own: ContentFolder) -> None:
    own.method()
    assert {load_library(own.path).method("quiet-start").source.in_(one) for one in Language} == {
        "Diehl & Stroebe 1987"
    }
    own.method(changed(METHOD, '"Diehl & Stroebe 1987"', "{sv: Vår egen form, en: A form of our own}"))
    source = load_library(own.path).method("quiet-start").source
    assert (source.in_(Language.SV), source.in_(Language.EN)) == ("Vår egen form", "A form of our own")


def test_no_card_of_ours_says_in_swedish_where_it_is_from_with_english_words_of_our_own() -> None:
    ours = load_library().methods.values()
    assert not [one.id for one in ours if re.search(r"our own|widely known|[.)] The |builds on", one.source.sv, re.I)]
    assert not [one.id for one in ours if re.search(r"egna ord|känd|vår egen", one.source.en, re.I)]


def test_a_card_that_does_not_fit_in_a_message_is_refused(own: ContentFolder) -> None:
    steps = "".join(f"  - minutes: 1\n    text: {{sv: {'Skriv mer nu. ' * 20}, en: Write.}}\n" for _ in range(10))
    text = re.sub(r"^steps:\n.*?(?=^traps)", f"steps:\n{steps}", METHOD, flags=re.DOTALL | re.MULTILINE)
    assert found_in(own, changed(text, "[10, 15]", "[10, 10]")) == []
    longer = changed(text.replace("Skriv mer nu. ", "Skriver meningar tyst. "), "[10, 15]", "[10, 10]")
    [(_, message)] = found_in(own, longer)
    assert re.fullmatch(r"the card has 4\d\d\d characters; 4000 is the most. Shorten it, or make it two.", message)
    with pytest.raises(ContentError):
        load_library(own.path)


def test_two_methods_cannot_have_the_same_id(own: ContentFolder) -> None:
    own.method()
    own.method(name="another.yaml")

    assert [fault.message for fault in check_content(own.path) if "already used" in fault.message]
