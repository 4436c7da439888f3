"""`knuff serve`: run Knuff until it is asked to stop."""

from bot.commands.faults import plainly, say
from bot.commands.moments import moment
from bot.event_loop import run
from bot.logs import configure
from bot.serving import serve_until_stopped
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
    return run(serve_until_stopped(settings, clock_start=start_at))
