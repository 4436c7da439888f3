"""Adaptive Cards for the tests of the page: a nudge with every kind of text and button, a form with every input."""

from typing import Any

Json = dict[str, Any]
SOFIA = "0a000001-0000-4000-8000-000000000001"
MATS = "0a000002-0000-4000-8000-000000000002"
CHANNEL = "19:ledning-alvsunda@thread.tacv2"


def card(*body: Json, lang: str = "sv", **more: Any) -> Json:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": lang,
        "msteams": {"width": "Full"},
        "body": list(body),
        **more,
    }


def heading(text: str) -> Json:
    return {"type": "TextBlock", "style": "heading", "text": text, "wrap": True}


def line(*runs: Json | str) -> Json:
    return {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": r} if isinstance(r, str) else r for r in runs],
    }


def bold(text: str) -> Json:
    return {"type": "TextRun", "text": text, "weight": "Bolder"}


def link(text: str, url: str) -> Json:
    return {"type": "TextRun", "text": text, "selectAction": {"type": "Action.OpenUrl", "url": url}}


def execute(title: str, action: str, value: str = "", **more: Any) -> Json:
    data = {"knuff": {"action": action, "value": value}}
    fallback = {"type": "Action.Submit", "title": title, "data": data}
    return {"type": "Action.Execute", "title": title, "verb": action, "data": data, "fallback": fallback, **more}


def opens(title: str, action: str, value: str = "") -> Json:
    data = {"msteams": {"type": "task/fetch"}, "knuff": {"action": action, "value": value}}
    return {"type": "Action.Submit", "title": title, "data": data}


def in_dialog(title: str, action: str, value: str = "") -> Json:
    return {"type": "Action.Submit", "title": title, "data": {"knuff": {"action": action, "value": value}}}


def toggle(title: str, name: str, *, shown: bool) -> Json:
    target = {"elementId": name, "isVisible": shown}
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": [target]}


def actions(*buttons: Json, **more: Any) -> Json:
    return {"type": "ActionSet", "actions": list(buttons), **more}


def choices(*pairs: tuple[str, str]) -> list[Json]:
    return [{"title": title, "value": value} for value, title in pairs]


def entry(kind: str, name: str, label: str, **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": name, "label": label, **more}


def required(message: str) -> Json:
    return {"isRequired": True, "errorMessage": message}


def submit(title: str, name: str = "reflection") -> Json:
    data = {"knuff": {"form": name, "about": "", "token": "t1", "again": ""}}
    return actions({"type": "Action.Submit", "title": title, "data": data, "style": "positive"})


QUESTION: Json = {
    "type": "Container",
    "id": "sure",
    "isVisible": False,
    "style": "emphasis",
    "items": [
        line(bold("Ta bort allt?"), " Det går inte att ångra."),
        actions(execute("Ja, ta bort", "delete", style="destructive"), toggle("Nej, behåll", "sure", shown=False)),
    ],
}
NUDGE = card(
    heading("Värdet i en mening"),
    line(bold("Varför nu:"), " det hjälper Mats & andra. *Inte fet.* <b>Inte heller.</b>"),
    line("• Skriv en mening"),
    line("Läs mer i ", link("handboken", "http://127.0.0.1:9/handbok"), "."),
    {"type": "FactSet", "facts": [{"title": "Tid", "value": "5 minuter"}, {"title": "Takt", "value": "Varje dag"}]},
    actions(
        execute("Jag gör det", "go", "L001", style="positive"),
        opens("Skriv vad som hände", "reflect", "L001"),
        {"type": "Action.OpenUrl", "title": "Visa mina data", "url": "http://127.0.0.1:9/data"},
        toggle("Ta bort mina svar", "sure", shown=True),
    ),
    QUESTION,
    {"type": "TextBlock", "text": "Bara du ser dina svar.", "isSubtle": True, "size": "Small", "wrap": True},
    speak="Värdet i en mening",
)
REFLECTION = card(
    line("Skriv med egna ord."),
    entry("Text", "why", "Vad hände?", isMultiline=True, maxLength=500, **required("Skriv minst ett ord.")),
    submit("Spara"),
)
EVERYTHING = card(
    line("Så här ofta hör du av mig."),
    entry("Text", "why", "Vad hände?", isMultiline=True, **required("Skriv minst ett ord.")),
    entry("Text", "name", "Namn", placeholder="Ledare 2026"),
    entry(
        "ChoiceSet",
        "pace",
        "Takt",
        style="expanded",
        choices=choices(("daily", "Varje dag"), ("three", "Tre i veckan")),
        **required("Välj en takt."),
    ),
    entry("ChoiceSet", "days", "Dagar", isMultiSelect=True, choices=choices(("mon", "Måndag"), ("tue", "Tisdag"))),
    entry("ChoiceSet", "lang", "Språk", choices=choices(("sv", "Svenska"), ("en", "Engelska")), value="sv"),
    entry(
        "ChoiceSet",
        "who",
        "Deltagare",
        isMultiSelect=True,
        choices=choices((MATS, "Mats Eriksson")),
        value=MATS,
        **{"choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}},
    ),
    entry("Date", "start", "Startdag", value="2026-03-02"),
    entry("Time", "slot", "Klockslag", value="08:30"),
    entry("Number", "weeks", "Veckor", min=1, max=8, value=8),
    {"type": "Input.Toggle", "id": "keep", "title": "Spara inte", "valueOn": "no", "valueOff": "yes"},
    actions(in_dialog("Visa ett exempel", "example"), in_dialog("Ta bort", "remove")),
    submit("Spara", "cohort"),
)
