"""What people are shown, as text to look into."""

from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Note, Paragraph
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome


def the_form(shows: list[Show]) -> Form:
    return next(show.form for show in shows if isinstance(show, OpenForm))


def the_home(shows: list[Show]) -> Card:
    return next(show.card for show in shows if isinstance(show, ShowHome))


def replaced(shows: list[Show]) -> str:
    """Return everything written on the cards that were replaced."""
    return "\n".join(written(show.card) for show in shows if isinstance(show, Replace))


def said(shows: list[Show]) -> str:
    """Return everything said in new messages."""
    return "\n".join(written(show.card) for show in shows if isinstance(show, Say))


def refused(shows: list[Show]) -> dict[str, str]:
    return next((show.errors for show in shows if isinstance(show, Refuse)), {})


def written(card: Card | Form) -> str:
    """Return every word of a card, buttons in square brackets."""
    lines: list[str] = []
    for part in card.parts if isinstance(card, Card) else card.body:
        match part:
            case Heading(text) | Paragraph(text) | Note(text):
                lines.append(text)
            case Buttons(buttons):
                lines.append(" ".join(f"[{button.text}]" for button in buttons))
            case _:
                lines.append(str(part))
    return "\n".join(lines)


def buttons_of(card: Card | Form) -> list[Button]:
    parts = card.parts if isinstance(card, Card) else card.body
    return [button for part in parts if isinstance(part, Buttons) for button in part.buttons]
