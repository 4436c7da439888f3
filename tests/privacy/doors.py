"""Both platforms' front doors before one Knuff, and people who come in by them: signed requests over HTTP, our own
intake, conversation and database behind."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import aiohttp
import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.cards import Form
from bot.handling import Handling
from bot.intake import Intake
from bot.ports import ChatPlatform
from bot.showing import Showing
from bot.slack import dress
from bot.slack.app import bolt_app, register
from bot.slack.calls import open_session, web_client
from bot.slack.front import Front as SlackFront
from bot.teams.app import Reception
from bot.teams.front import Front as TeamsFront
from bot.teams.keys import SigningKeys
from bot.teams.people import Chats, Names
from bot.teams.tokens import Tokens
from bot.web.app import web_app
from scheduler.clock import ShiftedClock
from storage.database import Store
from tests.rounds_in_chat.team_room import TeamRoom
from tests.slack import payloads as slack_payloads
from tests.teams import payloads as teams_payloads
from tests.teams.signing import Publisher, token
from tests.web.serving import served

Json = dict[str, Any]
PROPOSAL = "proposal.open"


@dataclass
class Screen:
    """Slack's side of opening a form: what was opened last."""

    opened: Form | None = None
    language: str = "sv"

    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        self.opened = form


class Door(Protocol):
    name: str
    workspace: str

    def person(self, number: int) -> str: ...
    async def hand_in(self, who: str, value: str, *, button: str = PROPOSAL, **written: str) -> str:
        """Press the button of a form, fill it in and send it. Return what is said then."""
        ...


@dataclass
class SlackDoor:
    client: aiohttp.ClientSession
    clock: ShiftedClock
    intake: Intake
    screen: Screen
    name: str = "slack"
    workspace: str = "T0ALVSUNDA"
    sent: int = field(default=0)

    def person(self, number: int) -> str:
        return f"U0MEDARBETARE{number}"

    async def hand_in(self, who: str, value: str, *, button: str = PROPOSAL, **written: str) -> str:
        pressed = slack_payloads.press(f"form:{button}", value=value, trigger=f"{self.sent}.1")
        await self._post(self._from(who, pressed))
        await self.intake.finish(2.0)
        form = self.screen.opened
        assert form is not None
        view = dress.modal(form)
        if "submit" not in view:
            return str(view)
        state = {name: {name: {"type": "plain_text_input", "value": text}} for name, text in written.items()}
        sent = slack_payloads.submission(state, form=view["callback_id"], about=view["private_metadata"])
        return await self._post(self._from(who, sent))

    def _from(self, who: str, payload: Json) -> Json:
        self.sent += 1
        payload["user"] |= {"id": who}
        if "view" in payload:
            payload["view"]["id"] = f"V{self.sent}"
        return payload

    async def _post(self, payload: Json) -> str:
        body = slack_payloads.as_form(payload)
        headers = slack_payloads.signed(body, at=self.clock.now())
        async with self.client.post("/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 200
            return await answer.text()


@dataclass
class TeamsDoor:
    client: aiohttp.ClientSession
    clock: ShiftedClock
    name: str = "teams"
    workspace: str = teams_payloads.TENANT
    sent: int = field(default=0)

    def person(self, number: int) -> str:
        return f"0a0000{number:02}-0000-4000-8000-0000000000aa"

    async def hand_in(self, who: str, value: str, *, button: str = PROPOSAL, **written: str) -> str:
        opened = await self._post(who, teams_payloads.fetch(button, value=value, id=f"f:{self.sent}"))
        dialog = orjson.loads(opened)["task"]["value"]
        if not dialog["card"]["content"].get("actions"):
            return opened
        return await self._post(who, teams_payloads.submission(dialog, **written))

    async def _post(self, who: str, activity: Json) -> str:
        self.sent += 1
        activity |= {"from": {"id": f"29:{who}", "name": f"Namn {who}", "aadObjectId": who}}
        activity |= {"conversation": activity["conversation"] | {"id": f"a:{who}"}}
        headers = {"Authorization": f"Bearer {token(at=self.clock.now())}"}
        async with self.client.post("/api/messages", data=orjson.dumps(activity), headers=headers) as answer:
            assert answer.status == 200
            return await answer.text()


@asynccontextmanager
async def doors(store: Store, room: TeamRoom) -> AsyncIterator[Mapping[str, Door]]:
    """Open both doors of a Knuff that has the room's house and stands at its moment."""
    clock, screen, publisher = ShiftedClock(room.now), Screen(), Publisher()
    platforms = {name: cast(ChatPlatform, screen) for name in ("slack", "teams")}
    handling = Handling(store=store, house=room.house(), platforms=platforms, clock=clock)
    intake = Intake(store=store, handling=handling, showing=Showing(platforms=platforms, clock=clock), clock=clock)
    session = open_session()
    bolt = bolt_app(web_client(session, token="xoxb-1", api_url="http://127.0.0.1:9/api/"))
    register(bolt, intake, clock)
    of_teams: TeamsFront

    async def teams(request: Request) -> Response:
        return await of_teams(request)

    async def nothing(workspace: str, address: str) -> None:
        pass

    async def readiness() -> dict[str, bool]:
        return {"database": True}

    slack = SlackFront(bolt, secret=slack_payloads.SECRET, clock=clock)
    app = web_app(slack=slack, teams=teams, readiness=readiness, pages=publisher.routes())
    async with served(app) as address, aiohttp.ClientSession(address) as client:
        publisher.address = address
        reception = Reception(intake, tenant=teams_payloads.TENANT, names=Names(), chats=Chats(), clock=clock)
        keys = SigningKeys(client, url=publisher.url, clock=clock)
        of_teams = TeamsFront(
            reception,
            tokens=Tokens(keys, app_id=teams_payloads.APP_ID, clock=clock),
            tenant=teams_payloads.TENANT,
            note_address=nothing,
            loopback=False,
        )
        yield {"slack": SlackDoor(client, clock, intake, screen), "teams": TeamsDoor(client, clock)}
    await intake.finish()
    await session.close()
