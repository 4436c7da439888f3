"""The one place that introduces everybody to each other: the clock, the library, the platforms, what sends. `knuff
serve` (`bot.serving`) and `knuff worker` (`bot.worker`) are put together from it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.attached import Attached
from bot.clocks import ClockUnreachable, RemoteClock
from bot.conversation.texts import read_texts
from bot.conversation.visiting import House
from bot.courier import ChatCourier
from bot.settings import Settings, SettingsFault
from lessons.library import Library
from scheduler.clock import Clock, ShiftedClock, SystemClock
from scheduler.dispatcher import Dispatcher
from scheduler.generation import Generation
from scheduler.window import Paces
from storage.database import Store

CLOCK_TRIES = 50


def house_of(settings: Settings, library: Library) -> House:
    read_texts()
    return House(
        library=library,
        organisation_name=settings.organisation,
        contact=settings.contact,
        coordinators=settings.coordinators,
        page_address=settings.page_address,
        saves_text=settings.saves_text,
        secret=settings.own_secret,
    )


async def open_clock(settings: Settings, *, start_at: datetime | None) -> Clock:
    """Return the clock to run by; one of another process must answer within a few seconds. Raises SettingsFault."""
    if settings.clock_url is None:
        return ShiftedClock(start_at) if start_at else SystemClock()
    clock = RemoteClock(settings.clock_url)
    for _ in range(CLOCK_TRIES):
        try:
            await clock.start()
        except ClockUnreachable:
            await asyncio.sleep(0.1)
        else:
            return clock
    raise SettingsFault(f"KNUFF_CLOCK_URL names {settings.clock_url}, and nothing answers there.")


def attached(settings: Settings, *, store: Store, clock: Clock) -> dict[str, Attached]:
    """Return the platforms that are set, by name. Each is imported only where it is used: botbuilder alone takes half a
    second."""
    found: dict[str, Attached] = {}
    if settings.has_slack:
        from bot.slack.attached import AttachedSlack

        found["slack"] = AttachedSlack(settings, store=store, clock=clock)
    if settings.has_teams:
        from bot.teams.attached import AttachedTeams

        found["teams"] = AttachedTeams(settings, store=store, clock=clock)
    return found


def dispatcher_of(
    attached: Mapping[str, Attached], *, store: Store, house: House, clock: Clock, generation: Generation
) -> Dispatcher:
    """Return what sends in this process."""
    platforms = {name: one.platform for name, one in attached.items()}
    return Dispatcher(
        store=store,
        courier=ChatCourier(store=store, house=house, platforms=platforms),
        clock=clock,
        rules_on={name: one.rules for name, one in attached.items()},
        generation=generation,
    )


def paces_of(attached: Mapping[str, Attached]) -> Paces:
    """Return how many seconds a message takes on each platform; 0 where there is no limit of ours."""
    return {name: one.rules.limits.seconds_a_post for name, one in attached.items()}
