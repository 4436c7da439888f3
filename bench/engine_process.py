"""One process that only sends, to a platform that takes everything at once: the engine without the network.

    python -m bench.engine_process DATABASE_URL BEGAN [--per-minute N] [--lease SECONDS] [--stay]

It is half past ten on a Tuesday at BEGAN (seconds since 1970), so that all processes of a run have one clock. A line is
printed for each message: the moment (seconds of the machine's monotonic clock) and the workspace. It ends when nothing
is due; with `--stay` when it is asked to, and each line comes at once, after one that says `ready`.
"""

import argparse
import asyncio
import logging
import signal
from datetime import timedelta
from time import monotonic, time
from typing import cast

from bench.outbound import MORNING
from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.conversation.texts import read_texts
from bot.conversation.visiting import House
from bot.courier import ChatCourier
from bot.event_loop import run
from bot.logs import configure
from bot.ports import Address, ChatPlatform
from bot.teams.attached import IN_FLIGHT
from lessons.library import load_library
from scheduler.buckets import Limits
from scheduler.clock import Clock, ShiftedClock
from scheduler.dispatcher import Dispatcher
from scheduler.lanes import SendingRules
from storage import waking, work
from storage.database import Store, open_store
from storage.tables.people import Platform

DONE_LOOK_SECONDS = 0.05


class AtOnce:
    """A platform that is never in the way."""

    name = Platform.SLACK

    def __init__(self) -> None:
        self.sent: list[tuple[float, str]] = []
        self.says = False

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        self.sent.append((monotonic(), to.workspace))
        if self.says:
            print(*self.sent[-1], flush=True)
        return MessageRef(conversation=to.conversation or to.person, message=f"1772437{delivery_id:08}.000100")


def dispatcher(store: Store, platform: AtOnce, clock: Clock, *, per_minute: int, lease_seconds: float) -> Dispatcher:
    read_texts()
    house = House(
        library=load_library(), organisation_name="Granby", contact="", coordinators=frozenset(), page_address=None,
        saves_text=True,
    )  # fmt: skip
    limits = Limits(posts_per_minute=per_minute or None, channel_posts_per_second=1 if per_minute else None)
    return Dispatcher(
        store=store,
        courier=ChatCourier(store=store, house=house, platforms={platform.name: cast(ChatPlatform, platform)}),
        clock=clock,
        rules=SendingRules(limits=limits, lease_seconds=lease_seconds, in_flight=IN_FLIGHT),
    )


async def send(url: str, *, began: float, per_minute: int, lease_seconds: float, stay: bool) -> None:
    store, platform = open_store(url), AtOnce()
    platform.says = stay
    clock = ShiftedClock(MORNING + timedelta(seconds=time() - began))
    lanes = dispatcher(store, platform, clock, per_minute=per_minute, lease_seconds=lease_seconds)
    asked_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked_to_stop.set)
    if stay:
        await lanes.look()
        print("ready", flush=True)
    running = asyncio.create_task(lanes.run())
    listening = asyncio.create_task(waking.listen(store.engine, lanes.wake))
    while not asked_to_stop.is_set() and (stay or await _something_is_due(store, clock)):  # noqa: ASYNC110 - the database says nothing
        await asyncio.sleep(DONE_LOOK_SECONDS)
    await lanes.stop()
    for task in (running, listening):
        task.cancel()
    await asyncio.gather(running, listening, return_exceptions=True)
    store.close()
    if not stay:
        for moment, workspace in platform.sent:
            print(moment, workspace)


async def _something_is_due(store: Store, clock: Clock) -> bool:
    return bool(await store.read(lambda session: work.due(session, clock.now())))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("began", type=float)
    parser.add_argument("--per-minute", type=int, default=0)
    parser.add_argument("--lease", type=float, default=30)
    parser.add_argument("--stay", action="store_true")
    given = parser.parse_args()
    configure(level=logging.WARNING)
    run(
        send(
            given.url,
            began=given.began,
            per_minute=given.per_minute,
            lease_seconds=given.lease,
            stay=given.stay,
        )
    )
