"""The event loop of a process that runs until it is asked to stop."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any


def run(main: Coroutine[Any, Any, int]) -> int:
    _collect_seldom()
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on every platform
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def _collect_seldom() -> None:
    """Look for garbage less often, and never among what start-up has made.

    While thousands of answers wait to be shown, going through all of them took a fifth of a second each time, in which
    nobody was acknowledged.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
