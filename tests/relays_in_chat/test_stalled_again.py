"""The message that the baton is still with a team says what became of it, once the team's leg is over."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.conversation.relay_cards import news_card
from bot.conversation.relay_chain import over_text
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.courier import ChatCourier
from bot.ports import Channel
from lessons.library import load_library
from scheduler.ports import Sent, Unknown
from storage.relay_news import News
from storage.relay_reading import Chain
from storage.tables.relays import LegState, RelayEnding
from tests.coordinating.office import SAM, form_in, read
from tests.relays_in_chat.chains import NORTH as WRITTEN
from tests.relays_in_chat.chains import a_chain, at, leg
from tests.relays_in_chat.relay_room import EAST, NORTH, RelayRoom, Told
from tests.relays_in_chat.test_what_is_said_is_so import text_of
from tests.rounds_in_chat.team_room import buttons_in

SV = Words("sv")
RELAY = load_library().challenges["relay"]


async def stalled(room: RelayRoom, name: str, day: date) -> Told:
    await room.until(day.year, day.month, day.day, time(17))
    found = [one for one in room.in_channel_of(name) if "kvar hos er" in one.card.summary]
    return found[-1]


def again(shows: list[Show]) -> Replace:
    [replaced] = [one for one in shows if isinstance(one, Replace)]
    return replaced


async def test_it_says_that_it_has_gone_on_when_the_team_lets_it(room: RelayRoom) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    assert "relay.baton" in message.buttons
    told = again(room.press("relay.pass_on", room.leg(1), who=NORTH[0]))
    assert told.message.message == message.message
    assert "Stafetten har gått vidare till nästa lag." in text_of(told.card)
    assert "kvar hos er" not in told.card.summary + text_of(told.card)
    assert "relay.baton" not in repr(told.card)


async def test_it_says_that_the_baton_is_approved_as_soon_as_it_is(room: RelayRoom) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    assert "ingen pinne är godkänd än" in text_of(message.card)
    room.write_baton(1, NORTH[0], learning="Lärdom 1.")
    room.approve(1, *NORTH[:2])
    page = form_in(room.press("relay.baton", room.leg(1), who=NORTH[2]))
    [button] = [button for button in buttons_in(page) if button.action == "relay.approve"]
    told = again(room.press(button.action, button.value, who=NORTH[2]))
    assert told.message.message == message.message
    assert "er pinne är godkänd" in text_of(told.card)
    assert "ingen pinne är godkänd än" not in text_of(told.card)
    assert "relay.baton" in repr(told.card)


@pytest.mark.parametrize("action", ["relay.pass_on", "relay.hand_over"])
async def test_it_says_so_to_whoever_acts_when_the_relay_has_gone_on_by_itself(room: RelayRoom, action: str) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    await room.until(2026, 3, 24)
    told = again(room.press(action, room.leg(1), who=NORTH[0]))
    assert told.message.message == message.message
    assert "har gått vidare" in text_of(told.card)


@pytest.mark.parametrize(("action", "said"), [("skip", "har gått vidare"), ("end", "har avslutat stafetten i förtid")])
async def test_it_says_what_whoever_coordinates_has_done(room: RelayRoom, action: str, said: str) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    told = again(room.press(f"relay.{action}", room.leg(1) if action == "skip" else "1", who=SAM))
    assert told.message.message == message.message
    assert said in text_of(told.card)


async def test_of_a_team_elsewhere_the_message_is_told_anew_when_its_button_is_pressed(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    message = await stalled(room, "Öst", date(2026, 3, 30))
    assert not [one for one in room.press_in(message, "relay.baton", who=EAST[0]) if isinstance(one, Replace)]
    skipped = room.press("relay.skip", room.leg(2), who=SAM)
    assert not [one for one in skipped if isinstance(one, Replace)], "Sam is not in Teams"
    pressed = room.press_in(message, "relay.baton", who=EAST[0])
    assert "Stafetten har gått vidare till nästa lag." in read(pressed)
    assert again(pressed).message.message == message.message


async def test_it_is_told_anew_by_itself_with_the_message_that_the_baton_has_gone_on(room: RelayRoom) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    assert {one.again for one in room.told} == {None}
    after = await room.until(2026, 3, 24)
    [anew] = [one.again for one in after if one.channel == message.channel and one.again is not None]
    assert anew.message.message == message.message
    assert "Stafetten har gått vidare till nästa lag." in text_of(anew.card)
    assert "relay.baton" not in repr(anew.card)


async def test_a_team_elsewhere_sees_it_when_it_hears_that_somebody_skipped_it(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    message = await stalled(room, "Öst", date(2026, 3, 30))
    room.press("relay.skip", room.leg(2), who=SAM)
    after = await room.until(2026, 4, 1)
    [anew] = [one.again for one in after if one.channel == message.channel and one.again is not None]
    assert anew.message.message == message.message
    assert {one.again for one in after if one.channel != message.channel} == {None}


class Platform:
    """Keeps what is shown, and in which order."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.shown: list[str] = []
        self.trouble = trouble

    async def send(self, to: Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        self.shown.append("new")
        return MessageRef(conversation=to.conversation, message="new")

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.shown.append(message.message)


@pytest.mark.parametrize("trouble", [None, Unknown("timeout"), OSError("away")])
async def test_what_it_says_anew_comes_after_the_message_and_never_in_its_way(
    room: RelayRoom, trouble: Exception | None
) -> None:
    room.begin()
    message = await stalled(room, "Norr", date(2026, 3, 16))
    [last] = [one for one in await room.until(2026, 3, 24) if one.channel == message.channel and one.again is not None]
    platform = Platform(trouble)
    courier = ChatCourier(store=room.store, house=room.house(), platforms={"slack": platform})  # type: ignore[dict-item]
    sent = await room.look(lambda session: courier.compose(session, int(last.message[1:]), room.now))()
    assert isinstance(sent, Sent)
    assert sent.afterwards is not None
    assert platform.shown == ["new"]
    await sent.afterwards()
    assert platform.shown == (["new"] if trouble else ["new", message.message])


def told(chain: Chain, number: int = 1) -> str:
    return text_of(news_card(chain, chain.legs[number - 1], News.STALLED, SV, RELAY))


def test_each_way_a_leg_comes_to_its_end_is_said_and_nothing_that_did_not_happen() -> None:
    follows = leg(2, LegState.RUNNING, day=16)
    handed, passed, skipped = (
        leg(1, LegState.HANDED_OVER, words=WRITTEN),
        leg(1, LegState.HANDED_OVER),
        leg(1, LegState.SKIPPED),
    )
    assert "Ni har lämnat över pinnen." in told(a_chain(handed, follows))
    assert "Pinnen ni fick har gått vidare som den var." in told(a_chain(passed, follows))
    assert "Stafetten har gått vidare till nästa lag." in told(a_chain(skipped, follows))
    for last in (handed, passed, skipped):
        assert "Stafetten är i mål" in told(a_chain(last))
        assert "vidare" not in told(a_chain(last))
        ended = replace(a_chain(last), ending=RelayEnding.ENDED_EARLY, ended_at=at(13))
        assert "avslutat stafetten i förtid" in told(ended)
        assert "i mål" not in told(ended)
        assert "i mål" not in over_text(ended, last, SV), "nor on the page of the baton"
