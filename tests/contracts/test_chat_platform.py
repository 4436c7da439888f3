"""What every chat platform promises (`bot/ports.py`), with the real SDKs against a workplace that misbehaves."""

from datetime import timedelta

import pytest

from bot.clocks import RemoteClock
from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Paragraph, TextInput
from bot.conversation.events import MessageRef
from bot.ports import Search, TriggerExpired
from bot.replying import reply
from bot.slack.calls import identity, open_session, web_client
from scheduler.buckets import POST
from scheduler.ports import RateLimited, Unknown
from tests.contracts.pretend import BOT_TOKEN, START, Pretend
from tests.contracts.stages import NATURES, STAGES, Stage

pytestmark = pytest.mark.contract

CARD = Card(
    summary="Dagens knuff: Värdet i en mening.",
    parts=(Heading("Värdet i en mening"), Buttons((Button(text="Jag gör det", action="nudge.doing", value="12"),))),
)
ANSWERED = Card(summary="Du gör det idag.", parts=(Paragraph("Du gör det idag."),))
FORM = Form(name="plan", title="Plan", submit="Spara", close="Avbryt", body=(TextInput(name="cue", label="Om"),))


everywhere = pytest.mark.parametrize("name", STAGES)


def of_each(what: str) -> pytest.MarkDecorator:
    """Run with every one of what the platforms have of it by nature."""
    cases = [(name, one) for name, nature in NATURES.items() for one in getattr(nature, what)]
    return pytest.mark.parametrize(("name", "case"), cases)


@everywhere
async def test_a_message_arrives_once_and_says_where(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    [received] = await stage.received()
    assert received[stage.nature.id_of] == message.message
    assert CARD.summary in (received.get("summary"), received["text"])
    again = await stage.platform.send(stage.nature.karin, CARD, delivery_id=13)
    assert again.conversation == message.conversation


@everywhere
async def test_a_message_goes_into_the_chat_that_is_known(stage: Stage) -> None:
    first = await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    known = type(stage.nature.karin)(
        workspace=stage.nature.karin.workspace, person=stage.nature.karin.person, conversation=first.conversation
    )
    second = await stage.platform.send(known, CARD, delivery_id=None)
    assert second.conversation == first.conversation
    assert len(await stage.received()) == 2


@everywhere
async def test_a_message_is_updated_in_place(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    await stage.platform.update(stage.nature.karin.workspace, message, ANSWERED)
    [received] = await stage.received()
    assert "Du gör det idag." in (received.get("summary"), received["text"])


@everywhere
async def test_updating_a_message_that_is_gone_is_no_fault(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    gone = MessageRef(conversation=message.conversation, message="1.000001")
    await stage.platform.update(stage.nature.karin.workspace, gone, ANSWERED)


@of_each("arrived")
async def test_what_arrived_after_all_is_unknown_and_sent_once_and_found_where_one_can_look(
    stage: Stage, case: str
) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": case})
    with pytest.raises(Unknown):
        await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    [received] = await stage.received()
    search = await stage.platform.find(stage.nature.karin, delivery_id=12, since=START)
    if not stage.nature.can_be_asked:
        assert search == Search(found=None, complete=False, can_be_asked=False)
        return
    assert search.complete
    assert search.found is not None
    assert search.found.message == received[stage.nature.id_of]


@of_each("did_not_arrive")
async def test_what_did_not_arrive_is_unknown_and_not_found_where_one_can_look(stage: Stage, case: str) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": case})
    with pytest.raises(Unknown):
        await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    assert await stage.received() == []
    asked = stage.nature.can_be_asked
    search = await stage.platform.find(stage.nature.karin, delivery_id=12, since=START)
    assert search == Search(found=None, complete=asked, can_be_asked=asked)


@of_each("arrived")
async def test_a_message_in_doubt_is_posted_once(stage: Stage, case: str) -> None:
    await stage.platform.send(stage.nature.karin, CARD, delivery_id=11)
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": case})
    with pytest.raises(Unknown):
        await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    assert await stage.pretend.calls(stage.nature.post) == 2


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, one) for name, nature in NATURES.items() for one in nature.arrived + nature.did_not_arrive],
)
async def test_a_reply_in_doubt_is_looked_for_where_one_can_and_never_stands_there_twice(
    stage: Stage, clock: RemoteClock, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.replying.BEFORE_SEARCH_SECONDS", 0.01)
    searches = [{"method": one, "kind": "error500", "count": 1} for one in stage.nature.searches]
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": case, "count": 1}, *searches)
    if stage.nature.can_be_asked:
        await reply(stage.platform, stage.nature.karin, ANSWERED, clock=clock)
        assert len(await stage.received()) == 1
        return
    with pytest.raises(Unknown):
        await reply(stage.platform, stage.nature.karin, ANSWERED, clock=clock)
    assert len(await stage.received()) == (1 if case in stage.nature.arrived else 0)


@everywhere
async def test_too_much_at_once_says_until_when_and_which_limit(stage: Stage, clock: RemoteClock) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": "ratelimit", "seconds": 30})
    with pytest.raises(RateLimited) as limited:
        await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    bucket, _, chat = limited.value.bucket.partition("/")
    assert (bucket, bool(chat)) == (POST, stage.nature.limits_a_chat)
    assert timedelta(seconds=28) < limited.value.until - clock.now() <= timedelta(seconds=30)
    assert await stage.received() == []


@of_each("errors")
async def test_an_error_is_named_after_what_to_do_next(stage: Stage, case: str) -> None:
    rule, error = stage.nature.errors[case]
    await stage.pretend.misbehave({"method": stage.nature.post, "kind": "error", **rule})
    with pytest.raises(error, match=case):
        await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)


