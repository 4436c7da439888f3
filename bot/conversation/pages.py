"""Longer things to read: a message in the chat, or a page over Home when it was asked for there."""

from bot.conversation.cards import Button, Card, Form, Heading, Input, Part
from bot.conversation.events import Pressed
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Replace, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Typed, Visit

LONGEST_TITLE = 24


def in_chat(event: Pressed | Typed) -> bool:
    """Whether what is asked for belongs in the chat. If not, every button in it must open a form."""
    return isinstance(event, Typed) or event.message is not None


def skipped(event: Pressed | Typed) -> int:
    """Return how many entries the leaf that is asked for leaves out."""
    return number(event.value or "0") if isinstance(event, Pressed) else 0


def older(event: Pressed | Typed, words: Words, *, action: str, count: int) -> Button:
    """Return the button that turns to the next leaf, after `count` entries."""
    opens_form = not in_chat(event)
    return Button(text=words("home.older"), action=action, value=str(skipped(event) + count), opens_form=opens_form)


def shown(
    visit: Visit,
    event: Pressed | Typed,
    *,
    name: str,
    title: str,
    parts: list[Part | Input],
    in_place: bool = False,
) -> list[Show]:
    """Return the page where it was asked for; `in_place` turns the leaf of the message it was asked for in."""
    if not in_chat(event):
        return [OpenForm(page_form(name=name, title=title, parts=parts, words=visit.words))]
    card = Card(summary=title, parts=(Heading(title), *(part for part in parts if isinstance(part, Part))))
    if in_place and isinstance(event, Pressed) and event.message is not None:
        return [Replace(event.message, card)]
    return [Say(card)]


def page_form(*, name: str, title: str, parts: list[Part | Input], words: Words) -> Form:
    """Return a page that is only read."""
    return Form(
        name=name,
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        submit=None,
        close=words("typed.close"),
        body=tuple(parts),
    )
