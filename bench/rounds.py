"""Rounds: one tick in which a thousand teams of six hear of a step, each in its channel and everybody alone.

python -m bench.rounds [--small]
"""

import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, insert, literal

from bench import databases
from bench.alternating import medians
from bench.figures import report, say
from bench.population import MONDAY, STARTED, Population, counting, fill, insert_selected
from bench.ticks import Tick, milliseconds
from lessons.library import load_library
from scheduler.calendar import Calendar
from scheduler.rounds import plan_rounds
from scheduler.timeline import TeamDays, Timeline, lay_out, new_round
from storage.tables import metadata
from storage.tables.rounds import RoundState

TIMES = 5
TEAM = 6
TUESDAY = MONDAY + timedelta(days=1)
"""A working day of everybody in `population`: on a day off of their own nobody is asked alone."""
DAYS = TeamDays(calendar=Calendar(), slot=time(10, 0), zone="Europe/Stockholm")


def main(*, small: bool) -> None:
    teams = 20 if small else 1000
    for database, suffix in ((databases.sqlite_url, ""), (databases.postgres_url, "_postgresql")):
        with beginning(database, teams) as tick:
            say(f"rounds: {teams:,} begin in one tick{suffix}, and the same rows with one bare statement, in turn")
            planned, bare = medians(tick.plan, tick.insert_bare, times=TIMES)
            report(milliseconds(f"rounds.thousand_in_a_tick{suffix}", planned, bare))
            idle = median(tick.plan_again() for _ in range(4 * TIMES))
            report(milliseconds(f"rounds.nothing_due{suffix}", idle))


@contextmanager
def beginning(database: Callable[[], AbstractContextManager[str]], teams: int) -> Iterator["Beginning"]:
    """A database where so many teams begin the idea sprint on the same morning."""
    with database() as url, databases.opened(url) as store:
        with store.engine.begin() as connection:
            fill(connection, Population(enrolled=teams * TEAM, due=teams * TEAM))
            timeline = _fill_rounds(connection, teams)
        yield Beginning(store, timeline.steps[0].prompt_at, due=teams * (1 + TEAM))


def _fill_rounds(connection: Connection, teams: int) -> Timeline:
    document = load_library().challenge_document("idea-sprint")
    timeline = lay_out(document.challenge, TUESDAY, DAYS, STARTED)
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


class Beginning(Tick):
    """Rounds that begin at one moment, each in its channel and with everybody alone."""

    def tick(self) -> Coroutine[Any, Any, object]:
        return plan_rounds(self.store, self.now)

    def make_due(self) -> None:
        self.execute("UPDATE round_step SET prompted_at = NULL WHERE prompted_at IS NOT NULL")
        self.execute("UPDATE round SET state = 'planned' WHERE state <> 'planned'")


if __name__ == "__main__":
    main(small="--small" in sys.argv)
