"""Each chat platform with its real SDK, in the pretend workplace, and what it is by nature: what the same promise looks
like there."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from bot.ports import Address, Channel, ChatPlatform
from bot.slack.calls import open_session, web_client
from bot.slack.platform import SlackPlatform
from scheduler.clock import Clock
from scheduler.ports import Disconnected, Refused, Unknown, Unreachable
from tests.contracts.pretend import BOT_TOKEN, TEAMS_TENANT_ID, Json, Pretend
from tests.teams.calling import teams_at
from tests.unpaced import Unpaced
from workplace.municipality import ASA, BRITT, EMILY, HASSAN, MATS, PETER, SOFIA

TEAM = "19:ledning-alvsunda@thread.tacv2"
SENT_ONCE = ("error500_after_accept", "drop_after_accept", "non_json_after_accept")
NOT_SENT = ("error500", "drop_before", "non_json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Nature:
    """What differs between platforms, and nothing else may."""

    name: str
    karin: Address
    """Somebody who can be written to, whose chat with us is not known."""
    stranger: str
    """Nobody's id."""
    others: tuple[str, ...]
    post: str
    """What the workplace calls the call that posts a message."""
    id_of: str
    """The name of a message's id in what was received."""
    arrived: tuple[str, ...]
    """Faults with which a message arrives and we hear otherwise."""
    did_not_arrive: tuple[str, ...]
    searches: tuple[str, ...]
    """The calls by which a message in doubt is looked for."""
    limits_a_chat: bool
    """Whether the first time it is too much at once may be about one chat alone."""
    has_home: bool
    """Whether Home is a place of its own; else it is a card on request."""
    knows_everybody: bool
    """Whether it can be asked who somebody is: zone, language, whether they are still there."""
    errors: Mapping[str, tuple[Json, type[Exception]]]
    channel: str
    channel_members: frozenset[str]
    no_channel: str
    place: Channel
    """Where everybody reads along, Karin too."""
    post_in_channel: str
    closed_by: Mapping[str, tuple[str, Json, str]]
    """In what ways the place can be closed to us: how it is arranged, and what it is then called."""

    @property
    def can_be_asked(self) -> bool:
        return bool(self.searches)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    nature: Nature
    platform: ChatPlatform
    pretend: Pretend
    """Its half of the workplace."""

    async def received(self) -> list[Json]:
        return await self.pretend.received(self.nature.karin.person)

    async def in_place(self) -> list[Json]:
        """Return what Karin sees where everybody reads along, oldest first."""
        seen = (await self.pretend.look(f"people/{self.nature.karin.person}"))["channels"]
        messages: list[Json] = next(one for one in seen if one["id"] == self.nature.place.conversation)["messages"]
        return messages


@asynccontextmanager
async def slack(pretend: Pretend, clock: Clock, *, at: str | None = None) -> AsyncIterator[Stage]:
    async with open_session() as session:
        client = web_client(session, token=BOT_TOKEN, api_url=f"{at or pretend.address}/api/")
        yield Stage(nature=SLACK, platform=SlackPlatform(client, clock, Unpaced()), pretend=pretend)


@asynccontextmanager
async def teams(pretend: Pretend, clock: Clock, *, at: str | None = None) -> AsyncIterator[Stage]:
    address = f"{at or pretend.address}/teams/emea/"
    async with teams_at(address, clock=clock, token_url=pretend.teams.token_url) as platform:
        yield Stage(nature=TEAMS, platform=platform, pretend=pretend.teams)


def _coded(error: type[Exception], *codes: str) -> dict[str, tuple[Json, type[Exception]]]:
    return {code: ({"error": code}, error) for code in codes}


def _answered(status: int, error: type[Exception], *codes: str) -> dict[str, tuple[Json, type[Exception]]]:
    return {code: ({"status": status, "error": code}, error) for code in codes}


SLACK = Nature(
    name="slack",
    karin=Address(workspace="T0ALVSUNDA", person="U01KARIN", conversation=None),
    stranger="U99NOBODY",
    others=("U02ERIK", "U03AMINA", "U04LARS"),
    post="chat.postMessage",
    id_of="ts",
    arrived=(*SENT_ONCE, "internal_error_after_accept"),
    did_not_arrive=(*NOT_SENT, "internal_error"),
    searches=("conversations.history",),
    limits_a_chat=False,
    has_home=True,
    knows_everybody=True,
    errors={
        **_coded(Unreachable, "user_not_found", "channel_not_found", "restricted_action_non_threadable_channel"),
        **_coded(Disconnected, "token_revoked", "missing_scope"),
        **_coded(Refused, "invalid_blocks", "a_code_of_next_year"),
        **_coded(Unknown, "fatal_error"),
    },
    channel="C01LEDARE",
    channel_members=frozenset({"U02ERIK"}),
    no_channel="C99NOWHERE",
    place=Channel(workspace="T0ALVSUNDA", conversation="C01LEDARE"),
    post_in_channel="chat.postMessage",
    closed_by={
        "archived": ("channels/archive", {"channel": "C01LEDARE"}, "is_archived"),
        "thrown out": ("channels/remove", {"channel": "C01LEDARE"}, "not_in_channel"),
        "deleted": ("channels/delete", {"channel": "C01LEDARE"}, "channel_not_found"),
    },
)
TEAMS = Nature(
    name="teams",
    karin=Address(workspace=TEAMS_TENANT_ID, person=MATS, conversation=None),
    stranger="0a000099-0000-4000-8000-000000000099",
    others=(SOFIA, ASA, EMILY),
    post="POST conversations/activities",
    id_of="id",
    arrived=(*SENT_ONCE, *(f"error{status}_after_accept" for status in (502, 503, 504))),
    did_not_arrive=(*NOT_SENT, "error502", "error503", "error504"),
    searches=(),
    limits_a_chat=True,
    has_home=False,
    knows_everybody=False,
    errors={
        **_answered(403, Unreachable, "BotDisabledByAdmin", "BotNotInConversationRoster", "ConversationBlockedByUser"),
        **_answered(403, Unreachable, "ForbiddenOperationException", "NotEnoughPermissions", "MessageWritesBlocked"),
        **_answered(404, Unreachable, "ConversationNotFound"),
        **_answered(401, Disconnected, "BotNotRegistered"),
        **_answered(400, Refused, "BadArgument", "ACodeOfNextYear"),
        **_answered(413, Refused, "MessageSizeTooBig"),
        **_answered(500, Unknown, "ServiceError"),
    },
    channel=TEAM,
    channel_members=frozenset({SOFIA, MATS, ASA, EMILY, HASSAN, BRITT, PETER}),
    no_channel="19:finnsinte@thread.tacv2",
    place=Channel(workspace=TEAMS_TENANT_ID, conversation="19:utveckling-alvsunda@thread.tacv2"),
    post_in_channel="POST conversations",
    closed_by={
        "thrown out": ("uninstall_in_team", {"team": TEAM}, "BotNotInConversationRoster"),
        "deleted": ("delete_channel", {"channel": "19:utveckling-alvsunda@thread.tacv2"}, "ConversationNotFound"),
    },
)
STAGES: Mapping[str, Callable[..., AbstractAsyncContextManager[Stage]]] = {"slack": slack, "teams": teams}
NATURES = {"slack": SLACK, "teams": TEAMS}
