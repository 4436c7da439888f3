"""Our own words for what people see. Frozen data: a platform's `dress` turns it into blocks or an adaptive card.

Text is plain, with two marks only: `**strong**` and `_quiet emphasis_` (a mark counts only around a whole word or
phrase). Everything else is shown as it stands: a dresser escapes what its platform would interpret.
"""

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirm:
    """Asked before a button takes effect."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """`action` names what is meant ("nudge.doing"), `value` what it is about ("12"). The text alone carries the
    meaning."""

    text: str
    action: str
    value: str = ""
    style: Style = Style.PLAIN
    spoken: str | None = None
    """For screen readers: at most 75 characters, begins with the visible text."""
    confirm: Confirm | None = None
    opens_form: bool = False
    """Pressing opens a form, so it is handled within the platform's few seconds."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value pairs."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class People:
    """People by the platform's own ids, shown by the platform's own names."""

    label: str
    external_ids: tuple[str, ...]
    found_in: str | None = None
    """A channel they are in, for a platform that is not told by itself what people are called."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by the platform's own id, shown by its name."""

    label: str
    conversation: str
    unnamed: str = ""
    """What a platform says that cannot name it; with nothing, it leaves this out."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """At most five, in one row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    pass


Part = Heading | Paragraph | Note | Facts | People | Channel | Buttons | Divider


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A message, or Home. `summary` is the notification and what a screen reader hears first: a whole sentence."""

    summary: str
    parts: tuple[Part, ...]
    language: str | None = None
    """What it is written in, "sv" or "en", where a platform can say so to a screen reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextInput:
    name: str
    label: str
    hint: str | None = None
    placeholder: str | None = None
    initial: str = ""
    multiline: bool = False
    most: int = 3000
    """Longest text, in characters."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    """At most 75 characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceInput:
    """One of a few, or several with `many`. Up to ten are all shown; more become a list to open."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str | None = None
    initial: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DateInput:
    name: str
    label: str
    hint: str | None = None
    initial: str | None = None
    """ISO date."""
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeInput:
    name: str
    label: str
    hint: str | None = None
    initial: str | None = None
    """HH:MM."""
    optional: bool = False


class Audience(StrEnum):
    PEOPLE = "people"
    CHANNEL = "channel"
    GROUP = "group"
    """Written, as "@chefer": not every platform lets one pick a group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleInput:
    """Picks people, or a channel or group whose members are meant. Values are the platform's own ids."""

    name: str
    label: str
    hint: str | None = None
    audience: Audience = Audience.PEOPLE
    initial: tuple[str, ...] = ()
    optional: bool = False


Input = TextInput | ChoiceInput | DateInput | TimeInput | PeopleInput


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form to fill in. `name` says what it is ("plan"), `about` what it is about ("12"), kept through the round
    trip (< 2,000 characters)."""

    name: str
    title: str
    """At most 24 characters."""
    submit: str | None
    """At most 24 characters; none for a page that is only read."""
    close: str
    body: tuple[Part | Input, ...]
    about: str = ""
    language: str | None = None
