"""`rehearse` and `rehearse_challenge`: one rehearsal in a database of its own, with its log in a file."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Protocol, TypeVar

import structlog

from bot.rehearsal import log as logs
from bot.rehearsal.coordinator import CannotRehearse
from bot.rehearsal.memory import MemoryStore
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.result import Result
from bot.rehearsal.rounds.rehearsal import RoundRehearsal
from bot.rehearsal.rounds.relays import FEWEST
from bot.rehearsal.rounds.result import RoundsResult
from bot.rehearsal.world import Progress
from lessons.challenges import Form
from lessons.library import Library, load_library
from storage.database import Store, open_store

COLLECT_AFTER = 200_000
BESIDE_IT = "eight-weeks"
"""What those in a cohort go through beside a challenge."""

R = TypeVar("R", covariant=True)


def rehearse(
    programme_id: str,
    people: int,
    start: date,
    seed: int,
    log: Path | None = None,
    progress: Progress = lambda passed, expected: None,
    *,
    closed: Sequence[date] = (),
    library: Library | None = None,
    database_url: str | None = None,
    faults: float = 0.0,
    comings_and_goings: bool = False,
    platforms: Sequence[str] = ("slack",),
    organisations: int | None = None,
    to_the_last_survey: bool = False,
) -> Result:
    """Go through a programme with simulated people, as many on each of the platforms. `log` must be a new file.

    With `to_the_last_survey` it goes on until that has closed, weeks after the last exercise.
    With `comings_and_goings` some of them join late and some are removed: those are not promised every step.

    The database must be migrated and empty; by default it is one in memory. Raises LogExists, LogNotWritten,
    ProgrammeNotFound, and CannotRehearse when a coordinator could not set this up.
    """
    library = library or load_library()
    library.programme(programme_id)

    def prepared(store: Store) -> Rehearsal:
        return Rehearsal(
            programme_id=programme_id,
            people=people,
            start=start,
            seed=seed,
            closed=closed,
            library=library,
            store=store,
            faults=faults,
            comings_and_goings=comings_and_goings,
            platforms=platforms,
            organisations=organisations,
            to_the_last_survey=to_the_last_survey,
        )

    result, seconds = _rehearsed(prepared, log, progress, database_url)
    return replace(result, wall_seconds=seconds)


def rehearse_challenge(
    challenge_id: str,
    teams: int,
    start: date,
    seed: int,
    log: Path | None = None,
    progress: Progress = lambda passed, expected: None,
    *,
    closed: Sequence[date] = (),
    library: Library | None = None,
    programme_id: str = BESIDE_IT,
    database_url: str | None = None,
    faults: float = 0.0,
    platforms: Sequence[str] = ("slack", "teams"),
) -> RoundsResult:
    """Let teams do a challenge, while some of their people go through a programme. The rest is as with `rehearse`.

    Raises ChallengeNotFound beside."""
    library = library or load_library()
    challenge = library.challenge(challenge_id)
    if challenge.form is Form.RELAY and teams < FEWEST:
        raise CannotRehearse(f"A relay needs at least {FEWEST} teams: say --teams {FEWEST} or more.")

    def prepared(store: Store) -> RoundRehearsal:
        return RoundRehearsal(
            challenge=challenge,
            teams=teams,
            start=start,
            seed=seed,
            closed=closed,
            library=library,
            store=store,
            platforms=platforms,
            programme_id=programme_id,
            faults=faults,
        )

    result, seconds = _rehearsed(prepared, log, progress, database_url)
    return replace(result, wall_seconds=seconds)


class _Rehearsed(Protocol[R]):
    async def run(self, progress: Progress) -> None: ...
    def result(self) -> tuple[R, list[logs.Line]]: ...


def _rehearsed(
    prepared: Callable[[Store], _Rehearsed[R]], log: Path | None, progress: Progress, database_url: str | None
) -> tuple[R, float]:
    """Return what it showed, and how many seconds it took."""
    if log is not None:
        logs.new_file(log)
    store: Store = MemoryStore() if database_url is None else open_store(database_url)
    try:
        rehearsal = prepared(store)
        began = perf_counter()
        with only_errors_logged(), _seldom_collected():
            asyncio.run(rehearsal.run(progress))
            result, lines = rehearsal.result()
        seconds = perf_counter() - began
    except BaseException:
        if log is not None:
            log.unlink()  # it holds nothing yet, and would be in the way of the next try
        raise
    finally:
        store.close()
    if log is not None:
        logs.write(lines, log)
    return result, seconds


@contextmanager
def only_errors_logged() -> Iterator[None]:
    """A rehearsal's result goes to standard output, and its tens of thousands of messages are no news to anybody."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Nothing of what a rehearsal throws away is large, and looking for it often costs a good part of its time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
