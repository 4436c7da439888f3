"""Nothing of a round is closed or ended before somebody was told of what came before it: not though another process is
at that, nor though there is more of it than one tick does."""

import asyncio
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler import at_work
from scheduler import rounds as planning
from scheduler.rounds import plan_rounds
from scheduler.setbacks import Setbacks
from scheduler.unheard import may_go_on
from storage import database, rounds, rounds_due
from storage.database import Store
from storage.rounds import DueStep
from storage.tables.rounds import Asks, ChallengeDocument, RoundStep
from tests.scheduler.challenges import challenge, each, vote
from tests.scheduler.rounds_world import begin, people, plan, round_of, step_of, team
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 10:00")
TUESDAY = date(2026, 3, 3)
TUESDAY_EVENING = at("2026-03-03 15:30")
SPRINT = challenge(each("need", 1), vote("choose", 2, "need"), each("ideas", 3), length=3)
LONG = challenge(each("need", 1), each("ideas", 2, until=4), length=5)


@pytest.fixture
def shared(emptied_postgres: Store) -> World:
    return World(emptied_postgres)


async def while_another_plans(world: World, now: datetime) -> None:
    """Plan as a process does that comes while another is at the prompts."""
    with Session(world.store.engine) as other:
        assert rounds_due.lock_rounds(other)
        await plan(world, now)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("before", "missed", "back"),
    [
        ([SLOT], "choose", at("2026-03-04 09:00")),
        ([SLOT, at("2026-03-03 10:00")], "ideas", at("2026-03-05 09:00")),
    ],
)
async def test_what_another_process_gives_back_is_neither_closed_nor_ended(
    shared: World, before: list[datetime], missed: str, back: datetime
) -> None:
    began = begin(shared, team(shared, people(shared, 2)), SPRINT)
    for now in before:
        await plan(shared, now)
    await while_another_plans(shared, back)
    assert step_of(shared, began, missed).closed_at is None
    assert round_of(shared, began).ending is None
    await plan(shared, back)
    assert step_of(shared, began, missed).given_back_from is not None


@pytest.mark.postgres
@pytest.mark.parametrize("is_planning", [True, False], ids=["while it plans", "while somebody presses"])
async def test_a_process_that_vanishes_stops_nobody_for_long(
    shared: World, monkeypatch: pytest.MonkeyPatch, is_planning: bool
) -> None:
    """Its machine is gone, and its connection looks open."""
    began = begin(shared, team(shared, people(shared, 2)), SPRINT)
    monkeypatch.setattr(database, "LET_GO_SECONDS", 0.2)
    gone = database.postgres_engine(shared.store.engine.url)
    with gone.connect() as vanished:
        if is_planning:
            assert rounds_due.lock_rounds(Session(vanished))
        else:
            rounds.held(Session(vanished), shared.organisation, began)
        with suppress(TimeoutError):
            await asyncio.wait_for(plans_at_last(shared, began), 5)
        vanished.invalidate()
    gone.dispose()
    assert step_of(shared, began, "need").prompted_at == SLOT


async def plans_at_last(world: World, round_id: int) -> None:
    while True:
        await plan(world, SLOT)
        if step_of(world, round_id, "need").prompted_at is not None:
            return
        await asyncio.sleep(0.1)


@pytest.mark.postgres
async def test_that_work_is_left_to_others_for_a_minute_is_said_once(shared: World) -> None:
    began = begin(shared, team(shared, people(shared, 2)), SPRINT)
    setbacks = Setbacks()
    with capture_logs() as lines:
        with Session(shared.store.engine) as other:
            assert rounds_due.lock_rounds(other)
            for second in (0, 30, 59, 60, 61, 120):
                await plan_rounds(shared.store, SLOT + timedelta(seconds=second), setbacks=setbacks)
                assert len(lines) == (second >= 60)
        await plan_rounds(shared.store, SLOT + timedelta(seconds=121), setbacks=setbacks)
    assert [(line["event"], line["work"], line["since"]) for line in lines] == [("left_to_others", "prompt", SLOT)]
    assert step_of(shared, began, "need").prompted_at is not None
    assert setbacks.left("prompt", SLOT + timedelta(seconds=122)) is None, "it was ours meanwhile"


