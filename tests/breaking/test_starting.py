"""What stops a start is named in a sentence, without a stack trace."""

import sqlite3
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from lessons.checking import check_content
from storage.database import upgrade
from tests.commands.typed import Ended, Knuff, in_a_process

SECRETS = {"KNUFF_SLACK_BOT_TOKEN": "xoxb-1", "KNUFF_SLACK_SIGNING_SECRET": "s", "KNUFF_PORT": "0"}


def typed(knuff: Knuff, command: str, **settings: str) -> Ended:
    """`serve` is stopped when it has begun already."""
    return (in_a_process if command == "serve" else knuff)(*command.split(), **SECRETS, **settings)


def a_newer_database(path: Path) -> str:
    upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    return f"sqlite:///{path}"


def no_database_at_all(path: Path) -> str:
    path.write_text("Det här är ett brev och ingen databas. " * 20, encoding="utf-8")
    return f"sqlite:///{path}"


@pytest.mark.parametrize("make", [a_newer_database, no_database_at_all])
def test_a_database_that_cannot_be_used_is_named_without_a_stack_trace(
    make: Callable[[Path], str], tmp_path: Path
) -> None:
    ended = in_a_process("serve", **SECRETS, KNUFF_DATABASE_URL=make(tmp_path / "knuff.db"))
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("knuff: ")


def in_no_folder(path: Path) -> tuple[str, str]:
    return str(path / "nowhere" / "knuff.db"), f"there is no folder {path / 'nowhere'}"


def a_folder(path: Path) -> tuple[str, str]:
    return str(path), "is a folder"


def where_nobody_may_write(_path: Path) -> tuple[str, str]:
    return "/proc/knuff.db", "unable to open database file"  # root may write anywhere else


@pytest.mark.parametrize(
    ("make", "command"),
    [
        *product((in_no_folder, a_folder), ("serve", "db upgrade", "doctor")),
        # `doctor` does not try, so that it makes nothing.
        *product((where_nobody_may_write,), ("serve", "db upgrade")),
    ],
)
def test_a_place_where_no_database_can_be_is_named_with_what_to_do(
    make: Callable[[Path], tuple[str, str]], command: str, tmp_path: Path, knuff: Knuff
) -> None:
    path, said = make(tmp_path)
    ended = typed(knuff, command, KNUFF_DATABASE_URL=f"sqlite:///{path}", KNUFF_SLACK_API_URL="http://127.0.0.1:9/")
    written = ended.stdout if command == "doctor" else ended.stderr
    assert ended.returncode == (1 if command == "doctor" else 2)
    assert path in written
    assert said in written
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["serve", "preview", "lessons check"])
def test_content_that_is_no_folder_is_named(command: str, tmp_path: Path, knuff: Knuff) -> None:
    path = tmp_path / "lesson.md"
    for said in ("does not exist", "is a file"):
        ended = typed(
            knuff, command, KNUFF_CONTENT_PATH=str(path), KNUFF_DATABASE_URL=f"sqlite:///{tmp_path / 'knuff.db'}"
        )
        assert ended.returncode == 2
        assert f"KNUFF_CONTENT_PATH names {path}, which {said}" in ended.stderr
        assert "Traceback" not in ended.stderr
        path.write_text("x", encoding="utf-8")
    assert not (tmp_path / "knuff.db").exists()


def test_a_look_at_how_things_are_makes_no_database(tmp_path: Path, knuff: Knuff) -> None:
    database = tmp_path / "knuff.db"
    ended = typed(
        knuff, "doctor", KNUFF_DATABASE_URL=f"sqlite:///{database}", KNUFF_SLACK_API_URL="http://127.0.0.1:9/"
    )
    assert "✓ Database" in ended.stdout
    assert "db upgrade" in ended.stdout
    assert not database.exists()


def test_a_fault_in_a_lesson_that_is_a_link_is_named(tmp_path: Path) -> None:
    """Kubernetes mounts every file of a ConfigMap as a link to where it is."""
    elsewhere, folder = tmp_path / "X01.md", tmp_path / "content" / "lessons"
    folder.mkdir(parents=True)
    elsewhere.write_text("no head at all", encoding="utf-8")
    (folder / "X01.md").symlink_to(elsewhere)
    assert [fault.path.name for fault in check_content(folder.parent)] == ["X01.md"]
