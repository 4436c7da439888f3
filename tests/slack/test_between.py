"""What answers in Slack's place leaves us in doubt, and never makes us lose or repeat what somebody wrote."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.clocks import RemoteClock
from bot.conversation.composing import note_card
from bot.conversation.events import MessageRef, Wrote
from bot.handling import Handling
from bot.intake import Intake
from bot.ports import Address
from bot.replying import reply
from bot.showing import Showing
from bot.slack.calls import open_session, web_client
from bot.slack.platform import SlackPlatform
from scheduler.ports import Unknown
from storage.database import Store
from storage.tables.inbox import InboxEvent
from storage.tables.people import Person
from tests.contracts.pretend import BOT_TOKEN, START, Pretend, pretend_workplace
from tests.conversation.builders import a_house
from tests.scheduler.couriers import TrialClock
from tests.slack.between import PAGES, answering, proxied
from tests.unpaced import Unpaced

WORKSPACE = "T0ALVSUNDA"
KARIN = Address(workspace=WORKSPACE, person="U01KARIN", conversation=None)


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


async def test_what_a_stranger_wrote_is_heard_although_nobody_can_say_who_they_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.0,))
    wrote = Wrote(
        key="event:Ev1", platform="slack", workspace=WORKSPACE, person="U01KARIN", at=START, text="Hej",
        message=MessageRef(conversation="D1", message="1.1"),
    )  # fmt: skip
    clock = TrialClock(START)
    async with answering(PAGES["a proxy's page"]) as stranger, open_session() as session:
        platform = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=stranger.api_url), clock, Unpaced())
        platforms = {"slack": platform}
        intake = Intake(
            store=store,
            handling=Handling(store=store, house=a_house(), platforms=platforms, clock=clock),
            showing=Showing(platforms=platforms, clock=clock),
            clock=clock,
        )
        assert await intake.keep(wrote)
        await intake.finish()
    [event] = store.write_now(lambda session: session.exec(select(InboxEvent)).all())
    assert (event.handled_at is not None, event.body) == (True, None)
    [person] = store.write_now(lambda session: session.exec(select(Person)).all())
    assert person.external_id == "U01KARIN"


@pytest.mark.parametrize("answer", PAGES.values(), ids=PAGES)
async def test_whatever_answers_in_slacks_place_leaves_us_in_doubt(answer: bytes) -> None:
    clock = TrialClock(START)
    async with answering(answer) as stranger, open_session() as session:
        slack = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=stranger.api_url), clock, Unpaced())
        for asking in (
            slack.send(KARIN, note_card("Hej"), delivery_id=1),
            slack.profile(WORKSPACE, "U01KARIN"),
            slack.profiles(WORKSPACE, ["U01", "U02", "U03", "U04"]),
            slack.members(WORKSPACE, "C01"),
            slack.members(WORKSPACE, "S01"),
            slack.members(WORKSPACE, "@chefer"),
            slack.find(KARIN, delivery_id=1, since=START),
        ):
            with pytest.raises(Unknown):
                await asking


async def test_a_reply_whose_answer_was_withheld_is_found_and_not_said_twice(pretend: Pretend) -> None:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    async with proxied(pretend.api_url) as proxy, open_session() as session:
        slack = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=proxy.api_url), clock, Unpaced())
        proxy.withholds = {"chat.postMessage": 1, "conversations.history": 1}
        await reply(slack, KARIN, note_card("Sparat."), clock=TrialClock(START + timedelta(seconds=5)))
    assert proxy.withholds == {"chat.postMessage": 0, "conversations.history": 0}
    assert len(await pretend.received("U01KARIN")) == 1
