"""What every chat platform promises (`bot/ports.py`), with the real SDK against a workplace that misbehaves."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clocks import RemoteClock
from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Paragraph, TextInput
from bot.conversation.events import MessageRef
from bot.ports import Address, ChatPlatform, TriggerExpired
from bot.replying import reply
from bot.slack.calls import identity, open_session, web_client
from bot.slack.platform import SlackPlatform
from scheduler.ports import Disconnected, RateLimited, Refused, Unknown, Unreachable
from tests.contracts.pretend import BOT_TOKEN, START, Pretend, pretend_workplace
from tests.unpaced import Unpaced

pytestmark = pytest.mark.contract

KARIN = Address(workspace="T0ALVSUNDA", person="U01KARIN", conversation=None)
CARD = Card(
    summary="Dagens knuff: Värdet i en mening.",
    parts=(Heading("Värdet i en mening"), Buttons((Button(text="Jag gör det", action="nudge.doing", value="12"),))),
)
ANSWERED = Card(summary="Du gör det idag.", parts=(Paragraph("Du gör det idag."),))
FORM = Form(name="plan", title="Plan", submit="Spara", close="Avbryt", body=(TextInput(name="cue", label="Om"),))


@pytest.fixture
async def pretend() -> AsyncIterator[Pretend]:
    async with pretend_workplace() as workplace:
        yield workplace


@pytest.fixture
async def clock(pretend: Pretend) -> RemoteClock:
    clock = RemoteClock(pretend.clock_url)
    await clock.start()
    return clock


@pytest.fixture
async def platform(pretend: Pretend, clock: RemoteClock) -> AsyncIterator[ChatPlatform]:
    session = open_session()
    yield SlackPlatform(web_client(session, token=BOT_TOKEN, api_url=pretend.api_url), clock, Unpaced())
    await session.close()


async def test_a_message_arrives_once_and_says_where(platform: ChatPlatform, pretend: Pretend) -> None:
    message = await platform.send(KARIN, CARD, delivery_id=12)
    [received] = await pretend.received("U01KARIN")
    assert received["ts"] == message.message
    assert received["text"] == CARD.summary
    assert message.conversation.startswith("D")


async def test_a_message_is_updated_in_place(platform: ChatPlatform, pretend: Pretend) -> None:
    message = await platform.send(KARIN, CARD, delivery_id=12)
    await platform.update(KARIN.workspace, message, ANSWERED)
    [received] = await pretend.received("U01KARIN")
    assert received["text"] == "Du gör det idag."


async def test_updating_a_message_that_is_gone_is_no_fault(platform: ChatPlatform) -> None:
    message = await platform.send(KARIN, CARD, delivery_id=12)
    await platform.update(KARIN.workspace, MessageRef(conversation=message.conversation, message="1.000001"), ANSWERED)


ARRIVED = ["error500_after_accept", "internal_error_after_accept", "drop_after_accept", "non_json_after_accept"]
DID_NOT_ARRIVE = ["error500", "internal_error", "drop_before", "non_json"]


@pytest.mark.parametrize("fault", ARRIVED)
async def test_what_arrived_after_all_is_unknown_sent_once_and_found(
    platform: ChatPlatform, pretend: Pretend, fault: str
) -> None:
    await pretend.misbehave({"method": "chat.postMessage", "kind": fault})
    with pytest.raises(Unknown):
        await platform.send(KARIN, CARD, delivery_id=12)
    assert len(await pretend.received("U01KARIN")) == 1
    search = await platform.find(KARIN, delivery_id=12, since=START)
    assert search.complete
    assert search.found is not None
    assert search.found.message == (await pretend.received("U01KARIN"))[0]["ts"]


@pytest.mark.parametrize("fault", DID_NOT_ARRIVE)
async def test_what_did_not_arrive_is_unknown_and_not_found(
    platform: ChatPlatform, pretend: Pretend, fault: str
) -> None:
    await pretend.misbehave({"method": "chat.postMessage", "kind": fault})
    with pytest.raises(Unknown):
        await platform.send(KARIN, CARD, delivery_id=12)
    search = await platform.find(KARIN, delivery_id=12, since=START)
    assert (search.found, search.complete) == (None, True)


@pytest.mark.parametrize("fault", ARRIVED + DID_NOT_ARRIVE)
async def test_a_reply_in_doubt_is_looked_for_and_stands_there_once(
    platform: ChatPlatform, pretend: Pretend, clock: RemoteClock, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.replying.BEFORE_SEARCH_SECONDS", 0.01)
    await pretend.misbehave(
        {"method": "chat.postMessage", "kind": fault, "count": 1},
        {"method": "conversations.history", "kind": "error500", "count": 1},
    )
    await reply(platform, KARIN, ANSWERED, clock=clock)
    assert len(await pretend.received("U01KARIN")) == 1


async def test_another_delivery_is_not_mistaken_for_the_one_sought(platform: ChatPlatform) -> None:
    await platform.send(KARIN, CARD, delivery_id=13)
    await platform.send(KARIN, CARD, delivery_id=None)
    search = await platform.find(KARIN, delivery_id=12, since=START)
    assert (search.found, search.complete) == (None, True)


async def test_a_search_reads_on_to_the_last_page(platform: ChatPlatform, pretend: Pretend) -> None:
    await pretend.arrange("limits", enabled=False)
    sought = await platform.send(KARIN, CARD, delivery_id=12)
    for _ in range(210):
        await platform.send(KARIN, ANSWERED, delivery_id=None)
    assert (await platform.find(KARIN, delivery_id=12, since=START)).found == sought


async def test_a_search_that_breaks_off_is_unknown_and_never_complete(platform: ChatPlatform, pretend: Pretend) -> None:
    await platform.send(KARIN, CARD, delivery_id=12)
    await pretend.misbehave({"method": "conversations.*", "kind": "error500"})
    with pytest.raises(Unknown):
        await platform.find(KARIN, delivery_id=12, since=START)


async def test_too_much_at_once_says_until_when_and_which_limit(
    platform: ChatPlatform, pretend: Pretend, clock: RemoteClock
) -> None:
    await pretend.misbehave({"method": "chat.postMessage", "kind": "ratelimit", "seconds": 30})
    with pytest.raises(RateLimited) as limited:
        await platform.send(KARIN, CARD, delivery_id=12)
    assert limited.value.bucket == "chat.postMessage"
    assert timedelta(seconds=28) < limited.value.until - clock.now() <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("user_not_found", Unreachable),
        ("channel_not_found", Unreachable),
        ("restricted_action_non_threadable_channel", Unreachable),
        ("token_revoked", Disconnected),
        ("missing_scope", Disconnected),
        ("invalid_blocks", Refused),
        ("a_code_of_next_year", Refused),
        ("fatal_error", Unknown),
    ],
)
async def test_an_error_is_named_after_what_to_do_next(
    platform: ChatPlatform, pretend: Pretend, code: str, error: type[Exception]
) -> None:
    await pretend.misbehave({"method": "chat.postMessage", "kind": "error", "error": code})
    with pytest.raises(error, match=code):
        await platform.send(KARIN, CARD, delivery_id=12)


async def test_nobody_there_to_take_the_call_is_tried_again(clock: RemoteClock) -> None:
    session = open_session()
    nowhere = SlackPlatform(web_client(session, token=BOT_TOKEN, api_url="http://127.0.0.1:9/api/"), clock, Unpaced())
    with pytest.raises(RateLimited):
        await nowhere.send(KARIN, CARD, delivery_id=12)
    await session.close()


async def test_home_is_shown(platform: ChatPlatform, pretend: Pretend) -> None:
    await platform.show_home(KARIN, CARD)
    assert (await pretend.look("people/U01KARIN"))["home"]["type"] == "home"


async def test_a_form_opens_for_a_press_and_never_twice_for_the_same(platform: ChatPlatform, pretend: Pretend) -> None:
    with pytest.raises(TriggerExpired):
        await platform.open_form(KARIN.workspace, FORM, trigger="1.2.abc")


async def test_people_are_told_by_zone_language_and_whether_they_are_here(platform: ChatPlatform) -> None:
    james = await platform.profile(KARIN.workspace, "U06JAMES")
    gunnar = await platform.profile(KARIN.workspace, "U10GUNNAR")
    bot = await platform.profile(KARIN.workspace, "U11RUMBOT")
    assert james is not None
    assert (james.zone, james.language) == ("Europe/London", "en")
    assert gunnar is not None
    assert gunnar.is_gone
    assert bot is not None
    assert bot.is_bot
    assert await platform.profile(KARIN.workspace, "U99NOBODY") is None


async def test_many_people_take_one_call_and_strangers_are_gone(platform: ChatPlatform, pretend: Pretend) -> None:
    ids = ["U01KARIN", "U02ERIK", "U03AMINA", "U04LARS", "U99NOBODY"]
    profiles = await platform.profiles(KARIN.workspace, ids)
    assert [profile.external_id for profile in profiles] == ids
    assert [profile.is_gone for profile in profiles] == [False, False, False, False, True]
    assert await pretend.calls("users.list") == 1
    await platform.profiles(KARIN.workspace, ids[:4])
    assert await pretend.calls("users.list") == 1


async def test_a_channel_or_group_stands_for_its_members(platform: ChatPlatform) -> None:
    assert "U02ERIK" in await platform.members(KARIN.workspace, "C01LEDARE")
    assert "U04LARS" in await platform.members(KARIN.workspace, "S01CHEFER")
    profiles = await platform.profiles(KARIN.workspace, ["S01CHEFER", "U01KARIN"])
    assert [profile.external_id for profile in profiles].count("U01KARIN") == 1
    assert await platform.members(KARIN.workspace, "@chefer") == await platform.members(KARIN.workspace, "S01CHEFER")


async def test_a_group_or_channel_nobody_knows_is_told_as_gone(platform: ChatPlatform) -> None:
    profiles = await platform.profiles(KARIN.workspace, ["@finnsinte", "C99NOWHERE", "U01KARIN"])
    assert [profile.is_gone for profile in profiles] == [True, True, False]


async def test_the_token_says_who_we_are(pretend: Pretend) -> None:
    session = open_session()
    who = await identity(web_client(session, token=BOT_TOKEN, api_url=pretend.api_url))
    assert (who.workspace, who.bot_user) == ("T0ALVSUNDA", "U0KNUFFBOT")
    await session.close()
