"""From an SQLite file to PostgreSQL: everything, exactly, though it be killed; or not at all, and said why."""

import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, create_engine, select, text
from sqlalchemy.pool import NullPool

from bot.commands.database import upgrade_database
from bot.commands.move import move_house
from storage.database import open_store, sqlite_engine, upgrade
from storage.moving_house import COMPARING, CannotMove, Moved, move
from storage.schema import HalfMoved
from storage.tables import metadata
from tests import postgres
from tests.storage import every_table

pytestmark = pytest.mark.postgres
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


def test_every_table_has_rows_to_move(filled: Path) -> None:
    assert {name: len(rows) for name, rows in everything(f"sqlite:///{filled}").items()} == {
        table.name: every_table.ROWS for table in metadata.sorted_tables
    }


def test_everything_is_moved_exactly_though_it_is_killed_twice(source: Path, blank_target: str) -> None:
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    killed(source, blank_target, "between two batches", 30)
    [(so_far,)] = in_target(blank_target, "SELECT sum(rows) FROM moving_house")
    with pytest.raises(HalfMoved):
        upgrade(blank_target)
    killed(source, blank_target, "before a commit", 40)
    [(further,)] = in_target(blank_target, "SELECT sum(rows) FROM moving_house")
    assert 0 < so_far < further < every_table.ROWS * len(metadata.sorted_tables)

    result = moved(source, blank_target)

    assert result == Moved(tables=len(metadata.sorted_tables), rows=every_table.ROWS * len(metadata.sorted_tables))
    assert everything(blank_target) == everything(f"sqlite:///{source}")
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    upgrade(blank_target)  # no mark is left


def test_what_comes_next_gets_a_new_number_and_may_not_point_at_nothing(source: Path, target: str) -> None:
    moved(source, target)
    [(number,)] = in_target(target, "INSERT INTO organisation (name, created_at) VALUES ('x', now()) RETURNING id")
    assert number == every_table.ROWS + 1
    with pytest.raises(Exception, match="fk_delivery_rides_on_delivery"):
        in_target(target, "UPDATE delivery SET rides_on = 999999 WHERE state = 'sent'")


def test_an_empty_database_is_moved_and_counts_from_one(migrated_sqlite: Path, tmp_path: Path, target: str) -> None:
    assert moved(Path(shutil.copy(migrated_sqlite, tmp_path / "knuff.db")), target).rows == 0
    assert in_target(target, "INSERT INTO organisation (name, created_at) VALUES ('x', now()) RETURNING id") == [(1,)]


@pytest.mark.parametrize(
    ("meanwhile", "table", "named"),
    [
        ("UPDATE reflection SET body = body || ' ' WHERE id = 41", "reflection", "(41)"),
        ("UPDATE delivery SET due_at = due_at + interval '1 microsecond' WHERE id = 3", "delivery", "(3)"),
        ("UPDATE cohort SET calendar = '{\"eves\": false}' WHERE id = 7", "cohort", "(7)"),
        ("DELETE FROM attempt WHERE id = 60", "attempt", "(60)"),
        ("INSERT INTO organisation (id, name, created_at) VALUES (777, 'x', now())", "organisation", "(777)"),
        ("UPDATE web_link SET leads_to = 'https://evil.example' WHERE person_id = 9", "web_link", "1 of the rows"),
    ],
    ids=["a word", "an instant", "a document", "one is missing", "one too many", "one named by a secret"],
)
def test_a_row_that_differs_is_found_and_nothing_starts_on_it(
    source: Path, target: str, meanwhile: str, table: str, named: str
) -> None:
    def alter(what: str, about: str, done: int, total: int) -> None:
        if what == COMPARING and about == metadata.sorted_tables[0].name and done == 0:
            in_target(target, meanwhile)

    with pytest.raises(CannotMove) as refused:
        moved(source, target, alter)
    assert f"In {table}, " in str(refused.value)
    assert named in str(refused.value)
    with pytest.raises(HalfMoved):
        upgrade(target)


def test_nothing_is_moved_while_somebody_has_the_file_open(source: Path, target: str) -> None:
    store = open_store(f"sqlite:///{source}")
    with store.engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM person"))
    with pytest.raises(CannotMove, match="stop Knuff"):
        moved(source, target)
    store.close()
    moved(source, target)


def test_nobody_opens_the_file_while_it_is_moved(source: Path, target: str) -> None:
    refused: list[str] = []

    def write(what: str, about: str, done: int, total: int) -> None:
        if not refused:
            # Another process: within one, closing a file would let go of its lock.
            writing = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('DELETE FROM attempt')"
            done_ = subprocess.run([sys.executable, "-c", writing, source], capture_output=True, text=True, check=False)
            refused.append(done_.stderr)

    moved(source, target, write)
    assert "database is locked" in refused[0]


def test_nothing_is_moved_while_a_lane_is_held(source: Path, target: str) -> None:
    with sqlite3.connect(source) as connection:
        connection.execute(
            "UPDATE lane SET holder = 'x', leased_until = '2027-06-01 12:00:20.000000' WHERE workspace_id = 1"
        )
    connection.close()
    with pytest.raises(CannotMove, match="in 19 seconds"):
        moved(source, target, now=datetime(2027, 6, 1, 12, 0, 1, tzinfo=UTC))
    moved(source, target, now=datetime(2027, 6, 1, 12, 0, 20, tzinfo=UTC))


