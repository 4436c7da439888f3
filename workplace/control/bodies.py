"""What `/_control` accepts. A wrong body is answered with 400 and the name of the field."""

from datetime import time
from typing import Annotated, Any, Literal, Self

from aiohttp import web
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    StringConstraints,
    ValidationError,
    model_validator,
)

from workplace.seed import Seed, ZoneName
from workplace.slack.faults import FaultRule

LoopbackAddress = Annotated[str, StringConstraints(pattern=r"^http://(127\.0\.0\.1|localhost)(:\d+)?(/.*)?$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    async def of(cls, request: web.Request) -> Self:
        """Return the body of a request (an empty one is `{}`); raises a 400 with the fault in words."""
        try:
            return cls.model_validate_json(await request.text() or "{}")
        except ValidationError as error:
            places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
            raise web.HTTPBadRequest(text=places) from error


class Write(Body):
    text: str
    channel: str | None = None


class Edit(Body):
    ts: str
    text: str
    channel: str | None = None


class Delete(Body):
    ts: str
    channel: str | None = None


class Press(Body):
    """In a message (`ts`) or a view (`view_id`; without both, the form on top)."""

    action_id: str
    ts: str | None = None
    channel: str | None = None
    view_id: str | None = None
    block_id: str | None = None
    value: Any = None
    values: dict[str, Any] = Field(default_factory=dict)


class Submit(Body):
    values: dict[str, Any] = Field(default_factory=dict)
    view_id: str | None = None


class Close(Body):
    view_id: str | None = None
    all: bool = False


class Tab(Body):
    tab: Literal["home", "messages"] = "home"


class Command(Body):
    command: str = Field(pattern=r"^/\S+$")
    text: str = ""
    channel: str | None = None


class OfChannel(Body):
    channel: str


class Profile(Body):
    tz: ZoneName | None = None
    locale: str | None = None
    real_name: str | None = None
    deleted: bool | None = None


class FaultList(Body):
    rules: tuple[FaultRule, ...] = ()
    seed: int = 1


class DeliverySettings(Body):
    request_url: LoopbackAddress | None = None
    event_retry_seconds: tuple[float, ...] | None = None
    own_messages: bool | None = None


class Disconnect(Body):
    reason: Literal["refresh_requested", "warning", "link_disabled", "drop"] = "refresh_requested"


class Generate(Body):
    """`people` in Slack, `teams_people` in Teams."""

    people: int = Field(default=0, ge=0, le=20_000)
    teams_people: int = Field(default=0, ge=0, le=20_000)
    seed: int = 1
    zones: tuple[ZoneName, ...] = ("Europe/Stockholm",)


class StartOver(Body):
    """`seed` or `generate`; with neither, the population the workplace was started with."""

    seed: Seed | None = None
    generate: Generate | None = None


class Wind(Body):
    """One of: a span, a moment with offset, a moment in the zone of the workplace, a time of the next weekday."""

    advance_seconds: float | None = Field(default=None, ge=0)
    to: AwareDatetime | None = None
    to_local: NaiveDatetime | None = None
    next_morning: time | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("give one of advance_seconds, to, to_local and next_morning")
        return self
