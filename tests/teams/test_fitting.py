"""What is too large for Teams is made to fit: nothing to fill in is lost by it, and nobody waits for it."""

import json
from time import process_time

import pytest

from bot.conversation.cards import (
    Audience,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Form,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleInput,
    TextInput,
)
from bot.teams import dress
from bot.teams.again import unpack
from bot.teams.fitting import MOST_BYTES
from tests.teams.dressed import a_card, a_form, every
from tests.teams.limits import Json, card_of, faults, texts

LONGEST_DRESSED_SECONDS = 0.2
"""Of the processor alone, on a slow machine; before, such cards took up to a second."""


def people(count: int) -> tuple[str, ...]:
    return tuple(f"0a{number:06x}-0000-4000-8000-00000000ca01" for number in range(count))


def a_cohort(chosen: tuple[str, ...] = ()) -> Form:
    return a_form(
        Note("En omgång är ett program för en grupp. " * 5),
        TextInput(name="name", label="Namn"),
        ChoiceInput(name="programme", label="Program", options=(Option("a", "A"), Option("b", "B"))),
        PeopleInput(name="people", label="Vilka ska vara med?", initial=chosen, optional=True),
        PeopleInput(name="audience", label="Kanal", audience=Audience.CHANNEL, optional=True),
        DateInput(name="starts_on", label="Börjar"),
        *(TextInput(name=f"more{number}", label="Mer", hint="Frivilligt.", optional=True) for number in range(5)),
    )


def filled_in_with(chosen: tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    return {"name": "Vår", "programme": "a", "people": chosen, "starts_on": "2026-01-01"}


def input_names(form: Form) -> list[str]:
    return [part.name for part in form.body if not isinstance(part, Part)]


def asked_for(dialog: Json) -> list[str]:
    return [part["id"] for part in card_of(dialog)["body"] if part["type"].startswith("Input.")]


def chosen_in(dialog: Json) -> list[str]:
    (value,) = [part["value"] for part in card_of(dialog)["body"] if part.get("id") == "people"]
    return str(value).split(",")


def packed_in(dialog: Json) -> str:
    again: str = card_of(dialog)["actions"][0]["data"]["knuff"]["again"]
    return again


@pytest.mark.parametrize("count", [1, 300, 450])
def test_a_refused_form_comes_back_whole_with_everybody_who_was_chosen(count: int) -> None:
    form = a_cohort()
    values = filled_in_with(people(count))
    dialog = dress.dialog(form, "t1", errors={"starts_on": "Välj en senare dag."}, values=values, language="sv")
    assert faults("dialog", dialog) == []
    assert asked_for(dialog) == input_names(form)
    assert tuple(chosen_in(dialog)) == people(count)
    assert "…" not in texts(dialog)
    assert "Alla fick inte plats" not in texts(dialog)
    assert unpack(packed_in(dialog)) == form


@pytest.mark.parametrize("count", [700, 2000])
def test_when_not_everybody_who_was_chosen_fits_the_form_says_so_and_nothing_else_is_lost(count: int) -> None:
    form = a_cohort()
    values = filled_in_with(people(count))
    dialog = dress.dialog(form, "t1", errors={"starts_on": "Välj en senare dag."}, values=values, language="sv")
    assert faults("dialog", dialog) == []
    assert asked_for(dialog) == input_names(form)
    kept = chosen_in(dialog)
    assert tuple(kept) == people(count)[: len(kept)]
    assert len(json.dumps(dialog)) > MOST_BYTES - 50  # nobody was left out for whom there was room
    said = f"Vilka ska vara med? Alla fick inte plats. Fortfarande valda: de {len(kept)} första av {count}."
    assert said in texts(dialog)
    assert "Börjar: Välj en senare dag." in texts(dialog)
    assert unpack(packed_in(dialog)) == form


def test_a_form_that_comes_back_twice_does_not_say_twice_who_fitted() -> None:
    first = dress.dialog(a_cohort(), "t1", values={"people": people(2000)}, language="sv")
    again = dress.dialog(unpack(packed_in(first)), "t1", values={"people": tuple(chosen_in(first))}, language="sv")
    assert asked_for(again) == input_names(a_cohort())
    assert chosen_in(again) == chosen_in(first)
    assert "Alla fick inte plats" not in texts(again)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("sv", "Vilka ska vara med? Alla fick inte plats. Fortfarande valda: de "),
        ("en", "Vilka ska vara med? Not everybody fitted. Still chosen: the first "),
        (None, "Välj resten igen, här eller efteråt. / Not everybody fitted."),
    ],
)
def test_who_did_not_fit_is_said_when_a_form_opens_too(language: str | None, sentence: str) -> None:
    dialog = dress.dialog(a_cohort(people(2000)), "t1", language=language)
    assert faults("dialog", dialog) == []
    assert asked_for(dialog) == input_names(a_cohort())
    assert sentence in texts(dialog)


def test_a_form_of_more_text_than_fits_loses_text_and_nothing_to_fill_in() -> None:
    parts = [Buttons((Button(text="Något att läsa om" * 4, action="x", value="x" * 400),)) for _ in range(90)]
    asks = [TextInput(name=f"a{number}", label="A") for number in range(5)]
    form = a_form(*parts[:80], *asks[:2], *parts[80:], *asks[2:])
    dialog = dress.dialog(form, "t1")
    assert faults("dialog", dialog) == []
    assert asked_for(dialog) == input_names(form)
    assert texts(dialog).count("\n…\n") == 1
    assert input_names(unpack(packed_in(dialog))) == input_names(form)


def test_a_form_that_cannot_be_shown_with_all_there_is_to_fill_in_is_not_shown() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        dress.dialog(a_form(*(TextInput(name=f"a{number}", label="Å" * 500) for number in range(20))), "t1")
    with pytest.raises(ValueError, match="does not fit"):
        dress.dialog(a_cohort(), "t1", values={"starts_on": "2026-01-01" * 3000})


def test_more_options_than_are_shown_do_not_travel_with_the_form() -> None:
    many = tuple(Option(str(number), f"Övning {number} " + "om hur man börjar " * 3) for number in range(500))
    dialog = dress.dialog(a_form(ChoiceInput(name="lesson", label="Övning", options=many)), "t1")
    assert faults("dialog", dialog) == []
    (lesson,) = unpack(packed_in(dialog)).body
    assert isinstance(lesson, ChoiceInput)
    assert lesson.options == many[:100]


LARGE: dict[str, tuple[Part, ...]] = {
    "many long texts": tuple(Paragraph("**" + "ord " * 700 + "**") for _ in range(60)),
    "many short lines": tuple(Paragraph("\n".join("a" * 1500)) for _ in range(10)),
    "one very long text": (Paragraph("Åäö och så vidare. " * 20_000),),
    "one text of short lines": (Paragraph("\n".join("a" * 60_000)),),
    "many parts": tuple(Paragraph("x") for _ in range(5000)),
}


@pytest.mark.parametrize("parts", LARGE.values(), ids=LARGE)
def test_a_card_however_large_is_dressed_soon(parts: tuple[Part, ...]) -> None:
    card: Card = a_card(*parts)
    seconds = []
    for _ in range(3):
        began = process_time()
        sent = dress.message(card)
        seconds.append(process_time() - began)
    assert min(seconds) < LONGEST_DRESSED_SECONDS
    assert faults("message", sent) == []
    assert "…" in texts(sent)
    assert list(every("RichTextBlock", card_of(sent)))
