"""Outbound: nudges through `knuff serve`, its lanes and the real Slack client, to a stand-in for Slack.

    python -m bench.outbound [--small]

With limits on, the stand-in refuses what comes faster than permitted: we want all that is permitted and no refusal.
With limits off, the rate is compared with slack_sdk in a loop and with the statements that mark and settle a row. Rates
are what the stand-in saw, from the first message to the last.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from urllib.request import urlopen

from bench import databases
from bench.figures import Figure, report, say
from bench.population import SLACK, Ids, Population, fill, fill_nudges
from bench.programs import LOAD_CORE, SERVER_CORE, free_port, our_python, running
from bench.slack_stand_in import BOT_TOKEN, SIGNING_SECRET
from storage.tables.deliveries import State

TIMES = 3
MORNING = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
"""A Tuesday at half past ten in Stockholm: outside working hours Knuff would rightly send nothing at all."""
PATIENCE_SECONDS = 120


def main(*, small: bool) -> None:
    refused = 0.0
    for per_minute, seconds in ((60, 4 if small else 40), (600, 2 if small else 30)):
        say(f"outbound: {per_minute} a minute permitted, {seconds} s")
        sent = nudges(per_minute * seconds // 60 + 1, per_minute=per_minute)
        refused += sent.refused
        report(_figure(f"permitted_{per_minute}_a_minute", sent.per_second * 60, "nudges/min", per_minute))
    report(Figure(name="outbound.refused_for_rate", value=refused, unit="429s"))
    count = 100 if small else 2000
    say(f"outbound: {count} nudges without limits, slack_sdk in a loop and bare statements, in turn")
    turns = [(nudges(count).per_second, sdk_loop(count).per_second, statements(count)) for _ in range(TIMES)]
    ours, sdk, bare = (median(column) for column in zip(*turns, strict=True))
    report(
        _figure("against_sdk_loop", ours, "nudges/s", sdk),
        _figure("against_mark_and_settle", ours, "nudges/s", bare),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    per_second: float
    refused: int


def nudges(count: int, *, per_minute: int = 0) -> Sent:
    """Let `knuff serve` send so many nudges that are all due. `per_minute` 0: without limits."""
    with stand_in(per_minute) as slack, databases.sqlite_url() as url:
        port = free_port()
        fill_due(url, count)
        settings = {
            "KNUFF_DATABASE_URL": url, "KNUFF_SLACK_BOT_TOKEN": BOT_TOKEN, "KNUFF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "KNUFF_SLACK_API_URL": f"{slack}/api/", "KNUFF_PORT": str(port), "KNUFF_POSTS_PER_MINUTE": str(per_minute),
        } | ({} if per_minute else {"KNUFF_CHANNEL_POSTS_PER_SECOND": "0"})  # fmt: skip
        ready = f"http://127.0.0.1:{port}/health"
        with running(
            our_python("bot.cli", "serve", "--clock-start", MORNING.isoformat()),
            ready=ready,
            core=SERVER_CORE,
            settings=settings,
        ):
            return seen_by(slack, count)


def sdk_loop(count: int) -> Sent:
    with stand_in(0) as slack:
        subprocess.run(our_python("bench.bare_sends", "sdk", f"{slack}/api/", str(count)), check=True)
        return seen_by(slack, count)


def statements(count: int) -> float:
    """Rows marked and settled a second."""
    with databases.sqlite_url() as url:
        fill_due(url, count)
        command = our_python("bench.bare_sends", "statements", url, str(count))
        return count / float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


@contextmanager
def stand_in(per_minute: int) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    limits = ["--per-minute", str(per_minute)] if per_minute else []
    with running(our_python("bench.slack_stand_in", str(port), *limits), ready=f"{address}/counts", core=LOAD_CORE):
        yield address


def fill_due(url: str, count: int, *, ids: Ids = SLACK, workspaces: int = 1) -> None:
    """So many people with a nudge each that has just come due, in cohorts that run, spread over workspaces."""
    people = Population(
        enrolled=count,
        due=count,
        day=MORNING.date() + timedelta(days=365),
        starts_on=MORNING.date() - timedelta(days=MORNING.weekday()),
        cohorts=max(10, workspaces),
        workspaces=workspaces,
        ids=ids,
    )
    with databases.opened(url) as store, store.engine.begin() as connection:
        fill(connection, people)
        fill_nudges(connection, count, state=State.PLANNED, due_at=MORNING - timedelta(seconds=1), ids=ids)


def seen_by(stand_in: str, count: int) -> Sent:
    """Wait until so many messages have arrived."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (seen := _counts(stand_in))["posted"] < count:
        assert time.monotonic() < until, f"{seen['posted']} of {count} nudges arrived"
        time.sleep(0.1)
    return Sent(per_second=(count - 1) / seen["seconds"], refused=seen["calls"].get("429", 0))


def _counts(stand_in: str) -> dict[str, Any]:
    with urlopen(f"{stand_in}/counts", timeout=5) as answer:
        counts: dict[str, Any] = json.load(answer)
        return counts


def _figure(name: str, value: float, unit: str, baseline: float) -> Figure:
    return Figure(name=f"outbound.{name}", value=value, unit=unit, baseline=baseline)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
