"""Every promise is in exactly one column of the account: the database refuses a row that says anything else."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.database import open_store
from storage.tables.deliveries import Reason, State
from tests.scheduler.world import MONDAY, World

MOMENT = "2026-03-02 07:15:00+00:00"
RIGHT: dict[str, dict[str, Any]] = {
    "planned": {"state": "planned"},
    "sending": {"state": "sending", "started_at": MOMENT},
    "unknown": {"state": "unknown", "started_at": MOMENT},
    "sent": {"state": "sent", "started_at": MOMENT, "sent_at": MOMENT, "message_id": "1.1"},
    "explained": {"state": "explained", "reason": "red_day"},
}
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("state", {"state": "lost"}),
    ("state", {"state": ""}),
    ("reason", {"state": "explained", "reason": "somebody forgot"}),
    ("explained", {"state": "explained"}),
    *(("explained", RIGHT[state] | {"reason": "paused"}) for state in ("planned", "sending", "unknown", "sent")),
    ("sent", {"state": "sent", "started_at": MOMENT}),
    *(("sent", RIGHT[state] | {"sent_at": MOMENT}) for state in ("planned", "sending", "unknown", "explained")),
    *(("message", RIGHT[state] | {"message_id": "1.1"}) for state in ("planned", "sending", "unknown", "explained")),
    ("attempt", {"state": "sending"}),
    ("attempt", {"state": "unknown"}),
    ("rider", RIGHT["planned"] | {"rides_on": 3}),
    ("rider", RIGHT["explained"] | {"rides_on": 2}),
]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Somebody to whom a message is planned, number 2."""
    store = open_store(database_url)
    world = World(store)
    world.person(world.cohort())
    insert(world, id=2, **RIGHT["planned"])
    yield world
    store.close()


def insert(world: World, **values: Any) -> None:
    row = {
        "id": 3, "organisation_id": world.organisation, "workspace_id": world.workspace, "person_id": 1,
        "kind": "nudge", "occurrence": 1, "day": MONDAY.isoformat(), "due_at": MOMENT, "late_after": MOMENT,
        "try_at": MOMENT, "attempts": 0, "searches": 0,
    }  # fmt: skip
    given = row | values
    statement = f"INSERT INTO delivery ({', '.join(given)}) VALUES ({', '.join(f':{name}' for name in given)})"  # noqa: S608
    execute(world, statement, given)


def execute(world: World, statement: str, values: dict[str, Any]) -> None:
    world.store.write_now(lambda session: session.connection().execute(text(statement), values))


def test_each_state_and_reason_can_be_told_with_what_belongs_to_it(world: World) -> None:
    for number, state in enumerate(State, start=3):
        insert(world, id=number, day=f"2026-03-{number:02}", **RIGHT[state])
    for number, reason in enumerate(Reason, start=20):
        insert(world, id=number, state="explained", reason=reason.value)
    insert(world, id=50, **RIGHT["planned"], rides_on=2)


def test_no_row_says_two_things_at_once_or_nothing(world: World) -> None:
    for check, values in WRONG:
        with pytest.raises(IntegrityError, match=f"ck_delivery_{check}"):
            insert(world, **{"day": "2026-03-03"} | values)


def test_no_statement_makes_a_row_wrong(world: World) -> None:
    for change in ("state = 'sent'", "state = 'sending'", "reason = 'paused'", "sent_at = due_at", "rides_on = id"):
        with pytest.raises(IntegrityError, match="ck_delivery_"):
            execute(world, f"UPDATE delivery SET {change} WHERE id = 2", {})  # noqa: S608