@everywhere
async def test_nobody_there_to_take_the_call_is_tried_again(pretend: Pretend, clock: RemoteClock, name: str) -> None:
    async with STAGES[name](pretend, clock, at="http://127.0.0.1:9") as nowhere:
        with pytest.raises(RateLimited, match="not_connected"):
            await nowhere.platform.send(nowhere.nature.karin, CARD, delivery_id=12)


@everywhere
async def test_home_is_shown_where_there_is_one_and_elsewhere_disturbs_nobody(stage: Stage) -> None:
    await stage.platform.show_home(stage.nature.karin, CARD)
    assert await stage.received() == []
    if stage.nature.has_home:
        assert (await stage.pretend.look(f"people/{stage.nature.karin.person}"))["home"]["type"] == "home"


@everywhere
async def test_a_form_opens_for_a_press_and_never_by_itself(stage: Stage) -> None:
    with pytest.raises(TriggerExpired):
        await stage.platform.open_form(stage.nature.karin.workspace, FORM, trigger="1.2.abc")


@everywhere
async def test_many_people_are_told_in_order_and_once_each(stage: Stage) -> None:
    ids = [stage.nature.karin.person, *stage.nature.others]
    profiles = await stage.platform.profiles(stage.nature.karin.workspace, [*ids, ids[0]])
    assert [profile.external_id for profile in profiles] == ids
    assert not any(profile.is_gone or profile.is_bot for profile in profiles)


@everywhere
async def test_a_stranger_is_told_as_gone_where_one_can_ask_and_whatever_is_no_id_is_told_everywhere(
    stage: Stage,
) -> None:
    workspace, nature = stage.nature.karin.workspace, stage.nature
    [stranger] = await stage.platform.profiles(workspace, [nature.stranger])
    assert stranger.is_gone == nature.knows_everybody
    assert (await stage.platform.profile(workspace, nature.stranger) is None) == nature.knows_everybody
    [nonsense] = await stage.platform.profiles(workspace, ["nobody"])
    assert nonsense.is_gone
    assert await stage.platform.profile(workspace, "nobody") is None


