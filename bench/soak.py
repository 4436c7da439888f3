"""`make soak`: fifty kills while two thousand nudges go out. One line at the end; exit code 1 on any loss or double."""

import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.killing import send_and_kill

PEOPLE = 2000
KILLS = 50
LONGEST_SECONDS = 1800
MOST_SHOWN = 20


def main() -> int:
    began = time.monotonic()

    def show(line: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - began:5.0f} s] {line}\n")

    with tempfile.TemporaryDirectory(prefix="knuff-soak-") as folder:
        outcome = send_and_kill(
            people=PEOPLE,
            kills=KILLS,
            seed=1,
            folder=Path(folder),
            database_url=f"sqlite:///{folder}/knuff.db",
            longest_seconds=LONGEST_SECONDS,
            progress=show,
        )
    for fault in outcome.faults[:MOST_SHOWN]:
        sys.stderr.write(f"{fault}\n")
    if outcome.stopped_with:
        sys.stderr.write(f"asked to stop, knuff ended with {outcome.stopped_with} instead of 0\n")
    sys.stdout.write(f"soak: {outcome.summary()}\n")
    return 1 if outcome.faults or outcome.stopped_with else 0


if __name__ == "__main__":
    sys.exit(main())
