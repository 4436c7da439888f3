"""Statements of the busiest paths: written by SQLAlchemy once for each database, then run on the driver itself.

SQLAlchemy takes several times as long to run a small statement as the database does. What it knows of types is kept:
values go in and come out as they do through it, in the session's own transaction. As with `session.connection()`,
nothing is flushed first.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, Dialect, Executable, Float, Integer, any_, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Process = Callable[[Any], Any]
_named: Callable[..., Any] = namedtuple
NOT_GIVEN = object()


class Prepared:
    """A statement, or what builds it for a database ("sqlite", "postgresql"). Values are given by the name of their
    bindparam. A list must be bound with `one_of`."""

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Return all rows, as named tuples."""
        written, rows = self._run(session, values, lambda cursor: cursor.fetchall())
        return [written.row(row) for row in rows]

    def first(self, session: Session, **values: Any) -> Any:
        """Return the first row, or None."""
        written, row = self._run(session, values, lambda cursor: cursor.fetchone())
        return None if row is None else written.row(row)

    def scalar(self, session: Session, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.first(session, **values)
        return None if row is None else row[0]

    def run(self, session: Session, **values: Any) -> int:
        """Return how many rows were changed."""
        changed: int = self._run(session, values, lambda cursor: cursor.rowcount)[1]
        return changed

    def _run(self, session: Session, values: dict[str, Any], result: Process) -> tuple["_Written", Any]:
        connection = session.connection()
        written = self._written.get(connection.dialect.name)
        if written is None:
            written = self._written[connection.dialect.name] = _Written(self._statement, connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.sql, written.bound(values))
            return written, result(cursor)  # inside: SQLite finds some of its errors while rows are read
        except written.driver_error as error:
            raise DBAPIError.instance(
                written.sql, None, error, written.driver_error, hide_parameters=True, dialect=connection.dialect
            ) from error
        finally:
            cursor.close()


def one_of(dialect: str, column: ColumnElement[Any], name: str, type_: Any = Integer) -> ColumnElement[bool]:
    """Whether a column is in the list that is bound as `name`: one value, so that the statement stays the same."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(type_)))
    listed = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(listed.c.value))


class _Written:
    """A statement in one database's words, with what its values must go through."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        built: Executable = statement(dialect.name) if callable(statement) else statement
        compiled: Any = built.compile(dialect=dialect)  # type: ignore[attr-defined]
        if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a prepared statement takes neither lists nor Python-side defaults")
        self.sql = str(compiled)
        self.driver_error: type[Exception] = dialect.loaded_dbapi.Error
        # Each value as: the caller's name, what is written in the statement itself, how to hand it to the driver.
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        self._names = None if compiled.positional else names
        self._takes = [_take(compiled.binds[name], dialect) for name in names]
        columns = list(getattr(built, "exported_columns", ()))
        self._make_row: Process = _named("Row", [str(column.key) for column in columns], rename=True)._make
        processes = (_give(column, dialect) for column in columns)
        self._gives = [(index, process) for index, process in enumerate(processes) if process is not None]

    def bound(self, values: dict[str, Any]) -> Sequence[Any] | dict[str, Any]:
        bound = [
            fixed if fixed is not NOT_GIVEN else values[key] if process is None else process(values[key])
            for key, fixed, process in self._takes
        ]
        return bound if self._names is None else dict(zip(self._names, bound, strict=True))

    def row(self, row: Sequence[Any]) -> Any:
        if not self._gives:
            return self._make_row(row)
        values = list(row)
        for index, process in self._gives:
            values[index] = process(values[index])
        return self._make_row(values)


def _give(column: Any, dialect: Dialect) -> Process | None:
    if isinstance(column.type, Float):
        return None  # both drivers give one as it is; for psycopg, SQLAlchemy would ask what the column is made of
    process: Process | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return process


def _take(bind: Any, dialect: Dialect) -> tuple[str, Any, Process | None]:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return bind.key, NOT_GIVEN, process
    return bind.key, bind.value if process is None else process(bind.value), None
