"""`knuff serve` for Teams with a watch on its event loop, in a process of its own: for how long did it stand still
while tokens and keys were fetched from servers that take two seconds?

    python -m bench.teams_holding STAND_IN MOMENT        (with the settings in the environment)

Watched from a second after the start, when everything is in place and the first token and the keys are being fetched.
Then a token is renewed while messages go out, and a request with a key nobody knows makes it ask for the keys once
more. Prints the longest stop in milliseconds.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bench import machine
from bench.programs import SERVER_CORE
from bench.teams_messages import token_from
from bench.teams_stand_in import SLOW_SECONDS
from bench.ticking import LongestHold
from bot.event_loop import run
from bot.logs import configure
from bot.serving import serve_until_stopped
from bot.settings import Settings, read_settings

STARTED_AFTER_SECONDS = SLOW_SECONDS / 2
FETCHED_AFTER_SECONDS = 3 * SLOW_SECONDS
"""The OpenID document, the keys, and the first token meanwhile."""
MEASURED_SECONDS = 12.0


async def hold(settings: Settings, *, stand_in: str, moment: datetime) -> float:
    address = f"http://{settings.host}:{settings.port}"
    serving = asyncio.create_task(serve_until_stopped(settings, clock_start=moment))
    try:
        await asyncio.sleep(STARTED_AFTER_SECONDS)
        async with LongestHold() as longest:
            await asyncio.sleep(FETCHED_AFTER_SECONDS)
            await asyncio.to_thread(_ask_with_an_unknown_key, stand_in, address, moment)
            await asyncio.sleep(MEASURED_SECONDS - FETCHED_AFTER_SECONDS)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    return longest.milliseconds


def _ask_with_an_unknown_key(stand_in: str, address: str, moment: datetime) -> None:
    token = token_from(stand_in, at=moment.timestamp(), key_id="unknown")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with suppress(HTTPError):  # as it should be refused
        urlopen(Request(f"{address}/api/messages", b"{}", headers), timeout=10)
        raise AssertionError("a request with an unknown key was let in")


def main(stand_in: str, moment: str) -> None:
    machine.pin(0, core=SERVER_CORE)
    configure()
    print(run(hold(read_settings(), stand_in=stand_in, moment=datetime.fromisoformat(moment))))


if __name__ == "__main__":
    main(*sys.argv[1:])
