"""What `knuff doctor` says of what is stuck: the same as the operator's page, without one."""

import asyncio
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.commands.existing_database import AnotherSchema, existing_store
from bot.commands.findings import Finding
from bot.conversation.texts import Words
from bot.nightly import ZONE
from bot.settings import Settings, SettingsFault
from bot.web.troubles_in_words import told
from scheduler.clock import SystemClock
from scheduler.troubles import look_around
from storage.schema import HalfMoved

FAULTS = frozenset({"disconnected", "refused", "set_aside", "unreadable"})
"""What does not go away when Knuff is started: it may be stopped just now, and that is no fault."""


def look_at_what_is_stuck(settings: Settings) -> Iterator[Finding]:
    """Yield nothing where nothing is, and for a database that cannot be read: of that the doctor has told. That it is
    another version's is told here."""
    if settings.clock_url is not None:
        return
    try:
        with existing_store(settings.database_url) as store:
            looking = look_around(store, SystemClock().now(), zone=ZONE, lease_seconds=settings.lease_seconds)
            outlook = asyncio.run(looking)
    except AnotherSchema as fault:
        yield Finding("What is stuck", advice=str(fault))
        return
    except (SettingsFault, HalfMoved, SQLAlchemyError):
        return
    for trouble in outlook.troubles:
        said = told(trouble, Words("en"), ZONE)
        is_fault = trouble.name in FAULTS
        yield Finding(said.what, said.then if is_fault else None, None if is_fault else said.then, is_seen=is_fault)
