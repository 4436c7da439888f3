"""`make soak`: how Knuff bears what can happen to it. One summary line; exit code 1 on any loss or double.

python -m bench.soak                          fifty kills on each platform while two thousand nudges go out
python -m bench.soak --seed 7 --minutes 10    a fleet on PostgreSQL, every fault, working days one after the other
python -m bench.soak --planted all            the same, small, with each bug of tests/planted: red is what we want
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.chaos.faults import KINDS
from bench.chaos.running import Plan, Ran, soak
from tests.journeys.killing import Outcome, send_and_kill
from tests.journeys.platforms import SLACK, TEAMS, Platform
from tests.planted import PLANTED

PEOPLE = 2000
KILLS = 50
LONGEST_SECONDS = 1800
MOST_SHOWN = 20
A_TOWN = 2600
"""People of a soak by the minute, half of them on each platform."""
PLANTED_PEOPLE = 160
PLANTED_DAYS = 3
PLANTED_PATIENCE_SECONDS = 20
"""With a bug, a day may never come to rest."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    if given.planted:
        return _planted(list(PLANTED) if given.planted == "all" else [given.planted], given)
    if given.seed is None and given.minutes is None:
        return kills()
    plan = Plan(
        seed=given.seed or 1,
        people=given.people or A_TOWN,
        seconds=60 * (given.minutes or 10),
        only=given.only,
    )
    with _folder(given.evidence) as folder:
        return _soaked(plan, folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="How Knuff bears what can happen to it.")
    parser.add_argument("--seed", type=int, help="of all chance")
    parser.add_argument("--minutes", type=float, help="no new working day begins after so long (default: 10)")
    parser.add_argument("--people", type=int, help=f"half of them on each platform (default: {A_TOWN})")
    parser.add_argument("--only", nargs="*", default=[], choices=list(KINDS), help="these kinds of faults and no other")
    parser.add_argument("--planted", choices=[*PLANTED, "all"], help="with this bug; ends with 0 if the judge sees it")
    parser.add_argument("--evidence", type=Path, metavar="FOLDER", help="keep everything the judge was given, and logs")
    return parser


def _soaked(plan: Plan, folder: Path) -> int:
    ran = soak(plan, folder, progress=partial(_show, f"seed {plan.seed}", time.monotonic()))
    judged = judge(folder)
    sys.stderr.write(judged.stderr)
    for fault in _noticed(ran):
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"soak, seed {plan.seed}, {ran.seconds:.0f} s: {judged.stdout}")
    return 1 if judged.returncode or _noticed(ran) else 0


def judge(folder: Path) -> subprocess.CompletedProcess[str]:
    """Let the judge, who is a program of its own, read the evidence."""
    command = [sys.executable, "-m", "bench.chaos.checker", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _noticed(ran: Ran) -> list[str]:
    """What is no promise of ours to people, and should not be either."""
    return [
        *(f"a day that did not come to rest: {day}" for day in ran.restless),
        *(f"asked to stop, {name} ended with {code} instead of 0" for name, code in ran.stopped_with.items()),
    ]


def _planted(names: Sequence[str], given: argparse.Namespace) -> int:
    """Run each bug small; say what the judge said. 0 when every one of them was seen."""
    unseen = []
    for name in names:
        plan = Plan(
            seed=given.seed or 1,
            people=given.people or PLANTED_PEOPLE,
            days=PLANTED_DAYS,
            least_faults_a_day=5,
            patience_seconds=PLANTED_PATIENCE_SECONDS,
            only=given.only or ONLY_WITH.get(name, ()),
            program=("tests.planted", name, "--"),
        )
        with _folder(given.evidence / name if given.evidence else None) as folder:
            ran = soak(plan, folder, progress=partial(_show, name, time.monotonic()))
            judged = judge(folder)
        sys.stderr.write(judged.stderr)
        sys.stdout.write(f"{name}, {ran.seconds:.0f} s, {'seen' if judged.returncode else 'NOT SEEN'}: {judged.stdout}")
        if not judged.returncode:
            unseen.append(name)
    return 1 if unseen else 0


ONLY_WITH: dict[str, Sequence[str]] = {"lease-ignored": ("kill", "refused", "failed")}
"""After these faults nobody who lives has lost a lane, so that whoever takes one is seen at once."""


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="knuff-soak-") as folder:
        yield Path(folder)


def kills() -> int:
    """Kill and kill again, one process on SQLite, on each platform."""
    began = time.monotonic()
    outcomes = {platform.name: _killed(platform, began=began) for platform in (SLACK, TEAMS)}
    for name, outcome in outcomes.items():
        for fault in outcome.faults[:MOST_SHOWN]:
            sys.stderr.write(f"{name}: {fault}\n")
        if outcome.stopped_with:
            sys.stderr.write(f"{name}: asked to stop, knuff ended with {outcome.stopped_with} instead of 0\n")
        sys.stdout.write(f"soak on {name}: {outcome.summary()}\n")
    return 1 if any(outcome.faults or outcome.stopped_with for outcome in outcomes.values()) else 0


def _killed(platform: Platform, *, began: float) -> Outcome:
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


def _show(what: str, began: float, line: str) -> None:
    sys.stderr.write(f"[{time.monotonic() - began:5.0f} s] {what}: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
