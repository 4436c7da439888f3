"""Library: what reading all our content adds to a start, and what `knuff lessons check` takes.

Each start is a process of its own, since a process reads our content once. The baseline of loading is the bare reading
of the same files: their bytes, and their YAML by the same quick loader.

python -m bench.library [--small]
"""

import subprocess
import sys
from statistics import median

from bench.figures import Figure, report, say

TIMES = 15

LOAD = """
from time import perf_counter
from lessons.library import load_library
began = perf_counter()
load_library()
print(perf_counter() - began)
"""
BARE = """
from pathlib import Path
from time import perf_counter
import yaml
from lessons.library import load_library
from lessons.folders import CONTENT
began = perf_counter()
for path in CONTENT.glob("*/*"):
    text = path.read_text(encoding="utf-8")
    yaml.load(text.split("\\n---\\n")[0].removeprefix("---\\n") if path.suffix == ".md" else text, yaml.CSafeLoader)
print(perf_counter() - began)
"""
CHECK = """
from time import perf_counter
from lessons.checking import check_content, report
began = perf_counter()
faults = report(check_content())
print(perf_counter() - began)
assert not faults, faults
"""


def main(*, small: bool) -> None:
    times = 3 if small else TIMES
    say(f"library: loading, bare reading and checking all our content, {times} times in turn")
    measured = [(_seconds(LOAD), _seconds(BARE), _seconds(CHECK)) for _ in range(times)]
    load, bare, check = (median(column) for column in zip(*measured, strict=True))
    report(
        Figure(name="library.load", value=load, unit="s", baseline=bare),
        Figure(name="library.check", value=check, unit="s"),
    )


def _seconds(program: str) -> float:
    return float(subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True).stdout)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
