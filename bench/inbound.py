"""Inbound: a signed button press persisted, handled and acknowledged by `knuff serve`, against a bare bolt app.

    python -m bench.inbound [--small]

Both run on one core; load generator, Slack's stand-in and PostgreSQL (which flushes every commit) on another. Knuff on
SQLite, then on PostgreSQL. Each press is another person's on a nudge of their own, so each is recorded, changes the
card and promises a follow-up. Knuff's clock begins on a Tuesday morning, whatever the hour is here: nobody's evening or
weekend is measured.

The burst is what Slack delivers at most in an hour for a workspace, within half a minute, and nobody waits for us to
keep up.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bench import databases, machine
from bench.figures import Figure, report, say
from bench.population import Population, fill, fill_nudges, slot_moment
from bench.pressing import CONNECTIONS, TIMES, Server, medians_of, throughput
from bench.programs import LOAD_CORE, SERVER_CORE, free_port, our_python, running
from bench.slack_stand_in import BOT_TOKEN, SIGNING_SECRET
from storage.tables.deliveries import State

TUESDAY_MORNING = datetime(2026, 3, 3, 7, 45, tzinfo=UTC)
"""Half an hour after the nudges; the figures are taken long before anybody's day is over."""


BURST, BURST_PER_SECOND, BURST_CONNECTIONS = 30_000, 1000, 500


def main(*, small: bool) -> None:
    machine.pin(0, core=LOAD_CORE)  # and with us the PostgreSQL that we start
    size = 20 if small else 1
    with stand_in() as api, bare_bolt(api) as bolt:
        with databases.sqlite_url() as url, knuff(api, url) as ours:
            _on_sqlite(ours, bolt, size)
        with databases.postgres_url(flushes=True) as url, knuff(api, url) as ours:
            _on_postgresql(ours, bolt, size)


def _on_sqlite(ours: Server, bolt: Server, size: int) -> None:
    for server in (ours, bolt):
        server.press(500 // size, connections=CONNECTIONS)
    say("inbound: 32 connections, ours and bare bolt in turn")
    report(*throughput("inbound.", ours, bolt, count=4000 // size))
    say("inbound: one connection, in turn")
    pairs = [[server.press(500 // size, connections=1).p50 for server in (ours, bolt)] for _ in range(TIMES)]
    report(medians_of("inbound.one_connection_p50", "ms", pairs))
    say("inbound: 500 a second whatever happens, in turn")
    pairs = [
        [server.press(4000 // size, connections=100, per_second=500).p99 for server in (ours, bolt)]
        for _ in range(TIMES)
    ]
    report(medians_of("inbound.open_loop_500_p99", "ms", pairs))


def _on_postgresql(ours: Server, bolt: Server, size: int) -> None:
    for server in (ours, bolt):
        server.press(500 // size, connections=CONNECTIONS)
    say("inbound: PostgreSQL, 32 connections, ours and bare bolt in turn")
    report(*throughput("inbound.", ours, bolt, count=4000 // size, on="_postgresql"))
    say(f"inbound: PostgreSQL, a burst of {BURST // size:,}, {BURST_PER_SECOND:,} a second whatever happens")
    burst = ours.press(BURST // size, connections=BURST_CONNECTIONS, per_second=BURST_PER_SECOND)
    report(
        Figure(name="inbound.burst_late", value=burst.late, unit="answers"),
        Figure(name="inbound.burst_longest_ms", value=burst.worst, unit="ms"),
        Figure(name="inbound.burst_handled", value=BURST // size / ours.handled_seconds, unit="presses/s"),
    )


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
def knuff(api: str, url: str, *, people: int = 100_000) -> Iterator[Server]:
    """`knuff serve` on an empty database, in which each of so many people then has had today's nudge."""
    port, now = free_port(), TUESDAY_MORNING
    with databases.opened(url) as store, store.engine.begin() as connection:
        fill(connection, Population(enrolled=people, due=people, day=now.date() + timedelta(days=365)))
        fill_nudges(connection, people, state=State.SENT, due_at=slot_moment(now.date()))
    with databases.opened(url) as store, store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
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
