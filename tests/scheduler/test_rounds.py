"""What a round's moments bring about, when they come."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from scheduler import round_news
from scheduler.metronome import Metronome
from scheduler.rounds import ending_of, plan_rounds
from scheduler.setbacks import Setbacks
from storage import ballots, contributions, teams
from storage.round_news import News
from storage.round_progress import Progress
from storage.round_standing import standing
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Person, Workspace
from storage.tables.rounds import Asks, ChallengeDocument, Ending, Round, RoundState
from storage.tables.teams import Team
from tests.scheduler.challenges import by, challenge, each, step, vote
from tests.scheduler.couriers import TrialClock
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import (
    begin,
    messages,
    people,
    plan,
    round_of,
    step_of,
    team,
    write,
)
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
TUESDAY = MONDAY + timedelta(days=1)
NEXT_DAY = at("2026-03-03 10:00")
PLANNED, SENT = State.PLANNED, State.SENT


async def test_a_step_is_said_in_the_channel_and_asked_of_each_alone(world: World) -> None:
    anna, bo, cia = people(world)
    began = begin(world, team(world, [anna, bo, cia]), challenge(each("need", 1)))
    await plan(world, SLOT - timedelta(seconds=1))
    assert messages(world) == []
    assert round_of(world, began).state is RoundState.PLANNED
    assert (await plan(world, SLOT)).promised == 4
    assert messages(world) == [(None, PLANNED), (anna, PLANNED), (bo, PLANNED), (cia, PLANNED)]
    assert round_of(world, began).state is RoundState.RUNNING
    for row in world.deliveries(kind=Kind.ROUND):
        assert (row.day, row.due_at, row.try_at, row.late_after) == (MONDAY, SLOT, SLOT, at("2026-03-02 14:00"))
        assert (row.workspace_id, row.round_step_id) == (world.workspace, step_of(world, began, "need").id)
    assert (await plan(world, SLOT + timedelta(seconds=1))).promised == 0


async def test_a_step_without_a_private_prompt_is_said_in_the_channel_alone(world: World) -> None:
    begin(world, team(world, people(world)), challenge(step("talk", 1)))
    await plan(world, SLOT)
    assert messages(world) == [(None, PLANNED)]


async def test_who_has_the_mandate_is_asked_alone_and_the_channel_hears_of_it(world: World) -> None:
    anna, bo, cia, boss = people(world, 4)
    begin(world, team(world, [anna, bo], mandate=boss, facilitator=cia), challenge(
        by("mandate", "answer", 1), by("facilitator", "note", 2)
    ))  # fmt: skip
    await plan(world, SLOT)
    assert messages(world) == [(None, PLANNED), (boss, PLANNED)]
    await plan(world, NEXT_DAY)
    assert [row.person_id for row in world.deliveries(kind=Kind.ROUND)] == [None, boss, None, cia]


async def test_whoever_has_left_stopped_or_paused_is_not_asked_and_it_is_said_why(world: World) -> None:
    cohort = world.cohort()
    anna, bo = world.person(cohort), world.person(cohort)
    away = [
        world.person(cohort, paused_from=MONDAY, paused_until=MONDAY),
        world.person(cohort, stopped_at=world.founded_at),
        world.person(cohort, unreachable_at=world.founded_at),
    ]
    gone = world.person(cohort)
    quiet = world.person(cohort)
    made = team(world, [anna, bo, *away, gone, quiet])
    world.change(Person, gone, left_at=world.founded_at)
    world.store.write_now(lambda session: teams.leave(session, session.get_one(Person, quiet), made, SLOT))
    begin(world, made, challenge(each("need", 1)))
    await plan(world, SLOT)
    assert messages(world) == [
        (None, PLANNED), (anna, PLANNED), (bo, PLANNED), (away[0], Reason.PAUSED), (away[1], Reason.STOPPED),
        (away[2], Reason.NOT_REACHABLE),
    ]  # fmt: skip


async def test_what_is_hidden_opens_at_its_hour_and_the_vote_closes_at_its(world: World) -> None:
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(each("need", 1), vote("choose", 2, "need"), length=3))
    await plan(world, SLOT)
    need = step_of(world, began, "need")
    write(world, anna, need, SLOT)
    opens_at = at("2026-03-02 15:00")

    def seen(now: datetime) -> int:
        return len(
            world.store.write_now(lambda session: contributions.shown(session, world.organisation, need.id, now))
        )

    await plan(world, opens_at - timedelta(seconds=1))
    assert seen(opens_at - timedelta(seconds=1)) == 0
    await plan(world, opens_at)
    assert seen(opens_at) == 1
    await plan(world, NEXT_DAY)
    choose = step_of(world, began, "choose")

    def cast(session: Session) -> None:
        shown = contributions.shown(session, world.organisation, need.id, NEXT_DAY)[0]
        assert ballots.cast(session, session.get_one(Person, bo), choose.id, shown.id, NEXT_DAY) is None

    world.store.write_now(cast)
    await plan(world, at("2026-03-03 14:59"))
    assert step_of(world, began, "choose").closed_at is None
    await plan(world, at("2026-03-03 15:00"))
    closed = step_of(world, began, "choose")
    assert closed.closed_at == at("2026-03-03 15:00")
    assert closed.outcome is not None
    assert closed.outcome["cast"] == 1


async def test_after_knuff_was_down_the_channel_is_not_told_at_once_what_opened_days_ago(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    trial = challenge(each("need", 1), each("ideas", 2, until=3), length=4)
    begin(world, team(world, [anna, bo]), trial)
    await plan(world, SLOT)
    await plan(world, NEXT_DAY)
    back_at = at("2026-03-04 15:30")
    office.clock.wind_to(back_at)
    await plan(world, back_at)
    await office.send()
    told = sorted(world.deliveries(kind=Kind.ROUND), key=lambda row: row.id)
    opened = [row for row in told if row.occurrence == News.OPENED]
    moments = [at("2026-03-02 15:00"), at("2026-03-04 15:00")]
    assert [row.due_at for row in opened] == moments, "one after another, as they came"
    assert [row.reason or row.state for row in opened] == [Reason.TOO_LATE, SENT]


@pytest.mark.parametrize(
    ("hour", "due"),
    [("07:00", "2026-03-03 10:00"), ("11:00", "2026-03-03 11:00"), ("17:00", "2026-03-04 10:00")],
)
async def test_what_is_said_once_it_is_there_waits_for_the_next_hour_at_which_the_team_is_at_work(
    world: World, hour: str, due: str
) -> None:
    began = begin(world, team(world, people(world, 2)), challenge(step("talk", 1), step("end", 3)))
    await plan(world, SLOT)
    written = at(f"2026-03-03 {hour}")
    assert world.store.write_now(lambda session: round_news.tell_wrap_up(session, began, written)) == 1
    [told] = [row for row in world.deliveries(kind=Kind.ROUND) if row.occurrence == News.WRAP_UP]
    assert told.due_at == at(due)


async def test_a_round_ends_when_its_last_day_does_with_what_became_of_it(world: World) -> None:
    anna, bo, cia = people(world)
    trial = challenge(each("need", 1, least=2))
    finished, not_made = (begin(world, team(world, [anna, bo, cia], channel=name), trial) for name in ("C1", "C2"))
    await plan(world, SLOT)
    for person in (anna, bo):
        write(world, person, step_of(world, finished, "need"), SLOT)
    write(world, cia, step_of(world, not_made, "need"), SLOT)
    ends_at = at("2026-03-02 16:30")
    await plan(world, ends_at - timedelta(seconds=1))
    assert round_of(world, finished).ending is None
    await plan(world, ends_at)
    assert round_of(world, finished).ending is Ending.FINISHED
    assert round_of(world, not_made).ending is Ending.NOT_MADE
    assert round_of(world, not_made).ended_at == ends_at


def stands(key: str, asks: Asks, *, reached: bool) -> Progress:
    return Progress(id=1, key=key, asks=asks, reached=reached)


@pytest.mark.parametrize(
    ("steps", "ending"),
    [
        ([("a", Asks.EACH, True), ("b", Asks.TEAM, True)], Ending.FINISHED),
        ([("a", Asks.EACH, False), ("b", Asks.TEAM, True)], Ending.NOT_MADE),
        ([("a", Asks.VOTE, False), ("b", Asks.TEAM, True)], Ending.NOT_MADE),
        ([("a", Asks.ANONYMOUS, False), ("b", Asks.TEAM, True)], Ending.NOT_MADE),
        ([("a", Asks.TEAM, False), ("b", Asks.EACH, True)], Ending.FINISHED),
        ([("a", Asks.EACH, True), ("b", Asks.FACILITATOR, False)], Ending.NOT_MADE),
        ([("a", Asks.EACH, True), ("b", Asks.NOTHING, False)], Ending.FINISHED),
        ([("a", Asks.EACH, False), ("a", Asks.EACH, True), ("b", Asks.TEAM, True)], Ending.FINISHED),
        ([("a", Asks.NOTHING, False)], Ending.FINISHED),
    ],
    ids=[
        "all has come", "too few handed in", "too few voted", "too few proposed", "a note on the way is missing",
        "the last thing is missing", "nothing was asked for last", "every day, and some days nobody", "only talk",
    ],
)  # fmt: skip
def test_a_round_is_finished_when_as_many_took_part_as_it_needs_and_the_last_thing_has_come(
    steps: Sequence[tuple[str, Asks, bool]], ending: Ending
) -> None:
    assert ending_of([stands(key, asks, reached=reached) for key, asks, reached in steps]) is ending


async def test_a_round_whose_channel_is_gone_ends_so_and_nobody_is_asked(world: World) -> None:
    made = team(world, people(world))
    began = begin(world, made, challenge(each("need", 1), each("ideas", 2)))
    world.change(Team, made, channel_id=None)
    await plan(world, SLOT)
    assert (round_of(world, began).ending, messages(world)) == (Ending.CHANNEL_GONE, [])
    assert (await plan(world, NEXT_DAY)).promised == 0


async def test_a_team_of_one_is_no_team_any_more(world: World) -> None:
    anna, bo, cia = people(world)
    made = team(world, [anna, bo, cia])
    began = begin(world, made, challenge(each("need", 1), each("ideas", 2)))
    await plan(world, SLOT)
    world.store.write_now(lambda session: teams.leave(session, session.get_one(Person, bo), made, SLOT))
    world.change(Person, cia, left_at=SLOT)
    await plan(world, NEXT_DAY)
    assert round_of(world, began).ending is Ending.TEAM_TOO_SMALL
    assert len(messages(world)) == 4
    news = [row.occurrence for row in world.deliveries(kind=Kind.ROUND) if row.person_id is None]
    assert news == [News.MORNING, News.ENDING]


async def test_late_on_its_own_day_a_step_is_said_late(world: World) -> None:
    first = people(world, 2)
    begin(world, team(world, first), challenge(each("need", 1)))
    await plan(world, at("2026-03-02 15:30"))
    assert messages(world) == [(None, PLANNED), *((person, PLANNED) for person in first)]
    prompts = [row for row in world.deliveries(kind=Kind.ROUND) if row.occurrence == News.MORNING]
    assert {row.late_after for row in prompts} == {at("2026-03-02 16:30")}


async def test_of_many_processes_that_tick_at_once_each_promise_is_made_by_one(world: World) -> None:
    people_of = [people(world, 3) for _ in range(4)]
    for number, members in enumerate(people_of):
        begin(world, team(world, members, channel=f"C{number}"), challenge(each("need", 1)))
    planned = await asyncio.gather(*(plan_rounds(world.store, SLOT) for _ in range(4)))
    assert sum(one.promised for one in planned) == 16
    assert {one.failed for one in planned} == {0}
    rows = world.deliveries(kind=Kind.ROUND)
    assert len({(row.round_step_id, row.person_id) for row in rows}) == len(rows) == 16


async def test_a_round_nobody_can_make_sense_of_keeps_no_other_waiting_and_is_told_once(world: World) -> None:
    bad = begin(world, team(world, people(world, 2)), challenge(each("need", 1)))
    good = begin(world, team(world, people(world, 2), channel="C2"), challenge(each("ideas", 1)))
    world.change(ChallengeDocument, round_of(world, bad).document_id, body="{}", digest="spoilt")
    setbacks = Setbacks()
    planned = await plan_rounds(world.store, SLOT, setbacks=setbacks)
    assert (planned.promised, planned.failed) == (3, 1)
    assert step_of(world, good, "ideas").prompted_at == SLOT
    assert step_of(world, bad, "need").prompted_at is None
    again = await plan_rounds(world.store, SLOT, setbacks=setbacks)
    assert (again.promised, again.failed) == (0, 0)


async def test_whoever_sends_is_woken_when_a_round_has_something_to_say(world: World) -> None:
    begin(world, team(world, people(world, 2)), challenge(step("talk", 1)))
    woken: list[datetime] = []
    clock = TrialClock(at("2026-03-02 09:00"))
    ticking = Metronome(store=world.store, clock=clock, wake=lambda: woken.append(clock.now()))
    await ticking.tick()  # everybody's exercise of the day
    woken.clear()
    for moment in (SLOT - timedelta(seconds=1), SLOT, SLOT + timedelta(seconds=1)):
        clock.wind_to(moment)
        await ticking.tick()
    assert woken == [SLOT]


async def test_a_disconnected_workspace_is_said_of_everybody_who_would_have_been_asked(world: World) -> None:
    members = people(world, 2)
    begin(world, team(world, members), challenge(each("need", 1)))
    world.change(Workspace, world.workspace, disconnected_at=world.founded_at, disconnected_reason="gone")
    await plan(world, SLOT)
    assert messages(world) == [(None, PLANNED), *((person, Reason.WORKSPACE_DISCONNECTED) for person in members)]


async def test_a_round_goes_no_further_without_what_it_must_have(world: World) -> None:
    needed = challenge(by("team", "first", 1, must=True), each("share", 2))
    gone_on, stopped = (begin(world, team(world, people(world, 2), channel=name), needed) for name in ("C1", "C2"))
    await plan(world, SLOT)
    team_id = round_of(world, gone_on).team_id
    somebody = world.store.write_now(lambda session: teams.members(session, team_id, SLOT))[0]
    write(world, somebody, step_of(world, gone_on, "first"), SLOT)
    await plan(world, NEXT_DAY)
    assert (round_of(world, gone_on).ending, round_of(world, stopped).ending) == (None, Ending.NOT_MADE)
    assert step_of(world, gone_on, "share").prompted_at == NEXT_DAY
    assert step_of(world, stopped, "share").prompted_at is None


async def test_of_what_one_may_leave_nobody_is_told_how_many_handed_in(world: World) -> None:
    free = challenge(each("share", 1, least=0), each("need", 2))
    began = begin(world, team(world, people(world, 5)), free)
    for key in ("share", "need"):
        row = step_of(world, began, key)
        assert row.opens_at is not None
        await plan(world, row.opens_at)
    share, need = world.store.write_now(lambda session: standing(session, session.get_one(Round, began)))
    assert (share.come, share.members, share.reached) == (None, None, None)
    assert (need.come, need.members, need.reached) == (0, 5, False)
