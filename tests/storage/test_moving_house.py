"""From an SQLite file to PostgreSQL: everything, exactly, though it be killed."""

import hashlib
import shutil
from pathlib import Path

import pytest

from storage.database import upgrade
from storage.moving_house import COMPARING, CannotMove, Moved
from storage.schema import HalfMoved
from storage.tables import metadata
from tests.storage import every_table
from tests.storage.moving import blank_target, everything, filled, in_target, killed, moved, source, target

__all__ = ["blank_target", "filled", "source", "target"]
pytestmark = pytest.mark.postgres


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
