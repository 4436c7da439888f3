"""The PostgreSQL that is moved into: empty or half moved into from the same file, marked until all of it is there."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    exists,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.advisory import Lock
from storage.database import UTF8, upgrade_engine
from storage.schema import MOVING_HOUSE, OtherEncoding, knows_schema, newest_schema, schema_of
from storage.tables import metadata
from storage.tables.columns import Json
from storage.typed_rows import Key, Row, TypedRows

PATIENCE_SECONDS = 10.0
"""How long a move that was killed may go on holding the target: until its server sees that nobody is there."""

_progress = Table(
    MOVING_HOUSE,
    MetaData(),
    Column("table_name", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("last_key", Json),
)


class CannotMove(Exception):
    """Why it cannot be done or went no further, and what to do: in sentences, with nothing of what is moved in them."""


class Target:
    """One connection to the target, held from beginning to end: with it goes the lock that keeps other moves away."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def make_ready(self, source: str) -> None:
        """Make the tables and the mark, unless a move from this very source has. Raises CannotMove."""
        if inspect(self.connection).has_table(MOVING_HOUSE):
            self._goes_on(source)
        else:
            self._begins(source)
        self.connection.rollback()

    def how_far(self, rows: TypedRows) -> tuple[int, Key | None]:
        """Return how many rows of a table are there, and the key of the last."""
        with self.connection.begin():
            row = self.connection.execute(
                select(_progress.c.rows, _progress.c.last_key).where(_progress.c.table_name == rows.table.name)
            ).one()
        return row.rows, None if row.last_key is None else tuple(row.last_key)

    def put(self, rows: TypedRows, batch: Sequence[Row], *, before: int) -> None:
        """Put a batch there, and note how far that is, at once."""
        with self.connection.begin():
            self._copy(rows, batch)
            noted = self.connection.execute(
                update(_progress)
                .where(_progress.c.table_name == rows.table.name, _progress.c.rows == before)
                .values(rows=before + len(batch), last_key=list(rows.key(batch[-1])))
            )
            if noted.rowcount != 1:
                raise CannotMove("Somebody else writes to the target: see who does, and begin again with an empty one.")

    def finish(self) -> None:
        """Put back what was left out while rows came in any order, count on from the last ids, take the mark away."""
        with self.connection.begin():
            for table in metadata.sorted_tables:
                for statement in (*_add_constraints(table), *_count_on(table)):
                    self.connection.exec_driver_sql(statement)
            self.connection.exec_driver_sql(f"DROP TABLE {MOVING_HOUSE}")
        with self.connection.begin():
            self.connection.exec_driver_sql("ANALYZE")

    def _begins(self, source: str) -> None:
        schema = schema_of(self.connection)
        if schema is not None and not knows_schema(schema):
            raise CannotMove("The target was made by a newer Knuff: install that one, or name an empty database.")
        present = set(inspect(self.connection).get_table_names())
        for table in metadata.sorted_tables:
            if (
                table.name in present
                and self.connection.execute(select(exists(select(text("1")).select_from(table)))).scalar()
            ):
                raise CannotMove(
                    f"The target is not empty (there are rows in {table.name}): name a new, empty database. Or it holds"
                    " a move that came to its end: then set KNUFF_DATABASE_URL to it."
                )
        self.connection.rollback()  # what was read must not hold up the migrations
        upgrade_engine(self.connection.engine)
        with self.connection.begin():
            for table in metadata.sorted_tables:
                for constraint in _pointing_at_itself(table):
                    self.connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {constraint.name}")
            _progress.create(self.connection)
            names = [{"table_name": table.name} for table in metadata.sorted_tables]
            self.connection.execute(insert(_progress).values(source=source, rows=0), names)

    def _goes_on(self, source: str) -> None:
        begun = self.connection.execute(select(_progress.c.source).distinct()).scalars().all()
        if begun != [source]:
            raise CannotMove(
                "The target holds a half-finished move of another database, or of this one before it was used again:"
                " name a new, empty database."
            )
        if schema_of(self.connection) != newest_schema():
            raise CannotMove("The move was begun with another version of Knuff: begin again with an empty database.")

    def _copy(self, rows: TypedRows, batch: Sequence[Row]) -> None:
        driver: Any = self.connection.connection.driver_connection
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in rows.table.columns)
        said = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(rows.table.name), names)
        dialect = self.connection.dialect
        writes = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in rows.columns]
        with driver.cursor() as cursor, cursor.copy(said) as copy:
            for row in batch:
                copy.write_row([v if write is None else write(v) for v, write in zip(row, writes, strict=True)])