@everywhere
async def test_a_channel_stands_for_its_members(stage: Stage) -> None:
    workspace, nature = stage.nature.karin.workspace, stage.nature
    members = await stage.platform.members(workspace, nature.channel)
    assert nature.channel_members <= set(members)
    assert len(set(members)) == len(members)
    profiles = await stage.platform.profiles(workspace, [nature.channel, members[0]])
    assert [profile.external_id for profile in profiles] == members


@everywhere
async def test_a_channel_nobody_knows_is_told_as_gone(stage: Stage) -> None:
    asked = [stage.nature.no_channel, stage.nature.karin.person]
    profiles = await stage.platform.profiles(stage.nature.karin.workspace, asked)
    assert [profile.is_gone for profile in profiles] == [True, False]


only_slack = pytest.mark.parametrize("name", ["slack"])


@only_slack
async def test_another_delivery_is_not_mistaken_for_the_one_sought(stage: Stage) -> None:
    await stage.platform.send(stage.nature.karin, CARD, delivery_id=13)
    await stage.platform.send(stage.nature.karin, CARD, delivery_id=None)
    search = await stage.platform.find(stage.nature.karin, delivery_id=12, since=START)
    assert (search.found, search.complete) == (None, True)


@only_slack
async def test_a_search_reads_on_to_the_last_page(stage: Stage) -> None:
    await stage.pretend.arrange("limits", enabled=False)
    sought = await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    for _ in range(210):
        await stage.platform.send(stage.nature.karin, ANSWERED, delivery_id=None)
    assert (await stage.platform.find(stage.nature.karin, delivery_id=12, since=START)).found == sought


@only_slack
async def test_a_search_that_breaks_off_is_unknown_and_never_complete(stage: Stage) -> None:
    await stage.platform.send(stage.nature.karin, CARD, delivery_id=12)
    await stage.pretend.misbehave({"method": "conversations.*", "kind": "error500"})
    with pytest.raises(Unknown):
        await stage.platform.find(stage.nature.karin, delivery_id=12, since=START)


@only_slack
async def test_people_are_told_by_zone_language_and_whether_they_are_here(stage: Stage) -> None:
    workspace = stage.nature.karin.workspace
    james = await stage.platform.profile(workspace, "U06JAMES")
    gunnar = await stage.platform.profile(workspace, "U10GUNNAR")
    bot = await stage.platform.profile(workspace, "U11RUMBOT")
    assert james is not None
    assert (james.zone, james.language) == ("Europe/London", "en")
    assert gunnar is not None
    assert gunnar.is_gone
    assert bot is not None
    assert bot.is_bot


@only_slack
async def test_many_people_take_one_call(stage: Stage) -> None:
    ids = ["U01KARIN", "U02ERIK", "U03AMINA", "U04LARS", "U99NOBODY"]
    await stage.platform.profiles(stage.nature.karin.workspace, ids)
    assert await stage.pretend.calls("users.list") == 1
    await stage.platform.profiles(stage.nature.karin.workspace, ids[:4])
    assert await stage.pretend.calls("users.list") == 1


@only_slack
async def test_a_group_stands_for_its_members_by_id_and_by_handle(stage: Stage) -> None:
    workspace = stage.nature.karin.workspace
    chiefs = await stage.platform.members(workspace, "S01CHEFER")
    assert "U04LARS" in chiefs
    assert await stage.platform.members(workspace, "@chefer") == chiefs
    profiles = await stage.platform.profiles(workspace, ["S01CHEFER", "U01KARIN", "@finnsinte"])
    assert [profile.external_id for profile in profiles].count("U01KARIN") == 1
    assert profiles[-1].is_gone


async def test_the_token_says_who_we_are(pretend: Pretend) -> None:
    session = open_session()
    who = await identity(web_client(session, token=BOT_TOKEN, api_url=pretend.api_url))
    assert (who.workspace, who.bot_user) == ("T0ALVSUNDA", "U0KNUFFBOT")
    await session.close()
