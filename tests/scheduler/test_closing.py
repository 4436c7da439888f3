"""What belonged to a cohort is closed with it, at once: Home shows nothing that nobody will ask about."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from storage import closing, cohorts
from storage.tables.answers import FollowUp, FollowUpState, Plan
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.programmes import Cohort, CohortState
from tests.scheduler.world import MONDAY, World, at

TUESDAY, TUESDAY_NOON = date(2026, 3, 3), at("2026-03-03 12:00")


async def a_leaders_commitments(world: World) -> tuple[int, list[int], list[int]]:
    """Somebody in two cohorts with a follow-up and a plan of each, and of the library. Return the first cohort, the
    follow-ups and the plans."""
    cohort, other = world.cohort(), world.cohort()
    person = world.person(cohort, other)
    await world.plan(at("2026-03-02 08:15"))
    nudges = {row.cohort_id: row for row in world.deliveries(person)}
    follow_ups = [
        world.follow_up(person, MONDAY, cohort=id, enrolment_id=nudges[id].enrolment_id) for id in (cohort, other)
    ]
    plans = [world.plan_of(person, date(2026, 3, 5), delivery_id=nudges[id].id) for id in (cohort, other)]
    return (
        cohort,
        [*follow_ups, world.follow_up(person, MONDAY)],
        [*plans, world.plan_of(person, date(2026, 3, 5))],
    )


@pytest.mark.parametrize("removed", [True, False], ids=["a person is removed", "the coordinator ends the cohort"])
async def test_what_nobody_will_ask_about_is_closed_at_once(world: World, removed: bool) -> None:
    cohort, follow_ups, plans = await a_leaders_commitments(world)

    def end(session: Session) -> None:
        found = session.get_one(Cohort, cohort)
        if removed:
            cohorts.end_enrolments(session, found, ["U1"], TUESDAY, TUESDAY_NOON)
        else:
            cohorts.set_state(session, found, CohortState.ENDED, TUESDAY, TUESDAY_NOON)

    world.store.write_now(end)
    states = [world.look_up(FollowUp, id).state for id in follow_ups]
    assert states == [FollowUpState.LET_GO, FollowUpState.OPEN, FollowUpState.OPEN]
    assert [world.look_up(Plan, id).closed_at for id in plans] == [TUESDAY_NOON, None, None]


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
async def test_a_question_on_its_way_is_not_let_go_before_it_is_known_what_became_of_it(
    world: World, state: State
) -> None:
    cohort, follow_ups, _plans = await a_leaders_commitments(world)
    await world.plan(at("2026-03-03 08:15"))
    [asked] = [row for row in world.deliveries(kind=Kind.FOLLOW_UP) if row.subject_id == follow_ups[0]]
    world.settle(asked, state)

    def remove(session: Session) -> None:
        cohorts.end_enrolments(session, session.get_one(Cohort, cohort), ["U1"], TUESDAY, TUESDAY_NOON)

    def close_at_night(session: Session) -> int:
        return closing.let_go_of_what_nobody_asks(session, world.organisation, TUESDAY, TUESDAY_NOON)

    world.store.write_now(remove)
    assert world.store.write_now(close_at_night) == 0
    assert world.look_up(FollowUp, follow_ups[0]).state is FollowUpState.OPEN
    world.settle(asked, State.EXPLAINED, Reason.REMOVED)
    assert world.store.write_now(close_at_night) == 1
    assert world.look_up(FollowUp, follow_ups[0]).state is FollowUpState.LET_GO


async def test_removing_somebody_leaves_what_is_over_elsewhere_to_the_night(world: World) -> None:
    cohort, follow_ups, plans = await a_leaders_commitments(world)
    other = world.look_up(FollowUp, follow_ups[1]).cohort_id
    world.change(Cohort, other, state=CohortState.ENDED, ended_on=TUESDAY)
    world.store.write_now(
        lambda session: cohorts.end_enrolments(session, session.get_one(Cohort, cohort), ["U1"], TUESDAY, TUESDAY_NOON)
    )
    assert world.look_up(FollowUp, follow_ups[1]).state is FollowUpState.OPEN
    assert world.look_up(Plan, plans[1]).closed_at is None


async def test_removing_somebody_reads_only_their_own_rows(memory: World) -> None:
    cohort, _follow_ups, _plans = await a_leaders_commitments(memory)
    statements: list[tuple[str, Any]] = []
    event.listen(
        memory.store.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: statements.append((statement, values)),
    )
    memory.store.write_now(
        lambda session: cohorts.end_enrolments(session, session.get_one(Cohort, cohort), ["U1"], TUESDAY, TUESDAY_NOON)
    )
    updates = [one for one in statements if one[0].startswith(("UPDATE follow_up", 'UPDATE "plan"'))]
    assert len(updates) == 2
    for statement, values in updates:
        with memory.store.engine.connect() as connection:
            read = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert [row.detail for row in read if row.detail.startswith("SCAN")] == []


async def test_a_pause_closes_nothing(world: World) -> None:
    cohort, follow_ups, plans = await a_leaders_commitments(world)
    world.store.write_now(
        lambda session: cohorts.set_state(
            session, session.get_one(Cohort, cohort), CohortState.PAUSED, TUESDAY, TUESDAY_NOON
        )
    )
    assert {world.look_up(FollowUp, id).state for id in follow_ups} == {FollowUpState.OPEN}
    assert {world.look_up(Plan, id).closed_at for id in plans} == {None}
