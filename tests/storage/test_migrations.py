"""The migrated schema is the one the models say, on both databases."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

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


def _partial_indexes(engine: Engine) -> dict[str, str]:
    """Name and definition of every index that covers some rows only."""
    catalogue = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    with engine.connect() as connection:
        rows = connection.execute(text(catalogue[engine.dialect.name])).all()
    return {name: sql for name, sql in rows if " WHERE " in sql}
