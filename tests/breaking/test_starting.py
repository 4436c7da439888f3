"""What stops a start is named in a sentence, without a stack trace."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.checking import check_content
from storage.database import upgrade

SECRETS = {"KNUFF_SLACK_BOT_TOKEN": "xoxb-1", "KNUFF_SLACK_SIGNING_SECRET": "s", "KNUFF_PORT": "0"}


def serve_with(database_url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve"],
        env=SECRETS | {"KNUFF_DATABASE_URL": database_url, "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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
    ended = serve_with(make(tmp_path / "knuff.db"))
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("knuff: ")


def test_a_fault_in_a_lesson_that_is_a_link_is_named(tmp_path: Path) -> None:
    """Kubernetes mounts every file of a ConfigMap as a link to where it is."""
    elsewhere, folder = tmp_path / "X01.md", tmp_path / "content" / "lessons"
    folder.mkdir(parents=True)
    elsewhere.write_text("no head at all", encoding="utf-8")
    (folder / "X01.md").symlink_to(elsewhere)
    assert [fault.path.name for fault in check_content(folder.parent)] == ["X01.md"]