@contextmanager
def held_target(address: str) -> Iterator[Target]:
    """Open the target, for nobody else but us. Raises CannotMove, also for what the server says meanwhile."""
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args=UTF8,
        hide_parameters=True,
    )
    try:
        with _in_sentences(), engine.connect() as connection:
            _until("Another move into the target is at work: wait for it.", lambda: _locked(connection))
            _until(
                "Somebody else is connected to the target as the same user: is a Knuff running there? Stop it.",
                lambda: _alone(connection),
            )
            yield Target(connection)
    finally:
        engine.dispose()


def _locked(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({Lock.MOVING_HOUSE:d}, 0)").scalar())


def _alone(connection: Connection) -> bool:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
        " AND pid <> pg_backend_pid()"
    )
    return connection.exec_driver_sql(others).scalar() == 0


def _until(refusal: str, done: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > ends:
            raise CannotMove(refusal)
        time.sleep(0.1)


def _pointing_at_itself(table: Table) -> list[ForeignKeyConstraint]:
    """A row may point at one that comes in a later batch, so these are looked at when all of it is there."""
    return [one for one in table.foreign_key_constraints if one.referred_table is table]


def _add_constraints(table: Table) -> Iterator[str]:
    for constraint in _pointing_at_itself(table):
        columns = ", ".join(constraint.column_keys)
        referred = ", ".join(element.column.name for element in constraint.elements)
        yield (
            f"ALTER TABLE {table.name} ADD CONSTRAINT {constraint.name}"
            f" FOREIGN KEY ({columns}) REFERENCES {table.name} ({referred})"
        )


def _count_on(table: Table) -> Iterator[str]:
    counted = table.autoincrement_column
    if counted is not None and isinstance(counted.type, Integer) and not counted.foreign_keys:
        name = counted.name
        yield (
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{name}'),"  # noqa: S608 our own names
            f" coalesce(max({name}), 1), max({name}) IS NOT NULL) FROM {table.name}"
        )


@contextmanager
def _in_sentences() -> Iterator[None]:
    """Turn what the databases say into what to do. Its own words are left out: they quote rows, and the address."""
    try:
        yield
    except OtherEncoding:
        raise CannotMove(
            "The target does not keep its text in UTF-8: name a new one that does"
            " (`createdb --encoding UTF8 --template template0 knuff`)."
        ) from None
    except (psycopg.Error, sqlite3.Error, DBAPIError) as error:
        fault = error.orig if isinstance(error, DBAPIError) else error
        raise CannotMove(_what_to_do(fault)) from None


def _what_to_do(fault: BaseException | None) -> str:
    name = type(fault).__name__
    again = "What has come across stays: run the same command again, and it goes on where it stopped."
    match fault:
        case psycopg.errors.DiskFull():
            return f"The target's disk is full: make room there. {again}"
        case psycopg.errors.InsufficientPrivilege():
            return "The user may not make tables in the target: let the user own that database."
        case psycopg.errors.IntegrityError() | psycopg.errors.DataError():
            where = ", ".join(filter(None, (fault.diag.table_name, fault.diag.constraint_name))) or "a value"
            return (
                f"PostgreSQL refuses what a row holds ({name}: {where}), which Knuff does not write. The SQLite file is"
                " as it was and goes on working; mend the row, and begin again with an empty database."
            )
        case psycopg.OperationalError():
            return (
                f"The target does not answer ({name}): see that the server runs, and that it has the database, the user"
                f" and the password that you named. {again}"
            )
        case sqlite3.Error():
            return (
                f"The SQLite file cannot be read ({getattr(fault, 'sqlite_errorname', name)}): see that its disk is"
                " whole. `PRAGMA integrity_check` says more."
            )
        case _:
            return f"The target cannot be used ({name}). {again}"
