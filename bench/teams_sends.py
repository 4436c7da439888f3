"""Our platform's send alone, in a process of its own: nothing planned, marked or settled.

python -m bench.teams_sends COUNT AT_ONCE        (with the settings in the environment)
"""

import asyncio
import sys

import uvloop

from bench import databases, machine
from bench.programs import SERVER_CORE
from bench.teams_messages import a_card, chat, person
from bench.teams_stand_in import TENANT
from bot.ports import Address
from bot.settings import Settings, read_settings
from bot.teams.attached import AttachedTeams
from scheduler.clock import SystemClock
from storage.database import Store


async def send(store: Store, settings: Settings, count: int, *, at_once: int) -> None:
    """Send to `count` people, `at_once` of them at any time; each as a delivery, for whose turn nobody waits."""
    teams, card = AttachedTeams(settings, store=store, clock=SystemClock()), a_card()
    numbers = iter(range(1, count + 1))

    async def sends() -> None:
        for number in numbers:
            to = Address(workspace=TENANT, person=person(number), conversation=chat(number))
            await teams.platform.send(to, card, delivery_id=number)

    await asyncio.gather(*(sends() for _ in range(at_once)))
    await teams.close()


def main(count: str, at_once: str) -> None:
    machine.pin(0, core=SERVER_CORE)
    with (
        databases.sqlite_url() as url,
        databases.opened(url) as store,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(send(store, read_settings(), int(count), at_once=int(at_once)))


if __name__ == "__main__":
    main(*sys.argv[1:])
