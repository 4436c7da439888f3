"""What can happen, in our own words. A platform's `undress` makes these; they travel through the inbox as JSON.

An event says who (by the platform's own ids) and when; `key` is the platform's own id of it, so that the same event
twice is seen.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """Where a message is: the conversation and the message in it, in the platform's own ids."""

    conversation: str
    message: str

    @property
    def channel(self) -> str:
        """The channel a message in one stands in. Teams names a thread by its channel, and by the message it is under:
        what is answered to the message belongs in the thread, and the channel is the team's."""
        return self.conversation.partition(";messageid=")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What a platform tells about somebody. `zone` is an IANA name; `language` "sv" or "en", or None if neither."""

    external_id: str
    zone: str | None
    language: str | None
    is_bot: bool = False
    is_gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    key: str
    platform: str
    workspace: str
    person: str
    at: datetime
    on_page: bool = False
    """It came from our own page: what is written there is shown there and nowhere else."""
    in_channel: bool = False
    """It was done where others read along: nothing that is one person's own is shown there."""
    profile: Profile | None = None
    """What the platform told about them with the event itself, where it does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed(Event):
    """A button. `trigger` lets a form be opened, for a few seconds."""

    action: str
    value: str
    message: MessageRef | None = None
    """The message it sat in; none for Home or a form."""
    trigger: str | None = None
    view: str | None = None
    """The open form it sat in, if any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted(Event):
    """A form sent. Values are text, or tuples for what can be many; an empty optional input is "" or ()."""

    form: str
    about: str
    values: dict[str, str | tuple[str, ...]]
    profiles: dict[str, tuple[Profile, ...]] = field(default_factory=dict)
    """For each people input: who that is, channels and groups turned into their members."""
    trigger: str | None = None
    view: str | None = None

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else (value[0] if value else "")

    def many(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ((value,) if value else ())


@dataclass(frozen=True, kw_only=True, slots=True)
class InChat(Event):
    """What somebody did with a message of their own in the personal chat."""

    message: MessageRef
    done_at: datetime | None = None
    """When they did it, by the platform's own clock: what is done to one message may reach us in another order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote(InChat):
    """Text typed in the personal chat."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited(InChat):
    text: str
    written_at: datetime | None = None
    """When the message itself was written, where the platform says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deleted(InChat):
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedHome(Event):
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Commanded(Event):
    """A slash command: the text behind it."""

    text: str
    trigger: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileChanged(Event):
    """Somebody moved zone, changed language, or left."""

    profile: Profile


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined(Event):
    """The app came to be in somebody's personal chat: we can write to them there."""

    conversation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Left(Event):
    """Somebody took the app out of their personal chat: we can no longer write to them."""

    done_at: datetime | None = None
    """When they did, by the platform's own clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentioned(Event):
    """Somebody spoke to us where others read it; nothing of what they wrote is kept."""

    message: MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelLeft(Event):
    """We can no longer write in a channel: we were taken out of it, or it was archived or deleted. `person` is empty:
    who did it is not kept."""

    channel: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelJoined(Event):
    """We can write in a channel again: we were let into it. `person` is empty, as above."""

    channel: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Uninstalled(Event):
    """The app was removed or its token revoked. `person` is empty."""


AnyEvent = (
    Pressed | Submitted | Wrote | Edited | Deleted | OpenedHome | Commanded
    | ProfileChanged | Joined | Left | Mentioned | ChannelLeft | ChannelJoined | Uninstalled
)  # fmt: skip
