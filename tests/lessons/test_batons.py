"""Batons: fifty words each, and nobody named in what leaves the organisation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.batons import Baton, Found, Kind, Part, look_at, traces_of_persons
from lessons.first_names import ALSO_WORDS, FIRST_NAMES


def baton(**texts: str) -> Baton:
    written = {
        "learning": "Vi trodde att kön berodde på för få tider.",
        "sign_of_value": "Tolv föräldrar slapp ringa två gånger.",
        "question": "Vad gör ni som gör att folk vågar fråga?",
        "invitation": "Kom och se vår morgonrunda på torsdagar.",
    }
    return Baton(**(written | texts))


def marked(text: str) -> list[tuple[Kind, str]]:
    return [(found.kind, text[found.start : found.end]) for found in traces_of_persons(text)]


def names(text: str) -> list[str]:
    return [words for kind, words in marked(text) if kind is Kind.NAME]


def test_a_baton_that_names_nobody_and_is_short_enough_may_be_sent() -> None:
    looked = look_at(baton())
    assert [one.part for one in looked] == [Part.LEARNING, Part.SIGN_OF_VALUE, Part.QUESTION, Part.INVITATION]
    assert not any(one.is_refused or one.found for one in looked)


@pytest.mark.parametrize(("count", "too_many"), [(50, 0), (51, 1), (80, 30)])
def test_each_text_has_fifty_words_and_how_many_too_many_is_told(count: int, too_many: int) -> None:
    looked = look_at(baton(question=" ".join(["ord"] * (count - 1) + ["e-tjänst?"])))[2]
    assert (looked.words, looked.words_too_many, looked.is_refused) == (count, too_many, too_many > 0)


@pytest.mark.parametrize("text", ["", "   ", " … "])
def test_a_text_without_a_word_is_missing(text: str) -> None:
    looked = look_at(baton(invitation=text))
    assert [one.is_missing for one in looked] == [False, False, False, True]
    assert looked[3].is_refused


def test_a_name_is_a_warning_and_a_personal_number_a_refusal() -> None:
    looked = look_at(baton(learning="Fråga Anna.", question="Vad hände med 850101-1236?"))
    assert [one.is_refused for one in looked] == [False, False, True, False]
    assert [len(one.found) for one in looked] == [1, 0, 1, 0]


def test_what_was_found_can_be_marked_in_the_text() -> None:
    text = "Ring Anna Svensson, 018-611 00 00."
    assert traces_of_persons(text) == (
        Found(kind=Kind.NAME, start=5, end=18),
        Found(kind=Kind.PHONE, start=20, end=33),
    )


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("850101-1236", id="as on a card"),
        pytest.param("850101-1234", id="with a slip of the finger"),
        pytest.param("19850101-1236", id="with its century"),
        pytest.param("198501011236", id="with its century, in a row"),
        pytest.param("1985-01-01-1236", id="as a date"),
        pytest.param("8501011236", id="in a row"),
        pytest.param("850101 1236", id="with a space"),
        pytest.param("850101\u20131236", id="with a dash"),
        pytest.param("850101 - 1236", id="with a dash and spaces"),
        pytest.param("850101+1236", id="of somebody over a hundred"),
        pytest.param("850161-1233", id="a co-ordination number"),
        pytest.param("198501611233", id="a co-ordination number with its century"),
    ],
)
def test_a_personal_number_is_found_however_it_is_written(number: str) -> None:
    assert marked(f"Patienten ({number}) fick vänta.") == [(Kind.PERSONAL_NUMBER, number)]
    assert marked(number) == [(Kind.PERSONAL_NUMBER, number)]


@pytest.mark.parametrize(
    "text",
    [
        "Organisationsnumret är 212000-0142.",
        "Ärendet har diarienummer KS 2026/00123-7.",
        "Vi träffas 2026-11-23 klockan 14.00, rum 1204.",
        "Budgeten är 8501011234 öre.",  # the last digit is wrong, so it is a number as others
        "Från 850101 till 901231 kom 1234 remisser.",
        "Bankgiro 5051-6823, plusgiro 851331-1234.",
        "ISBN 978-91-7000-123-4 och SIS 56002:2021.",
    ],
)
def test_other_numbers_are_not_personal_numbers(text: str) -> None:
    assert Kind.PERSONAL_NUMBER not in [kind for kind, _ in marked(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Skriv till anna.svensson@region.example.", [(Kind.EMAIL, "anna.svensson@region.example")]),
        ("Skriv till e-tjanst+fraga@kommun.example, så svarar vi.", [(Kind.EMAIL, "e-tjanst+fraga@kommun.example")]),
        ("Ring 070-123 45 67 eller 0701234567.", [(Kind.PHONE, "070-123 45 67"), (Kind.PHONE, "0701234567")]),
        ("Ring +46 (0)18 611 00 00 på dagtid.", [(Kind.PHONE, "+46 (0)18 611 00 00")]),
        ("Ring 0046 18 611 00 00.", [(Kind.PHONE, "0046 18 611 00 00")]),
        ("Ring 08\u2013123 456 78.", [(Kind.PHONE, "08\u2013123 456 78")]),
    ],
)
def test_addresses_and_telephone_numbers_are_found(text: str, found: list[tuple[Kind, str]]) -> None:
    assert marked(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tack till Anna på ekonomi, som räknade.", ["Anna"]),
        ("Anna-Lena Svensson visade oss registret.", ["Anna-Lena Svensson"]),
        ("Det var Fatimas idé från början.", ["Fatimas"]),
        ("Jag och eva ringde runt.", ["eva"]),
        ("Fråga MOHAMMED ALI i receptionen.", ["MOHAMMED ALI"]),
        ("Vi frågade Per i växeln.", ["Per"]),
        ("Per Olsson vet mer.", ["Per Olsson"]),
        ("Enligt Johansson går det snabbare på kvällen.", ["Johansson"]),
        ("Karin och Lars provade först.", ["Karin", "Lars"]),
        ("Tack Åsa! Skolan märkte skillnad.", ["Åsa"]),
        ("Ask Erik’s team about the board.", ["Erik’s"]),
    ],
)
def test_people_are_found_by_common_first_names(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Fråga Zeynep på vårdcentralen.",
        "Kontakta Lindqvist på tekniska.",
        "Vår enda barnmorska föreslog det.",
        "Per vet mer om det här.",
        "A.S. skrev listan.",
    ],
)
def test_what_the_docstring_says_is_not_found_is_not(text: str) -> None:
    """So that nobody promises more: whoever approves a baton reads it."""
    assert marked(text) == []


NOBODY = """
Vi trodde att kön berodde på för få tider, men den berodde på hur vi ringde upp.
Maj var bäst: då kom svaren inom två dagar.
I maj och juni provade vi telefontid på eftermiddagen.
Karl Johans gata fick bänkar, och fler äldre gick ut.
Storken visar var i graviditeten man är, och färre ringde.
Per vecka sparade vi två timmar och 15 minuter.
Kostnaden per besök sjönk från 1 250 till 980 kronor.
Hans idé om en gul lapp blev hela avdelningens.
Vi lyssnade på hans förslag innan vi sa något själva.
Inga möten före klockan nio gav lugnare morgnar.
Det blev inga klagomål på tre veckor.
Bo kvar hemma längre var vad de flesta ville.
Stig in i väntrummet en tisdag och räkna hur många som frågar om vägen.
Tom lista på morgonen betyder att nattpasset hunnit med.
Lådan var tom varje fredag.
Jan. till mars var lugnast, så då provade vi.
Vid Astrid Lindgrens barnsjukhus gör man tvärtom: man börjar med frågan.
Sankt Eriks ögonsjukhus delade med sig av sin checklista.
S:t Görans sjukhus har en tavla som vi lånade.
Sankta Maria skola öppnade en timme tidigare.
Lånekorten på Karin Boyes bibliotek räckte inte.
Karolinska, Sahlgrenska och Region Uppsala har liknande listor.
Linköping, Karlstad och Kristianstad hade redan provat.
I Lean-tavlan på Akademiska skrev alla en rad om dagen.
Medarbetare på Socialtjänsten i Söderort testade Teams i stället för Skype.
Björnen i väntrummet fick barnen att våga.
Axeln gör ont på dem som lyfter, så vi bytte säng.
Hemtjänsten i Mariestad använder samma karta.
Vi mötte Eriksbergs hyresgäster på gården.
Olof Palmes plats var för stor för ett pilottest.
Frågan är: vem äger kalendern?
Öppet 08.00–16.30, stängt 12–13, telefon 1177 eller 112.
Vi ses den 3/12 2026 klockan 10.15 i sal B12:4.
Från 2026-01-12 till 2026-03-27 kom 1 204 ärenden.
Svarstiden gick från 0,5 till 0,25 dagar.
Avtal 2026-0012-3, punkt 4.2.1, gäller till 2027.
Rösta ja, nej eller senare, och skriv varför.
En sida, en ägare, ett datum: mer behövdes inte.
Robotens svar var rätt i 47 fall av 50.
Kan ni ta reda på vad patienterna väntar på?
Kom och se tavlan på torsdagar, ingen anmälan behövs.
""".strip().splitlines()

FALSE_ALARMS = {
    "Inga Lean-möten på fredagar längre.": "Inga Lean-möten",
    "Uttaget 20261122-1530 gav 48 svar.": "20261122-1530",
    "I registret LISA finns allt.": "LISA",
    "Ericsson lånade ut en tavla.": "Ericsson",
    "Nivåerna 0-5 10-15 20-25 räckte.": "0-5 10-15 20-25",
}
"""Seen, and lived with: a warning asks, and a refused number can be written another way."""


@pytest.mark.parametrize("text", NOBODY)
def test_a_text_without_anybody_is_left_in_peace(text: str) -> None:
    assert marked(text) == []


@pytest.mark.parametrize(("text", "taken_for_somebody"), FALSE_ALARMS.items())
def test_known_false_alarms_are_as_many_as_they_were(text: str, taken_for_somebody: str) -> None:
    assert [words for _, words in marked(text)] == [taken_for_somebody]


@given(st.text(alphabet=st.sampled_from("annaBoPersson 0123456789-+@.,\n åÅ(")))
def test_what_is_found_lies_in_the_text_in_order_and_never_overlaps(text: str) -> None:
    found = traces_of_persons(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.dates(), st.integers(0, 9999), st.sampled_from(["", "-", "+", " "]), st.booleans(), st.booleans())
def test_no_personal_number_with_a_right_last_digit_gets_through(
    born: object, serial: int, sign: str, has_century: bool, is_coordination: bool
) -> None:
    century, rest = f"{born:%Y%m%d}"[:2].zfill(2), f"{born:%Y%m%d}"[-6:]
    has_century &= century in {"18", "19", "20"}
    day = int(rest[4:]) + 60 * is_coordination
    nine = f"{rest[:4]}{day:02d}{serial // 10:03d}"
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(nine)]
    last = -sum(one // 10 + one % 10 for one in doubled) % 10
    number = f"{century * has_century}{nine[:6]}{sign}{nine[6:]}{last}"
    assert Kind.PERSONAL_NUMBER in [kind for kind, _ in marked(f"Det gällde {number}, som fick vänta.")]


def test_names_that_are_words_are_names() -> None:
    assert ALSO_WORDS < FIRST_NAMES
    assert all(name == name.casefold() for name in FIRST_NAMES)
