"""`python -m bench [names]`: run each bench in its own process, show the figures, keep them in `bench/results.json`."""

import argparse
import subprocess
import sys

from rich.console import Console
from rich.table import Table

from bench import machine
from bench.figures import RESULTS, Figure, keep
from bench.goals import GOALS
from bench.programs import our_python

BENCHES = (
    "inbound",
    "planning",
    "rounds",
    "engine",
    "naive",
    "outbound",
    "teams",
    "rehearsal",
    "starting",
    "fika",
    "recall",
    "library",
    "outcomes",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(BENCHES)}; none: all")
    parser.add_argument(
        "--small", action="store_true", help="see whether they run; the figures mean nothing and are not kept"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    console = Console()
    figures: list[Figure] = []
    failed: list[str] = []
    for name in arguments.names or BENCHES:
        console.rule(name)
        measured = _figures_of(name, small=arguments.small)
        figures += measured or []
        failed += [name] if measured is None else []
    console.print(_table(figures))
    if not arguments.small and figures:
        keep(figures, machine.size())
        console.print(f"Kept in {RESULTS.relative_to(RESULTS.parent.parent)}.")
    if failed:
        console.print(f"Did not come to an end: {', '.join(failed)}. What went wrong is said above.", style="bold")
    return 1 if failed else 0


def _figures_of(name: str, *, small: bool) -> list[Figure] | None:
    """Run one bench and return its figures, or None when it failed. A bench that fails is not half kept."""
    command = our_python(f"bench.{name}", *(["--small"] if small else []))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return [Figure.from_json(line) for line in done.stdout.splitlines()] if done.returncode == 0 else None


def _table(figures: list[Figure]) -> Table:
    table = Table("What", "Value", "Unit", "Baseline", "Ratio", "Goal", "")
    for column in (1, 3, 4):
        table.columns[column].justify = "right"
    for figure in figures:
        goal = GOALS.get(figure.name)
        table.add_row(
            figure.name,
            f"{figure.value:,.4g}",
            figure.unit,
            "" if figure.baseline is None else f"{figure.baseline:,.4g}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            goal.in_words() if goal else "",
            "" if goal is None else "met" if goal.is_met_by(figure) else "[bold]not met[/bold]",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
