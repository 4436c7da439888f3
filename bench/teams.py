"""Teams: sending, pressing, and the event loop while tokens and keys are fetched; against botbuilder as it comes.

    python -m bench.teams [--small]

Ours and the baseline run on one core, the stand-in for Teams and the load on another; Knuff on SQLite. Authentication
is on in both. Rates of sending are what the stand-in saw, from the first message to the last.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from bench import databases
from bench.figures import Figure, report, say
from bench.inbound import TUESDAY_MORNING
from bench.outbound import MORNING, Sent, fill_due, seen_by
from bench.population import TEAMS, Population, fill, fill_nudges, slot_moment
from bench.pressing import CONNECTIONS, Server, throughput
from bench.programs import LOAD_CORE, SERVER_CORE, free_port, our_python, running
from bench.teams_stand_in import settings_at
from storage.tables.deliveries import State

TIMES = 3
AT_ONCE = 10
PER_SECOND = 50
"""What Microsoft documents for one app in one tenant, and what Knuff keeps within unless told otherwise."""


def main(*, small: bool) -> None:
    size = 20 if small else 1
    _sending(2000 // size, stock=400 // size)
    _permitted(2 if small else 30)
    _pressing(4000 // size, stock=400 // size)
    _holding(1 if small else TIMES)


def _sending(count: int, *, stock: int) -> None:
    say(f"teams: {count} messages by our send alone, by Knuff's lane, and by continue_conversation, in turn")
    turns = [
        (alone(count).per_second, nudges(count).per_second, continue_conversation(stock).per_second)
        for _ in range(TIMES)
    ]
    ours, lane, baseline = (median(column) for column in zip(*turns, strict=True))
    report(
        Figure(name="teams.send_alone", value=ours, unit="messages/s", baseline=baseline),
        Figure(name="teams.lane", value=lane, unit="messages/s", baseline=baseline),
    )


def _permitted(seconds: int) -> None:
    say(f"teams: {PER_SECOND} a second permitted, {seconds} s")
    sent = nudges(PER_SECOND * seconds + 1, per_second=PER_SECOND)
    report(
        Figure(name="teams.permitted_50_a_second", value=sent.per_second, unit="messages/s", baseline=PER_SECOND),
        Figure(name="teams.refused_for_rate", value=sent.refused, unit="429s"),
    )


def _pressing(count: int, *, stock: int) -> None:
    say("teams: presses over 32 connections, ours and CloudAdapter in turn")
    with stand_in() as teams, bare_cloud_adapter(teams) as baseline, knuff(teams) as ours:
        ours.press(count // 8, connections=CONNECTIONS)
        baseline.press(stock // 4, connections=CONNECTIONS)
        report(*throughput("teams.inbound_", ours, baseline, count=count, baseline_count=stock))


def _holding(times: int) -> None:
    say("teams: the event loop while tokens and keys take two seconds, ours and CloudAdapter in turn")
    turns = [(our_longest_hold(), stock_longest_hold()) for _ in range(times)]
    # What a fetch holds up, it holds up every time; what the machine does beside is another thing each time.
    ours, baseline = (median(column) for column in zip(*turns, strict=True))
    report(Figure(name="teams.event_loop_held", value=ours, unit="ms", baseline=baseline))


def alone(count: int) -> Sent:
    with stand_in() as teams:
        _printed("bench.teams_sends", str(count), str(AT_ONCE), settings=settings_at(teams))
        return seen_by(teams, count)


def continue_conversation(count: int) -> Sent:
    with stand_in() as teams:
        _printed("bench.bare_cloud_adapter", "send", teams, str(count), str(AT_ONCE))
        return seen_by(teams, count)


def nudges(count: int, *, per_second: int = 0) -> Sent:
    """Let `knuff serve` send so many nudges that are all due. `per_second` 0: without limits."""
    limits = ["--per-second", str(per_second)] if per_second else []
    with stand_in(*limits) as teams, databases.sqlite_url() as url:
        port = free_port()
        fill_due(url, count, ids=TEAMS)
        settings = settings_at(teams) | {"KNUFF_DATABASE_URL": url, "KNUFF_PORT": str(port)}
        if not per_second:
            settings |= {"KNUFF_TEAMS_REQUESTS_PER_SECOND": "0", "KNUFF_TEAMS_CHANNEL_POSTS_PER_SECOND": "0"}
        with running(
            our_python("bot.cli", "serve", "--clock-start", MORNING.isoformat()),
            ready=f"http://127.0.0.1:{port}/health",
            core=SERVER_CORE,
            settings=settings,
        ):
            return seen_by(teams, count)


def our_longest_hold() -> float:
    """In milliseconds, with nudges going out."""
    with stand_in("--slow") as teams, databases.sqlite_url() as url:
        fill_due(url, 50, ids=TEAMS)
        settings = settings_at(teams) | {"KNUFF_DATABASE_URL": url, "KNUFF_PORT": str(free_port())}
        return float(_printed("bench.teams_holding", teams, MORNING.isoformat(), settings=settings))


def stock_longest_hold() -> float:
    """In milliseconds, for one request, with the keys alone."""
    with stand_in("--slow") as teams:
        return float(_printed("bench.bare_cloud_adapter", "hold", teams))


@contextmanager
def stand_in(*options: str) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = our_python("bench.teams_stand_in", str(port), *options)
    with running(command, ready=f"{address}/counts", core=LOAD_CORE):
        yield address


@contextmanager
def bare_cloud_adapter(teams: str) -> Iterator[Server]:
    port = free_port()
    command = our_python("bench.bare_cloud_adapter", "serve", teams, str(port))
    with running(command, ready=f"http://127.0.0.1:{port}/", core=SERVER_CORE) as process:
        yield Server(port=port, process_id=process.pid, teams=teams)


@contextmanager
def knuff(teams: str, *, people: int = 25_000) -> Iterator[Server]:
    """`knuff serve` on a SQLite file where each of so many people has had today's nudge."""
    port, now = free_port(), TUESDAY_MORNING
    with databases.sqlite_url() as url:
        with databases.opened(url) as store, store.engine.begin() as connection:
            fill(connection, Population(enrolled=people, due=people, day=now.date() + timedelta(days=365), ids=TEAMS))
            fill_nudges(connection, people, state=State.SENT, due_at=slot_moment(now.date()), ids=TEAMS)
        ahead = (now - datetime.now(UTC)).total_seconds()
        with running(
            our_python("bot.cli", "serve", "--clock-start", now.isoformat()),
            ready=f"http://127.0.0.1:{port}/health",
            core=SERVER_CORE,
            settings=settings_at(teams) | {"KNUFF_DATABASE_URL": url, "KNUFF_PORT": str(port)},
        ) as process:
            database = url.removeprefix("sqlite:///")
            yield Server(port=port, process_id=process.pid, database=database, seconds_ahead=ahead, teams=teams)


def _printed(module: str, *arguments: str, settings: Mapping[str, str] | None = None) -> str:
    """Run a program to its end. Return the last line it printed, or nothing."""
    environment = {**os.environ, **(settings or {})}
    command = our_python(module, *arguments)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return (done.stdout.splitlines() or [""])[-1]


if __name__ == "__main__":
    main(small="--small" in sys.argv)
