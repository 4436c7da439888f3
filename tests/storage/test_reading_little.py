"""Statements of every event and every message find their rows through an index, however many people there are."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from storage import inbox, people
from storage.database import Store
from storage.prepared import Prepared
from tests.in_memory import in_memory

EVERY_EVENT = {
    f"{module.__name__}.{name}": prepared
    for module in (inbox, people)
    for name, prepared in vars(module).items()
    if isinstance(prepared, Prepared)
}


@pytest.fixture
def store() -> Iterator[Store]:
    opened = in_memory()
    yield opened
    opened.close()


@pytest.mark.parametrize("name", EVERY_EVENT)
def test_an_event_reads_through_nobody_else(store: Store, name: str) -> None:
    statement: Any = EVERY_EVENT[name]._statement
    compiled = (statement("sqlite") if callable(statement) else statement).compile(dialect=sqlite.dialect())
    values = tuple(None for _ in compiled.positiontup)
    with store.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)]
    assert plan
    scanned = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    assert scanned == [], "but for what the statement was given"
    of_people = [step for step in plan if " person " in step]
    assert all("external_id=?" in step or "PRIMARY KEY" in step for step in of_people), of_people
