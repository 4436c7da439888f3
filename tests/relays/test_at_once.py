"""Two things at once in a relay: on PostgreSQL, whose writers do not wait by themselves."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import date

import pytest
from sqlmodel import Session

from scheduler import relay_moves
from scheduler.rounds import end_rounds
from storage import sending
from storage.database import Store
from storage.relay_news import News
from storage.rounds import DueRound
from storage.tables.people import Person
from storage.tables.rounds import Ending, Round
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.relays.test_closing import choose, closed
from tests.scheduler.world import at

pytestmark = pytest.mark.postgres


async def test_a_round_whose_baton_is_handed_over_while_the_tick_ends_it_is_finished(emptied_postgres: Store) -> None:
    world = RelayWorld(emptied_postgres)
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg)
    over = at("2026-03-03 16:30")
    due = [DueRound(id=leg.round_id or 0, organisation_id=world.organisation, due_at=world.now)]
    with Session(world.store.engine) as first, ThreadPoolExecutor(1) as beside:
        member = first.get_one(Person, world.of[leg.team_id][0])
        assert relay_moves.hand_over(first, member, leg.id, over) is None
        ends = beside.submit(world.run, lambda session: end_rounds(session, due, over))
        with pytest.raises(NotYet):
            ends.result(0.3)
        first.commit()
        assert ends.result(20) > 0, "its team hears how it ended"
    assert world.look_up(Round, leg.round_id).ending is Ending.FINISHED


async def test_another_day_for_the_closing_meeting_is_told_though_the_first_is_just_going_out(
    emptied_postgres: Store,
) -> None:
    world = RelayWorld(emptied_postgres)
    relay = await closed(world)
    leg, another = world.leg(relay, 1), date(2026, 3, 20)
    message = world.message(leg, News.LAST)
    with Session(world.store.engine) as first, ThreadPoolExecutor(1) as beside:
        assert sending.claim(first, message.id or 0, world.now) is not None
        chosen = beside.submit(choose, world, relay, another)
        with pytest.raises(NotYet):
            chosen.result(0.3)
        first.commit()
        assert chosen.result(20) is None
    assert [news for news in world.told(leg) if news is News.CLOSING_DAY] == [News.CLOSING_DAY]
    assert News.CLOSING_DAY not in world.told(world.leg(relay, 2)), "its message is still to come, and says the new day"
