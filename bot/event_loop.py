"""The event loop of a process that runs until it is asked to stop."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run it to its end, on uvloop where there is one, looking for garbage seldom: each look holds everybody up."""
    gc.set_threshold(20_000, 20, 20)
    keep_for_good()
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on every platform
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def keep_for_good() -> None:
    """Never again look for garbage among what there is now: what starting up has made.

    Going through all of it held the loop for a seventh of a second each time, and for a fifth while thousands of
    answers waited to be shown; meanwhile nobody was acknowledged.
    """
    gc.freeze()
