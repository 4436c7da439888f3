"""`knuff rehearse`: a programme on a virtual clock, before anybody real gets anything."""

import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands.faults import CANNOT, plainly, say
from bot.commands.moments import day
from bot.libraries import open_library
from bot.rehearsal import CannotRehearse, LogExists, LogNotWritten, Result, shown
from bot.rehearsal import rehearse as run_rehearsal
from bot.settings import read_settings
from lessons.library import ProgrammeNotFound

PLATFORMS = {"slack": ("slack",), "teams": ("teams",), "both": ("slack", "teams")}


@plainly
def rehearse(
    *,
    programme: str,
    people: int,
    start: str,
    seed: int,
    closed: Sequence[str],
    as_json: bool,
    log: Path | None,
    platform: str = "slack",
) -> int:
    if platform not in PLATFORMS:
        say(f"--platform knows {', '.join(PLATFORMS)}, not {platform!r}.")
        return CANNOT
    platforms = PLATFORMS[platform]
    if people < len(platforms):
        say(f"--platform {platform} needs somebody on each: say --people {len(platforms)} or more.")
        return CANNOT
    first = day(start, option="--start")
    closed_days = [day(one, option="--closed") for one in closed]
    try:
        library = open_library(read_settings())
        with _progress(f"{programme}, {people} people from {first}") as progress:
            task = progress.add_task("", total=None)

            def passed(days: int, expected: int) -> None:
                progress.update(task, completed=days, total=expected)

            result = run_rehearsal(
                programme, people, first, seed, log, passed, closed=closed_days, library=library, platforms=platforms
            )
    except ProgrammeNotFound:
        say(f"There is no programme {programme!r}. There is: {', '.join(sorted(library.programmes))}.")
        return CANNOT
    except LogExists:
        say(f"--log takes a new file, and {log} is there already.")
        return CANNOT
    except LogNotWritten as error:
        say(f"--log cannot be written to {log} ({error}).")
        return CANNOT
    except CannotRehearse as error:
        say(str(error))
        return CANNOT
    _show(result, as_json=as_json)
    return 0 if result.is_kept else 1


def _show(result: Result, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(result.as_json()).decode() + "\n")
    else:
        Console().print(shown(result))


def _progress(what: str) -> Progress:
    """Progress goes beside the result: what is piped on holds the result alone."""
    return Progress(
        TextColumn(what),
        BarColumn(),
        TextColumn("{task.completed} days"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
