"""Rehearsal: 550 people, eight weeks, through the real planner, lanes and conversation on a virtual clock.

python -m bench.rehearsal [--small]
"""

import json
import subprocess
import sys
from statistics import median
from time import perf_counter

from bench.figures import Figure, report, say
from bench.programs import our_python

TIMES = 3
LONG_ENOUGH_SECONDS = 90
"""After so long, what has been measured will do."""


def main(*, small: bool) -> None:
    people = 30 if small else 550
    rates: list[float] = []
    began = perf_counter()
    while len(rates) < TIMES and perf_counter() - began < LONG_ENOUGH_SECONDS:
        say(f"rehearsal: {people} people, eight weeks, {len(rates) + 1} of {TIMES}")
        rates.append(_deliveries_a_second(people))
    report(Figure(name="rehearsal.deliveries", value=median(rates), unit="deliveries/s"))


def _deliveries_a_second(people: int) -> float:
    """Of wall time, as the command itself measures it. Counts only what was delivered, not what was explained."""
    command = our_python(
        "bot.cli", "rehearse", "eight-weeks", "--people", str(people), "--start", "2026-03-02", "--seed", "1", "--json"
    )
    outcome = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert outcome["duplicates"] == outcome["lost"] == outcome["outside_hours"] == 0, outcome
    delivered: int = outcome["delivered"]
    return delivered / float(outcome["wall_seconds"])


if __name__ == "__main__":
    main(small="--small" in sys.argv)
