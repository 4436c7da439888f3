"""What people do with our messages in a channel reaches us as theirs, and what we answer is for them alone."""

from collections.abc import AsyncIterator

import pytest

from bot.conversation.cards import Button, Buttons, Card, Paragraph
from bot.conversation.events import ChannelJoined, ChannelLeft, Mentioned, Pressed, Submitted
from bot.conversation.shows import Say
from tests.contracts.lines import LINES, Line, open_line
from tests.contracts.pretend import Json

pytestmark = pytest.mark.contract

CARD = Card(
    summary="Vilket behov?",
    parts=(
        Buttons((
            Button(text="Jag är med", action="round.join", value="7"),
            Button(text="Lämna bidrag", action="round.hand_in", value="7", opens_form=True),
        )),
    ),
)  # fmt: skip
ANSWER = Card(summary="Du är med i laget.", parts=(Paragraph("Du är med i laget."),))


@pytest.fixture(params=LINES)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with open_line(request.param) as line:
        yield line


async def in_place(line: Line) -> list[Json]:
    seen = (await line.pretend.look(f"people/{line.hand.person.person}"))["channels"]
    found: list[Json] = next(one for one in seen if one["id"] == line.hand.place.conversation)["messages"]
    return found


async def test_a_press_says_who_where_and_on_which_message(line: Line) -> None:
    message = await line.platform.send(line.hand.place, CARD, delivery_id=12)
    assert await line.hand.press(message, "round.join")
    await line.until_kept(Pressed)
    [pressed] = line.intake.events(Pressed)
    assert isinstance(pressed, Pressed)
    assert (pressed.person, pressed.action, pressed.value) == (line.hand.person.person, "round.join", "7")
    assert (pressed.message, pressed.in_channel) == (message, True)
    assert message.channel == line.hand.place.conversation, "also where a thread has a name of its own"


@pytest.mark.parametrize("line", ["teams"], indirect=True)
async def test_a_mention_in_a_thread_says_which_channel_it_is_in_and_is_answered_in_the_thread(line: Line) -> None:
    under = await line.platform.send(line.hand.place, CARD, delivery_id=12)
    somebody, channel = line.hand.person.person, line.hand.place.conversation
    where = {"team": "19:ledning-alvsunda@thread.tacv2", "channel": channel, "thread": under.message}
    await line.pretend.arrange("mention", person=somebody, text="hej", **where)
    await line.until_kept(Mentioned)
    [mentioned] = line.intake.events(Mentioned)
    assert isinstance(mentioned, Mentioned)
    assert (mentioned.message.channel, mentioned.message.conversation) == (channel, under.conversation)


async def test_a_press_in_ones_own_chat_is_none_in_a_channel(line: Line) -> None:
    message = await line.platform.send(line.hand.person, CARD, delivery_id=12)
    await line.hand.press(message, "round.join")
    await line.until_kept(Pressed)
    assert [pressed.in_channel for pressed in line.intake.events(Pressed)] == [False]


async def test_whoever_pressed_is_answered_alone_and_nobody_else_sees_it(line: Line) -> None:
    message = await line.platform.send(line.hand.place, CARD, delivery_id=12)
    await line.hand.press(message, "round.join")
    await line.until_kept(Pressed)
    [pressed] = line.intake.events(Pressed)
    await line.intake.showing.carry_out(pressed, [Say(ANSWER)])
    assert len(await in_place(line)) == 1
    [answer] = await line.pretend.received(line.hand.person.person)
    assert ANSWER.summary in (answer.get("summary"), answer["text"])


async def test_a_form_opens_for_whoever_pressed_and_is_refused_and_then_taken(line: Line) -> None:
    message = await line.platform.send(line.hand.place, CARD, delivery_id=12)
    assert await line.hand.open(message, "round.hand_in")
    assert "Skriv en situation." in await line.hand.send(cue="?")
    assert await line.hand.send(cue="Vi behöver veta vad de väntar på") == ""
    assert not await line.hand.has_form()
    submitted = line.intake.events(Submitted)[-1]
    assert isinstance(submitted, Submitted)
    assert submitted.values == {"cue": "Vi behöver veta vad de väntar på"}
    await line.intake.showing.carry_out(submitted, [Say(ANSWER)])
    assert len(await in_place(line)) == 1
    assert len(await line.pretend.received(line.hand.person.person)) == 1


async def test_a_message_is_changed_from_where_it_was_pressed(line: Line) -> None:
    message = await line.platform.send(line.hand.place, CARD, delivery_id=12)
    await line.hand.press(message, "round.join")
    await line.until_kept(Pressed)
    [pressed] = line.intake.events(Pressed)
    assert isinstance(pressed, Pressed)
    assert pressed.message is not None
    await line.platform.update(pressed.workspace, pressed.message, ANSWER)
    assert ANSWER.summary in str(await in_place(line))


async def test_every_way_of_closing_a_channel_to_us_is_told_once_and_names_nobody(line: Line) -> None:
    closed = await line.hand.take_us_out()
    assert all(closed)
    ways = {"T0ALVSUNDA": 3}.get(line.hand.place.workspace, 2)  # Teams tells of the team by its General channel
    await line.until_kept(ChannelLeft, ways)
    left = line.intake.events(ChannelLeft)
    assert len(left) == ways
    assert {event.person for event in left} == {""}
    assert line.hand.place.conversation in {event.channel for event in left if isinstance(event, ChannelLeft)}
    assert {type(event) for event in line.intake.kept.values()} <= {ChannelLeft, ChannelJoined}


async def test_that_we_are_let_in_again_is_told_and_names_nobody(line: Line) -> None:
    assert all(await line.hand.let_us_in_again())
    await line.until_kept(ChannelJoined)
    [joined] = line.intake.events(ChannelJoined)
    assert isinstance(joined, ChannelJoined)
    left = [one for one in line.intake.events(ChannelLeft) if isinstance(one, ChannelLeft)]
    assert (joined.person, joined.channel) == ("", left[0].channel)
