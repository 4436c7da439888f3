"""`knuff move` says what happens, what is wrong and what to do next; others say that it is at work, or half done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.commands.database import upgrade_database
from bot.commands.database_files import trouble_with
from bot.commands.move import move_house
from storage.held_alone import held_alone
from tests import postgres
from tests.storage import every_table
from tests.storage.moving import filled, killed, source, target

__all__ = ["filled", "source", "target"]
pytestmark = pytest.mark.postgres


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


def test_whoever_starts_on_the_file_while_it_is_moved_is_told_to_wait(source: Path) -> None:
    address = f"sqlite:///{source}"
    impatient = create_engine(address, connect_args={"timeout": 0}, poolclass=NullPool)
    with held_alone(source), impatient.connect() as connection, pytest.raises(OperationalError) as refused:
        connection.exec_driver_sql("SELECT 1 FROM person")
    assert "as `knuff move` does: wait until that is done" in trouble_with(address, refused.value)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_keep_utf_8_is_refused_with_how_to_make_one(
    source: Path, postgres_server: URL, encoding: str, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with a_database_in(encoding, postgres_server) as url:
        monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{source}")
        assert move_house(url) == 2
        assert "createdb --encoding UTF8" in capfd.readouterr().err
        monkeypatch.setenv("KNUFF_DATABASE_URL", url)
        assert upgrade_database() == 2
        assert "createdb --encoding UTF8" in capfd.readouterr().err


@contextmanager
def a_database_in(encoding: str, server: URL) -> Iterator[str]:
    """A PostgreSQL made by somebody whose server speaks no language."""
    name = f"knuff_in_{encoding.lower()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
        try:
            yield postgres.as_text(server.set(database=name))
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


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
