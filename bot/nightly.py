"""What is done once a night, in this order: forgetting comes first, for a fault in what follows must not keep anybody's
words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.ports import ChatPlatform
from bot.roster import look_at_roster
from scheduler.counting_feedback import count_feedback
from scheduler.nights import look_after
from scheduler.telling_led import tell_led
from storage import chat_messages, cohorts, inbox, outgrowing, pacing, pages
from storage.database import Store
from storage.moments import local_day

log = structlog.get_logger()

KEYS_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=7)
"""A cohort that was previewed and never started: its draft names people."""
ZONE = "Europe/Stockholm"


async def at_night(store: Store, platforms: Mapping[str, ChatPlatform], now: datetime) -> None:
    """Forget what is old, look after what is over, and see who is still there."""
    while await store.write(lambda session: inbox.forget(session, kept_before=now - KEYS_KEPT), patient=True):
        pass
    await store.write(lambda session: chat_messages.forget(session, noted_before=now - chat_messages.KEPT))
    await store.write(lambda session: pages.forget(session, expired_before=now - KEYS_KEPT))
    await store.write(lambda session: cohorts.forget_drafts(session, made_before=now - DRAFTS_KEPT))
    while await store.write(lambda session: pacing.forget(session, free_before=now - pacing.KEPT), patient=True):
        pass
    await look_after(store, now, ZONE)
    await count_feedback(store, local_day(now, ZONE))
    await tell_led(store, now, ZONE)
    await _look_at_size(store, now)
    for platform in platforms.values():
        await look_at_roster(store, platform, now)


async def _look_at_size(store: Store, now: datetime) -> None:
    """Say when an SQLite file has become too large or too busy; `knuff doctor` says it in words."""
    size = await store.read(lambda session: outgrowing.file_size(session, now))
    if size is not None and size.is_outgrown:
        log.warning(
            "time_to_move_to_postgresql", gigabytes=round(size.gigabytes, 1), events_a_minute=size.events_a_minute
        )
