"""A team that does not get there: the relay goes on, and nobody has to ask for forgiveness."""

from datetime import date

import pytest

from lessons.library import load_library
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.deliveries import State
from storage.tables.relays import LegState, RelayBaton, RelayState
from storage.tables.rounds import Ending, Round, RoundState
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.scheduler.world import at

WAITING, RUNNING, HANDED_OVER, SKIPPED = LegState
ROUND_OVER, DAY_AFTER, GOES_ON = "2026-03-03 16:30", "2026-03-04 10:00", "2026-03-06 10:00"
"""Two working days after the team has heard that its days are over, which is on the morning after."""


@pytest.fixture
def world(memory: RelayWorld) -> RelayWorld:
    """What is about days, and not about databases."""
    return memory


async def test_a_team_whose_days_are_over_hears_what_it_can_do_on_the_next_morning(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(ROUND_OVER)
    leg = world.leg(relay, 1)
    assert (leg.stalled_at, leg.passes_on_at) == (at(ROUND_OVER), at(GOES_ON))
    assert world.told(leg) == [News.STALLED]
    assert world.message(leg, News.STALLED).due_at == at(DAY_AFTER)
    assert leg.state is RUNNING
    await world.tick(DAY_AFTER)
    assert world.fate(leg, News.STALLED) is State.SENT
    await world.ticks_until("2026-03-04 10:05")
    assert world.told(leg) == [News.STALLED]


async def test_the_first_team_has_nothing_to_pass_on_so_the_question_goes_on_alone(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(GOES_ON)
    assert world.states(relay) == [SKIPPED, RUNNING, WAITING]
    chain = world.chain(relay)
    assert chain.received_by(chain.legs[1]) is None
    assert chain.handed_to(chain.legs[1]) is None
    assert world.told(chain.legs[0]) == [News.STALLED, News.PASSED_ON]
    assert world.acknowledge(chain.legs[1]) is None
    assert world.told(chain.legs[0]) == [News.STALLED, News.PASSED_ON]


async def test_a_baton_may_be_written_approved_and_handed_over_when_the_days_are_over(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(DAY_AFTER)
    leg = world.leg(relay, 1)
    world.approved(leg)
    assert world.hand_over(leg) is None
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]


async def test_approved_words_that_nobody_hands_over_go_on_by_themselves(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    await world.ticks_until(GOES_ON)
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    chain = world.chain(relay)
    assert chain.received_by(chain.legs[1]) == chain.legs[0]
    assert world.told(chain.legs[0]) == [News.STALLED]


async def test_words_that_were_not_approved_go_nowhere(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-05 11:00")
    assert world.write(world.leg(relay, 2), "Ett utkast") is None
    world.approve(world.leg(relay, 2), "Ett utkast", by=[0, 1])
    await world.ticks_until("2026-03-10 10:00")
    leg = world.leg(relay, 2)
    assert (leg.state, leg.passed_on, leg.baton) == (HANDED_OVER, True, None)
    kept = world.look_up(RelayBaton, 2)
    assert (kept.learning, kept.written_at, kept.passed_on_from) == (None, None, 1)


async def test_a_team_without_time_passes_on_what_it_received_at_once(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-04 10:00")
    leg = world.leg(relay, 2)
    assert world.pass_on(leg) is None
    assert world.pass_on(leg, by=1) is NotDone.DONE
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    ended = world.look_up(Round, leg.round_id)
    assert (ended.state, ended.ending) == (RoundState.ENDED, Ending.NOT_MADE)
    assert world.told(leg) == [News.ARRIVED, News.PASSED_ON]
    chain = world.chain(relay)
    assert chain.received_by(chain.legs[2]) == chain.legs[0]


async def test_a_round_that_stops_early_stalls_the_leg_two_days_from_then(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-04 10:00")
    world.end_round(world.leg(relay, 2), Ending.STOPPED_HERE)
    await world.ticks_until("2026-03-04 10:01")
    assert world.leg(relay, 2).passes_on_at == at("2026-03-06 10:00")
    assert world.told(world.leg(relay, 2)) == [News.ARRIVED, News.STALLED]


async def test_a_coordinator_goes_past_a_team_that_has_stalled(world: RelayWorld) -> None:
    relay = await world.second_runs()
    leg = world.leg(relay, 2)
    assert world.skip(leg) is NotDone.NOT_YET
    await world.ticks_until("2026-03-05 16:31")
    assert world.skip(leg) is None
    assert world.skip(leg) is NotDone.DONE
    assert world.states(relay) == [HANDED_OVER, SKIPPED, RUNNING]
    assert world.told(leg) == [News.ARRIVED, News.REMINDED, News.STALLED, News.PASSED_ON]
    await world.ticks_until("2026-03-06 10:00")
    assert world.message(leg, News.STALLED).reason is not None
    chain = world.chain(relay)
    assert chain.received_by(chain.legs[2]) == chain.legs[0]


async def test_a_coordinator_who_goes_past_a_team_takes_its_approved_words_along(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-05 11:00")
    world.approved(world.leg(relay, 2), "Bjud in dem")
    await world.ticks_until("2026-03-05 16:31")
    assert world.skip(world.leg(relay, 2)) is None
    chain = world.chain(relay)
    assert chain.legs[1].state is HANDED_OVER
    assert chain.received_by(chain.legs[2]) == chain.legs[1]


async def test_the_last_team_that_does_not_get_there_leads_to_the_closing_and_hears_so_once(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-20 10:00")
    assert world.states(relay) == [SKIPPED, SKIPPED, SKIPPED]
    chain = world.chain(relay)
    assert chain.state is RelayState.CLOSING
    assert world.told(chain.legs[2]) == [News.ARRIVED, News.REMINDED, News.STALLED, News.LAST]


@pytest.mark.parametrize("runs", [1, 2])
async def test_a_channel_that_is_gone_ends_the_round_and_the_relay_goes_on(world: RelayWorld, runs: int) -> None:
    teams = world.teams()
    relay = world.relay(teams)
    world.lose_channel(teams[runs - 1])
    await world.ticks_until("2026-03-02 10:00")
    if runs == 2:
        await world.ticks_until(BATON_DAY)
        world.approved(world.leg(relay, 1))
        world.hand_over(world.leg(relay, 1))
    await world.ticks_until("2026-03-12 16:00")
    leg = world.leg(relay, runs)
    assert leg.round_id is not None
    assert leg.state in (HANDED_OVER, SKIPPED)
    assert world.leg(relay, runs + 1).begun_at is not None
    assert not any(channel == f"C{runs}" for channel, *_ in world.courier.heard)


async def test_knuff_that_was_down_gives_the_team_its_two_days_from_when_it_is_back(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-03 12:00")
    await world.tick("2026-03-11 09:00")
    leg = world.leg(relay, 1)
    assert (leg.state, leg.passes_on_at) == (RUNNING, at("2026-03-13 10:00"))
    assert world.fate(leg, News.STALLED) is State.PLANNED or world.fate(leg, News.STALLED) is State.SENT


async def test_more_time_for_the_round_is_more_time_for_the_leg(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.change(Round, leg.round_id, ends_at=at("2026-03-06 16:30"))
    assert world.leg(relay, 1).deadline == date(2026, 3, 6)
    await world.ticks_until("2026-03-06 16:29")
    assert world.leg(relay, 1).stalled_at is None
    await world.ticks_until("2026-03-06 16:30")
    assert world.leg(relay, 1).passes_on_at == at("2026-03-11 10:00")


async def test_the_relay_as_we_offer_it_takes_its_ten_days_a_leg(world: RelayWorld) -> None:
    relay = world.relay(content=load_library().challenges["relay"])
    await world.ticks_until("2026-03-12 09:59")
    assert world.write(world.leg(relay, 1)) is NotDone.NOT_YET
    await world.ticks_until("2026-03-12 10:00")
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    assert [leg.starts_on for leg in world.chain(relay).legs] == [date(2026, 3, 2), date(2026, 3, 16), None]
    await world.ticks_until("2026-04-01 09:59")  # the second team's last day is Friday the 27th
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    await world.ticks_until("2026-04-01 10:00")
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    third = world.leg(relay, 3)
    assert (third.planned_on, third.starts_on) == (date(2026, 3, 30), date(2026, 4, 7))  # after Easter


async def test_a_team_that_is_busy_with_another_round_begins_when_that_is_over(world: RelayWorld) -> None:
    teams = world.teams()
    relay = world.relay(teams)
    await world.ticks_until(BATON_DAY)
    other = world.another_round(teams[1], at("2026-03-05 16:30"))
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    leg = world.leg(relay, 2)
    assert (leg.state, leg.round_id, leg.starts_on) == (RUNNING, None, None)
    assert world.told(leg) == [News.ARRIVED]
    assert world.acknowledge(leg) is None
    assert world.write(leg) is NotDone.NOT_YET
    await world.ticks_until("2026-03-05 16:29")
    assert world.leg(relay, 2).round_id is None
    await world.ticks_until("2026-03-05 16:30")
    assert world.look_up(Round, other).state is RoundState.ENDED
    assert world.leg(relay, 2).starts_on == date(2026, 3, 6)


async def test_a_busy_team_may_pass_on_and_be_gone_past(world: RelayWorld) -> None:
    teams = world.teams(4)
    relay = world.relay(teams)
    await world.ticks_until(BATON_DAY)
    for team in teams[1:3]:
        world.another_round(team, at("2026-03-27 16:30"))
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    assert world.pass_on(world.leg(relay, 2)) is None
    assert world.skip(world.leg(relay, 3)) is None
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, SKIPPED, RUNNING]
    await world.ticks_until(BATON_DAY)
    assert world.leg(relay, 4).round_id is not None
