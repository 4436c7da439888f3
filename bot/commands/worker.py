"""`knuff worker`: send, beside any number of `knuff serve` and other workers, until asked to stop."""

from bot.commands.faults import plainly, say
from bot.event_loop import run
from bot.logs import configure
from bot.settings import read_settings, require_loopback, require_platforms, require_shared_database, unknown_names
from bot.worker import work_until_stopped


@plainly
def worker() -> int:
    settings = read_settings()
    for name in unknown_names():
        say(f"{name} means nothing to Knuff. Is it misspelt?")
    require_shared_database(settings)
    require_platforms(settings)
    if settings.clock_url is not None:
        require_loopback(settings, for_what="KNUFF_CLOCK_URL")
    configure()
    return run(work_until_stopped(settings))
