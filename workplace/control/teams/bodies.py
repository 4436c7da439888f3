"""What `/_control/teams` accepts."""

from typing import Any

from pydantic import Field, model_validator

from workplace.control.bodies import Body, LoopbackAddress
from workplace.seed import ZoneName
from workplace.teams.acts.buttons import Wanted
from workplace.teams.faults import FaultRule
from workplace.teams.knocking import TokenKind


class Write(Body):
    text: str
    conversation: str | None = None
    thread: str | None = None


class Edit(Body):
    id: str
    text: str
    conversation: str | None = None


class Delete(Body):
    id: str
    conversation: str | None = None


class PressInDialog(Body):
    verb: str | None = None
    title: str | None = None
    action: str | None = None
    value: Any = None
    values: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_which(self) -> "PressInDialog":
        if self.verb is self.title is self.action is None:
            raise ValueError("give verb, title or action")
        return self

    @property
    def wanted(self) -> Wanted:
        return Wanted(verb=self.verb, title=self.title, action=self.action, value=self.value)


class Press(PressInDialog):
    """In the card of the message `id`."""

    id: str
    conversation: str | None = None
    old_client: bool = False


class Submit(Body):
    values: dict[str, Any] = Field(default_factory=dict)
    title: str | None = None


class Nothing(Body):
    pass


class Profile(Body):
    tz: ZoneName | None = None
    locale: str | None = None
    name: str | None = None
    blocked: bool | None = None
    disabled: bool | None = None


class Mention(Body):
    person: str
    team: str
    text: str
    channel: str | None = None
    thread: str | None = None


class InstallInTeam(Body):
    team: str
    person: str | None = None


class OfChannel(Body):
    channel: str


class FaultList(Body):
    rules: tuple[FaultRule, ...] = ()
    seed: int = 1


class Where(Body):
    request_url: LoopbackAddress | None = None


class Knock(Body):
    """`activity` is laid on top of the message; without a person, the first in the tenant knocks."""

    token: TokenKind
    activity: dict[str, Any] = Field(default_factory=dict)
    person: str | None = None
