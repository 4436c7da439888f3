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
def store(empty: Store) -> Iterator[Store]:
    store = open_store("sqlite://")
    _connection(empty).backup(_connection(store))
    yield store
    store.close()


def _connection(store: Store) -> sqlite3.Connection:
    connection = store.engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=library)
