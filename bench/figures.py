"""A figure: what was measured, against what, and the file the figures are kept in."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """`baseline` was measured in the same run, in the same unit; without one there is no ratio."""

    name: str
    """"<bench>.<what>"."""
    value: float
    unit: str
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    def to_json(self) -> str:
        return json.dumps({
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "baseline": _rounded(self.baseline),
            "ratio": _rounded(self.ratio),
        })  # fmt: skip

    @classmethod
    def from_json(cls, line: str) -> "Figure":
        fields = json.loads(line)
        return cls(name=fields["name"], value=fields["value"], unit=fields["unit"], baseline=fields["baseline"])


def report(*figures: Figure) -> None:
    """Hand figures to the process that started this bench: one JSON object a line on standard output."""
    for figure in figures:
        print(figure.to_json(), flush=True)


def say(progress: str) -> None:
    """Tell somebody waiting how far we are."""
    print(progress, file=sys.stderr, flush=True)


def keep(figures: Iterable[Figure], machine: dict[str, Any]) -> None:
    """Write the results: the machine's size on the first line, then the figures, by bench.

    Figures of benches that were not run this time stay as they were, if they are of the same machine.
    """
    fresh = list(figures)
    measured = {figure.name.split(".")[0] for figure in fresh}
    old_machine, old = load()
    stay = [figure for figure in old if figure.name.split(".")[0] not in measured] if old_machine == machine else []
    lines = [json.dumps({"machine": machine})]
    lines += [figure.to_json() for figure in sorted([*stay, *fresh], key=lambda figure: figure.name.split(".")[0])]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load() -> tuple[dict[str, Any] | None, list[Figure]]:
    """Return the machine and the figures of the last results; none where nothing has been measured yet."""
    if not RESULTS.exists():
        return None, []
    first, *rest = RESULTS.read_text(encoding="utf-8").splitlines()
    return json.loads(first)["machine"], [Figure.from_json(line) for line in rest]


def _rounded(value: float | None) -> float | None:
    """Four figures are more than any of this is worth."""
    return None if value is None else float(f"{value:.4g}")
