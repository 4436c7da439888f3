"""A store whose statements are watched: how the database finds its rows for each, and how long that takes.

Everything happens in one transaction that is rolled back, so the same life can be lived again and again.
"""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, TypeVar

import psycopg
from sqlalchemy import Engine, create_engine, make_url

from storage.database import Work, run, sqlite_engine

T = TypeVar("T")
STORAGE = str(Path(__file__).parents[1] / "storage") + "/"
PLUMBING = ("prepared.py", "database.py", "loaded.py", "own_rows.py", "inserting.py")
_KNOWN = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_ALIAS = re.compile(r"\b([a-z_]+) AS ([a-z_0-9]+)\b")
_TABLE = re.compile(r"(?:\bFROM|\bINTO|^\s*UPDATE)\s+\"?([a-z_]+)", re.IGNORECASE)


@dataclass
class Seen:
    """One statement, run once."""

    where: str
    """The function of `storage` that runs it, and what it does: "sending.claim: UPDATE delivery"."""
    finds: list[str] = field(default_factory=list)
    """How rows are found, an entry for each table: "delivery by ix_delivery_due", "delivery read through"."""
    milliseconds: float = 0.0
    pages: int | None = None
    """How many pages of 8 kB PostgreSQL looked at."""
    part: str = ""
    """Of the day: whatever `Watch.part` was."""


class WatchedStore:
    """A database whose every unit of work is part of one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._connection = engine.connect()

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        return self.write_now(work)

    async def read(self, work: Work[T]) -> T:
        return self.write_now(work)

    def write_now(self, work: Work[T]) -> T:
        return run(self._connection, work)

    def close(self) -> None:
        self._connection.close()
        self.engine.dispose()

    @contextmanager
    def undone(self) -> Iterator[list[Seen]]:
        """Yield the list of what is run inside; afterwards nothing has happened."""
        seen: list[Seen] = []
        Watch.seen = seen
        transaction = self._connection.begin()
        try:
            yield seen
        finally:
            Watch.seen = None
            transaction.rollback()


class Watch:
    seen: ClassVar[list[Seen] | None] = None
    part: ClassVar[str] = ""


PLANS_SHOWN: dict[str, list[str]] = {}
"""The last plan in full of each of these, in PostgreSQL's own words."""
SHOWN_IN_FULL = (
    "planning.due_cadences: SELECT cadence",
    "promising.promise_step: INSERT delivery",
    "work.everywhere: SELECT delivery",
    "sending.due_messages: SELECT delivery",
    "sending.claim: SELECT delivery",
    "sending.claim: UPDATE delivery",
    "settling._settle: UPDATE delivery",
    "inbox.settle: UPDATE inbox_event",
    "closing.let_go_of_what_nobody_asks: UPDATE follow_up",
    "disposing.dispose_of_cohort: SELECT delivery",
)


def watched(url: str) -> WatchedStore:
    if make_url(url).get_backend_name() == "sqlite":
        engine = sqlite_engine(url)
        creator = engine.dialect.create_connect_args(make_url(url))
        path = creator[0][0]
        engine = create_engine(
            url, creator=lambda: sqlite3.connect(path, check_same_thread=False, factory=_SqliteConnection)
        )
        dialect: Any = engine.dialect
        dialect.do_begin = lambda connection: connection.cursor().execute("BEGIN IMMEDIATE")
        return WatchedStore(engine)
    return WatchedStore(
        create_engine(
            make_url(url).set(drivername="postgresql+psycopg"), connect_args={"cursor_factory": _PostgresCursor}
        )
    )


class _SqliteConnection(sqlite3.Connection):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.isolation_level = None
        self.execute("PRAGMA foreign_keys=ON")
        self.execute("PRAGMA mmap_size=268435456")

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(_SqliteCursor)


