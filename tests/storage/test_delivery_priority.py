"""What an earlier Knuff had promised gets the priority it would be promised with today."""

from sqlalchemy import text

from storage.database import open_store, upgrade_engine
from tests.storage.test_migrations import FILLED_BY_THE_FIRST

BESIDE = """
INSERT INTO delivery (id, organisation_id, workspace_id, person_id, kind, step, subject_id, occurrence, day, due_at,
  late_after, try_at, state, attempts, searches)
SELECT id + 1, organisation_id, workspace_id, person_id, 'nudge', step, NULL, 2, '2026-03-05', due_at, late_after,
  try_at, state, attempts, searches FROM delivery WHERE id = 4;
INSERT INTO delivery (id, organisation_id, workspace_id, person_id, kind, step, subject_id, occurrence, day, due_at,
  late_after, try_at, state, attempts, searches)
SELECT id + 2, organisation_id, workspace_id, person_id, 'follow_up', NULL, 1, 1, '2026-03-06', due_at, late_after,
  try_at, state, attempts, searches FROM delivery WHERE id = 4
"""
"""A moved step and a follow-up, under way too."""


def test_what_was_under_way_at_an_upgrade_keeps_its_order(blank_database_url: str) -> None:
    store = open_store(blank_database_url)
    try:
        upgrade_engine(store.engine, revision="0002")
        with store.engine.begin() as connection:
            for statement in (*FILLED_BY_THE_FIRST.split(";"), *BESIDE.split(";")):
                connection.execute(text(statement))
        upgrade_engine(store.engine)
        with store.engine.connect() as connection:
            under_way = text("SELECT priority, kind FROM delivery WHERE state = 'planned' ORDER BY priority")
            found = [tuple(row) for row in connection.execute(under_way)]
        assert found == [(0, "nudge"), (1, "nudge"), (2, "follow_up")]
    finally:
        store.close()
