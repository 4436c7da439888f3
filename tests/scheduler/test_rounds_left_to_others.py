"""Nothing of a round is closed or ended before somebody was told of what came before it: not though another process is
at that, nor though there is more of it than one tick does."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from scheduler import at_work, rounds
from scheduler.rounds import plan_rounds
from scheduler.setbacks import Setbacks
from storage.database import Store
from storage.tables.rounds import ChallengeDocument, RoundStep
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
    with world.store.engine.connect() as other:
        assert other.execute(text("SELECT pg_try_advisory_xact_lock(7003, 0)")).scalar()
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


async def test_a_vote_that_one_tick_did_not_come_to_is_given_back_by_the_next(
    memory: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = begin(memory, team(memory, people(memory, 2)), SPRINT)
    begin(memory, team(memory, people(memory, 2), slot="09:00"), LONG, starts_on=TUESDAY)
    await plan(memory, SLOT)
    monkeypatch.setattr(rounds, "MOST_A_TICK", 1)
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
    monkeypatch.setattr(rounds, "MISSED_AT_ONCE", 2)
    units: list[int] = [0]

    def seen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        units[-1] += statement.startswith("UPDATE round SET")  # a round that is laid out anew

    event.listen(memory.store.engine, "before_cursor_execute", seen)
    event.listen(memory.store.engine, "commit", lambda _connection: units.append(0))
    await plan(memory, TUESDAY_EVENING)
    assert [number for number in units if number] == [2, 2, 1]
    assert all(given_back(memory, one) for one in began)


def given_back(world: World, round_id: int) -> date | None:
    step: RoundStep = step_of(world, round_id, "choose")
    return step.given_back_from
