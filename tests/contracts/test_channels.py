"""What every chat platform promises of a channel that it posts in: everybody there reads it, and nobody in it is out of
reach when it is gone."""

from datetime import timedelta

import pytest

from bot.clocks import RemoteClock
from bot.conversation.cards import Button, Buttons, Card, Heading, Paragraph
from bot.conversation.events import MessageRef
from bot.ports import Search
from scheduler.buckets import POST
from scheduler.ports import ChannelGone, Disconnected, RateLimited, Refused, Unknown
from tests.contracts.pretend import START
from tests.contracts.stages import NATURES, STAGES, Stage

pytestmark = pytest.mark.contract

CARD = Card(
    summary="Idésprinten, dag 1: vilket behov?",
    parts=(Heading("Vilket behov?"), Buttons((Button(text="Lämna bidrag", action="round.hand_in", value="7"),))),
)
OPENED = Card(summary="Bidragen har öppnat.", parts=(Paragraph("Bidragen har öppnat."),))
everywhere = pytest.mark.parametrize("name", STAGES)


def of_each(what: str) -> pytest.MarkDecorator:
    cases = [(name, one) for name, nature in NATURES.items() for one in getattr(nature, what)]
    return pytest.mark.parametrize(("name", "case"), cases)


def says(message: dict[str, str]) -> str:
    return message.get("summary") or message["text"]


@everywhere
async def test_everybody_in_the_channel_reads_it_once_and_nobody_gets_it_alone(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    [seen] = await stage.in_place()
    assert says(seen) == CARD.summary
    assert seen[stage.nature.id_of] == message.message
    assert message.conversation.startswith(stage.nature.place.conversation)
    assert await stage.received() == []


@everywhere
async def test_each_message_stands_for_itself_and_answers_none(stage: Stage) -> None:
    first = await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    second = await stage.platform.send(stage.nature.place, CARD, delivery_id=13)
    assert first != second
    assert [message.get("thread") or message.get("thread_ts") for message in await stage.in_place()] == [None, None]


@everywhere
async def test_a_channels_message_is_updated_in_place(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    await stage.platform.update(stage.nature.place.workspace, message, OPENED)
    assert [says(seen) for seen in await stage.in_place()] == [OPENED.summary]


@of_each("closed_by")
async def test_a_channel_that_is_closed_to_us_is_gone(stage: Stage, case: str) -> None:
    message = await stage.platform.send(stage.nature.place, CARD, delivery_id=11)
    how, body, error = stage.nature.closed_by[case]
    await stage.pretend.arrange(how, **body)
    with pytest.raises(ChannelGone, match=error):
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    await stage.platform.update(stage.nature.place.workspace, message, OPENED)  # a message out of reach is left alone
    await stage.platform.send(stage.nature.karin, CARD, delivery_id=13)
    assert len(await stage.received()) == 1


@pytest.mark.parametrize("name", ["slack"])
async def test_a_channel_where_we_may_not_write_just_now_is_not_given_up(stage: Stage) -> None:
    error = "restricted_action_read_only_channel"
    await stage.pretend.misbehave({"method": stage.nature.post_in_channel, "kind": "error", "error": error})
    with pytest.raises(Refused, match=error):
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)


@everywhere
async def test_a_channel_nobody_knows_is_gone(stage: Stage) -> None:
    nowhere = type(stage.nature.place)(workspace=stage.nature.place.workspace, conversation=stage.nature.no_channel)
    with pytest.raises(ChannelGone):
        await stage.platform.send(nowhere, CARD, delivery_id=12)


@everywhere
async def test_a_message_that_is_gone_from_a_channel_is_left_alone(stage: Stage) -> None:
    message = await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    gone = MessageRef(conversation=message.conversation, message="1.000001")
    await stage.platform.update(stage.nature.place.workspace, gone, OPENED)
    assert [says(seen) for seen in await stage.in_place()] == [CARD.summary]


@of_each("arrived")
async def test_in_doubt_it_stands_there_once_and_is_found_where_one_can_look(stage: Stage, case: str) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post_in_channel, "kind": case})
    with pytest.raises(Unknown):
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    [seen] = await stage.in_place()
    search = await stage.platform.find(stage.nature.place, delivery_id=12, since=START)
    if not stage.nature.can_be_asked:
        assert search == Search(found=None, complete=False, can_be_asked=False)
        return
    assert search.complete
    assert search.found == MessageRef(conversation=stage.nature.place.conversation, message=seen[stage.nature.id_of])


@of_each("did_not_arrive")
async def test_what_did_not_arrive_is_not_found(stage: Stage, case: str) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post_in_channel, "kind": case})
    with pytest.raises(Unknown):
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    assert await stage.in_place() == []
    asked = stage.nature.can_be_asked
    search = await stage.platform.find(stage.nature.place, delivery_id=12, since=START)
    assert search == Search(found=None, complete=asked, can_be_asked=asked)


@everywhere
async def test_too_much_at_once_is_about_the_channel_and_not_about_a_person(stage: Stage, clock: RemoteClock) -> None:
    await stage.pretend.misbehave({"method": stage.nature.post_in_channel, "kind": "ratelimit", "seconds": 30})
    with pytest.raises(RateLimited) as limited:
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
    bucket, _, channel = limited.value.bucket.partition("/")
    assert (bucket, channel) == (POST, stage.nature.place.conversation if stage.nature.limits_a_chat else "")
    assert limited.value.until - clock.now() > timedelta(seconds=28)


@pytest.mark.parametrize("name", ["slack"])
@pytest.mark.parametrize("error", ["missing_scope", "not_in_channel", "channel_not_found"])
async def test_where_we_may_not_read_a_channel_what_is_in_doubt_stays_so(stage: Stage, error: str) -> None:
    await stage.pretend.misbehave({"method": "conversations.history", "kind": "error", "error": error})
    search = await stage.platform.find(stage.nature.place, delivery_id=12, since=START)
    assert search == Search(found=None, complete=False, can_be_asked=False)


@pytest.mark.parametrize("name", ["slack"])
async def test_a_token_that_is_worth_nothing_is_nothing_about_the_channel(stage: Stage) -> None:
    await stage.pretend.misbehave({"method": "*", "kind": "error", "error": "token_revoked"})
    with pytest.raises(Disconnected):
        await stage.platform.find(stage.nature.place, delivery_id=12, since=START)
    with pytest.raises(Disconnected):
        await stage.platform.send(stage.nature.place, CARD, delivery_id=12)