def test_a_target_with_anything_in_it_is_left_alone(source: Path, target: str) -> None:
    upgrade(target)
    in_target(target, "INSERT INTO organisation (name, created_at) VALUES ('theirs', now())")
    with pytest.raises(CannotMove, match=r"not empty .*organisation.*came to its end: then set KNUFF_DATABASE_URL"):
        moved(source, target)
    assert in_target(target, "SELECT name FROM organisation") == [("theirs",)]


def test_a_file_that_was_used_again_meanwhile_is_not_mixed_with_what_it_was(source: Path, target: str) -> None:
    killed(source, target, "between two batches", 30)
    with sqlite3.connect(source) as connection:
        connection.execute("UPDATE person SET unanswered = unanswered + 1 WHERE id = 1")
    connection.close()
    with pytest.raises(CannotMove, match="used again"):
        moved(source, target)


@pytest.mark.parametrize("whose", ["source", "target"])
def test_a_newer_schema_is_left_alone(source: Path, target: str, whose: str) -> None:
    newer = "UPDATE alembic_version SET version_num = '9999'"
    if whose == "source":
        with sqlite3.connect(source) as connection:
            connection.execute(newer)
        connection.close()
    else:
        upgrade(target)
        in_target(target, newer)
    with pytest.raises(CannotMove, match="newer Knuff"):
        moved(source, target)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("UPDATE person SET created_at = 'hemligt' WHERE id = 5", "person holds what cannot be read"),
        ("UPDATE reflection SET body = 'hem' || char(0) || 'ligt' WHERE id = 5", "PostgreSQL refuses"),
        ("UPDATE answer SET person_id = 4711 WHERE id = 5", "answer, fk_answer_person_id_person"),
    ],
    ids=["no moment", "a sign PostgreSQL has not", "somebody who is not there"],
)
def test_what_cannot_be_moved_is_said_without_quoting_it(source: Path, target: str, broken: str, says: str) -> None:
    with sqlite3.connect(source) as connection:
        connection.execute(broken)
    connection.close()
    with pytest.raises(CannotMove, match=says) as refused:
        moved(source, target)
    assert "ligt" not in str(refused.value)


def test_a_lost_connection_is_said_and_the_move_goes_on_from_there(source: Path, target: str) -> None:
    told: list[str] = []

    def cut(what: str, about: str, done: int, total: int) -> None:
        told.append(about)
        if len(told) == 30:
            in_target(
                target,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )

    with pytest.raises(CannotMove, match="goes on where it stopped"):
        moved(source, target, cut)
    moved(source, target)
    assert everything(target) == everything(f"sqlite:///{source}")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (psycopg.errors.DiskFull("hemligt"), "disk is full: make room there. What has come across stays"),
        (psycopg.errors.InsufficientPrivilege("hemligt"), "let the user own that database"),
        (psycopg.errors.ReadOnlySqlTransaction("hemligt"), "cannot be used"),
        (sqlite3.DatabaseError("hemligt"), "The SQLite file cannot be read"),
    ],
    ids=["disk full", "not allowed", "read-only", "a damaged file"],
)
def test_what_the_databases_say_is_told_as_what_to_do(source: Path, target: str, fault: Exception, says: str) -> None:
    def fail(*_: object) -> None:
        raise fault

    with pytest.raises(CannotMove, match=says) as refused:
        moved(source, target, fail)
    assert "hemligt" not in str(refused.value)


def test_somebody_else_at_work_on_the_target_is_waited_for_and_then_left_in_peace(
    source: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.moving_target.PATIENCE_SECONDS", 0.2)
    engine = create_engine(target)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(CannotMove, match="is a Knuff running there"):
            moved(source, target)
    engine.dispose()


def test_the_command_says_what_to_do_next_and_never_the_password(
    source: Path, target: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{source}")
    with_password = target.replace("postgres@", "postgres:hemligt@")
    assert "hemligt" in with_password

    assert move_house(with_password) == 0
    said = capfd.readouterr()
    assert f"Comparing delivery: {every_table.ROWS} of {every_table.ROWS}" in said.out
    assert "every one is the same on both sides" in said.out
    assert f"mv {source} {source}.moved" in said.out
    assert "hemligt" not in said.out + said.err

    for to, why in (
        (with_password, "not empty"),
        ("postgresql://knuff:hemligt@127.0.0.1:1/knuff", "does not answer"),
        ("postgresql://knuff:hemligt@127.0.0.1:1/knuff?password=hemligt", "does not answer"),
        ("sqlite:///hemligt.db", "--to must look like"),
        ("postgresql:/hemligt", "--to must look like"),
    ):
        assert move_house(to) == 2
        said = capfd.readouterr()
        assert why in said.err
        assert "hemligt" not in said.out + said.err


def test_a_source_that_is_no_file_of_knuffs_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text_file, folder = tmp_path / "text.db", tmp_path / "folder.db"
    text_file.write_text("not a database at all" * 100)
    folder.mkdir()
    for path, why in ((text_file, "no database of Knuff's"), (folder, "cannot be read")):
        monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{path}")
        assert move_house("postgresql://knuff@127.0.0.1:1/knuff") == 2
        assert why in capfd.readouterr().err


def test_a_file_that_is_not_there_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert move_house("postgresql://knuff@127.0.0.1:1/knuff") == 2
    assert "There is no file" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_knuff_does_not_start_on_a_half_moved_database(
    source: Path, target: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(source, target, "between two batches", 30)
    monkeypatch.setenv("KNUFF_DATABASE_URL", target)
    assert upgrade_database() == 2
    assert "run `knuff move` again" in capfd.readouterr().err