@pytest.mark.postgres
async def test_work_that_failed_by_itself_meanwhile_has_not_been_left_to_others(shared: World) -> None:
    began = begin(shared, team(shared, people(shared, 2)), SPRINT)
    document = round_of(shared, began).document_id
    shared.change(ChallengeDocument, document, body="{}", digest="spoilt")
    setbacks, later = Setbacks(), at("2026-03-04 09:00")

    async def left(second: int) -> None:
        with Session(shared.store.engine) as other:
            assert rounds_due.lock_rounds(other)
            await plan_rounds(shared.store, later + timedelta(seconds=second), setbacks=setbacks)

    with capture_logs() as lines:
        await left(0)
        assert (await plan_rounds(shared.store, later + timedelta(seconds=30), setbacks=setbacks)).failed
        await left(60)
    assert "left_to_others" not in [line["event"] for line in lines]


async def test_a_vote_that_one_tick_did_not_come_to_is_given_back_by_the_next(
    memory: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = begin(memory, team(memory, people(memory, 2)), SPRINT)
    begin(memory, team(memory, people(memory, 2), slot="09:00"), LONG, starts_on=TUESDAY)
    await plan(memory, SLOT)
    monkeypatch.setattr(planning, "MOST_A_TICK", 1)
    await plan(memory, TUESDAY_EVENING)
    assert step_of(memory, began, "choose").closed_at is None
    await plan(memory, TUESDAY_EVENING)
    assert given_back(memory, began) == TUESDAY


async def test_a_vote_that_is_left_after_too_much_in_vain_is_given_back_by_the_next_tick(
    memory: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = (begin(memory, team(memory, people(memory, 2)), one) for one in (LONG, SPRINT))
    await plan(memory, SLOT)
    memory.change(ChallengeDocument, round_of(memory, broken).document_id, body="{}", digest="spoilt")
    monkeypatch.setattr(at_work, "VAIN_AT_ONCE", 1)
    setbacks, back = Setbacks(), at("2026-03-04 09:00")
    assert (await plan_rounds(memory.store, back, setbacks=setbacks)).failed == 1
    assert step_of(memory, whole, "choose").closed_at is None
    await plan_rounds(memory.store, back, setbacks=setbacks)
    assert given_back(memory, whole) == TUESDAY


async def test_others_may_write_while_many_rounds_are_given_back(
    memory: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = [begin(memory, team(memory, people(memory, 2)), SPRINT) for _ in range(5)]
    await plan(memory, SLOT)
    monkeypatch.setattr(planning, "MISSED_AT_ONCE", 2)
    units: list[int] = [0]

    def seen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        units[-1] += statement.startswith("UPDATE round SET")  # a round that is laid out anew

    event.listen(memory.store.engine, "before_cursor_execute", seen)
    event.listen(memory.store.engine, "commit", lambda _connection: units.append(0))
    await plan(memory, TUESDAY_EVENING)
    assert [number for number in units if number] == [2, 2, 1]
    assert all(given_back(memory, one) for one in began)


def test_what_is_due_earlier_or_in_another_round_waits_for_nobody() -> None:
    def due(round_id: int, minutes: int) -> DueStep:
        return DueStep(id=9, round_id=round_id, asks=Asks.EACH, due_at=SLOT + timedelta(minutes=minutes))

    wanted = [due(1, -1), due(2, 0)]
    assert may_go_on([*wanted, due(1, 0), due(1, 1)], {1: SLOT}) == wanted


def given_back(world: World, round_id: int) -> date | None:
    step: RoundStep = step_of(world, round_id, "choose")
    return step.given_back_from
