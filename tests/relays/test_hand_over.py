"""A baton from the team that writes it to the team that has it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import Session, select

from scheduler import relay_moves
from storage import rounds, teams
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.deliveries import Kind, State
from storage.tables.people import Person, Platform
from storage.tables.relays import LegState, RelayBaton, RelayEnding, RelayState
from storage.tables.rounds import Contribution, Ending, Round, RoundState, RoundStep
from storage.tables.teams import Team
from tests.relays.builders import BATON_DAY, RelayWorld, words
from tests.scheduler.world import MONDAY, at

WAITING, RUNNING, HANDED_OVER, SKIPPED = LegState


async def test_a_relay_of_three_teams_goes_from_the_first_to_the_last(world: RelayWorld) -> None:
    relay = world.relay()
    assert world.states(relay) == [RUNNING, WAITING, WAITING]
    assert world.chain(relay).state is RelayState.PLANNED
    for position, day in enumerate(("2026-03-03", "2026-03-05", "2026-03-09"), start=1):
        await world.ticks_until(f"{day} 10:00")
        assert world.chain(relay).state is RelayState.RUNNING
        leg = world.leg(relay, position)
        assert leg == world.chain(relay).holder
        world.approved(leg, f"Lärdom {position}")
        assert world.hand_over(leg) is None
        if position < 3:
            assert world.acknowledge(world.leg(relay, position + 1)) is None
        await world.ticks_until(f"{day} 10:30")
    chain = world.chain(relay)
    assert [leg.state for leg in chain.legs] == [HANDED_OVER] * 3
    assert chain.state is RelayState.CLOSING
    assert [leg.baton.words.learning for leg in chain.legs if leg.baton] == ["Lärdom 1", "Lärdom 2", "Lärdom 3"]
    assert [world.told(leg) for leg in chain.legs] == [
        [News.ACKNOWLEDGED, News.LAST],
        [News.ARRIVED, News.ACKNOWLEDGED, News.LAST],
        [News.ARRIVED, News.LAST],
    ]
    assert chain.closing_on == date(2026, 3, 16)


async def test_the_next_team_has_a_round_of_its_own_from_its_next_working_day_on(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    first, second = world.leg(relay, 1), world.leg(relay, 2)
    assert (second.planned_on, second.round_id, second.starts_on) == (date(2026, 3, 4), None, None)
    world.approved(first)
    assert world.hand_over(first) is None
    second = world.leg(relay, 2)
    assert (second.starts_on, second.deadline) == (date(2026, 3, 4), date(2026, 3, 5))
    begun, before = world.look_up(Round, second.round_id), world.look_up(Round, first.round_id)
    assert (begun.team_id, begun.document_id) == (second.team_id, before.document_id)
    assert begun.state is RoundState.PLANNED


async def test_words_come_from_the_step_that_asks_for_them(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-02 10:00")
    assert world.write(world.leg(relay, 1)) is NotDone.NOT_YET
    await world.ticks_until(BATON_DAY)
    assert world.write(world.leg(relay, 1)) is None
    handed_in = world.run(lambda session: session.exec(select(Contribution)).one())
    assert handed_in.inputs["learning"] == "Fråga först"
    assert handed_in.inputs["tested"] == "yes"
    assert world.look_up(RoundStep, handed_in.round_step_id).key == "baton"
    assert world.write(world.leg(relay, 1), "Bjud in dem") is None
    handed_in = world.run(lambda session: session.exec(select(Contribution)).one())
    assert handed_in.inputs["learning"] == "Bjud in dem"


async def test_three_of_the_team_approve_and_then_nothing_is_changed(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    assert world.hand_over(leg) is NotDone.NOT_APPROVED
    assert world.approve(leg, by=[0]) == [NotDone.OTHER_WORDS]
    assert world.write(leg) is None
    assert world.approve(leg, by=[0, 1, 1, 0]) == [None] * 4
    assert world.hand_over(leg) is NotDone.NOT_APPROVED
    assert not world.leg(relay, 1).is_approved
    assert world.approve(leg, by=[2]) == [None]
    assert world.leg(relay, 1).is_approved
    assert world.write(leg, "Något annat") is NotDone.APPROVED
    assert world.pass_on(leg) is NotDone.APPROVED
    assert world.hand_over(leg) is None


async def test_of_two_who_hand_over_at_once_one_does_and_the_other_is_told(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg)
    together = threading.Barrier(2, timeout=5)

    def press(who: int) -> NotDone | None:
        together.wait()
        return world.hand_over(leg, by=who)

    with ThreadPoolExecutor(2) as threads:
        said = [one.result() for one in [threads.submit(press, who) for who in (0, 1)]]
    assert sorted(said, key=str) == sorted([None, NotDone.DONE], key=str)
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    assert world.told(world.leg(relay, 2)) == [News.ARRIVED]
    assert len(world.run(lambda session: session.exec(select(Round.id)).all())) == 2


async def test_a_team_that_hands_over_as_its_time_runs_out_is_not_handed_over_twice(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-06 12:00")
    leg = world.leg(relay, 2)
    world.approved(leg, "Bjud in dem")
    world.now = at("2026-03-09 10:00")
    together = threading.Barrier(2, timeout=5)

    def press() -> bool:
        together.wait()
        return world.hand_over(leg) is None

    def go_on() -> bool:
        together.wait()
        return world.run(lambda session: relay_moves.go_on(session, leg.id, world.now))

    with ThreadPoolExecutor(2) as threads:
        done = [one.result() for one in [threads.submit(press), threads.submit(go_on)]]
    assert sorted(done) == [False, True]
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    assert len(world.run(lambda session: session.exec(select(Round.id)).all())) == 3


async def test_a_hand_over_that_is_cut_short_has_not_happened(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg)

    def cut_short(session: Session) -> None:
        person = session.get_one(Person, world.of[leg.team_id][0])
        assert relay_moves.hand_over(session, person, leg.id, world.now) is None
        raise ConnectionError

    with pytest.raises(ConnectionError):
        world.run(cut_short)
    assert world.states(relay) == [RUNNING, WAITING, WAITING]
    assert world.told(world.leg(relay, 2)) == []
    assert world.hand_over(leg) is None


async def test_a_team_says_that_the_baton_has_come_and_who_handed_it_over_hears_so(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    first = world.leg(relay, 1)
    assert world.acknowledge(first) is NotDone.NO_SUCH_LEG
    world.approved(first)
    world.hand_over(first)
    second = world.leg(relay, 2)
    assert world.acknowledge(second) is None
    assert world.acknowledge(second, by=1) is NotDone.DONE
    await world.ticks_until(BATON_DAY)
    assert world.told(first) == [News.ACKNOWLEDGED]
    assert world.fate(first, News.ACKNOWLEDGED) is State.SENT
    await world.ticks_until("2026-03-05 12:00")
    assert News.REMINDED not in world.told(second)


@pytest.mark.parametrize("why", ["has ended", "has no channel", "is too small"])
async def test_a_team_that_cannot_run_is_skipped_and_the_one_after_gets_the_baton(world: RelayWorld, why: str) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg, second = world.leg(relay, 1), world.leg(relay, 2)
    match why:
        case "has ended":
            assert world.run(lambda session: teams.end(session, world.organisation, second.team_id, world.now))
        case "has no channel":
            world.change(Team, second.team_id, channel_id=None)
        case _:
            for member in world.of[second.team_id][1:]:
                world.by(member, teams.leave, second.team_id, world.now)
    world.approved(leg)
    assert world.hand_over(leg) is None
    assert world.states(relay) == [HANDED_OVER, SKIPPED, RUNNING]
    assert world.told(world.leg(relay, 3)) == [News.ARRIVED]
    chain = world.chain(relay)
    assert chain.received_by(chain.legs[2]) == chain.legs[0]


async def test_a_team_in_slack_hands_over_to_one_in_teams(world: RelayWorld) -> None:
    slack = world.workspace
    here = world.teams(1)
    in_teams = world.workspace_on(Platform.TEAMS)
    there = world.teams(1)
    world.workspace = slack
    relay = world.relay([*here, *there, *world.teams(1)])
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    await world.ticks_until(BATON_DAY)
    arrived = world.message(world.leg(relay, 2), News.ARRIVED)
    assert (arrived.workspace_id, arrived.state, arrived.person_id) == (in_teams, State.SENT, None)
    assert world.acknowledge(world.leg(relay, 2)) is None


async def test_words_reach_the_next_team_as_they_were_approved(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg, "Fråga först")
    world.hand_over(leg)
    chain = world.chain(relay)
    giver = chain.received_by(chain.legs[1])
    assert giver is not None
    assert giver.baton is not None
    assert giver.baton.words == words("Fråga först")
    assert chain.handed_to(chain.legs[1]) == giver
    assert chain.starts_on == MONDAY


async def test_what_a_team_received_goes_on_unchanged_two_working_days_after_it_has_heard(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-10 09:59")  # over on Thursday, told on Friday, then Monday and Tuesday
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    await world.ticks_until("2026-03-10 10:00")
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    chain = world.chain(relay)
    assert chain.legs[1].passed_on
    assert chain.received_by(chain.legs[2]) == chain.legs[0]
    assert chain.handed_to(chain.legs[2]) == chain.legs[1]
    assert world.told(chain.legs[1]) == [News.ARRIVED, News.REMINDED, News.STALLED, News.PASSED_ON]
    first, second = world.look_up(RelayBaton, 1), world.look_up(RelayBaton, 2)
    assert (second.leg_id, second.passed_on_from, second.learning) == (chain.legs[1].id, first.id, None)


async def test_ending_a_relay_early_is_told_to_the_teams_it_has_come_to(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-05 11:00")
    world.approved(world.leg(relay, 2), "Bjud in dem")
    assert world.end_early(relay) is None
    assert world.end_early(relay) is NotDone.DONE
    chain = world.chain(relay)
    assert (chain.state, chain.ending) == (RelayState.ENDED, RelayEnding.ENDED_EARLY)
    assert [leg.state for leg in chain.legs] == [HANDED_OVER, HANDED_OVER, SKIPPED]
    assert chain.legs[1].baton is not None
    assert [News.ENDED_EARLY in world.told(leg) for leg in chain.legs] == [True, True, False]
    assert world.look_up(Round, chain.legs[1].round_id).ending is Ending.ENDED_EARLY
    await world.ticks_until("2026-06-30 10:00")
    assert world.chain(relay) == chain
    assert world.run(rounds.next_moment) is None
    assert not [row for row in world.of_relays() if row.kind is Kind.RELAY_FOLLOW_UP]
