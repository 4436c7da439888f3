"""Rounds: one tick in which a thousand teams of six hear of a step, each in its channel and everybody alone.

python -m bench.rounds [--small]
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import datetime, time
from statistics import median
from time import perf_counter

from sqlalchemy import ColumnElement, Connection, String, cast, insert, literal, text

from bench import databases
from bench.alternating import medians
from bench.figures import Figure, report, say
from bench.population import MONDAY, STARTED, Population, counting, fill, insert_selected
from lessons.library import load_library
from scheduler.calendar import Calendar
from scheduler.rounds import plan_rounds
from scheduler.timeline import TeamDays, Timeline, lay_out, new_round
from storage.database import Store
from storage.tables import metadata
from storage.tables.rounds import RoundState

TIMES = 5
TEAM = 6
DAYS = TeamDays(calendar=Calendar(), slot=time(10, 0), zone="Europe/Stockholm")
COLUMNS = ", ".join(column.name for column in metadata.tables["delivery"].columns if column.name != "id")
# The baseline writes the very rows the tick wrote, from a table that holds them ready, into the same indexes.
BARE = f"INSERT INTO delivery ({COLUMNS}) SELECT {COLUMNS} FROM promised_rows WHERE true ON CONFLICT DO NOTHING"  # noqa: S608


def main(*, small: bool) -> None:
    teams = 20 if small else 1000
    for database, suffix in ((databases.sqlite_url, ""), (databases.postgres_url, "_postgresql")):
        with beginning(database, teams) as tick:
            say(f"rounds: {teams:,} begin in one tick{suffix}, and the same rows with one bare statement, in turn")
            planned, bare = medians(tick.plan, tick.insert_bare, times=TIMES)
            report(_milliseconds(f"rounds.thousand_in_a_tick{suffix}", planned, bare))
            idle = median(tick.plan_again() for _ in range(4 * TIMES))
            report(_milliseconds(f"rounds.nothing_due{suffix}", idle))


def _milliseconds(name: str, seconds: float, baseline: float | None = None) -> Figure:
    return Figure(
        name=name, value=seconds * 1000, unit="ms a tick", baseline=None if baseline is None else baseline * 1000
    )


@contextmanager
def beginning(database: Callable[[], AbstractContextManager[str]], teams: int) -> Iterator["Tick"]:
    """A database where so many teams begin the idea sprint on the same morning."""
    with database() as url, databases.opened(url) as store:
        with store.engine.begin() as connection:
            fill(connection, Population(enrolled=teams * TEAM, due=teams * TEAM))
            timeline = _fill_rounds(connection, teams)
        if store.engine.dialect.name == "postgresql":  # as autovacuum would have by the time anything is due
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        yield Tick(store, teams, timeline.steps[0].prompt_at)


def _fill_rounds(connection: Connection, teams: int) -> Timeline:
    document = load_library().challenge_document("idea-sprint")
    timeline = lay_out(document.challenge, MONDAY, DAYS, STARTED)
    kept = new_round(document.challenge, timeline, team_id=1, body=document.to_json())
    connection.execute(
        insert(metadata.tables["challenge_document"]).values(
            id=1, organisation_id=1, challenge_id="idea-sprint", digest=document.digest(), body=document.to_json(),
            stored_at=STARTED,
        )
    )  # fmt: skip
    numbers = counting(teams)
    number: ColumnElement[int] = numbers.c.number
    insert_selected(
        connection, "team", numbers,
        id=number, organisation_id=1, workspace_id=1, name="Laget",
        channel_id=literal("C").concat(cast(number, String)), language="sv",
        zone=DAYS.zone, slot="10:00", calendar={}, facilitator_id=number * TEAM, made_at=STARTED,
    )  # fmt: skip
    people = counting(teams * TEAM)
    insert_selected(
        connection, "team_member", people,
        team_id=1 + (people.c.number - 1) // TEAM, person_id=people.c.number, joined_at=STARTED,
    )  # fmt: skip
    insert_selected(
        connection, "round", numbers,
        id=number, organisation_id=1, workspace_id=1, team_id=number, document_id=1, starts_on=kept.starts_on,
        ends_at=kept.ends_at, state=RoundState.PLANNED, confirmed_at=STARTED,
    )  # fmt: skip
    for step in kept.steps:
        values = {name: value for name, value in asdict(step).items() if value is not None}
        insert_selected(connection, "round_step", numbers, round_id=number, **values)
    return timeline


class Tick:
    """Rounds that begin at one moment, as often as we like."""

    def __init__(self, store: Store, teams: int, begins_at: datetime) -> None:
        self._store = store
        self._rows = teams * (1 + TEAM)
        self._now = begins_at
        self._has_rows = False

    def plan(self) -> float:
        """Plan from before, and return the seconds."""
        self._begin_anew()
        seconds = self.plan_again()
        with self._store.engine.connect() as connection:
            planned = connection.execute(text("SELECT count(*) FROM delivery WHERE state = 'planned'")).scalar_one()
        assert planned == self._rows, f"{planned} planned, not {self._rows}"
        return seconds

    def plan_again(self) -> float:
        """Tick when all that is due has been promised already."""
        started = perf_counter()
        asyncio.run(plan_rounds(self._store, self._now))
        return perf_counter() - started

    def insert_bare(self) -> float:
        """Insert the rows that `plan` left with one bare statement, commit, and return the seconds."""
        if not self._has_rows:
            self._execute("CREATE TABLE promised_rows AS SELECT * FROM delivery ORDER BY id")
            self._has_rows = True
        self._begin_anew()
        started = perf_counter()
        self._execute(BARE)
        return perf_counter() - started

    def _begin_anew(self) -> None:
        postgresql = self._store.engine.dialect.name == "postgresql"
        self._execute("TRUNCATE delivery CASCADE" if postgresql else "DELETE FROM delivery")
        self._execute("UPDATE round_step SET prompted_at = NULL WHERE prompted_at IS NOT NULL")
        self._execute("UPDATE round SET state = 'planned' WHERE state <> 'planned'")

    def _execute(self, statement: str) -> None:
        with self._store.engine.begin() as connection:
            connection.execute(text(statement))


if __name__ == "__main__":
    main(small="--small" in sys.argv)
