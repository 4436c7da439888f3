"""Databases to measure on: a new SQLite file or a PostgreSQL of the wheel, with our schema, gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import Store, open_store, upgrade
from tests import postgres


@contextmanager
def sqlite_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="knuff-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'knuff.db'}"
        upgrade(url)
        yield url


@contextmanager
def postgres_url(*, flushes: bool = False) -> Iterator[str]:
    """`flushes`: a commit waits until it is on the disk, which counts where somebody waits for the commit."""
    with postgres.running_server(flushes=flushes) as server:
        url = postgres.as_text(server)
        upgrade(url)
        yield url


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()
