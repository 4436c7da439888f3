"""What a simulated person can do. Each becomes an event of the conversation."""

from dataclasses import dataclass
from datetime import date

from bot.conversation.cards import Button, Form
from bot.conversation.events import MessageRef

Values = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    button: Button
    message: MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class PressOnPage:
    """Press a button in a window that is open."""

    button: Button
    message: MessageRef
    """That it all began with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """Type something in the chat; the fields say what it means to the person from then on."""

    text: str
    pauses_until: date | None = None
    stops: bool = False
    starts_again: bool = False
    is_answer: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrite:
    """Edit one's own latest answer, or delete it when `text` is None."""

    text: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fill:
    """Send a form."""

    form: Form
    values: Values
    message: MessageRef | None = None
    """That it all began with; None where that is of no matter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRhythm:
    """Ask for the settings and send them with this changed; None keeps what is there."""

    slot: str | None = None
    days: tuple[int, ...] | None = None
    """0 is Monday."""
    pace: str | None = None
    shift: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Browse:
    """Ask for the library and take an exercise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteLed:
    """Ask for the exercises one has led, and note one more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveTeam:
    """Ask for one's teams, and leave the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenHome:
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Install:
    """Put the app back into one's personal chat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Uninstall:
    """Take the app out of one's personal chat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Travel:
    zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteEverything:
    """Ask for everything to be deleted, and mean it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """Leave the organisation: the account is closed."""


Act = (
    Press | PressOnPage | Say | Rewrite | Fill | ChangeRhythm | Browse | NoteLed | LeaveTeam | OpenHome | Install
    | Uninstall | Travel | DeleteEverything | Leave
)  # fmt: skip
