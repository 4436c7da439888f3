"""A step that could not be told of for a quarter of an hour holds its round up no longer: while it still fails, and not
once the fault is mended."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler.rounds import plan_rounds
from scheduler.setbacks import Setbacks
from storage import rounds_due
from storage.database import Store
from storage.tables.rounds import ChallengeDocument
from tests.in_memory import in_memory
from tests.pairs.fika import FikaWorld
from tests.scheduler.challenges import challenge, each, step, vote
from tests.scheduler.rounds_world import begin, people, plan, round_of, step_of, team
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
WEDNESDAY_MORNING = at("2026-03-04 09:00")
SPRINT = challenge(each("need", 1), vote("choose", 2, "need"), each("ideas", 3), length=3)
TWO_TALKS = challenge(step("talk", 1), step("more", 2))
SECOND = timedelta(seconds=1)
IN_VAIN = [2**number - 1 for number in range(11)]
"""In how many seconds it is tried again and again, until it is past hope; then ten minutes later."""
AGAIN = IN_VAIN[-1] + 600


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A failure is logged with all that led to it, and to draw that takes long."""
    with capture_logs():
        yield


@pytest.mark.parametrize("works_again", range(IN_VAIN[-1] + 1, AGAIN, 119))
async def test_what_was_past_hope_is_given_back_when_the_fault_is_mended_and_not_closed(
    memory: World, works_again: int
) -> None:
    """The disk was full: whatever is tried first when it is no more, nobody had been told of the vote."""
    began = begin(memory, team(memory, people(memory, 2)), SPRINT)
    await plan(memory, SLOT)
    setbacks = Setbacks()
    full_disk(memory.store, is_full=True)
    for seconds in IN_VAIN:
        await tick(memory.store, seconds, setbacks)
    full_disk(memory.store, is_full=False)
    for seconds in range(works_again, AGAIN, 60):
        await tick(memory.store, seconds, setbacks)
        assert step_of(memory, began, "choose").closed_at is None
    await tick(memory.store, AGAIN, setbacks)
    assert step_of(memory, began, "choose").given_back_from == MONDAY + timedelta(days=1)


@pytest.mark.postgres
async def test_what_was_past_hope_is_not_closed_while_another_process_is_at_it(emptied_postgres: Store) -> None:
    world = World(emptied_postgres)
    began = begin(world, team(world, people(world, 2)), SPRINT)
    await plan(world, SLOT)
    setbacks = failed_for_long(step_of(world, began, "choose").id, WEDNESDAY_MORNING)
    with Session(world.store.engine) as other:
        assert rounds_due.lock_rounds(other)
        await tick(world.store, AGAIN, setbacks)
    assert step_of(world, began, "choose").closed_at is None


async def test_a_round_whose_steps_fail_each_at_its_own_moments_ends_all_the_same(memory: World) -> None:
    began = begin(memory, team(memory, people(memory, 2)), TWO_TALKS)
    memory.change(ChallengeDocument, round_of(memory, began).document_id, body="{}", digest="spoilt")
    setbacks = failed_for_long(step_of(memory, began, "talk").id, WEDNESDAY_MORNING)
    failed_for_long(step_of(memory, began, "more").id, WEDNESDAY_MORNING + 300 * SECOND, setbacks)
    await tick(memory.store, AGAIN - 1, setbacks)
    assert round_of(memory, began).ending is None, "nobody knows whether it still fails"
    await tick(memory.store, AGAIN, setbacks)
    assert round_of(memory, began).ending is not None


async def test_a_fika_in_which_nobody_can_be_put_together_ends_all_the_same() -> None:
    world = FikaWorld(in_memory())
    _team, _people, fika = world.fika(4)
    last = round_of(world, fika).ends_at
    refuse(world.store, "pair_up", ["INSERT"])
    setbacks = Setbacks()
    now = SLOT
    while round_of(world, fika).ending is None and now < last + timedelta(days=14):
        for seconds in [*IN_VAIN, AGAIN]:
            await plan_rounds(world.store, now + seconds * SECOND, setbacks=setbacks)
        now += timedelta(days=1)
    assert round_of(world, fika).ending is not None
    assert world.groups(fika) == []
    world.store.close()


async def tick(store: Store, seconds: int, setbacks: Setbacks) -> None:
    await plan_rounds(store, WEDNESDAY_MORNING + seconds * SECOND, setbacks=setbacks)


def failed_for_long(step_id: int, first: datetime, setbacks: Setbacks | None = None) -> Setbacks:
    setbacks = setbacks or Setbacks()
    for seconds in IN_VAIN:
        setbacks.add(("prompt", step_id), first + seconds * SECOND)
    return setbacks


def full_disk(store: Store, *, is_full: bool) -> None:
    for table in ("round_step", "round", "delivery"):
        if is_full:
            refuse(store, table, ["INSERT", "UPDATE"])
        else:
            for what in ("INSERT", "UPDATE"):
                said(store, f"DROP TRIGGER no_{what}_{table}")


def refuse(store: Store, table: str, writes: list[str]) -> None:
    for what in writes:
        full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        said(store, f'CREATE TRIGGER no_{what}_{table} BEFORE {what} ON "{table}" {full}')


def said(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement))
