"""The parts of a card as elements of an adaptive card (version 1.5, what Teams shows of it; Microsoft's documentation,
November 2026)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

from bot.conversation.cards import (
    Button,
    Buttons,
    Channel,
    Confirm,
    Divider,
    Facts,
    Heading,
    Note,
    Paragraph,
    Part,
    People,
    Style,
)
from bot.plain_text import cut
from bot.teams.text import EMPTY, Json, as_it_stands, lines, plain, run, unspoken_moments

HEADING_TEXT = 150
FACT_LABEL_TEXT = 200
FACT_TEXT = 800
SPOKEN_TEXT = 150
BUTTON_TEXT = 40
"""A button is one line and cut where the card ends, on a telephone after about so many characters."""
ROW_TEXT = 50
"""All titles of a row and the edges of each button: what a telephone shows beside each other."""
EDGES_TEXT = 6
BUTTONS_IN_A_ROW = 6
BUTTON_VALUE = 2000
UNKNOWN_NAME_TEXT = 8

_STYLES = {Style.PLAIN: {}, Style.PRIMARY: {"style": "positive"}, Style.DANGER: {"style": "destructive"}}


class Surface(Enum):
    MESSAGE = auto()
    DIALOG = auto()
    """What is pressed in one arrives as task/submit, and opens nothing beside it."""


class Dresser:
    """Dresses the parts of one card: its hidden questions are numbered."""

    def __init__(self, surface: Surface, names: Mapping[str, str], language: str | None) -> None:
        self._surface = surface
        self._names = names
        self._written_in = {"language": language} if language else {}
        self._questions = 0

    def elements(self, part: Part) -> list[Json]:
        match part:
            case Heading(text):
                return [_heading(text)]
            case Paragraph(text):
                return lines(text)
            case Note(text):
                return lines(text, small=True)
            case Facts(pairs):
                return [{"type": "FactSet", "facts": [_fact(*pair) for pair in pairs]}] if pairs else []
            case People():
                return [self._people(part)]
            case Channel(label, unnamed=said):  # we are told what people are called there, and of a channel nothing
                inlines = [run(f"{plain(label)}: ", bold=True), run(said)]
                return [{"type": "RichTextBlock", "inlines": inlines}] if said else []
            case Buttons(buttons):
                return [element for row in _rows(buttons) for element in self._row(row)]
            case Divider():
                raise ValueError("a divider is the edge of the next element")

    def _people(self, part: People) -> Json:
        names = (self._names.get(one) or one[:UNKNOWN_NAME_TEXT] for one in part.external_ids)
        shown = ", ".join(unspoken_moments(name) for name in names) or EMPTY
        return {"type": "RichTextBlock", "inlines": [run(f"{plain(part.label)}: ", bold=True), run(shown)]}

    def _row(self, row: Sequence[Button]) -> Iterator[Json]:
        """Yield a row of buttons. What a button cannot show of its text stands before it, and its question behind."""
        yield from _in_full(row)
        actions, questions = [], []
        for button in row:
            if button.confirm is None:
                actions.append(self._action(button))
                continue
            self._questions += 1
            name = f"question-{self._questions}"
            actions.append(_toggle(button, name, shown=True))
            questions.append(self._question(name, button, button.confirm))
        yield {"type": "ActionSet", "actions": actions}
        yield from questions

    def _question(self, name: str, button: Button, confirm: Confirm) -> Json:
        yes = replace(button, text=confirm.yes, spoken=None, confirm=None)
        no = Button(text=confirm.no, action="")
        return {
            "type": "Container",
            "id": name,
            "isVisible": False,
            "style": "emphasis",
            "items": [
                {"type": "RichTextBlock", "inlines": [run(plain(confirm.title), bold=True)]},
                *lines(confirm.text),
                *_in_full((yes, no)),
                {"type": "ActionSet", "actions": [self._action(yes), _toggle(no, name, shown=False)]},
            ],
        }

    def _action(self, button: Button) -> Json:
        looks = _looks(button)
        meant = {"action": button.action, "value": button.value[:BUTTON_VALUE], **self._written_in}
        if button.url:
            return {"type": "Action.OpenUrl", **looks, "url": button.url}
        if self._surface is Surface.DIALOG:
            # It takes nothing of the form with it, so what is still missing there must not hold it back.
            return {"type": "Action.Submit", **looks, "data": {"knuff": meant}, "associatedInputs": "none"}
        if button.opens_form:
            return {"type": "Action.Submit", **looks, "data": {"msteams": {"type": "task/fetch"}, "knuff": meant}}
        data = {"knuff": meant}
        older = {"type": "Action.Submit", **looks, "data": data}
        return {"type": "Action.Execute", **looks, "verb": button.action, "data": data, "fallback": older}


def _heading(text: str) -> Json:
    shown = as_it_stands(cut(text, most=HEADING_TEXT))
    return {"type": "TextBlock", "style": "heading", "text": shown, "size": "Medium", "weight": "Bolder", "wrap": True}


def _fact(label: str, value: str) -> Json:
    return {
        "title": as_it_stands(cut(label, most=FACT_LABEL_TEXT)),
        "value": as_it_stands(cut(value, most=FACT_TEXT)),
    }


def _rows(buttons: Sequence[Button]) -> Iterator[Sequence[Button]]:
    """Yield rows whose titles fit beside each other; a long one has a row of its own."""
    row: list[Button] = []
    for button in buttons:
        taken = sum(len(one.text) + EDGES_TEXT for one in [*row, button])
        if row and (taken > ROW_TEXT or len(row) == BUTTONS_IN_A_ROW):
            yield row
            row = []
        row.append(button)
    if row:
        yield row


def _in_full(buttons: Sequence[Button]) -> Iterator[Json]:
    return (element for button in buttons if _is_long(button) for element in lines(plain(button.text)))


def _is_long(button: Button) -> bool:
    return len(plain(button.text)) > BUTTON_TEXT


def _looks(button: Button) -> Json:
    spoken = button.spoken or (button.text if _is_long(button) else None)
    return {
        "title": cut(plain(button.text), most=BUTTON_TEXT),
        **({"tooltip": cut(plain(spoken), most=SPOKEN_TEXT)} if spoken else {}),
        **_STYLES[button.style],
    }


def _toggle(button: Button, element: str, *, shown: bool) -> Json:
    target = {"type": "TargetElement", "elementId": element, "isVisible": shown}
    return {"type": "Action.ToggleVisibility", **_looks(button), "targetElements": [target]}
