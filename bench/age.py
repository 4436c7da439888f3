"""Age: how the statements of a morning and a night find their rows among ten million promises, and how long it takes.

python -m bench.age [--small] [--filled TINY_SQLITE BIG_SQLITE TINY_POSTGRESQL BIG_POSTGRESQL] > docs/query-plans.md

Writes the page on standard output. Both databases are filled with 10 thousand and with 10 million promises, which takes
a quarter of an hour and 10 GB; then the same life is lived on each a few times, and undone each time.
"""

import argparse
import asyncio
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import structlog
from sqlalchemy import make_url, text

from bench import machine
from bench.age_data import BIG, Age, fill
from bench.age_life import live
from bench.figures import say
from bench.watched import PLANS_SHOWN, Seen, watched
from storage.database import open_store, upgrade
from tests import postgres

TINY_AGE = Age(people=62, quarters=0)
BIG_AGE = Age(people=105, quarters=12)
SMALL_AGE = Age(people=62, quarters=1)
TIMES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    tiny: str
    big: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One statement of one part of the day, over all its runs."""

    finds: tuple[str, ...]
    runs: int
    milliseconds: float
    pages: float | None


Measured = dict[tuple[str, str], Line]
"""By part of the day and statement."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.age")
    parser.add_argument("--small", action="store_true", help="see whether it runs")
    parser.add_argument("--filled", nargs=4, metavar="URL")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    big_age = SMALL_AGE if arguments.small else BIG_AGE
    if arguments.filled:
        tiny_sqlite, big_sqlite, tiny_postgres, big_postgres = arguments.filled
        sqlite, server = Filled(tiny=tiny_sqlite, big=big_sqlite), Filled(tiny=tiny_postgres, big=big_postgres)
        print(page(sqlite, server, big_age))
        return
    with fresh(big_age) as (sqlite, server):
        print(page(sqlite, server, big_age))


@contextmanager
def fresh(big_age: Age) -> Iterator[tuple[Filled, Filled]]:
    """Databases of both kinds, filled."""
    with tempfile.TemporaryDirectory(prefix="knuff-age-") as folder, postgres.running_server() as server:
        files = Filled(tiny=f"sqlite:///{Path(folder) / 'tiny.db'}", big=f"sqlite:///{Path(folder) / 'big.db'}")
        with postgres.new_database(server) as tiny, postgres.new_database(server) as big:
            urls = Filled(tiny=postgres.as_text(tiny), big=postgres.as_text(big))
            for filled in (files, urls):
                make(filled.tiny, TINY_AGE)
                make(filled.big, big_age)
            yield files, urls


def make(url: str, age: Age) -> None:
    upgrade(url)
    store = open_store(url)
    with store.engine.connect() as connection:
        fill(connection, age, say)
    if store.engine.dialect.name == "postgresql":  # as autovacuum would have
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    store.close()


def page(sqlite: Filled, server: Filled, big_age: Age) -> str:
    rows = {name: counted(server.big, name) for name in BIG}
    load = os.getloadavg()[0]
    lived = {
        kind: (lives(filled.tiny, TINY_AGE), lives(filled.big, big_age))
        for kind, filled in (("sqlite", sqlite), ("postgresql", server))
    }
    size = machine.size()
    lines = [
        "# How Knuff finds its rows among ten million",
        "",
        "Made by `python -m bench.age`. The data are generated: 200 workspaces with one cohort after another for three",
        "years, and the promises of this morning. The same morning and night are lived through Knuff's own functions",
        "where there is all of it and where there is only this morning, in one transaction that is rolled back. Every",
        f"statement is run under `EXPLAIN (ANALYZE, BUFFERS)` (PostgreSQL {size['postgresql']} as it comes, with",
        f"128 MB of shared buffers) or beside `EXPLAIN QUERY PLAN` (SQLite {size['sqlite']}).",
        "",
        "| table | rows, only this morning | rows, three years |",
        "|---|---|---|",
        *(f"| `{name}` | {counted(server.tiny, name):,} | {number:,} |" for name, number in rows.items()),
        "",
        f"A workspace has {TINY_AGE.people} people in the one and {big_age.people} in the other: what is done for a"
        " group takes that much more.",
        f"The SQLite file of three years has {Path(make_url(sqlite.big).database or '').stat().st_size / 1e9:.1f} GB.",
        "",
        f"*ms* is the median of {TIMES} lives on each, planning included. The machine has {size['cores']} cores, which"
        f" were busy (load {load:.0f}): the two figures beside each other say something, one alone little.",
        "*Pages* of 8 kB are what PostgreSQL looked at, and depend on no load. Left out are tables that do not grow",
        "with time, and statements that read nothing else. Nobody is in a team here, so that `outcomes.done`, which",
        "counts rounds and relays, finds none.",
    ]
    for part in dict.fromkeys(part for part, _ in lived["postgresql"][1]):
        lines += ["", f"## {part}", "", *table(part, lived)]
    lines += [
        "",
        "## Plans in full",
        "",
        "PostgreSQL, three years. First what happens every second, for every message and for every event.",
    ]
    for where, plan in PLANS_SHOWN.items():
        lines += ["", f"`{where}`", "", "```", *plan, "```"]
    return "\n".join(lines)


def lives(url: str, age: Age) -> Measured:
    store = watched(url)
    runs: list[list[tuple[str, Seen]]] = []
    try:
        for number in range(TIMES + 1):
            say(f"age: {store.engine.dialect.name}, {'warming up' if not number else f'life {number}'}")
            with store.undone() as seen:
                asyncio.run(live(store, age))
            runs.append([(one.part, one) for one in seen])
    finally:
        store.close()
    together: dict[tuple[str, str], list[Seen]] = {}
    for run in runs[1:]:
        for part, one in run:
            together.setdefault((part, one.where), []).append(one)
    return {key: as_line(seen) for key, seen in together.items()}


def as_line(seen: Sequence[Seen]) -> Line:
    finds = dict.fromkeys(find for one in seen for find in one.finds if find.split()[0] in BIG)
    pages = [one.pages for one in seen if one.pages is not None]
    return Line(
        finds=tuple(finds),
        runs=len(seen) // TIMES,
        milliseconds=median(one.milliseconds for one in seen),
        pages=median(pages) if pages else None,
    )


def table(part: str, lived: dict[str, tuple[Measured, Measured]]) -> Iterator[str]:
    yield "| statement | PostgreSQL finds by | ms | pages | SQLite finds by | ms |"
    yield "|---|---|---|---|---|---|"
    (few, many), (few_in_file, many_in_file) = lived["postgresql"], lived["sqlite"]
    for key, line in many.items():
        other = many_in_file.get(key)
        if key[0] != part or key[1].startswith("elsewhere") or not (line.finds or (other and other.finds)):
            continue
        yield (
            f"| `{key[1]}` | {_in_words(line)} | {_change(few.get(key), line)} | {_pages(few.get(key), line)}"
            f" | {_in_words(other)} | {_change(few_in_file.get(key), other)} |"
        )


def _in_words(line: Line | None) -> str:
    return "–" if line is None else ", ".join(line.finds) or "–"


def _change(few: Line | None, many: Line | None) -> str:
    before, after = ("–" if line is None else f"{line.milliseconds:.2f}" for line in (few, many))
    return f"{before} → {after}"


def _pages(few: Line | None, many: Line) -> str:
    before, after = ("–" if line is None or line.pages is None else f"{line.pages:.0f}" for line in (few, many))
    return f"{before} → {after}"


def counted(url: str, name: str) -> int:
    store = open_store(url)
    try:
        with store.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608
    finally:
        store.close()


if __name__ == "__main__":
    main()
