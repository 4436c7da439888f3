"""The migrated schema is the one the models say, on both databases."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from storage.database import open_store, upgrade, upgrade_engine
from storage.tables import metadata


def test_migrations_give_exactly_the_tables_of_the_models(blank_database_url: str) -> None:
    upgrade(blank_database_url)
    store = open_store(blank_database_url)
    try:
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
    finally:
        store.close()


def test_indexes_cover_the_same_rows_as_the_models_say(blank_database_url: str) -> None:
    """Alembic compares which columns an index has, but not for which rows it is kept."""
    store = open_store(blank_database_url)
    try:
        upgrade_engine(store.engine)
        migrated = _partial_indexes(store.engine)
        with store.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
            metadata.drop_all(connection)
            metadata.create_all(connection)
        assert migrated == _partial_indexes(store.engine)
        assert "uq_delivery_one_message_a_day" in migrated
    finally:
        store.close()


def test_a_table_that_gives_no_id_twice_in_the_models_gives_none_twice(migrated_sqlite: Path) -> None:
    """Nor does Alembic compare this. PostgreSQL never gives an id twice."""
    store = open_store(f"sqlite:///{migrated_sqlite}")
    with store.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")).scalars()
        migrated = set(tables)
    store.close()
    assert migrated == {one.name for one in metadata.tables.values() if one.dialect_options["sqlite"]["autoincrement"]}
    assert migrated == {"inbox_event"}


def test_a_table_that_numbers_no_rows_in_the_models_numbers_none(migrated_sqlite: Path) -> None:
    """Nor this: SQLite's own number would say in which order anonymous rows came. PostgreSQL has none."""
    store = open_store(f"sqlite:///{migrated_sqlite}")
    with store.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")).scalars()
        migrated = set(tables)
    store.close()
    assert migrated == {
        one.name for one in metadata.tables.values() if not one.dialect_options["sqlite"].get("with_rowid", True)
    }
    assert migrated == {"proposal", "form_token", "token_given", "pair_memory", "suggestion"}


def test_what_a_row_may_say_is_checked_as_the_models_say(blank_database_url: str) -> None:
    """Nor does Alembic compare checks; on SQLite, a migration that makes a table anew loses those of others."""
    store = open_store(blank_database_url)
    try:
        upgrade_engine(store.engine)
        migrated = _checks(store.engine)
        with store.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
            metadata.drop_all(connection)
            metadata.create_all(connection)
        assert migrated == _checks(store.engine)
        assert "ck_delivery_explained" in migrated["delivery"]
    finally:
        store.close()


def test_what_an_earlier_knuff_has_promised_and_sent_is_still_there_after_an_upgrade(blank_database_url: str) -> None:
    store = open_store(blank_database_url)
    try:
        upgrade_engine(store.engine, revision="0001")
        with store.engine.begin() as connection:
            for statement in FILLED_BY_THE_FIRST.split(";"):
                connection.execute(text(statement))
        upgrade_engine(store.engine)
        with store.engine.connect() as connection:
            rows = connection.execute(text("SELECT id, state, reason, rides_on FROM delivery ORDER BY id")).all()
            assert [tuple(row) for row in rows] == [
                (1, "sent", None, None),
                (2, "sent", None, 1),
                (3, "explained", "red_day", None),
                (4, "planned", None, None),
            ]
            assert connection.execute(text("SELECT delivery_id FROM attempt")).scalar_one() == 1
        with store.engine.begin() as connection, pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM delivery WHERE id = 1"))
    finally:
        store.close()


def test_upgrading_twice_changes_nothing(blank_database_url: str) -> None:
    upgrade(blank_database_url)
    upgrade(blank_database_url)


def test_a_database_in_memory_can_be_upgraded() -> None:
    store = open_store("sqlite://")
    upgrade_engine(store.engine)
    assert "delivery" in inspect(store.engine).get_table_names()
    store.close()


@pytest.mark.parametrize("path", sorted(Path("storage/migrations").rglob("*.py")), ids=lambda path: path.name)
def test_migrations_know_nothing_of_our_models(path: Path) -> None:
    imported = re.findall(r"^\s*(?:from|import)\s+(\w+)", path.read_text(encoding="utf-8"), flags=re.M)
    assert not {"bot", "lessons", "scheduler", "sqlmodel", "storage"} & set(imported)


FILLED_BY_THE_FIRST = """
INSERT INTO organisation (id, name, created_at) VALUES (1, 'Kommunen', '2026-03-02 07:15:00+00:00');
INSERT INTO workspace (id, organisation_id, platform, external_id, created_at)
VALUES (1, 1, 'slack', 'T1', '2026-03-02 07:15:00+00:00');
INSERT INTO cadence (id, organisation_id, zone, slot, days, pace, planned_through, next_at)
VALUES (1, 1, 'Europe/Stockholm', '08:15', 31, 'daily', '2026-03-02', '2026-03-03 07:15:00+00:00');
INSERT INTO person (id, organisation_id, workspace_id, external_id, cadence_id, language, language_chosen, zone_chosen,
  rhythm_chosen, saves_text, is_coordinator, unanswered, created_at)
VALUES (1, 1, 1, 'U1', 1, 'sv', false, false, false, true, false, 0, '2026-03-02 07:15:00+00:00');
INSERT INTO delivery (id, organisation_id, workspace_id, person_id, kind, step, occurrence, day, due_at, late_after,
  try_at, state, reason, rides_on, attempts, searches, started_at, sent_at)
VALUES (1, 1, 1, 1, 'nudge', 1, 1, '2026-03-02', '2026-03-02 07:15:00+00:00',
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00', 'sent', NULL, NULL, 1, 0,
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00'),
(2, 1, 1, 1, 'nudge', 2, 1, '2026-03-02', '2026-03-02 07:15:00+00:00',
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00', 'sent', NULL, 1, 1, 0,
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00'),
(3, 1, 1, 1, 'nudge', 3, 1, '2026-03-03', '2026-03-02 07:15:00+00:00',
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00', 'explained', 'red_day', NULL, 1, 0,
  NULL, NULL),
(4, 1, 1, 1, 'nudge', 4, 1, '2026-03-04', '2026-03-02 07:15:00+00:00',
  '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00', 'planned', NULL, NULL, 1, 0,
  NULL, NULL);
INSERT INTO attempt (delivery_id, started_at, ended_at, outcome)
VALUES (1, '2026-03-02 07:15:00+00:00', '2026-03-02 07:15:00+00:00', 'sent')
"""
"""Something of what the first release leaves, in its own columns."""


def _checks(engine: Engine) -> dict[str, dict[str, str]]:
    """Name and condition of every check, by table."""
    with engine.connect() as connection:
        inspector = inspect(connection)
        return {
            table: {str(check["name"]): check["sqltext"] for check in inspector.get_check_constraints(table)}
            for table in metadata.tables
        }


def _partial_indexes(engine: Engine) -> dict[str, str]:
    """Name and definition of every index that covers some rows only."""
    catalogue = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    with engine.connect() as connection:
        rows = connection.execute(text(catalogue[engine.dialect.name])).all()
    return {name: sql for name, sql in rows if " WHERE " in sql}
