"""A filled SQLite file and a database on PostgreSQL; a move from one to the other, and one that is killed."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, select, text
from sqlalchemy.pool import NullPool

from storage.database import open_store, sqlite_engine
from storage.moving_house import Moved, move
from storage.tables import metadata
from tests import postgres
from tests.storage import every_table

CODE = Path(__file__).parents[2]
LONG_AFTER = every_table.FIRST + timedelta(days=365)
BATCH = 25

# Moves, and kills itself with -9: at the moment named, for the so-manieth time. Before a commit, its batch is lost.
A_MOVE_THAT_IS_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import Engine, event
from storage.moving_house import move
source, target, now, moment, left = *sys.argv[1:5], int(sys.argv[5])
def count(*_):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
if moment == "before a commit":
    event.listen(Engine, "commit", count)
tell = count if moment == "between two batches" else lambda *_: None
move(Path(source), target, now=datetime.fromisoformat(now), lease_seconds=30, tell=tell, batch=25)
"""


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("filled") / "knuff.db")
    engine = sqlite_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        every_table.fill(connection)
    engine.dispose()
    return Path(path)


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "knuff.db"))


@pytest.fixture
def target(postgres_server: URL, migrated_postgres: str) -> Iterator[str]:
    """Empty, with our tables: a Knuff may have made them."""
    with postgres.new_database(postgres_server, template=migrated_postgres) as url:
        yield postgres.as_text(url)


@pytest.fixture
def blank_target(postgres_server: URL) -> Iterator[str]:
    """Without so much as a table: how one usually begins."""
    with postgres.new_database(postgres_server) as url:
        yield postgres.as_text(url)


def nothing_told(*_: object) -> None:
    pass


def moved(source: Path, target: str, tell: Callable[..., None] = nothing_told, *, now: datetime = LONG_AFTER) -> Moved:
    return move(source, target, now=now, lease_seconds=30, tell=tell, batch=BATCH)


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as SQLAlchemy reads them, without what moving uses to read."""
    store = open_store(url)
    try:
        with store.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }
    finally:
        store.close()


def in_target(target: str, statement: str) -> Any:
    engine = create_engine(target, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.all() if result.returns_rows else None


def killed(source: Path, target: str, moment: str, times: int) -> None:
    said = (str(source), target, LONG_AFTER.isoformat(), moment, str(times))
    done = subprocess.run([sys.executable, "-c", A_MOVE_THAT_IS_KILLED, *said], cwd=CODE, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
