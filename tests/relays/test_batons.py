"""A team's baton: who writes and approves of it, when it goes on, and who hears of it."""

from datetime import date

import pytest
from sqlmodel import select

from storage import contributions, teams
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.deliveries import State
from storage.tables.relays import LegState, RelayState
from storage.tables.rounds import Contribution, Ending, Round, RoundState
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.scheduler.world import at

WAITING, RUNNING, HANDED_OVER, SKIPPED = LegState


@pytest.fixture
def world(memory: RelayWorld) -> RelayWorld:
    """What is about words and days, and not about databases."""
    return memory


async def test_a_baton_that_comes_early_waits_for_the_day_that_was_planned(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-02 10:00")
    leg = world.leg(relay, 1)
    assert world.pass_on(leg) is None
    assert world.leg(relay, 2).starts_on == world.leg(relay, 2).planned_on == date(2026, 3, 4)


async def test_a_baton_that_comes_late_moves_what_follows(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-04 15:00")
    leg = world.leg(relay, 1)
    assert leg.stalled_at is not None
    world.approved(leg)
    assert world.hand_over(leg) is None
    assert world.leg(relay, 2).starts_on == date(2026, 3, 5)
    assert world.leg(relay, 3).planned_on == date(2026, 3, 6)


async def test_words_that_are_changed_late_are_the_same_in_the_round(world: RelayWorld) -> None:
    """The round takes nothing more after its end: its summary must not say what the baton does not."""
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    assert world.write(world.leg(relay, 1)) is None
    await world.ticks_until("2026-03-04 11:00")
    assert world.write(world.leg(relay, 1), "Bjud in dem", by=1) is None
    handed_in = world.run(lambda session: session.exec(select(Contribution)).one())
    assert (handed_in.inputs["learning"], handed_in.person_id) == (
        "Bjud in dem",
        world.of[world.leg(relay, 1).team_id][1],
    )


async def test_who_approved_of_other_words_has_to_be_asked_again(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.write(leg)
    world.approve(leg, by=[0, 1])
    world.write(leg, "Bjud in dem")
    assert world.approve(leg, "Fråga först", by=[2]) == [NotDone.OTHER_WORDS]
    assert world.approve(leg, "Bjud in dem", by=[2]) == [None]
    assert not world.leg(relay, 1).is_approved


async def test_in_a_team_of_two_both_approve_and_who_has_left_does_not_count(world: RelayWorld) -> None:
    relay = world.relay(world.teams(3, size=3))
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.write(leg)
    world.approve(leg, by=[1])
    world.by(world.of[leg.team_id][1], teams.leave, leg.team_id, world.now)
    assert world.approve(leg, by=[0]) == [None]
    assert not world.leg(relay, 1).is_approved
    assert world.approve(leg, by=[2]) == [None]
    assert world.leg(relay, 1).is_approved


async def test_only_the_team_that_has_the_baton_can_do_anything_with_it(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    first, second = world.leg(relay, 1), world.leg(relay, 2)
    stranger, other = world.person(), world.of[second.team_id][0]
    world.of[first.team_id] += [stranger, other]
    for who in (4, 5):
        assert world.write(first, by=who) is NotDone.NOT_YOURS
        assert world.approve(first, by=[who]) == [NotDone.NOT_YOURS]
        assert world.hand_over(first, by=who) is NotDone.NOT_YOURS
        assert world.pass_on(first, by=who) is NotDone.NOT_YOURS
        assert world.acknowledge(first, by=who) is NotDone.NOT_YOURS
    assert world.write(second) is NotDone.NOT_YET
    assert world.hand_over(second) is NotDone.NOT_YET


async def test_a_facilitator_who_is_no_member_may_hand_over_but_not_write(world: RelayWorld) -> None:
    outsider = world.person()
    members = world.members(3)
    team = world.team(*members, facilitator=outsider, channel_id="C9")
    world.of[team] = [*members, outsider]
    relay = world.relay([team, *world.teams(2)])
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    assert world.write(leg, by=3) is NotDone.NOT_YOURS
    world.approved(leg)
    assert world.hand_over(leg, by=3) is None


async def test_a_baton_that_is_handed_over_leaves_the_round_to_its_own_end(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-02 10:00")
    leg = world.leg(relay, 1)
    [receive, _baton] = world.steps_of(leg.round_id or 0)
    world.by(world.of[leg.team_id][0], contributions.hand_in, receive.id, {"words": "Frukosten"}, world.now)
    await world.ticks_until(BATON_DAY)
    world.approved(leg)
    world.hand_over(leg)
    assert world.look_up(Round, leg.round_id).state is RoundState.RUNNING
    await world.ticks_until("2026-03-03 17:00")
    assert world.look_up(Round, leg.round_id).ending is Ending.FINISHED
    assert world.told(leg) == []
    assert world.leg(relay, 1).stalled_at is None


async def test_a_message_of_the_hand_over_in_the_afternoon_is_still_there_in_the_morning(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.now = at("2026-03-03 16:29:59")
    world.hand_over(world.leg(relay, 1))
    await world.tick("2026-03-03 16:31")
    second = world.leg(relay, 2)
    assert world.fate(second, News.ARRIVED) is State.PLANNED
    await world.ticks_until("2026-03-04 07:30")
    assert world.fate(second, News.ARRIVED) is State.SENT


async def test_when_nobody_is_left_to_hand_over_to_the_relay_closes(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    for position in (2, 3):
        assert world.skip(world.leg(relay, position)) is None
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    assert world.states(relay) == [HANDED_OVER, SKIPPED, SKIPPED]
    assert world.chain(relay).state is RelayState.CLOSING


async def test_a_team_that_says_nothing_is_reminded_once_after_two_working_days(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    await world.ticks_until("2026-03-05 09:59")
    assert world.told(world.leg(relay, 2)) == [News.ARRIVED]
    assert not world.leg(relay, 2).waits_for_word
    await world.ticks_until("2026-03-05 10:00")
    await world.ticks_until("2026-03-05 16:00")
    assert world.told(world.leg(relay, 2)) == [News.ARRIVED, News.REMINDED]
    assert world.fate(world.leg(relay, 2), News.REMINDED) is State.SENT
    assert world.leg(relay, 2).waits_for_word
