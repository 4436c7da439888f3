"""Empty databases in memory, copied from one that is made once: to migrate one takes a hundred times as long."""

import sqlite3
from functools import cache

from storage.database import Store, open_store, upgrade_engine


def in_memory() -> Store:
    """Return a store on a migrated database with nothing in it."""
    store = open_store("sqlite://")
    _migrated().backup(connection_of(store))
    return store


@cache
def _migrated() -> sqlite3.Connection:
    store = open_store("sqlite://")
    upgrade_engine(store.engine)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection_of(store).backup(kept)
    store.close()
    return kept


def connection_of(store: Store) -> sqlite3.Connection:
    connection = store.engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
