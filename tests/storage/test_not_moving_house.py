"""From an SQLite file to PostgreSQL not at all, and why: what cannot be moved, or not now, and nothing is changed."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from storage.database import open_store, upgrade
from storage.moving_house import CannotMove
from tests.storage.moving import filled, in_target, killed, moved, source, target

__all__ = ["filled", "source", "target"]
pytestmark = pytest.mark.postgres


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
