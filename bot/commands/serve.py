"""`knuff serve`: run Knuff until it is asked to stop."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any

from bot.bootstrap import serve_until_stopped
from bot.commands.faults import plainly, say
from bot.commands.moments import moment
from bot.logs import configure
from bot.settings import read_settings, require_loopback, require_platforms, unknown_names


@plainly
def serve(*, clock_start: str | None) -> int:
    settings = read_settings()
    for name in unknown_names():
        say(f"{name} means nothing to Knuff. Is it misspelt?")
    require_platforms(settings)
    start_at = moment(clock_start, option="--clock-start") if clock_start else None
    if start_at is not None:
        require_loopback(settings, for_what="--clock-start")
    if settings.clock_url is not None:
        require_loopback(settings, for_what="KNUFF_CLOCK_URL")
    configure()
    _collect_seldom()
    return _runner(serve_until_stopped(settings, clock_start=start_at))


def _collect_seldom() -> None:
    """Look for garbage less often, and never among what start-up has made.

    While thousands of answers wait to be shown, going through all of them took a fifth of a second each time, in which
    nobody was acknowledged.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _runner(main: Coroutine[Any, Any, int]) -> int:
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on every platform
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)
