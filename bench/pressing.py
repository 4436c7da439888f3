"""Presses on a server, ours or a baseline: how many a second it takes, and how fast it answers.

*Acknowledged* is the platform's own view: the answer, sent after the commit that keeps the event. *Handled* counts
until the last event's transaction is committed.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg

from bench import machine
from bench.figures import Figure
from bench.load import Load, Outcome, put

CONNECTIONS = 32
TIMES = 5
PATIENCE_SECONDS = 600
Pairs = list[list[float]]
"""Ours and the baseline's, in turn."""


@dataclass
class Server:
    """A server to press buttons at. `database` is Knuff's, a file or the address of a PostgreSQL; None for the
    baseline."""

    port: int
    process_id: int
    database: str | None = None
    seconds_ahead: float = 0
    """Of its clock, before ours."""
    teams: str | None = None
    """Where the stand-in for Teams is, if it is Teams that presses."""
    pressed: int = 0
    handled_seconds: float = 0
    """From the first press to the last commit, of the latest load."""
    cpu_microseconds: float = 0
    """Of the server's processor for one press until it is handled, in the latest load."""

    def press(self, count: int, *, connections: int, per_second: float | None = None) -> Outcome:
        """Let `count` people press once each, wait until that is handled, and return the answers' times."""
        load = Load(
            port=self.port, first=self.pressed + 1, count=count, run=f"run{self.pressed}", connections=connections,
            per_second=per_second, seconds_ahead=self.seconds_ahead, teams=self.teams,
        )  # fmt: skip
        self.pressed += count
        cpu_before = machine.cpu_seconds(self.process_id)
        outcome = put(load)
        answered = time.perf_counter()
        assert outcome.refused == 0, f"{outcome.refused} of {count} presses were not answered with 200"
        self._wait_until_handled()
        self.handled_seconds = outcome.seconds + time.perf_counter() - answered
        self.cpu_microseconds = (machine.cpu_seconds(self.process_id) - cpu_before) / count * 1e6
        time.sleep(0.5)  # what is left is showing: a platform takes few updated cards, so it takes long and little
        return outcome

    def _wait_until_handled(self) -> None:
        if self.database is None:
            return
        with _looking_into(self.database) as connection:
            until = time.monotonic() + PATIENCE_SECONDS
            waiting = "SELECT 1 FROM inbox_event WHERE handled_at IS NULL AND set_aside_at IS NULL LIMIT 1"
            while connection.execute(waiting).fetchone():
                assert time.monotonic() < until, "events are left that nobody handles"
                time.sleep(0.01)
            kept, aside, answers = connection.execute(
                "SELECT count(*), count(set_aside_at), (SELECT count(*) FROM answer) FROM inbox_event"
            ).fetchone()
            assert (kept, aside, answers) == (self.pressed, 0, self.pressed), (kept, aside, answers, self.pressed)


def throughput(
    bench: str, ours: Server, baseline: Server, *, count: int, baseline_count: int | None = None, on: str = ""
) -> list[Figure]:
    """Press so many times on each in turn, on both `count` times unless the baseline would take too long. Return the
    rates and the processor's time, their names ending in `on`."""
    acknowledged, handled, cpu = [], [], []
    for _ in range(TIMES):
        rates, handled_rates, cpu_each = [], [], []
        for server, presses in ((ours, count), (baseline, baseline_count or count)):
            seconds = server.press(presses, connections=CONNECTIONS).seconds
            rates.append(presses / seconds)
            handled_rates.append(presses / (server.handled_seconds if server is ours else seconds))
            cpu_each.append(server.cpu_microseconds)
        acknowledged.append(rates)
        handled.append(handled_rates)
        cpu.append(cpu_each)
    return [
        medians_of(f"{bench}acknowledged{on}", "presses/s", acknowledged),
        medians_of(f"{bench}handled{on}", "presses/s", handled),
        medians_of(f"{bench}processor_time{on}", "µs a press", cpu),
    ]


@contextmanager
def _looking_into(database: str) -> Iterator[Any]:
    if database.startswith("postgresql"):
        with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
            yield connection
    else:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            yield connection


def medians_of(name: str, unit: str, pairs: Pairs) -> Figure:
    value, baseline = (median(column) for column in zip(*pairs, strict=True))
    return Figure(name=name, value=value, unit=unit, baseline=baseline)
