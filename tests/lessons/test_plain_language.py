"""Words, sentences and LIX, counted as a person would."""

import pytest

from lessons.plain_language import lix, sentences, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("… – ?", 0),
        ("Skriv en mening.", 3),
        ("E-posten till SKR:s e-tjänst och/eller nästa", 6),
        ("Klockan 8.30 är 3,5 timmar kvar.", 6),
        ("om–då-planer", 2),
        ("It doesn’t, it won't.", 4),
        ("”Nej”, (ja) …", 2),
    ],
)
def test_counts_words(text: str, count: int) -> None:
    assert len(words(text)) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("Ingen punkt", ["Ingen punkt"]),
        ("Ett. Två? Tre… Fyra", ["Ett.", "Två?", "Tre…", "Fyra"]),
        ("Fråga t.ex. Anna kl. 8.30. Sedan Åsa.", ["Fråga t.ex. Anna kl. 8.30.", "Sedan Åsa."]),
        ("Fråga ”Vad nu?” och lyssna.", ["Fråga ”Vad nu?” och lyssna."]),
        ("Fråga: ”Vad nu?” Lyssna.", ["Fråga: ”Vad nu?”", "Lyssna."]),
        ("Säg ja. ”Nej.” …", ["Säg ja.", "”Nej.” …"]),
        ("Räkna dem. 3 av 5 räcker.", ["Räkna dem.", "3 av 5 räcker."]),
    ],
)
def test_finds_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_lix_is_words_per_sentence_plus_the_share_of_long_words() -> None:
    # Nine words in two sentences; "kommunen", "besluten" and "skriver" have more than six letters, "dagbok" has six.
    assert lix(["Nu tar kommunen de här besluten. Vi skriver dagbok."]) == pytest.approx(9 / 2 + 100 * 3 / 9)


def test_each_passage_ends_a_sentence() -> None:
    assert lix(["Vi ser"]) == 2
    assert lix(["Vi ser", "Vi hör"]) == 2


def test_nothing_to_read_is_not_heavy() -> None:
    assert lix([]) == 0
    assert lix(["…"]) == 0
