"""What is wrong in a content file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WHOLE_FILE = 0
"""The line of a fault that has no line: a missing folder, a file in the wrong place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing to put right. Lines count from 1; `message` says what is wrong and what to do."""

    path: Path
    line: int
    message: str


class ContentError(Exception):
    """The content cannot be used as it is: show the faults to whoever wrote it, and do not start."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(report(faults)))
        self.faults = tuple(faults)


def report(faults: Iterable[Fault]) -> list[str]:
    """One line per fault, in the order of files and lines: `lessons/content/lessons/L07.md:14: the English …`.

    Our own files are named from the folder that holds the code, so that an editor's terminal can open them.
    """
    return [_line(fault) for fault in sorted(faults, key=lambda fault: (str(fault.path), fault.line))]


def _line(fault: Fault) -> str:
    where = [str(shown(fault.path))]
    if fault.line != WHOLE_FILE:
        where.append(str(fault.line))
    return f"{':'.join(where)}: {fault.message}"


def shown(path: Path) -> Path:
    """The path as an author knows it."""
    code = Path(__file__).parents[1]
    return path.relative_to(code) if path.is_relative_to(code) else path
