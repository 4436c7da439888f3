"""Of what is due, today's exercise goes first, then what comes later than it should, then what comes back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from scheduler.planner import plan
from storage import sending, work
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.deliveries import Delivery, Kind, Priority, State
from storage.tables.programmes import CatchUp
from tests.scheduler.offices import SLOT, Office
from tests.scheduler.world import MONDAY, World, at

DUE = 5
LATER = 2_000
LAST_WEEK = date(2026, 2, 23)


async def test_todays_exercise_goes_before_yesterdays_and_before_what_comes_back(office: Office) -> None:
    world = office.world
    asked = world.person(world.cohort(weeks=(1,)))
    world.follow_up(asked, date(2026, 3, 3))
    missed = world.person(world.cohort(weeks=(1,), catch_up=CatchUp.PACED))
    await world.plan(at("2026-03-02 17:00"))
    today = world.person(world.cohort(starts_on=date(2026, 3, 3)))
    tuesday = at("2026-03-03 08:15")
    await world.plan(tuesday)
    office.clock.wind_to(tuesday)
    await office.send()
    received = [world.look_up(Delivery, id) for id in office.courier.ids]
    assert [row.person_id for row in received] == [today, missed, asked]
    assert [Priority(row.priority) for row in received] == [Priority.TODAY, Priority.CATCH_UP, Priority.COMES_BACK]


async def test_a_welcome_is_as_urgent_as_todays_exercise(memory: World) -> None:
    memory.person(memory.cohort(), welcomed=False, now=at("2026-02-26 10:00"))
    await memory.plan(at("2026-02-26 10:00"))
    (welcome,) = memory.deliveries(kind=Kind.WELCOME)
    assert welcome.priority == Priority.TODAY


async def test_a_farewell_and_a_plan_wait_for_todays_exercises(memory: World) -> None:
    memory.person(memory.cohort(), unanswered=20)
    memory.plan_of(memory.person(memory.cohort(weeks=(1,), starts_on=LAST_WEEK)), MONDAY)
    await memory.plan(SLOT)
    alone = [*memory.deliveries(kind=Kind.FAREWELL), *memory.deliveries(kind=Kind.PLAN)]
    assert [row.priority for row in alone if row.state is State.PLANNED] == [Priority.COMES_BACK] * 2


async def test_what_was_planned_too_late_to_be_on_time_lets_the_others_go_first(memory: World) -> None:
    late = memory.person(memory.cohort(catch_up=CatchUp.LATEST_ONLY))
    on_time = memory.person(memory.cohort(), slot="13:00")
    await memory.plan(at("2026-03-02 13:00"))
    assert [row.priority for row in memory.deliveries(late)] == [Priority.CATCH_UP]
    assert [row.priority for row in memory.deliveries(on_time)] == [Priority.TODAY]


async def test_within_what_counts_as_kind_a_late_plan_is_still_todays(memory: World) -> None:
    person = memory.person(memory.cohort())
    await memory.plan(at("2026-03-02 11:00"))
    assert [row.priority for row in memory.deliveries(person)] == [Priority.TODAY]


async def test_what_rides_along_has_a_priority_of_its_own_should_it_be_left_alone(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    person = world.person(cohort)
    world.plan_of(person, MONDAY)
    await world.plan(SLOT)
    (plan_of_theirs,) = world.deliveries(person, Kind.PLAN)
    assert plan_of_theirs.rides_on is not None
    assert plan_of_theirs.priority == Priority.COMES_BACK


async def test_what_is_due_waits_for_nothing_that_is_planned_for_later(office: Office) -> None:
    world = office.world
    cohort = world.cohort()
    for _ in range(20):
        world.person(cohort)
    asked = world.person(world.cohort(weeks=(1,), starts_on=LAST_WEEK))
    world.plan_of(asked, MONDAY)
    await plan(world.store, SLOT, paces={"paper": 60})
    (first,) = world.deliveries(asked, Kind.PLAN)
    office.clock.wind_to(first.try_at)
    await office.send()
    assert first.id in office.courier.ids


def test_looking_for_what_is_due_reads_nothing_of_what_is_planned_for_later(world: World) -> None:
    person = world.person(world.cohort())
    with world.store.engine.begin() as connection:
        for priority in Priority:
            _promise(connection, world, person, LATER, priority, SLOT + timedelta(hours=1))
            _promise(connection, world, person, DUE, priority, SLOT - timedelta(minutes=priority))
    with world.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        _reads_little(connection, sending._DUE, {"workspace_id": world.workspace, "now": SLOT, "most": 50})
        _reads_little(connection, work._EVERYWHERE, {})
    due = world.store.write_now(lambda session: sending.due_messages(session, world.workspace, SLOT, 50))
    assert len(due) == DUE * len(Priority)
    (found,) = world.store.write_now(work.everywhere)
    assert found.next_at == SLOT - timedelta(minutes=2)


def _promise(
    connection: Connection, world: World, person: int, number: int, priority: Priority, try_at: datetime
) -> None:
    """So many messages of one priority. Nobody has two on a day, so each is on a day of its own."""
    delivery = metadata.tables["delivery"]
    first = connection.execute(select(func.count()).select_from(delivery)).scalar_one()
    rows = [
        {
            "organisation_id": world.organisation, "workspace_id": world.workspace, "person_id": person,
            "kind": Kind.FOLLOW_UP, "subject_id": first + index, "occurrence": 1,
            "day": MONDAY + timedelta(days=first + index), "due_at": SLOT, "late_after": SLOT, "try_at": try_at,
            "priority": int(priority), "state": State.PLANNED, "attempts": 0, "searches": 0,
        }
        for index in range(number)
    ]  # fmt: skip
    connection.execute(insert(delivery), rows)


def _reads_little(connection: Connection, prepared: Prepared, values: dict[str, Any]) -> None:
    statement: Any = prepared._statement
    if connection.dialect.name == "sqlite":
        compiled = statement.compile(dialect=connection.dialect)
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(None for _ in compiled.positiontup))
        _searches_the_index([row[3] for row in steps])
        return
    compiled = statement.compile(dialect=connection.dialect)
    explained = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}",
        {name: values.get(name, bind.value) for name, bind in compiled.binds.items()},
    ).scalar_one()
    for node in _nodes(explained[0]["Plan"]):
        if node.get("Relation Name") == "delivery":
            assert node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0) <= DUE, node


def _searches_the_index(steps: Sequence[str]) -> None:
    of_deliveries = [step for step in steps if " delivery " in step]
    assert of_deliveries
    assert all(step.startswith("SEARCH") for step in of_deliveries), of_deliveries
    planned = [step for step in of_deliveries if "ix_delivery_due" in step]
    assert len(planned) == len(Priority)
    assert all("(workspace_id=? AND priority=?" in step for step in planned), planned


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in _nodes(part))]
