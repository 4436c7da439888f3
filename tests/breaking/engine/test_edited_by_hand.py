"""Rows that somebody changed by hand, and people who are gone: stated, never a loop, never a crash of the rest."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session
from structlog.testing import capture_logs

from scheduler.buckets import NO_LIMITS
from scheduler.dispatcher import Dispatcher
from scheduler.lanes import SendingRules
from scheduler.ports import Unknown
from scheduler.troubles import look_around
from storage import my_data, people
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.lanes import Lane as LaneRow
from storage.tables.people import Cadence, Person, Platform, Workspace
from tests.scheduler.offices import SLOT, Office, fate, planned
from tests.scheduler.world import STOCKHOLM, World

FAR_AHEAD = datetime(9999, 12, 31, tzinfo=UTC)
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "edited",
    [
        {"holder": "nobody knows who", "leased_until": FAR_AHEAD},
        {"holder": "nobody knows who", "leased_until": SLOT + timedelta(minutes=5)},
        {"holder": "nobody knows who", "leased_until": LONG_AGO},
        {"holder": "nobody knows who", "leased_until": None},
        {"holder": "", "leased_until": FAR_AHEAD},
        {"holder": None, "leased_until": FAR_AHEAD},
    ],
    ids=str,
)
async def test_a_lane_edited_by_hand_is_taken_by_the_next_who_looks(world: World, edited: dict[str, Any]) -> None:
    office = Office(world)
    rows = await planned(world, people=2)
    world.store.write_now(lambda session: session.add(LaneRow(workspace_id=world.workspace, **edited)))
    dispatcher = Dispatcher(
        store=world.store, courier=office.courier, clock=office.clock, rules=SendingRules(limits=NO_LIMITS)
    )
    assert await dispatcher.look() >= 0
    await asyncio.gather(*dispatcher._lanes.values())
    assert sorted(office.courier.ids) == [row.id for row in rows]
    lane = world.look_up(LaneRow, world.workspace)
    assert (lane.holder, lane.leased_until) == (None, None)


NONSENSE = ["x", "", "5", "2026-13-40 99:00:00.000000"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_a_lease_that_is_no_moment_holds_nobody_off(world: World, nonsense: str) -> None:
    """SQLite takes whatever is written there."""
    office = Office(world)
    rows = await planned(world, people=2)
    world.store.write_now(lambda session: session.add(LaneRow(workspace_id=world.workspace, holder="nobody")))
    spoil(world, "UPDATE lane SET leased_until = :nonsense", nonsense)
    with capture_logs() as lines:
        await look(world, office)
    assert office.courier.ids == [row.id for row in rows]
    assert {line["event"] for line in lines} == {"message_sent"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_a_spoilt_row_in_one_workspace_is_said_once_a_minute_and_stops_no_other(
    world: World, nonsense: str
) -> None:
    office = Office(world)
    first = world.person(world.cohort())
    world.workspace = another_workspace(world)
    second = world.person(world.cohort())
    await world.plan(SLOT)
    (spoilt,), (other,) = world.deliveries(first), world.deliveries(second)
    assert spoilt.id == 1
    spoil(world, "UPDATE delivery SET try_at = :nonsense WHERE id = 1", nonsense)
    passed = 0.0
    dispatcher = Dispatcher(
        store=world.store, courier=office.courier, clock=office.clock, seconds_passed=lambda: passed
    )
    with capture_logs() as lines:
        for moment in (0.0, 1.0, 59.0, 61.0):
            passed = moment
            await look(world, office, dispatcher)
    assert fate(world, other) is State.SENT
    told = [(line["event"], line["workspace_id"]) for line in lines if line["log_level"] == "error"]
    assert told == [("workspace_unreadable", 1)] * 2
    outlook = await look_around(world.store, office.clock.now(), zone=STOCKHOLM, lease_seconds=30)
    spoilt_ones = [trouble for trouble in outlook.troubles if trouble.name == "workspace_unreadable"]
    assert [(trouble.mends, dict(trouble.values)) for trouble in spoilt_ones] == [(False, {"workspace": 1})]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nonsense", [*NONSENSE, "9999-12-31 00:00:00.000000"])
async def test_a_message_whose_last_moment_is_none_is_refused_instead_of_tried_for_ever(
    world: World, nonsense: str
) -> None:
    office = Office(world)
    person = world.person(world.cohort(), zone="Europe/Oslo")
    rows = await planned(world, people=2)
    world.change(Cadence, world.look_up(Person, person).cadence_id, zone="Nowhere/City")
    (lost,) = world.deliveries(person)
    spoil(world, f"UPDATE delivery SET late_after = :nonsense WHERE id = {lost.id}", nonsense)  # noqa: S608 - ours
    assert await office.send() == 2
    spoil(world, f"UPDATE delivery SET late_after = :nonsense WHERE id = {lost.id}", f"{SLOT:%Y-%m-%d %H:%M:%S.%f}")  # noqa: S608 - ours
    assert fate(world, lost) is Reason.REFUSED
    assert [fate(world, row) for row in rows if row.id != lost.id] == [State.SENT] * 2


def spoil(world: World, statement: str, nonsense: str) -> None:
    engine = create_engine(world.store.engine.url)
    with engine.begin() as connection:
        connection.execute(text(statement), {"nonsense": nonsense})
    engine.dispose()


def another_workspace(world: World) -> int:
    row = Workspace(organisation_id=world.organisation, platform=Platform.PAPER, external_id="T2", created_at=SLOT)

    def add(session: Session) -> int:
        session.add(row)
        session.flush()
        return row.id

    return world.store.write_now(add)


async def look(world: World, office: Office, dispatcher: Dispatcher | None = None) -> None:
    rules = SendingRules(limits=NO_LIMITS)
    dispatcher = dispatcher or Dispatcher(store=world.store, courier=office.courier, clock=office.clock, rules=rules)
    assert await dispatcher.look() >= 0
    await asyncio.gather(*dispatcher._lanes.values())


async def test_a_lane_given_to_another_by_hand_while_it_sends_is_left_to_them(world: World) -> None:
    """The next message is not claimed; what is on its way is settled."""
    office = Office(world)
    rows = await planned(world, people=3)
    sleep_into_next_third = timedelta(seconds=11)
    deliver = office.courier._deliver

    async def edit_meanwhile(delivery_id: int, now: datetime) -> Any:
        world.change(LaneRow, world.workspace, holder="somebody else", leased_until=FAR_AHEAD)
        office.clock.wind_to(office.clock.now() + sleep_into_next_third)
        return await deliver(delivery_id, now)

    office.courier._deliver = edit_meanwhile  # type: ignore[method-assign]
    with capture_logs() as lines:
        assert await office.send() == 1
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["lane_lost"]
    assert [fate(world, row) for row in rows] == [State.SENT, State.PLANNED, State.PLANNED]


async def leave(world: World, person: int) -> None:
    def go(session: Session) -> None:
        one = session.get_one(Person, person)
        people.profile_changed(session, one, zone=None, language=None, is_gone=True, now=SLOT)

    world.store.write_now(go)


async def delete_everything(world: World, person: int) -> None:
    world.store.write_now(lambda session: my_data.erase(session, session.get_one(Person, person), SLOT))


async def vanish(world: World, person: int) -> None:
    """Somebody takes the row out by hand, past every foreign key."""
    engine = create_engine(world.store.engine.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("DELETE FROM person WHERE id = :person"), {"person": person})
    engine.dispose()


GONE = {leave: Reason.LEFT, delete_everything: Reason.STOPPED, vanish: Reason.LEFT}


@pytest.mark.parametrize("go", GONE, ids=lambda go: go.__name__)
async def test_what_was_promised_to_somebody_who_is_gone_is_explained_and_the_rest_goes_out(
    world: World, go: Any
) -> None:
    office = Office(world)
    rows = await planned(world, people=3)
    await go(world, rows[0].person_id)
    async with asyncio.timeout(20):
        assert await office.send() == 2
        assert await office.send() == 0
    assert [fate(world, row) for row in rows] == [GONE[go], State.SENT, State.SENT]
    assert office.courier.ids == [row.id for row in rows[1:]]


@pytest.mark.parametrize("go", GONE, ids=lambda go: go.__name__)
async def test_what_may_have_reached_somebody_who_is_gone_comes_to_an_end(world: World, go: Any) -> None:
    office = Office(world)
    rows = await planned(world, people=2)
    office.courier.before[rows[0].id] = [Unknown("timeout")]
    await office.send()
    await go(world, rows[0].person_id)
    async with asyncio.timeout(20):
        for _ in range(4):
            await office.go_on(seconds=61)
    assert fate(world, rows[0]) is GONE[go]
    assert fate(world, rows[1]) is State.SENT
    assert office.courier.ids == [rows[1].id]


async def test_a_settlement_the_database_refuses_stops_the_lane_before_the_next_message(world: World) -> None:
    """What arrived and cannot be written down would be unknown: one such message is enough."""
    office = Office(world)
    rows = await planned(world, people=4)
    on_sqlite = world.store.engine.dialect.name == "sqlite"
    world.store.write_now(
        lambda session: session.connection().exec_driver_sql(
            "ALTER TABLE attempt RENAME TO elsewhere"
            if on_sqlite
            else "ALTER TABLE attempt ADD CHECK (false) NOT VALID"
        )
    )
    with capture_logs() as lines, pytest.raises(Exception, match="attempt"):
        await office.send()
    assert office.courier.ids == [rows[0].id]
    assert "settling_failed" in {line["event"] for line in lines}
    assert [fate(world, row) for row in rows] == [State.SENDING, *[State.PLANNED] * 3]


async def test_a_message_marked_by_hand_as_on_its_way_is_asked_about(world: World) -> None:
    office = Office(world)
    (row,) = await planned(world)
    world.change(Delivery, row.id, state=State.SENDING, started_at=SLOT)
    for _ in range(4):
        await office.go_on(seconds=61)
    assert (fate(world, row), office.courier.ids) == (State.SENT, [row.id])
