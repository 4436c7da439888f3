"""Moving house: everything in an SQLite file to a PostgreSQL, while Knuff is stopped.

Table by table, batch by batch: a batch and how far it brings us are committed together, so whoever is killed at any
moment goes on where they were. At the end every row is read on both sides and compared. Until then the target bears a
mark with which no Knuff starts on it. In the source nothing is changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from storage.held_alone import HeldByAnother, held_alone
from storage.leases import MOST_LEASES_AHEAD
from storage.moving_target import CannotMove, Target, held_target
from storage.schema import knows_schema, newest_schema, schema_of
from storage.tables import metadata
from storage.typed_rows import Key, Row, TypedRows, differing, digest

__all__ = ["CannotMove", "Moved", "move"]

BATCH = 5_000
MOST_NAMED = 5
"""So many rows that differ are named by their number."""

COPYING, COMPARING = "Copying", "Comparing"
Tell = Callable[[str, str, int, int], None]
"""Told what is being done, the table, how many of its rows are done, and how many there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    tables: int
    rows: int


def move(source: Path, target: str, *, now: datetime, lease_seconds: float, tell: Tell, batch: int = BATCH) -> Moved:
    """Move everything in the file to the PostgreSQL at an address, and compare. Raises CannotMove."""
    try:
        with held_alone(source) as held, held_target(target) as there:
            here = held.connection
            _is_ready(here, now, lease_seconds)
            there.make_ready(held.fingerprint)
            tables = [TypedRows(table) for table in metadata.sorted_tables]
            for rows in tables:
                _copy(here, there, rows, tell, batch)
            compared = sum(_compare(here, there.connection, rows, tell, batch) for rows in tables)
            there.finish()
            return Moved(tables=len(tables), rows=compared)
    except HeldByAnother:
        raise CannotMove(
            f"Somebody else has {source} open: stop Knuff and whatever else reads the file, then run this again."
        ) from None
    except OSError as error:
        raise CannotMove(f"The file {source} cannot be read ({error.strerror}).") from None


def _is_ready(here: Connection, now: datetime, lease_seconds: float) -> None:
    schema = schema_of(here)
    if schema is None:
        raise CannotMove("There is nothing of Knuff's in the SQLite file: look at KNUFF_DATABASE_URL.")
    if not knows_schema(schema):
        raise CannotMove("The SQLite file was made by a newer Knuff: move with that one.")
    if schema != newest_schema():
        raise CannotMove("The SQLite file is of an older Knuff: run `knuff db upgrade` first, then this again.")
    leased_until = metadata.tables["lane"].c.leased_until
    ends = here.execute(select(leased_until).where(leased_until > now)).scalars()
    # The file's lock says as much, unless it lies on a disk that keeps none. A lease beyond that holds nobody off.
    left = [seconds for end in ends if (seconds := (end - now).total_seconds()) <= lease_seconds * MOST_LEASES_AHEAD]
    if left:
        raise CannotMove(
            "A Knuff holds the right to send from this file: stop it. If it was killed, run this again in"
            f" {max(left):.0f} seconds."
        )


def _copy(here: Connection, there: Target, rows: TypedRows, tell: Tell, most: int) -> None:
    total = rows.count(here)
    done, last = there.how_far(rows)
    tell(COPYING, rows.table.name, done, total)
    while batch := _read(here, rows, last, most):
        there.put(rows, batch, before=done)
        done, last = done + len(batch), rows.key(batch[-1])
        tell(COPYING, rows.table.name, done, total)


def _compare(here: Connection, there: Connection, rows: TypedRows, tell: Tell, most: int) -> int:
    """Compare a table row by row, and return how many rows it has. Raises CannotMove where a row differs."""
    total, done, last, ended = rows.count(here), 0, None, False
    tell(COMPARING, rows.table.name, 0, total)
    while not ended:
        ours = _read(here, rows, last, most)
        # The last batch has no end there: what only the target has behind it is found too.
        ended = len(ours) < most
        until: Key | None = None if ended else rows.key(ours[-1])
        with there.begin():
            theirs = rows.between(there, last, until)
        if digest(ours) != digest(theirs):
            raise CannotMove(_what_differs(rows, differing(ours, theirs, rows)))
        done, last = done + len(ours), until
        tell(COMPARING, rows.table.name, done, total)
    return done


def _read(here: Connection, rows: TypedRows, last: Key | None, most: int) -> list[Row]:
    try:
        return rows.after(here, last, most=most)
    except (ValueError, TypeError) as error:  # SQLite keeps anything in any column
        raise CannotMove(
            f"A row of {rows.table.name} holds what cannot be read as its column says ({type(error).__name__}). The"
            " SQLite file is as it was: mend the row, and run this again."
        ) from None


def _what_differs(rows: TypedRows, keys: list[Key]) -> str:
    """Numbers are named; other keys may say whose they are."""
    numbers = [str(key[0]) for key in keys if len(key) == 1 and isinstance(key[0], int)]
    named = f" ({', '.join(numbers[:MOST_NAMED])}{', …' if len(numbers) > MOST_NAMED else ''})" if numbers else ""
    return (
        f"In {rows.table.name}, {len(keys)} of the rows that were compared{named} are not the same on both sides, so"
        " nothing may start on the target. The SQLite file is as it was: begin again with a new, empty database."
    )
