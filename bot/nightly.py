"""What is done once a night, in this order: forgetting comes first, for a fault in what follows must not keep anybody's
words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.ports import ChatPlatform
from bot.roster import look_at_roster
from scheduler.nights import look_after
from storage import chat_messages, cohorts, inbox, pages
from storage.database import Store

KEYS_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=7)
"""A cohort that was previewed and never started: its draft names people."""
ZONE = "Europe/Stockholm"


async def at_night(store: Store, platforms: Mapping[str, ChatPlatform], now: datetime) -> None:
    """Forget what is old, look after what is over, and see who is still there."""
    await store.write(lambda session: inbox.forget(session, handled_before=now - KEYS_KEPT))
    await store.write(lambda session: chat_messages.forget(session, noted_before=now - chat_messages.KEPT))
    await store.write(lambda session: pages.forget(session, expired_before=now - KEYS_KEPT))
    await store.write(lambda session: cohorts.forget_drafts(session, made_before=now - DRAFTS_KEPT))
    await look_after(store, now, ZONE)
    for platform in platforms.values():
        await look_at_roster(store, platform, now)