class _SqliteCursor(sqlite3.Cursor):
    """Rows are found while they are fetched, so that is counted too."""

    _watching: Seen | None = None

    def execute(self, statement: str, values: Any = ()) -> Any:
        self._watching = None
        if Watch.seen is not None and _KNOWN.match(statement):
            plan = sqlite3.Cursor(self.connection).execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            finds = _finds_sqlite(statement, [row[3] for row in plan])
            self._watching = Seen(where=_where(statement), finds=finds, part=Watch.part)
            Watch.seen.append(self._watching)
        return self._timed(super().execute, statement, values)

    def executemany(self, statement: str, values: Any) -> Any:
        for one in values:
            self.execute(statement, one)
        return self

    def fetchall(self) -> Any:
        return self._timed(super().fetchall)

    def fetchone(self) -> Any:
        return self._timed(super().fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        return self._timed(super().fetchmany, *([] if size is None else [size]))

    def _timed(self, do: Any, *arguments: Any) -> Any:
        started = perf_counter()
        try:
            return do(*arguments)
        finally:
            if self._watching is not None:
                self._watching.milliseconds += (perf_counter() - started) * 1000


class _PostgresCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        statement = query if isinstance(query, str) else str(query)
        if Watch.seen is not None and _KNOWN.match(statement):
            Watch.seen.append(self._explained(statement, params))
        return super().execute(query, params, **named)

    def executemany(self, query: Any, params_seq: Any, **named: Any) -> Any:
        rows = list(params_seq)
        if Watch.seen is not None and rows and isinstance(query, str) and _KNOWN.match(query):
            Watch.seen.append(self._explained(query, rows[0]))
        return super().executemany(query, rows, **named)

    def _explained(self, statement: str, params: Any) -> Seen:
        """Run it to be told, undo it, and leave it to be run."""
        connection = self.connection
        with psycopg.Cursor(connection) as aside:
            aside.execute("SAVEPOINT watched")
            aside.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".encode(), params)
            [told] = aside.fetchone() or [None]
            aside.execute("ROLLBACK TO SAVEPOINT watched")
            where = _where(statement)
            if where in SHOWN_IN_FULL:
                aside.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}".encode(), params)
                PLANS_SHOWN[where] = [line for (line,) in aside.fetchall()]
                aside.execute("ROLLBACK TO SAVEPOINT watched")
            aside.execute("RELEASE SAVEPOINT watched")
        said: Any = (json.loads(told) if isinstance(told, str) else told)[0]
        plan = said["Plan"]
        return Seen(
            where=where,
            part=Watch.part,
            finds=list(dict.fromkeys(_finds_postgres(plan))),
            milliseconds=said["Planning Time"] + said["Execution Time"],
            pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        )


def _where(statement: str) -> str:
    verb = (_KNOWN.match(statement) or [""])[0].strip().upper()
    table = _TABLE.search(statement)
    return f"{_function()}: {verb} {table[1] if table else ''}".strip()


def _function() -> str:
    """The innermost function of `storage` on the stack that is more than plumbing."""
    frame = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(STORAGE) and not code.co_filename.endswith(PLUMBING):
            name = code.co_filename.removeprefix(STORAGE).removesuffix(".py")
            function = code.co_qualname if hasattr(code, "co_qualname") else code.co_name
            return f"{name}.{re.sub(r'[.]<[a-z]+>', '', function)}"
        frame = frame.f_back  # type: ignore[assignment]
    return "elsewhere"


def _finds_sqlite(statement: str, steps: list[str]) -> list[str]:
    """ "SEARCH delivery USING INDEX ix (…)" → "delivery by ix"; "SCAN delivery" → "delivery read through"."""
    tables = {alias: table for table, alias in _ALIAS.findall(statement)}
    finds = []
    for words in (step.split() for step in steps):
        table = tables.get(words[1], words[1]) if len(words) > 1 else ""
        index = words[words.index("INDEX") + 1] if "INDEX" in words else ""
        if words[0] == "SEARCH":
            how = "key" if index.startswith("sqlite_auto") else index or "id"
            finds.append(f"{table} by {how}")
        elif words[0] == "SCAN":
            finds.append(f"{table} by all of {index}" if index else f"{table} read through")
    return list(dict.fromkeys(finds))


def _finds_postgres(node: dict[str, Any]) -> Iterator[str]:
    if node["Actual Loops"]:
        match node["Node Type"]:
            case "Seq Scan":
                yield f"{node['Relation Name']} read through"
            case "Index Scan" | "Index Only Scan":
                yield f"{node['Relation Name']} by {node['Index Name']}"
            case "Bitmap Heap Scan":
                yield f"{node['Relation Name']} by {' + '.join(_indexes(node))}"
            case _:
                pass
    for inner_node in node.get("Plans", []):
        yield from _finds_postgres(inner_node)


def _indexes(node: dict[str, Any]) -> Iterator[str]:
    for inner in node.get("Plans", []):
        if inner["Node Type"] == "Bitmap Index Scan":
            yield inner["Index Name"]
        yield from _indexes(inner)
