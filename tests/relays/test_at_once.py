"""A baton that is handed over while the tick ends its round: on PostgreSQL, whose writers do not wait by themselves."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

import pytest
from sqlmodel import Session

from scheduler import relay_moves
from scheduler.rounds import end_rounds
from storage.database import Store
from storage.rounds import DueRound
from storage.tables.people import Person
from storage.tables.rounds import Ending, Round
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.scheduler.world import at

pytestmark = pytest.mark.postgres


async def test_a_round_whose_baton_is_handed_over_while_the_tick_ends_it_is_finished(emptied_postgres: Store) -> None:
    world = RelayWorld(emptied_postgres)
    relay = world.relay()
    await world.tick(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg)
    over = at("2026-03-03 16:30")
    due = [DueRound(id=leg.round_id or 0, organisation_id=world.organisation)]
    with Session(world.store.engine) as first, ThreadPoolExecutor(1) as beside:
        member = first.get_one(Person, world.of[leg.team_id][0])
        assert relay_moves.hand_over(first, member, leg.id, over) is None
        ends = beside.submit(world.run, lambda session: end_rounds(session, due, over))
        with pytest.raises(NotYet):
            ends.result(0.3)
        first.commit()
        assert ends.result(20) > 0, "its team hears how it ended"
    assert world.look_up(Round, leg.round_id).ending is Ending.FINISHED
