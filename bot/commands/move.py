"""`knuff move`: everything in the SQLite database to a PostgreSQL, while Knuff is stopped."""

import sys
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.commands.database_files import fault_of_place, file_of
from bot.commands.faults import CANNOT, plainly, say
from bot.settings import read_settings
from storage.moving_house import CannotMove, Moved, move

if TYPE_CHECKING:
    from rich.progress import TaskID

LINE_SECONDS = 10
"""Without a terminal: how often a line says how far a large table is."""


@plainly
def move_house(to: str) -> int:
    settings = read_settings()
    source, target = file_of(settings.database_url), _address(to)
    if source is None:
        say("KNUFF_DATABASE_URL names no SQLite file: there is nothing to move from.")
        return CANNOT
    if target is None:
        say("--to must look like postgresql://user@host/name.")
        return CANNOT
    if not source.exists():
        say(fault_of_place(source) or f"There is no file {source}: look at KNUFF_DATABASE_URL.")
        return CANNOT
    showing: _Bars | _Lines = _Bars() if sys.stdout.isatty() else _Lines()
    try:
        with showing:
            moved = move(source, to, now=datetime.now(UTC), lease_seconds=settings.lease_seconds, tell=showing.tell)
    except CannotMove as fault:
        say(str(fault))
        return CANNOT
    sys.stdout.write(_what_now(source, target, moved))
    return 0


def _address(to: str) -> URL | None:
    """Return the address, or None for one of something else."""
    try:
        parsed = make_url(to)
    except ArgumentError:
        return None
    return parsed if parsed.get_backend_name() == "postgresql" and parsed.database else None


def _without_secrets(address: URL) -> str:
    """The address as one may show it: a password can stand in two places of it."""
    shown = {name: address.query[name] for name in ("host", "port") if name in address.query}
    password = "***" if address.password is not None else None
    return address.set(drivername="postgresql", password=password, query=shown).render_as_string(hide_password=True)


def _what_now(source: Path, target: URL, moved: Moved) -> str:
    old = f"{source}.moved"
    return (
        f"\nMoved: {moved.rows:,} rows in {moved.tables} tables, and every one is the same on both sides.\n\n"
        f"1. Set KNUFF_DATABASE_URL={_without_secrets(target)} (with the password you gave, if any).\n"
        f"2. Put the old file out of reach: mv {source} {old}. It is as it was. A Knuff started on it would send once\n"
        "   more what the new one sends.\n"
        "3. `knuff doctor`, then start Knuff.\n"
        f"4. Delete {old} as you delete old backups: it holds what people wrote.\n"
    )


class _Lines(AbstractContextManager["_Lines"]):
    """For a log: a line when a table is done, and now and then in a large one."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()
        self._line = ""

    def tell(self, what: str, table: str, done: int, total: int) -> None:
        line = f"{what} {table}: {done} of {total}\n"
        is_time = done == total or time.monotonic() - self._said_at >= LINE_SECONDS
        if is_time and line != self._line:
            self._said_at, self._line = time.monotonic(), line
            sys.stdout.write(line)
            sys.stdout.flush()

    def __exit__(self, *_: object) -> None:
        return None


class _Bars(AbstractContextManager["_Bars"]):
    """For a person who waits: a bar for each table, gone over again while it is compared."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        )
        self._bars: dict[tuple[str, str], TaskID] = {}

    def tell(self, what: str, table: str, done: int, total: int) -> None:
        if (what, table) not in self._bars:
            for bar in self._bars.values():
                self._progress.update(bar, visible=False)
            self._bars[what, table] = self._progress.add_task(f"{what} {table}", total=total)
        self._progress.update(self._bars[what, table], completed=done)

    def __enter__(self) -> "_Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
