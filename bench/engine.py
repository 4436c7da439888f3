"""The engine without the network: lanes, composing, marking and settling, to a platform that takes everything at once.

    python -m bench.engine [--small]

Without limits against the bare statements that mark and settle a row, two commits each, on the same database; two and
four processes against one; a hundred workspaces with limits; and how long a lane stands still when its holder is killed
or stops.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median
from time import sleep, time
from typing import IO

from bench import databases
from bench.figures import Figure, report, say
from bench.outbound import fill_due
from bench.programs import our_python

TIMES = 3
PATIENCE_SECONDS = 180
LEASE_SECONDS = 3.0
DATABASES: tuple[tuple[str, Callable[[], AbstractContextManager[str]]], ...] = (
    ("", databases.sqlite_url),
    ("_postgresql", databases.postgres_url),
)


@dataclass(frozen=True, slots=True)
class Message:
    at: float
    """Seconds of the machine's monotonic clock."""
    workspace: str


def main(*, small: bool) -> None:
    count = 200 if small else 4000
    for suffix, database in DATABASES:
        say(f"engine: {count} nudges in one process{suffix}, and bare statements, in turn")
        turns = [(rate(database, count, processes=1), bare(database, count)) for _ in range(TIMES)]
        ours, baseline = (median(column) for column in zip(*turns, strict=True))
        report(_rate(f"one_process{suffix}", ours, baseline))
    say("engine: one, two and four processes on PostgreSQL, sixteen workspaces, in turn")
    rates = [[rate(databases.postgres_url, count, processes=n, workspaces=16) for n in (1, 2, 4)] for _ in range(TIMES)]
    one, two, four = (median(column) for column in zip(*rates, strict=True))
    report(_rate("two_processes", two, one), _rate("four_processes", four, two))
    report(fairness(seconds=5 if small else 40))
    for name, asked in (("killed", signal.SIGKILL), ("stopped", signal.SIGTERM)):
        say(f"engine: how long a lane stands still when its holder is {name}")
        gaps = [standstill(asked) for _ in range(1 if small else 5)]
        baseline = LEASE_SECONDS if asked is signal.SIGKILL else None
        report(Figure(name=f"engine.takeover_when_{name}", value=max(gaps), unit="s", baseline=baseline))


def rate(
    database: Callable[[], AbstractContextManager[str]], count: int, *, processes: int, workspaces: int = 1
) -> float:
    """Return messages a second, from the first to the last, of so many processes together."""
    with database() as url:
        fill_due(url, count, workspaces=workspaces)
        began = time()
        running = [_start(url, began) for _ in range(processes)]
        messages = sorted((one for process in running for one in _all_of(process)), key=lambda message: message.at)
    assert len(messages) == count, f"{len(messages)} of {count} messages"
    return (count - 1) / (messages[-1].at - messages[0].at)


def bare(database: Callable[[], AbstractContextManager[str]], count: int) -> float:
    """Return rows marked and settled a second by bare statements through the driver."""
    with database() as url:
        fill_due(url, count)
        command = our_python("bench.bare_sends", "statements", url, str(count))
        return count / float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def fairness(*, seconds: int) -> Figure:
    """A hundred workspaces in one process, each permitted 60 a minute: the slowest one's pace against that."""
    workspaces = 100
    say(f"engine: {workspaces} workspaces with limits, {seconds} s")
    with databases.postgres_url() as url:
        fill_due(url, workspaces * (seconds + 1), workspaces=workspaces)
        messages = list(_all_of(_start(url, time(), "--per-minute", "60")))
    paces = []
    for workspace in {message.workspace for message in messages}:
        moments = sorted(message.at for message in messages if message.workspace == workspace)
        paces.append((len(moments) - 1) / (moments[-1] - moments[0]) * 60)
    assert len(paces) == workspaces
    return Figure(name="engine.slowest_of_a_hundred", value=min(paces), unit="nudges/min", baseline=60)


def standstill(asked: signal.Signals) -> float:
    """Two processes, one workspace at ten a second. End the one that sends; return the seconds from its last message to
    the other's first."""
    with databases.postgres_url() as url:
        fill_due(url, 600)
        began = time()
        options = ("--per-minute", "600", "--lease", str(LEASE_SECONDS), "--stay")
        with _until_told(_start(url, began, *options)) as first:
            _until_ready(first)
            with _until_told(_start(url, began, *options)) as second:
                _until_ready(second)
                sleep(1)  # it has looked, and found the lane taken
                first.send_signal(asked)
                before = [_message(line) for line in _output(first) if line.strip() != "ready"]
                return _message(_output(second).readline()).at - before[-1].at


def _start(url: str, began: float, *options: str) -> subprocess.Popen[str]:
    command = our_python("bench.engine_process", url, str(began), *options)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@contextmanager
def _until_told(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _all_of(process: subprocess.Popen[str]) -> Iterator[Message]:
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, f"it ended with {process.returncode}"
    return map(_message, said.splitlines())


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _until_ready(process: subprocess.Popen[str]) -> None:
    while (line := _output(process).readline()).strip() != "ready":
        assert line, "it ended before it was ready"


def _message(line: str) -> Message:
    moment, workspace = line.split()
    return Message(float(moment), workspace)


def _rate(name: str, value: float, baseline: float) -> Figure:
    return Figure(name=f"engine.{name}", value=value, unit="rows/s", baseline=baseline)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
