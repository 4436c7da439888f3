"""Cards and forms with everything in them, and what they look like in Teams."""

from collections.abc import Iterator
from typing import Any

from bot.conversation.cards import (
    Audience,
    Button,
    Buttons,
    Card,
    Channel,
    ChoiceInput,
    Confirm,
    DateInput,
    Divider,
    Facts,
    Form,
    Heading,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    People,
    PeopleInput,
    Style,
    TextInput,
    TimeInput,
)
from bot.teams import dress
from tests.teams.limits import card_of

KARI = "0a000001-0000-4000-8000-00000000ca01"

Json = dict[str, Any]


def a_card(*parts: Part, summary: str = "Dagens knuff: Värdet i en mening.") -> Card:
    return Card(summary=summary, parts=parts)


def a_form(*body: Part | Input, submit: str | None = "Spara", about: str = "12") -> Form:
    return Form(name="plan", title="Om–så-plan", submit=submit, close="Avbryt", body=body, about=about)


def shown(*parts: Part, **named: Any) -> list[Json]:
    """The elements of a message."""
    body: list[Json] = card_of(dress.message(a_card(*parts), **named))["body"]
    return body


def asked(*body: Part | Input, **named: Any) -> list[Json]:
    """The elements of a dialog."""
    elements: list[Json] = card_of(dress.dialog(a_form(*body), "t1", **named))["body"]
    return elements


def every(kind: str, value: Any) -> Iterator[Json]:
    """Everything of a kind, wherever it is."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from every(kind, item)


DELETE = Button(
    text="Radera",
    action="my_data.delete",
    style=Style.DANGER,
    confirm=Confirm(title="Radera?", text="Det går inte att ångra.", yes="Radera allt", no="Behåll"),
)
EVERY_PART: tuple[Part, ...] = (
    Heading("Värdet i en mening"),
    Paragraph("**Gör så här:** säg värdet för en invånare. _Två minuter._ https://knuff.example.se/l/x."),
    Note("Bara du ser ditt svar."),
    Facts((("Takt", "varje dag"), ("Tid", "08:15"))),
    People(label="Deltagare", external_ids=(KARI, "0a000002-0000-4000-8000-00000000ca02")),
    Channel(label="Kanal", conversation="19:ledare@thread.tacv2", unnamed="Nämn mig i kanalen."),
    Divider(),
    Buttons(
        (
            Button(
                text="Jag gör det", action="nudge.doing", value="12", style=Style.PRIMARY, spoken="Jag gör det idag"
            ),
            DELETE,
            Button(text="Läs mer", action="read", url="https://knuff.example.se/l/x"),
            Button(text="Planera", action="nudge.plan", value="12", opens_form=True),
        )
    ),
)

CUE = TextInput(name="cue", label="Om", multiline=True, hint="En situation", placeholder="När …", initial="När jag")
EVERY_INPUT: tuple[Input, ...] = (
    CUE,
    ChoiceInput(
        name="pace", label="Takt", options=(Option("daily", "Varje dag"), Option("three", "Tre")), initial=("three",)
    ),
    ChoiceInput(name="days", label="Dagar", options=(Option("1", "Måndag"),), many=True, initial=("1",), optional=True),
    ChoiceInput(name="lesson", label="Övning", options=tuple(Option(str(n), f"Övning {n}") for n in range(40))),
    ChoiceInput(name="many", label="Flera", options=tuple(Option(str(n), f"Val {n}") for n in range(11)), many=True),
    DateInput(name="on", label="Dag", initial="2026-03-02"),
    TimeInput(name="slot", label="Tid", initial="08:15"),
    PeopleInput(name="people", label="Deltagare", initial=(KARI,)),
    PeopleInput(name="channel", label="Kanal", audience=Audience.CHANNEL, optional=True),
)
