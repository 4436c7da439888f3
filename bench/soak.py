"""`make soak`: on each platform, fifty kills while two thousand nudges go out. One line each at the end; exit code 1 on
any loss or double."""

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.journeys.killing import Outcome, send_and_kill
from tests.journeys.platforms import SLACK, TEAMS, Platform

PEOPLE = 2000
KILLS = 50
LONGEST_SECONDS = 1800
MOST_SHOWN = 20


def main() -> int:
    began = time.monotonic()
    outcomes = {platform.name: _soaked(platform, began=began) for platform in (SLACK, TEAMS)}
    for name, outcome in outcomes.items():
        for fault in outcome.faults[:MOST_SHOWN]:
            sys.stderr.write(f"{name}: {fault}\n")
        if outcome.stopped_with:
            sys.stderr.write(f"{name}: asked to stop, knuff ended with {outcome.stopped_with} instead of 0\n")
        sys.stdout.write(f"soak on {name}: {outcome.summary()}\n")
    return 1 if any(outcome.faults or outcome.stopped_with for outcome in outcomes.values()) else 0


def _soaked(platform: Platform, *, began: float) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="knuff-soak-") as folder:
        return send_and_kill(
            platform=platform,
            people=PEOPLE,
            kills=KILLS,
            seed=1,
            folder=Path(folder),
            database_url=f"sqlite:///{folder}/knuff.db",
            longest_seconds=LONGEST_SECONDS,
            progress=partial(_show, platform.name, began),
        )


def _show(platform: str, began: float, line: str) -> None:
    sys.stderr.write(f"[{time.monotonic() - began:5.0f} s] {platform}: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
