"""An SQLite file held by us alone: nobody else reads or writes it until we let go."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import OperationalError

PATIENCE_SECONDS = 2


class HeldByAnother(Exception):
    """Somebody else has the file open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFile:
    connection: Connection
    fingerprint: str
    """SHA-256 of the whole file: the same for as long as nothing is written to it."""


@contextmanager
def held_alone(path: Path) -> Iterator[HeldFile]:
    """Open the file for reading, and keep everybody else out of it. Raises HeldByAnother.

    With WAL every process that has the file open holds a share of its lock, however idle it is; so that nobody else has
    it open is seen at once. What lies in the WAL is moved into the file first, as at any other end of work with it.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def alone(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")

    try:
        # The file itself is opened first and closed last: when a process closes a file, all its locks on it are gone.
        with path.open("rb") as file, engine.connect() as connection:
            _take(connection)
            yield HeldFile(connection=connection, fingerprint=hashlib.file_digest(file, "sha256").hexdigest())
    finally:
        engine.dispose()


def _take(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        connection.exec_driver_sql("COMMIT")  # in this locking mode the lock stays
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise HeldByAnother from error
        raise
