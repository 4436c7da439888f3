"""A team that ends, leaves or closes its days while a relay is under way: nobody else waits for it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from scheduler import relays as planning
from scheduler.calendar import Calendar
from scheduler.relay_outlook import too_few_days
from storage import relays_due, rounds, teams
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.people import Person
from storage.tables.relays import LegState, RelayState
from storage.tables.rounds import Ending, Round
from storage.tables.teams import Team
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.scheduler.world import at

WAITING, RUNNING, HANDED_OVER, SKIPPED = LegState
HARDLY_ANY = Calendar(
    closed=frozenset(date(2026, 3, 4) + timedelta(days=day) for day in range(365) if day % 90 != 80)
).to_choices()
NO_DAYS = Calendar(closed=frozenset(date(2026, 3, 4) + timedelta(days=day) for day in range(800))).to_choices()


@pytest.fixture
def world(memory: RelayWorld) -> RelayWorld:
    """What is about teams and days, and not about databases."""
    return memory


async def waits_for_a_busy_team(world: RelayWorld) -> tuple[int, int, int]:
    """A relay whose second team has the baton and is busy with another round. Return the relay, team and round."""
    in_order = world.teams()
    relay = world.relay(in_order)
    await world.ticks_until(BATON_DAY)
    other = world.another_round(in_order[1], at("2026-03-20 16:30"))
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    assert world.leg(relay, 2).round_id is None
    return relay, in_order[1], other


@pytest.mark.parametrize("why", ["has ended", "has no channel", "is too small"])
async def test_a_team_that_cannot_run_when_it_is_not_busy_any_more_is_gone_past(world: RelayWorld, why: str) -> None:
    relay, team, other = await waits_for_a_busy_team(world)
    world.now = at("2026-03-05 11:00")
    world.run(lambda session: rounds.end(session, other, Ending.ENDED_EARLY, world.now))
    match why:
        case "has ended":
            assert world.run(lambda session: teams.end(session, world.organisation, team, world.now))
        case "has no channel":
            world.change(Team, team, channel_id=None)
        case _:
            for member in world.of[team][1:]:
                world.by(member, teams.leave, team, world.now)
    await world.ticks_until("2026-03-05 11:01")
    assert world.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    assert world.leg(relay, 2).passed_on
    assert world.leg(relay, 3).starts_on == date(2026, 3, 6)


async def test_a_team_that_passed_on_meanwhile_gets_no_round(world: RelayWorld) -> None:
    """Between what the planner saw and what it does."""
    relay, team, other = await waits_for_a_busy_team(world)
    world.now = at("2026-03-05 11:00")
    world.run(lambda session: rounds.end(session, other, Ending.ENDED_EARLY, world.now))
    due = world.run(lambda session: relays_due.due(session, world.now)).rounds
    assert len(due) == 1
    assert world.pass_on(world.leg(relay, 2)) is None
    world.run(lambda session: planning.begin_rounds(session, due, world.now))
    kept = world.run(lambda session: list(session.exec(select(Round.id).where(Round.team_id == team))))
    assert kept == [other]


async def test_nobody_waits_for_a_calendar_without_days_of_a_team_that_is_done(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    for position, day in ((2, "2026-03-05 11:00"), (3, "2026-03-09 11:00")):
        await world.ticks_until(day)
        world.approved(world.leg(relay, position))
        if position == 3:
            world.change(Team, world.leg(relay, 1).team_id, calendar=NO_DAYS)
        assert world.hand_over(world.leg(relay, position)) is None
    chain = world.chain(relay)
    assert (chain.state, chain.closing_on) == (RelayState.CLOSING, date(2026, 3, 16))
    assert [one.due_at for one in chain.legs[0].questions] == [one.due_at for one in chain.legs[1].questions]
    await world.ticks_until("2026-03-16 12:00")
    assert world.told(world.leg(relay, 1))[-1] is News.CLOSING


@pytest.mark.parametrize("calendar", [NO_DAYS, HARDLY_ANY], ids=["no days", "hardly any"])
@pytest.mark.parametrize("position", [1, 2])
async def test_a_team_whose_own_calendar_has_no_days_any_more_is_gone_past(
    world: RelayWorld, position: int, calendar: dict[str, Any]
) -> None:
    relay = world.relay() if position == 1 else await world.second_runs()
    world.change(Team, world.leg(relay, position).team_id, calendar=calendar)
    await world.ticks_until("2026-03-05 16:31")
    leg = world.leg(relay, position)
    assert leg.passes_on_at is not None or leg.state is not RUNNING
    await world.ticks_until("2026-03-10 12:00")
    assert world.leg(relay, position).state in (HANDED_OVER, SKIPPED)
    assert world.leg(relay, position + 1).begun_at is not None


async def test_the_baton_goes_past_a_team_with_hardly_any_days(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.change(Team, world.leg(relay, 2).team_id, calendar=HARDLY_ANY)
    chain = world.chain(relay)
    assert world.run(lambda session: too_few_days(session, chain, world.now)) == {chain.legs[1].id}
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    assert world.states(relay) == [HANDED_OVER, SKIPPED, RUNNING]


async def two_of_four_approve_and_the_others_leave(world: RelayWorld, relay: int, *, as_members: bool) -> None:
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.write(leg)
    assert world.approve(leg, by=[0, 1]) == [None, None]
    for member in world.of[leg.team_id][2:]:
        if as_members:
            world.by(member, teams.leave, leg.team_id, world.now)
        else:
            world.change(Person, member, left_at=world.now)


@pytest.mark.parametrize("as_members", [True, False], ids=["the team", "the organisation"])
async def test_words_that_everybody_left_has_approved_go_on_by_themselves(world: RelayWorld, as_members: bool) -> None:
    relay = world.relay()
    await two_of_four_approve_and_the_others_leave(world, relay, as_members=as_members)
    await world.ticks_until("2026-03-03 16:31")
    assert world.leg(relay, 1).is_approved  # as the card of its days being over says
    await world.ticks_until("2026-03-06 10:00")
    assert world.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    assert world.leg(relay, 1).baton is not None


async def test_words_that_everybody_left_has_approved_are_handed_over_and_not_passed_by(world: RelayWorld) -> None:
    relay = world.relay()
    await two_of_four_approve_and_the_others_leave(world, relay, as_members=True)
    assert world.pass_on(world.leg(relay, 1)) is NotDone.APPROVED
    assert world.hand_over(world.leg(relay, 1)) is None
    assert world.leg(relay, 1).baton is not None


@pytest.mark.parametrize("how", ["goes on", "is skipped", "is ended"])
async def test_those_who_leave_after_the_days_are_over_do_not_cost_the_team_its_words(
    world: RelayWorld, how: str
) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-03 16:31")
    leg = world.leg(relay, 1)
    assert leg.stalled_at is not None
    world.write(leg)
    world.approve(leg, by=[0, 1])
    for member in world.of[leg.team_id][2:]:
        world.by(member, teams.leave, leg.team_id, world.now)
    match how:
        case "goes on":
            await world.ticks_until("2026-03-06 10:00")
        case "is skipped":
            assert world.skip(leg) is None
        case _:
            assert world.end_early(relay) is None
    assert world.leg(relay, 1).baton is not None


async def test_words_that_nobody_left_has_approved_are_not_approved(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.write(leg)
    for member in world.of[leg.team_id]:
        world.by(member, teams.leave, leg.team_id, world.now)
    await world.ticks_until("2026-03-06 10:00")
    assert (world.leg(relay, 1).state, world.leg(relay, 1).baton) == (SKIPPED, None)


async def test_the_reminder_waits_for_the_second_day_of_the_leg(world: RelayWorld) -> None:
    """A baton that comes early: on the day the leg begins, its first step has the same button."""
    relay = world.relay(starts_on=date(2026, 3, 4))
    await world.ticks_until("2026-03-04 10:00")
    assert world.pass_on(world.leg(relay, 1)) is None
    second = world.leg(relay, 2)
    assert second.starts_on == date(2026, 3, 6)
    await world.ticks_until("2026-03-09 09:59")
    assert News.REMINDED not in world.told(world.leg(relay, 2))
    await world.ticks_until("2026-03-09 10:00")
    assert News.REMINDED in world.told(world.leg(relay, 2))
