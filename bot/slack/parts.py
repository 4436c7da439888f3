"""The parts of a card as Block Kit blocks (limits: @slack/types, slack_sdk and Slack's documentation, November
2026)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

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
from bot.slack.mrkdwn import Json, mrkdwn, plain, split, text_object

T = TypeVar("T")

SECTION_TEXT = 3000
FIELD_TEXT = 2000
FIELDS = 10
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTONS_IN_A_ROW = 5

# What an action id says beyond the action itself; `undress` reads it back.
OPENS_FORM = "form:"
LINK = "link:"
REPEATED = "#"


class ActionIds:
    """Action ids within one surface: the action's own name, numbered when it comes again (Slack wants each once)."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, button: Button) -> str:
        name = (LINK if button.url else OPENS_FORM if button.opens_form else "") + button.action
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}{REPEATED}{self._seen[name]}"


def blocks(part: Part, ids: ActionIds) -> list[Json]:
    """Return the blocks of one part, without block ids."""
    match part:
        case Heading(text):
            return [{"type": "header", "text": plain(text, most=HEADER_TEXT)}]
        case Paragraph(text):
            return [_section(piece) for piece in split(text, most=SECTION_TEXT)]
        case Note(text):
            pieces = split(text, most=SECTION_TEXT)
            return [{"type": "context", "elements": [text_object(piece, most=SECTION_TEXT)]} for piece in pieces]
        case Facts(pairs):
            return [{"type": "section", "fields": [_field(*pair) for pair in some]} for some in _groups(pairs, FIELDS)]
        case People():
            return _people(part)
        case Channel(label, conversation):
            text = f"*{mrkdwn(cut(label, most=200))}*\n<#{conversation}>"
            return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
        case Buttons(buttons):
            rows = _groups(buttons, BUTTONS_IN_A_ROW)
            return [{"type": "actions", "elements": [_button(button, ids) for button in row]} for row in rows]
        case Divider():
            return [{"type": "divider"}]


def _section(text: str) -> Json:
    return {"type": "section", "text": text_object(text, most=SECTION_TEXT)}


def _field(label: str, value: str) -> Json:
    text = f"*{mrkdwn(cut(label, most=200))}*\n{mrkdwn(cut(value, most=800))}"
    return {"type": "mrkdwn", "text": text[:FIELD_TEXT]}


def _people(part: People) -> list[Json]:
    label = f"*{mrkdwn(cut(part.label, most=200))}*\n"
    mentions = _groups([f"<@{person}>" for person in part.external_ids], 100)
    texts = [", ".join(some) for some in mentions] or ["–"]
    texts[0] = label + texts[0]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in texts]


def _button(button: Button, ids: ActionIds) -> Json:
    block: Json = {
        "type": "button",
        "text": plain(button.text, most=BUTTON_TEXT),
        "action_id": ids.of(button),
    }
    if button.value:
        block["value"] = button.value[:BUTTON_VALUE]
    if button.style is not Style.PLAIN:
        block["style"] = button.style.value
    if button.url:
        block["url"] = button.url
    if button.spoken:
        block["accessibility_label"] = cut(button.spoken, most=BUTTON_TEXT)
    if button.confirm:
        block["confirm"] = _confirm(button.confirm, danger=button.style is Style.DANGER)
    return block


def _confirm(confirm: Confirm, *, danger: bool) -> Json:
    return {
        "title": plain(confirm.title, most=100),
        "text": plain(confirm.text, most=300),
        "confirm": plain(confirm.yes, most=30),
        "deny": plain(confirm.no, most=30),
        **({"style": "danger"} if danger else {}),
    }


def _groups(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while group := tuple(islice(rest, size)):
        yield group
