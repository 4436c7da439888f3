"""A hand that does in the pretend workplace what people do: in Slack and in Teams, each in its own way."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from bot.conversation.events import (
    AnyEvent,
    Commanded,
    Joined,
    Left,
    Mentioned,
    MessageRef,
    OpenedHome,
    ProfileChanged,
)
from bot.ports import Address, Channel
from tests.contracts.pretend import TEAMS_TENANT_ID, Json, Pretend
from workplace.municipality import MATS

TEAM = "19:ledning-alvsunda@thread.tacv2"
"""A team in Teams, by the id of its General channel."""


class Hand(Protocol):
    """Does what somebody does there, and says whether it was acknowledged."""

    person: Address
    place: Channel
    """Where they are with others, and with us."""
    own_ways: Mapping[type[AnyEvent], int]
    """What people can do there and not everywhere, and how many events each is when it is done once."""

    async def write(self, text: str) -> tuple[str, bool]: ...
    async def edit(self, message: str, text: str) -> bool: ...
    async def delete(self, message: str) -> bool: ...
    async def press(self, message: MessageRef, action: str) -> bool: ...
    async def open(self, message: MessageRef, action: str) -> bool:
        """Press a button that opens a form, and return once it is open."""
        ...

    async def send(self, **values: str) -> str:
        """Send the form that is open. Returns everything it says is wrong."""
        ...

    async def has_form(self) -> bool: ...
    async def do_what_is_done_there_only(self) -> list[bool]:
        """Do each of `own_ways` once."""
        ...

    async def take_us_out(self) -> list[bool]:
        """Close the place to us in every way there is."""
        ...

    async def let_us_in_again(self) -> list[bool]:
        """Take us out, and let us in."""
        ...

    async def everything_goes_wrong_on_the_way(self) -> None: ...


class SlackHand:
    person = Address(workspace="T0ALVSUNDA", person="U01KARIN", conversation=None)
    place = Channel(workspace="T0ALVSUNDA", conversation="C01LEDARE")
    own_ways: Mapping[type[AnyEvent], int] = {OpenedHome: 1, Commanded: 1, ProfileChanged: 1}

    def __init__(self, pretend: Pretend) -> None:
        self._pretend = pretend

    async def write(self, text: str) -> tuple[str, bool]:
        written = await self._act("write", text=text)
        return written["ts"], written["acknowledged"]

    async def edit(self, message: str, text: str) -> bool:
        return bool((await self._act("edit", ts=message, text=text))["acknowledged"])

    async def delete(self, message: str) -> bool:
        return bool((await self._act("delete", ts=message))["acknowledged"])

    async def press(self, message: MessageRef, action: str) -> bool:
        where = {"ts": message.message, "channel": message.conversation}
        return bool((await self._act("press", action_id=action, **where))["acknowledged"])

    async def open(self, message: MessageRef, action: str) -> bool:
        acknowledged = await self.press(message, f"form:{action}")
        async with asyncio.timeout(10):
            while not await self.has_form():  # noqa: ASYNC110 - it is opened by a call of its own
                await asyncio.sleep(0.02)
        return acknowledged

    async def send(self, **values: str) -> str:
        return " ".join((await self._act("submit", values=values))["errors"].values())

    async def has_form(self) -> bool:
        return bool((await self._pretend.look(f"people/{self.person.person}"))["stack"])

    async def do_what_is_done_there_only(self) -> list[bool]:
        done = [
            await self._act("home", tab="home"),
            await self._act("command", command="/knuff", text="hjälp"),
            await self._act("profile", tz="Europe/Helsinki"),
        ]
        return [one["acknowledged"] for one in done]

    async def take_us_out(self) -> list[bool]:
        return await self._with_channel("archive", "unarchive", "remove", "invite", "delete")

    async def let_us_in_again(self) -> list[bool]:
        return await self._with_channel("remove", "invite")

    async def _with_channel(self, *ways: str) -> list[bool]:
        done = [await self._pretend.arrange(f"channels/{way}", channel=self.place.conversation) for way in ways]
        return [one["acknowledged"] for one in done]

    async def everything_goes_wrong_on_the_way(self) -> None:
        await self._pretend.arrange("settings", event_retry_seconds=[0, 0.2, 0.4])
        await self._pretend.misbehave(
            {"method": "event.*", "kind": "duplicate", "probability": 0.5},
            {"method": "event.*", "kind": "reorder", "probability": 0.3, "seconds": 0.2},
            {"method": "event.*", "kind": "late", "probability": 0.5, "seconds": 0.1},
            {"method": "interaction.*", "kind": "duplicate"},
            {"method": "command", "kind": "duplicate"},
        )

    async def _act(self, what: str, **body: Any) -> Json:
        return await self._pretend.act(self.person.person, what, **body)


class TeamsHand:
    person = Address(workspace=TEAMS_TENANT_ID, person=MATS, conversation=None)
    place = Channel(workspace=TEAMS_TENANT_ID, conversation="19:utveckling-alvsunda@thread.tacv2")
    # Teams says twice that somebody has installed us: as an installation, and as a new member of their chat.
    own_ways: Mapping[type[AnyEvent], int] = {Mentioned: 1, Left: 1, Joined: 2}

    def __init__(self, pretend: Pretend) -> None:
        self._pretend = pretend

    async def write(self, text: str) -> tuple[str, bool]:
        written = await self._act("write", text=text)
        return written["id"], written["acknowledged"]

    async def edit(self, message: str, text: str) -> bool:
        return bool((await self._act("edit", id=message, text=text))["acknowledged"])

    async def delete(self, message: str) -> bool:
        return bool((await self._act("delete", id=message))["acknowledged"])

    async def press(self, message: MessageRef, action: str) -> bool:
        return bool((await self._act("press", **_where(message), action=action))["acknowledged"])

    async def open(self, message: MessageRef, action: str) -> bool:
        return bool((await self._act("open", **_where(message), action=action))["acknowledged"])

    async def send(self, **values: str) -> str:
        await self._act("submit", values=values)
        dialog = (await self._pretend.look(f"people/{self.person.person}"))["dialog"]
        errors = [part for part in dialog["card"]["body"] if part.get("id") == "errors"] if dialog else []
        return " ".join(run["text"] for part in errors for line in part["items"] for run in line["inlines"])

    async def has_form(self) -> bool:
        return (await self._pretend.look(f"people/{self.person.person}"))["dialog"] is not None

    async def do_what_is_done_there_only(self) -> list[bool]:
        teams = (await self._pretend.look("people"))["teams"]
        team = next(team for team in teams if team["installed"] and self.person.person in team["members"])
        mentioned = await self._pretend.arrange("mention", person=self.person.person, team=team["id"], text="hej")
        done = [mentioned, await self._act("uninstall"), await self._act("install")]
        return [one["acknowledged"] for one in done]

    async def take_us_out(self) -> list[bool]:
        done = [await self._pretend.arrange("delete_channel", channel=self.place.conversation)]
        done += [await self._pretend.arrange("uninstall_in_team", team=TEAM)]
        return [one["acknowledged"] for one in done]

    async def let_us_in_again(self) -> list[bool]:
        done = [await self._pretend.arrange(f"{what}_in_team", team=TEAM) for what in ("uninstall", "install")]
        return [one["acknowledged"] for one in done]

    async def everything_goes_wrong_on_the_way(self) -> None:
        await self._pretend.misbehave(
            {"method": "message*", "kind": "duplicate", "probability": 0.5},
            {"method": "message*", "kind": "reorder", "probability": 0.3, "seconds": 0.2},
            {"method": "message*", "kind": "late", "probability": 0.5, "seconds": 0.1},
            {"method": "installationUpdate", "kind": "duplicate"},
            {"method": "conversationUpdate", "kind": "duplicate"},
            {"method": "invoke *", "kind": "duplicate"},
        )

    async def _act(self, what: str, **body: Any) -> Json:
        return await self._pretend.act(self.person.person, what, **body)


def _where(message: MessageRef) -> Json:
    return {"id": message.message, "conversation": message.conversation}
