import sqlite3
from collections.abc import Iterator

import pytest

from lessons.library import Library, load_library
from storage.database import Store, open_store
from storage.tables import metadata
from tests.coordinating.office import Office


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def empty() -> Iterator[Store]:
    """A database with every table and nothing in it, to copy: that is quicker than making the tables again."""
    store = open_store("sqlite://")
    metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with nothing in it: in memory, and for the modules in `ON_BOTH_DATABASES` on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "postgresql":
        yield request.getfixturevalue("emptied_postgres")
        return
    empty: Store = request.getfixturevalue("empty")
    store = open_store("sqlite://")
    connection_of(empty).backup(connection_of(store))
    yield store
    store.close()


def connection_of(store: Store) -> sqlite3.Connection:
    connection = store.engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=library)
