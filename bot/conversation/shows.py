"""What the conversation wants shown after an event. Carried out by the platform once the transaction is committed."""

from dataclasses import dataclass, field

from bot.conversation.cards import Card, Form
from bot.conversation.events import MessageRef


@dataclass(frozen=True, slots=True)
class Say:
    """A new message to the person, in answer to what they did."""

    card: Card


@dataclass(frozen=True, slots=True)
class Replace:
    """Show this card in place of what a message shows now."""

    message: MessageRef
    card: Card


@dataclass(frozen=True, slots=True)
class ShowHome:
    card: Card


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a form, or show it in place of the one the person is in. The sentences are said when it cannot be."""

    form: Form
    too_late: str = field(default="", compare=False)
    """Said in the chat when the press has become too old to open anything."""
    not_opened: str = field(default="", compare=False)
    """Said in the chat when it surely did not open, for another reason."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The form stays open with a sentence at each input that must change. Input name to sentence."""

    errors: dict[str, str]


Show = Say | Replace | ShowHome | OpenForm | Refuse
