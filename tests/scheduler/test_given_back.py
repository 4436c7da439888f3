"""A day that Knuff slept through is given back to a team, once for each step, and everything still comes to its end."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlmodel import col, select

from scheduler.rounds import plan_rounds
from scheduler.setbacks import Setbacks
from storage.database import Store
from storage.round_news import News
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.rounds import ChallengeDocument, Ending, RoundStep
from storage.tables.teams import Team
from tests.pairs.fika import FikaWorld
from tests.scheduler.challenges import challenge, each, step, vote
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import begin, messages, people, plan, round_of, step_of, team
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
SPRINT = challenge(each("need", 1), vote("choose", 2, "need"), each("ideas", 3), length=3)
BRIEF = challenge(each("need", 1))
SECOND = timedelta(seconds=1)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))


def steps(world: World, round_id: int) -> list[RoundStep]:
    wanted = select(RoundStep).where(RoundStep.round_id == round_id).order_by(col(RoundStep.day), col(RoundStep.id))
    return list(world.store.write_now(lambda session: session.exec(wanted).all()))


async def test_a_vote_that_falls_wholly_in_our_downtime_is_held_on_the_next_day_and_the_rest_waits(
    world: World,
) -> None:
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), SPRINT)
    await plan(world, SLOT)
    await plan(world, at("2026-03-04 09:00"))
    choose = step_of(world, began, "choose")
    assert (choose.prompted_at, choose.closed_at) == (None, None), "nobody was told of it, so nothing is counted"
    assert (choose.day, choose.given_back_from, choose.closes_at) == (WEDNESDAY, TUESDAY, at("2026-03-04 15:00"))
    ideas = step_of(world, began, "ideas")
    assert (ideas.day, ideas.given_back_from) == (THURSDAY, None)
    assert round_of(world, began).ends_at == at("2026-03-05 16:30")
    await plan(world, at("2026-03-04 10:00"))
    assert step_of(world, began, "choose").prompted_at == at("2026-03-04 10:00")
    told = [row for row in world.deliveries(kind=Kind.ROUND) if row.person_id is None and row.day == WEDNESDAY]
    assert [(row.occurrence, row.state) for row in told] == [(News.MORNING, State.PLANNED)]


async def test_a_vote_that_closed_while_we_were_down_is_held_the_day_after(world: World) -> None:
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, SLOT)
    await plan(world, at("2026-03-03 15:30"))
    choose = step_of(world, began, "choose")
    assert (choose.day, choose.given_back_from, choose.prompted_at) == (WEDNESDAY, TUESDAY, None)


async def test_what_can_still_be_handed_in_on_its_day_is_said_late_and_nothing_waits(world: World) -> None:
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, at("2026-03-02 15:30"))
    need = step_of(world, began, "need")
    assert (need.day, need.given_back_from) == (MONDAY, None)
    assert need.prompted_at is not None


async def test_a_round_whose_first_day_was_slept_through_begins_on_the_next_one(world: World) -> None:
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, at("2026-03-03 09:00"))
    assert round_of(world, began).starts_on == TUESDAY
    assert [row.day for row in steps(world, began)] == [TUESDAY, WEDNESDAY, THURSDAY]


async def test_after_the_hour_of_the_day_on_which_we_are_back_it_waits_for_the_next_working_day(world: World) -> None:
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, SLOT)
    await plan(world, at("2026-03-06 10:30"))
    assert step_of(world, began, "choose").day == date(2026, 3, 9), "Friday at ten has passed; then comes Monday"


async def test_a_step_gets_its_day_back_once_and_is_explained_the_second_time(world: World) -> None:
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, SLOT)
    await plan(world, at("2026-03-04 09:00"))
    back = at("2026-03-05 10:30")
    for tick in range(3):
        await plan(world, back + timedelta(seconds=tick))
    choose, ideas = step_of(world, began, "choose"), step_of(world, began, "ideas")
    assert (choose.day, choose.given_back_from) == (WEDNESDAY, TUESDAY)
    assert choose.prompted_at is not None
    told = [row.reason for row in world.deliveries(kind=Kind.ROUND) if row.day == WEDNESDAY and row.person_id is None]
    assert Reason.KNUFF_WAS_DOWN in told
    assert (ideas.day, ideas.given_back_from, ideas.prompted_at) == (THURSDAY, None, back + timedelta(seconds=0))


async def test_of_several_rounds_only_those_wait_that_have_missed_something(world: World) -> None:
    missed = begin(world, team(world, people(world, 2)), SPRINT)
    other = begin(world, team(world, people(world, 2)), SPRINT, starts_on=WEDNESDAY)
    await plan(world, SLOT)
    await plan(world, at("2026-03-04 10:00"))
    assert step_of(world, missed, "choose").prompted_at is None
    assert step_of(world, other, "need").prompted_at == at("2026-03-04 10:00")
    assert len(messages(world)) == 6


async def test_a_round_that_cannot_wait_goes_on_as_it_is(world: World) -> None:
    """The team has got an hour since at which the vote would close before anybody had heard of it."""
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, SLOT)
    world.change(Team, round_of(world, began).team_id, slot="15:30")
    await plan(world, at("2026-03-04 09:00"))
    assert step_of(world, began, "choose").given_back_from is None
    assert step_of(world, began, "choose").prompted_at is not None


async def test_a_step_at_which_people_meet_is_given_back_before_what_is_said_after_it(store: Store) -> None:
    world = FikaWorld(store)
    _team, people, fika = world.fika(4)
    await world.come(SLOT)
    met = world.groups(fika)
    await world.come(at("2026-03-06 10:30"))
    coffee, after = step_of(world, fika, "coffee"), step_of(world, fika, "after")
    assert (coffee.day, coffee.given_back_from) == (date(2026, 3, 9), TUESDAY)
    assert (after.day, after.prompted_at) == (date(2026, 3, 12), None), "nobody is asked how it went, and waits then"
    await world.come(at("2026-03-06 15:00"), at("2026-03-09 10:00"), at("2026-03-12 10:00"), at("2026-03-12 15:00"))
    after = step_of(world, fika, "after")
    assert (after.prompted_at, after.opened_at) == (at("2026-03-12 10:00"), at("2026-03-12 15:00"))
    assert world.groups(fika) == met
    alone = [row for row in world.deliveries(kind=Kind.ROUND) if row.person_id in people]
    assert len(alone) == 3 * len(people), "each step once to each"


async def test_people_are_put_together_though_the_round_cannot_wait(store: Store) -> None:
    world = FikaWorld(store)
    made, people, fika = world.fika(4)
    world.change(Team, made, slot="15:30")  # after the hour at which what they write is shown
    await world.come(at("2026-03-03 09:00"))
    assert step_of(world, fika, "pair").given_back_from is None
    assert sorted(one for group in world.groups(fika) for one in group) == people


async def test_nothing_is_given_back_before_what_a_team_has_been_told_of_since(world: World) -> None:
    """The step failed whenever it was tried, and what comes after it did not."""
    began = begin(world, team(world, people(world, 2)), challenge(each("need", 1), step("talk", 2), each("ideas", 3)))
    await plan(world, SLOT)
    broken, hour = Setbacks(), at("2026-03-04 10:00")
    broken.add(("prompt", step_of(world, began, "talk").id), hour)
    await plan_rounds(world.store, hour, setbacks=broken)
    assert step_of(world, began, "ideas").prompted_at == hour
    await plan(world, at("2026-03-04 10:05"))
    talk, ideas = step_of(world, began, "talk"), step_of(world, began, "ideas")
    assert (ideas.day, ideas.prompt_at, ideas.opens_at) == (WEDNESDAY, hour, at("2026-03-04 15:00"))
    assert (talk.day, talk.given_back_from) == (TUESDAY, None)
    assert talk.prompted_at is not None


async def test_what_cannot_be_given_back_at_once_is_not_closed_and_keeps_no_other_round_waiting(memory: World) -> None:
    broken, whole = (begin(memory, team(memory, people(memory, 2)), one) for one in (SPRINT, BRIEF))
    await plan(memory, SLOT)
    document = round_of(memory, broken).document_id
    body = memory.look_up(ChallengeDocument, document).body
    memory.change(ChallengeDocument, document, body="{}", digest="spoilt")
    back, setbacks = at("2026-03-04 09:00"), Setbacks()
    assert (await plan_rounds(memory.store, back, setbacks=setbacks)).failed == 1
    assert (step_of(memory, broken, "choose").closed_at, round_of(memory, broken).ending) == (None, None)
    assert round_of(memory, whole).ending is not None
    memory.change(ChallengeDocument, document, body=body, digest="mended")
    await plan_rounds(memory.store, back + SECOND, setbacks=setbacks)
    assert step_of(memory, broken, "choose").given_back_from == TUESDAY


async def test_a_step_that_nobody_can_ever_be_told_of_holds_its_round_up_for_a_quarter_of_an_hour(
    memory: World,
) -> None:
    began = begin(memory, team(memory, people(memory, 2)), BRIEF)
    memory.change(ChallengeDocument, round_of(memory, began).document_id, body="{}", digest="spoilt")
    back, setbacks = at("2026-03-03 09:00"), Setbacks()
    for seconds in (0, 1, 3, 7, 15, 31, 63, 127, 255, 511):
        await plan_rounds(memory.store, back + seconds * SECOND, setbacks=setbacks)
        assert round_of(memory, began).ending is None
    await plan_rounds(memory.store, back + 1023 * SECOND, setbacks=setbacks)
    assert round_of(memory, began).ending is Ending.NOT_MADE


async def test_how_a_round_ended_is_told_late_rather_than_never(office: Office) -> None:
    world = office.world
    began = begin(world, team(world, people(world, 2)), challenge(step("talk", 1)))
    await plan(world, SLOT)
    await plan(world, at("2026-03-02 16:30"))
    assert round_of(world, began).ending is Ending.FINISHED
    office.clock.wind_to(at("2026-03-06 11:00"))
    await office.send()
    [ending] = [row for row in world.deliveries(kind=Kind.ROUND) if row.occurrence == News.ENDING]
    assert (ending.due_at, ending.state) == (at("2026-03-03 10:00"), State.SENT)


async def test_an_ending_never_comes_on_a_day_the_team_rests(office: Office) -> None:
    world = office.world
    made = team(world, people(world, 2))
    world.change(Team, made, calendar={"closed": ["2026-03-04"]})
    begin(world, made, challenge(step("talk", 1)))
    await plan(world, SLOT)
    await plan(world, at("2026-03-02 16:30"))
    office.clock.wind_to(at("2026-03-04 11:00"))
    await office.send()
    [ending] = [row for row in world.deliveries(kind=Kind.ROUND) if row.occurrence == News.ENDING]
    assert ending.reason is Reason.TOO_LATE


@pytest.mark.parametrize("seed", range(12))
async def test_however_often_knuff_is_down_each_step_waits_once_and_the_round_ends_with_a_name(
    memory: World, seed: int
) -> None:
    lots = Random(seed)
    trial = challenge(
        each("need", 1), vote("choose", 2, "need"), step("watch", 3, until=5, daily=True), each("ideas", 6), length=7
    )
    began = begin(memory, team(memory, people(memory, 3)), trial)
    was: dict[int, date] = {row.id: row.day for row in steps(memory, began)}
    given: dict[int, set[date | None]] = {id: set() for id in was}
    now = at("2026-03-02 08:00")
    while round_of(memory, began).ending is None:
        assert now < at("2026-04-10 08:00"), "it never ends"
        await plan(memory, now)
        for row in steps(memory, began):
            given[row.id].add(row.given_back_from)
            assert row.day.weekday() < 5
            assert row.prompted_at is None or row.prompted_at >= row.prompt_at, "never before its hour"
        now += timedelta(hours=lots.choice((1, 1, 1, 2, 26, 50)))
    for days in given.values():
        assert len(days - {None}) <= 1
    assert [row.key for row in steps(memory, began)] == [row.key for row in sorted(steps(memory, began), key=_place)]
    assert round_of(memory, began).ending in (Ending.NOT_MADE, Ending.FINISHED)
    told = [row for row in memory.deliveries(kind=Kind.ROUND) if row.person_id is None]
    assert len([row for row in told if row.occurrence == News.MORNING]) == len(was), "each is said or explained"


def _place(row: RoundStep) -> datetime:
    return row.prompt_at
