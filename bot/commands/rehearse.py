"""`knuff rehearse`: a programme or a challenge on a virtual clock, before anybody real gets anything."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands.faults import CANNOT, plainly, say
from bot.commands.moments import day
from bot.libraries import open_library
from bot.rehearsal import (
    CannotRehearse,
    LogExists,
    LogNotWritten,
    Result,
    RoundsResult,
    rehearse_challenge,
    shown,
    shown_rounds,
)
from bot.rehearsal import rehearse as rehearse_programme
from bot.rehearsal.rounds.casting import MOST_TEAMS
from bot.settings import read_settings
from lessons.spelling import nearest

SLACK, BOTH = "slack", "both"
PLATFORMS = {SLACK: ("slack",), "teams": ("teams",), BOTH: ("slack", "teams")}
PEOPLE, TEAMS = 50, 5
MOST_PEOPLE = 100_000
YEARS = (2000, 2099)
"""Of `--start`: nobody needs others, and after the year 9999 there are no more days."""
Passed = Callable[[int, int], None]


@plainly
def rehearse(
    *,
    what: str,
    people: int | None = None,
    teams: int | None = None,
    start: str,
    seed: int,
    closed: Sequence[str],
    as_json: bool,
    log: Path | None,
    platform: str | None = None,
    organisations: int | None = None,
) -> int:
    """Rehearse the programme or challenge called `what`. What is None is as it mostly is for one of its kind."""
    first = day(start, option="--start")
    closed_days = [day(one, option="--closed") for one in closed]
    library = open_library(read_settings())
    known = sorted([*library.programmes, *library.challenges])
    if what not in known:
        say(f"There is no programme or challenge {what!r}.{nearest(what, known)} There is: {', '.join(known)}.")
        return CANNOT
    if not YEARS[0] <= first.year <= YEARS[1]:
        say(f"--start takes a day from {YEARS[0]} to {YEARS[1]}.")
        return CANNOT
    is_challenge = what in library.challenges
    why_not = _why_not(what, is_challenge=is_challenge, people=people, teams=teams, platform=platform)
    if why_not is not None:
        say(why_not)
        return CANNOT
    result: Result | RoundsResult
    try:
        if organisations is not None and (is_challenge or platform == BOTH):
            say("--organisations is for a programme, on one platform.")
            return CANNOT
        if is_challenge:
            teams, platforms = teams or TEAMS, PLATFORMS[platform or BOTH]
            with _progress(f"{what}, {teams} teams from {first}") as passed:
                result = rehearse_challenge(
                    what, teams, first, seed, log, passed, closed=closed_days, library=library, platforms=platforms
                )
        else:
            people, platforms = people or PEOPLE, PLATFORMS[platform or SLACK]
            with _progress(f"{what}, {people} people from {first}") as passed:
                result = rehearse_programme(
                    what,
                    people,
                    first,
                    seed,
                    log,
                    passed,
                    closed=closed_days,
                    library=library,
                    platforms=platforms,
                    organisations=organisations,
                    to_the_last_survey=True,
                )
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


def _why_not(
    what: str, *, is_challenge: bool, people: int | None, teams: int | None, platform: str | None
) -> str | None:
    """Return what must be said otherwise on the command line, or None."""
    if platform is not None and platform not in PLATFORMS:
        return f"--platform knows {', '.join(PLATFORMS)}, not {platform!r}."
    if is_challenge and people is not None:
        return f"--people is for a programme; for {what} say --teams."
    if not is_challenge and teams is not None:
        return f"--teams is for a challenge; for {what} say --people."
    if teams is not None and teams > MOST_TEAMS:
        return f"--teams takes at most {MOST_TEAMS}."
    if people is not None and people > MOST_PEOPLE:
        return f"--people takes at most {MOST_PEOPLE}."
    if people is not None and people < (needed := len(PLATFORMS[platform or SLACK])):
        return f"--platform {platform} needs somebody on each: say --people {needed} or more."
    return None


def _show(result: Result | RoundsResult, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(result.as_json()).decode() + "\n")
    else:
        Console().print(shown(result) if isinstance(result, Result) else shown_rounds(result))


@contextmanager
def _progress(what: str) -> Iterator[Passed]:
    """Progress goes beside the result: what is piped on holds the result alone."""
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.completed} days"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def passed(days: int, expected: int) -> None:
            progress.update(task, completed=days, total=expected)

        yield passed
