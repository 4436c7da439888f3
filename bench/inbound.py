"""Inbound: a signed button press persisted, handled and acknowledged by `knuff serve`, against a bare bolt app.

    python -m bench.inbound [--small]

Both run on one core, load generator and Slack's stand-in on another; Knuff on SQLite. Each press is another person's
on a nudge of their own, so each is recorded, changes the card and promises a follow-up. Knuff's clock begins on a
Tuesday morning, whatever the hour is here: nobody's evening or weekend is measured. *Acknowledged* is Slack's own
view: the answer, sent after the commit that keeps the event. *Handled* counts until the last event's transaction is
committed.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from bench import databases, machine
from bench.figures import Figure, report, say
from bench.load import Load, Outcome, put
from bench.population import Population, fill, fill_nudges, slot_moment
from bench.programs import LOAD_CORE, SERVER_CORE, free_port, our_python, running
from bench.slack_stand_in import BOT_TOKEN, SIGNING_SECRET, WORKSPACE
from storage.tables.deliveries import State

TUESDAY_MORNING = datetime(2026, 3, 3, 7, 45, tzinfo=UTC)
"""Half an hour after the nudges; the figures are taken long before anybody's day is over."""
CONNECTIONS = 32
TIMES = 5
PATIENCE_SECONDS = 120


def main(*, small: bool) -> None:
    size = 20 if small else 1
    with stand_in() as api, bare_bolt(api) as bolt, knuff(api) as ours:
        for server in (ours, bolt):
            server.press(500 // size, connections=CONNECTIONS)
        say("inbound: 32 connections, ours and bare bolt in turn")
        report(*_throughput(ours, bolt, count=4000 // size))
        say("inbound: one connection, in turn")
        pairs = [[server.press(500 // size, connections=1).p50 for server in (ours, bolt)] for _ in range(TIMES)]
        report(_figure("one_connection_p50", "ms", pairs))
        say("inbound: 500 a second whatever happens, in turn")
        pairs = [
            [server.press(4000 // size, connections=100, per_second=500).p99 for server in (ours, bolt)]
            for _ in range(TIMES)
        ]
        report(_figure("open_loop_500_p99", "ms", pairs))


@dataclass
class Server:
    """A server to press buttons at. `database` is Knuff's, None for the baseline."""

    port: int
    process_id: int
    database: str | None = None
    seconds_ahead: float = 0
    """Of its clock, before ours."""
    pressed: int = 0
    handled_seconds: float = 0
    """From the first press to the last commit, of the latest load."""
    cpu_microseconds: float = 0
    """Of the server's processor for one press until it is handled, in the latest load."""

    def press(self, count: int, *, connections: int, per_second: float | None = None) -> Outcome:
        """Let `count` people press once each, wait until that is handled, and return the answers' times."""
        load = Load(
            port=self.port, workspace=WORKSPACE, secret=SIGNING_SECRET, first=self.pressed + 1, count=count,
            run=f"run{self.pressed}", connections=connections, per_second=per_second, seconds_ahead=self.seconds_ahead,
        )  # fmt: skip
        self.pressed += count
        cpu_before = machine.cpu_seconds(self.process_id)
        outcome = put(load)
        answered = time.perf_counter()
        assert outcome.refused == 0, f"{outcome.refused} of {count} presses were not answered with 200"
        self._wait_until_handled()
        self.handled_seconds = outcome.seconds + time.perf_counter() - answered
        self.cpu_microseconds = (machine.cpu_seconds(self.process_id) - cpu_before) / count * 1e6
        time.sleep(0.5)  # what is left is showing: Slack takes 50 updated cards a minute, so it takes hours and little
        return outcome

    def _wait_until_handled(self) -> None:
        if self.database is None:
            return
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            until = time.monotonic() + PATIENCE_SECONDS
            waiting = "SELECT EXISTS (SELECT 1 FROM inbox_event WHERE handled_at IS NULL AND set_aside_at IS NULL)"
            while connection.execute(waiting).fetchone()[0]:
                assert time.monotonic() < until, "events are left that nobody handles"
                time.sleep(0.01)
            kept, aside, answers = connection.execute(
                "SELECT count(*), count(set_aside_at), (SELECT count(*) FROM answer) FROM inbox_event"
            ).fetchone()
            assert (kept, aside, answers) == (self.pressed, 0, self.pressed), (kept, aside, answers, self.pressed)


def _throughput(ours: Server, bolt: Server, *, count: int) -> list[Figure]:
    acknowledged, handled, cpu = [], [], []
    for _ in range(TIMES):
        seconds, handled_seconds, cpu_each = [], [], []
        for server in (ours, bolt):
            seconds.append(server.press(count, connections=CONNECTIONS).seconds)
            handled_seconds.append(server.handled_seconds if server is ours else seconds[-1])
            cpu_each.append(server.cpu_microseconds)
        acknowledged.append([count / each for each in seconds])
        handled.append([count / each for each in handled_seconds])
        cpu.append(cpu_each)
    return [
        _figure("acknowledged", "presses/s", acknowledged),
        _figure("handled", "presses/s", handled),
        _figure("processor_time", "µs a press", cpu),
    ]


def _figure(name: str, unit: str, pairs: list[list[float]]) -> Figure:
    """Medians of ours and of the baseline."""
    value, baseline = (median(column) for column in zip(*pairs, strict=True))
    return Figure(name=f"inbound.{name}", value=value, unit=unit, baseline=baseline)


@contextmanager
def stand_in() -> Iterator[str]:
    """Slack's stand-in without limits. Yields the address of its Web API."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running(our_python("bench.slack_stand_in", str(port)), ready=f"{address}/counts", core=LOAD_CORE):
        yield f"{address}/api/"


@contextmanager
def bare_bolt(api: str) -> Iterator[Server]:
    port = free_port()
    command = our_python("bench.bare_bolt", str(port), SIGNING_SECRET, api)
    with running(command, ready=f"http://127.0.0.1:{port}/", core=SERVER_CORE) as process:
        yield Server(port=port, process_id=process.pid)


@contextmanager
def knuff(api: str, *, people: int = 100_000) -> Iterator[Server]:
    """`knuff serve` on a SQLite file where each of so many people has had today's nudge."""
    port, now = free_port(), TUESDAY_MORNING
    with databases.sqlite_url() as url:
        with databases.opened(url) as store, store.engine.begin() as connection:
            fill(connection, Population(enrolled=people, due=people, day=now.date() + timedelta(days=365)))
            fill_nudges(connection, people, state=State.SENT, due_at=slot_moment(now.date()))
        settings = {
            "KNUFF_DATABASE_URL": url, "KNUFF_SLACK_BOT_TOKEN": BOT_TOKEN, "KNUFF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "KNUFF_SLACK_API_URL": api, "KNUFF_PORT": str(port), "KNUFF_POSTS_PER_MINUTE": "0",
        }  # fmt: skip
        ready = f"http://127.0.0.1:{port}/health"
        command = our_python("bot.cli", "serve", "--clock-start", now.isoformat())
        ahead = (now - datetime.now(UTC)).total_seconds()
        with running(command, ready=ready, core=SERVER_CORE, settings=settings) as process:
            database = url.removeprefix("sqlite:///")
            yield Server(port=port, process_id=process.pid, database=database, seconds_ahead=ahead)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
