"""A page to print, where whoever asked for it wants it."""

import sys
from pathlib import Path

from bot.commands.faults import CANNOT, say


def hand_out(page: str, out: Path | None) -> int:
    """Write an HTML page to a file, or to standard output where none is named; return the exit code."""
    if out is None:
        sys.stdout.write(page)
        return 0
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        say(f"--out {out} cannot be written: {error.strerror}.")
        return CANNOT
    sys.stdout.write(f"{out} is ready: open it in a browser and print it on A4.\n")
    return 0
