"""What people build today, and ours: 10,000 people due at one moment, to a platform that takes everything at once.

    python -m bench.naive [--small]

Today's way is the tutorials': APScheduler's SQLAlchemyJobStore on SQLite and one cron job for each person. Once with
its default settings, where we count what it does not send at all; once with `misfire_grace_time=None`, so that there
is a time to compare. Ours is a tick and a lane of `knuff serve` in one process: planned, written, marked, sent,
settled. Each in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import databases
from bench.figures import Figure, report, say
from bench.population import Population, fill
from bench.programs import our_python


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """What one process says of its morning."""

    sent: int
    seconds: float
    """From the moment they were all due to the last message."""
    megabytes: float
    """Resident when all was over."""


def main(*, small: bool) -> None:
    count = 500 if small else 10_000
    say(f"naive: {count} jobs, one for each person, default settings")
    default = _naive(count, "default")
    say(f"naive: {count} jobs, none too late to run")
    patient = _naive(count, "patient")
    say(f"naive: {count} people planned and sent to by Knuff")
    ours = _ours(count)
    assert (patient.sent, ours.sent) == (count, count)
    report(
        Figure(name="naive.not_sent", value=count - ours.sent, unit="messages", baseline=count - default.sent),
        Figure(name="naive.last_sent_after", value=ours.seconds, unit="s", baseline=patient.seconds),
        Figure(name="naive.memory", value=ours.megabytes, unit="MB", baseline=patient.megabytes),
    )


def _naive(count: int, settings: str) -> Morning:
    with tempfile.TemporaryDirectory(prefix="knuff-bench-") as folder:
        return _said("bench.naive_jobs", f"sqlite:///{Path(folder) / 'jobs.db'}", str(count), settings)


def _ours(count: int) -> Morning:
    with databases.sqlite_url() as url:
        people = Population(enrolled=count, due=count)
        with databases.opened(url) as store, store.engine.begin() as connection:
            fill(connection, people)
        return _said("bench.our_morning", url, str(count))


def _said(module: str, *arguments: str) -> Morning:
    done = subprocess.run(our_python(module, *arguments), stdout=subprocess.PIPE, text=True, check=True)
    return Morning(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main(small="--small" in sys.argv)
