"""What is said of a relay is true of the relay, and not of one of its legs."""

from collections.abc import Iterator

import pytest

from bot.conversation.relay_cards import news_card
from bot.conversation.texts import Words
from storage.relay_news import News
from tests.coordinating.office import form_in, read
from tests.in_memory import in_memory
from tests.relays.builders import SHORT, RelayWorld
from tests.relays_in_chat.relay_room import RelayRoom
from tests.rounds_in_chat.team_room import buttons_in


@pytest.fixture
def memory() -> Iterator[RelayWorld]:
    opened = in_memory()
    yield RelayWorld(opened)
    opened.close()


async def test_a_team_hears_who_said_that_the_baton_has_come_and_not_who_was_gone_past(memory: RelayWorld) -> None:
    relay = await memory.second_runs()
    await memory.ticks_until("2026-03-05 16:31")
    assert memory.skip(memory.leg(relay, 2)) is None
    assert memory.acknowledge(memory.leg(relay, 3)) is None
    assert memory.told(memory.leg(relay, 1)) == [News.ACKNOWLEDGED]
    chain, leg = memory.chain(relay), memory.leg(relay, 1)
    card = str(news_card(chain, leg, News.ACKNOWLEDGED, Words("sv"), SHORT))
    assert "Lag 3 (Kommunen)" in card
    assert "Lag 2" not in card


def test_the_first_leg_of_a_relay_is_not_moved_by_itself(room: RelayRoom) -> None:
    room.begin(starts_on="2026-03-09")
    first = str(room.chain().legs[0].round_id)
    page = form_in(room.press("round.open", first))
    assert "round.move" not in {button.action for button in buttons_in(page)}
    assert "Flytta starten för hela stafetten" in read(room.press("round.move", first))
