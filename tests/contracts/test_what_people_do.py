"""What people do in Slack reaches us once, over HTTP and over Socket Mode, through the real bolt app, whatever goes
wrong on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.clocks import RemoteClock
from bot.conversation.cards import Button, Buttons, Card, Form, TextInput
from bot.conversation.events import (
    AnyEvent,
    Commanded,
    Deleted,
    Edited,
    OpenedHome,
    Pressed,
    ProfileChanged,
    Submitted,
    Wrote,
)
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.ports import Address
from bot.showing import Showing
from bot.slack.app import bolt_app, register
from bot.slack.calls import open_session, web_client
from bot.slack.front import Front
from bot.slack.platform import SlackPlatform
from bot.web.app import web_app
from tests.contracts.pretend import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Pretend, pretend_workplace
from tests.unpaced import Unpaced
from tests.web.serving import served

pytestmark = pytest.mark.contract

KARIN = Address(workspace="T0ALVSUNDA", person="U01KARIN", conversation=None)
FORM = Form(name="plan", title="Plan", submit="Spara", close="Avbryt", body=(TextInput(name="cue", label="Om"),))
CARD = Card(
    summary="Dagens knuff.",
    parts=(
        Buttons((
            Button(text="Jag gör det", action="nudge.doing", value="12"),
            Button(text="Planera", action="nudge.plan", value="12", opens_form=True),
        )),
    ),
)  # fmt: skip


@dataclass
class RememberingIntake:
    """Keeps what comes, by its key; opens a form for every press that wants one and refuses a question mark."""

    showing: Showing
    kept: dict[str, AnyEvent] = field(default_factory=dict)
    seen_again: int = 0
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def keep(self, event: AnyEvent) -> bool:
        is_new = event.key not in self.kept
        self.kept.setdefault(event.key, event)
        self.seen_again += not is_new
        return is_new

    async def handle_at_once(self, event: AnyEvent) -> list[Show] | None:
        if not await self.keep(event):
            return None
        if isinstance(event, Submitted):
            return [Refuse({"cue": "Skriv en situation."})] if event.text("cue") == "?" else []
        return [OpenForm(FORM)]

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        self._tasks.append(asyncio.create_task(self.showing.carry_out(event, shows)))

    def events(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.kept.values() if isinstance(event, kind)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line between the workplace and us."""

    pretend: Pretend
    platform: SlackPlatform
    intake: RememberingIntake

    async def until_kept(self, kind: type[AnyEvent], number: int = 1) -> None:
        async with asyncio.timeout(10):
            while len(self.intake.events(kind)) < number:  # noqa: ASYNC110 - it comes from another process's side
                await asyncio.sleep(0.01)


@pytest.fixture(params=["http", "socket"])
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        pretend = await stack.enter_async_context(pretend_workplace())
        clock = RemoteClock(pretend.clock_url)
        await clock.start()
        session = await stack.enter_async_context(open_session())
        client = web_client(session, token=BOT_TOKEN, api_url=pretend.api_url)
        platform = SlackPlatform(client, clock, Unpaced())
        intake = RememberingIntake(Showing(platforms={"slack": platform}, clock=clock))
        bolt = bolt_app(client)
        register(bolt, intake, clock)
        if request.param == "socket":
            handler = AsyncSocketModeHandler(bolt, APP_TOKEN, logger=logging.getLogger("knuff.bolt"))
            await handler.connect_async()  # type: ignore[no-untyped-call]
            stack.push_async_callback(handler.close_async)
        else:
            app = web_app(slack=Front(bolt, secret=SIGNING_SECRET, clock=clock), readiness=_ready)
            address = await stack.enter_async_context(served(app))
            await pretend.arrange("settings", request_url=f"{address}/slack/events")
        yield Line(pretend, platform, intake)


async def _ready() -> dict[str, bool]:
    return {}


async def test_everything_a_person_can_do_reaches_us_and_is_acknowledged(line: Line) -> None:
    message = await line.platform.send(KARIN, CARD, delivery_id=12)
    pretend = line.pretend
    done = [await pretend.act("U01KARIN", "press", action_id="nudge.doing", ts=message.message)]
    written = await pretend.act("U01KARIN", "write", text="Jag sa <det> & tyckte")
    done += [written, await pretend.act("U01KARIN", "edit", ts=written["ts"], text="Jag sa det")]
    done.append(await pretend.act("U01KARIN", "delete", ts=written["ts"]))
    done.append(await pretend.act("U01KARIN", "home", tab="home"))
    done.append(await pretend.act("U01KARIN", "command", command="/knuff", text="hjälp"))
    done.append(await pretend.act("U01KARIN", "profile", tz="Europe/Helsinki"))
    assert [one["acknowledged"] for one in done] == [True] * len(done)
    for kind in (Pressed, Wrote, Edited, Deleted, OpenedHome, Commanded, ProfileChanged):
        await line.until_kept(kind)
        assert len(line.intake.events(kind)) == 1
    [wrote] = line.intake.events(Wrote)
    assert isinstance(wrote, Wrote)
    assert wrote.text == "Jag sa <det> & tyckte"


async def test_a_press_opens_a_form_which_is_refused_and_then_taken(line: Line) -> None:
    message = await line.platform.send(KARIN, CARD, delivery_id=12)
    await line.pretend.act("U01KARIN", "press", action_id="form:nudge.plan", ts=message.message)
    async with asyncio.timeout(10):
        while not (await line.pretend.look("people/U01KARIN"))["stack"]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    refused = await line.pretend.act("U01KARIN", "submit", values={"cue": "?"})
    assert refused["errors"] == {"cue": "Skriv en situation."}
    taken = await line.pretend.act("U01KARIN", "submit", values={"cue": "När mötet börjar"})
    assert taken["errors"] == {}
    assert (await line.pretend.look("people/U01KARIN"))["stack"] == []


async def test_what_comes_twice_late_and_out_of_order_is_kept_once(line: Line) -> None:
    await line.pretend.arrange("settings", event_retry_seconds=[0, 0.2, 0.4])
    await line.pretend.misbehave(
        {"method": "event.*", "kind": "duplicate", "probability": 0.5},
        {"method": "event.*", "kind": "reorder", "probability": 0.3, "seconds": 0.2},
        {"method": "event.*", "kind": "late", "probability": 0.5, "seconds": 0.1},
        {"method": "interaction.*", "kind": "duplicate"},
        {"method": "command", "kind": "duplicate"},
    )
    message = await line.platform.send(KARIN, CARD, delivery_id=12)
    for number in range(10):
        await line.pretend.act("U01KARIN", "write", text=f"Svar {number}")
    await line.pretend.act("U01KARIN", "press", action_id="nudge.doing", ts=message.message)
    await line.pretend.act("U01KARIN", "command", command="/knuff", text="idag")
    await line.until_kept(Wrote, 10)
    await asyncio.sleep(1.0)  # what is still on its way comes a second time
    texts = [event.text for event in line.intake.events(Wrote) if isinstance(event, Wrote)]
    assert sorted(texts) == sorted(f"Svar {number}" for number in range(10))
    assert len(line.intake.events(Pressed)) == 1
    assert len(line.intake.events(Commanded)) == 1
    assert line.intake.seen_again > 0
