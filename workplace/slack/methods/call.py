"""One call of the Web API, as a method sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from workplace.shapes import Json
from workplace.slack.arguments import Arguments
from workplace.slack.records import Channel, Person
from workplace.slack.refusals import Refused
from workplace.slack.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    workspace: Workspace
    arguments: Arguments
    base_url: str

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel with the id given; a person's id is not accepted here."""
        found = self.workspace.conversations.channel(self.arguments.text(name) or "")
        if found is None:
            raise Refused("channel_not_found")
        return found

    def person(self, name: str = "user") -> Person:
        found = self.workspace.anyone(self.arguments.text(name) or "")
        if found is None:
            raise Refused("user_not_found")
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """`tier` is Slack's rate limit tier (None: a special one of its own); `scopes`: any one of these is enough."""

    run: Callable[[Call], Json]
    tier: int | None
    scopes: tuple[str, ...] = ()
    app_token: bool = False
