"""A database on PostgreSQL that test after test has to itself: emptying it takes a hundredth of what a new one does."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL, Engine

from storage.tables import metadata
from tests.postgres import connected, new_database


class AsNew:
    """One database, lent to one after the other, and another when it cannot be made as new."""

    def __init__(self, server: URL, *, template: str) -> None:
        self._server = server
        self._template = template
        self._kept = ExitStack()
        self._url: URL | None = None
        self._looks = ""

    @contextmanager
    def lent(self) -> Iterator[URL]:
        """Lend it, migrated and with nothing in it; whoever is still connected afterwards is cut off."""
        if self._url is None:
            self._url = self._kept.enter_context(new_database(self._server, template=self._template))
            with connected(self._url) as connection:
                self._looks = _looks_of(connection)
        try:
            yield self._url
        finally:
            if not self._is_made_as_new(self._url):
                self.close()

    def close(self) -> None:
        """Drop it. The next to borrow it gets another."""
        self._kept.close()
        self._url = None

    def _is_made_as_new(self, url: URL) -> bool:
        """Empty it. False when that cannot be done, or when more than rows was changed."""
        try:
            with connected(url) as connection:
                connection.execute(_CUT_OFF_OTHERS)
                if _looks_of(connection) != self._looks:
                    return False
                for statement in _EMPTY:
                    connection.execute(statement)
                return True
        except psycopg.Error:
            return False


_CUT_OFF_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_LOOKS = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT format('%s %s %s %s', relname, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT setconfig::text FROM pg_db_role_setting
        JOIN pg_database ON pg_database.oid = setdatabase AND datname = current_database()
        UNION ALL SELECT version_num FROM alembic_version
    ) AS parts (part)
"""
"""Everything but the rows: columns of tables, indexes and sequences, constraints, settings."""
_DELETE = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))  # noqa: S608 - our own names
"""Whoever points at another before the other. TRUNCATE makes every file anew, which takes twenty times as long."""
_COUNT_FROM_ONE = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE last_value IS NOT NULL
"""
_EMPTY = (_DELETE.encode(), _COUNT_FROM_ONE.encode())


def empty(engine: Engine) -> None:
    """Take every row out of a database of ours, and count from one again."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        for statement in _EMPTY:
            driver.execute(statement)


def _looks_of(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    row = connection.execute(_LOOKS).fetchone()
    assert row is not None
    return str(row[0])
